"""The ports of a controller as a whole: how much is theirs, its keys, and the end of its service."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Extent:
    """How much there is of one controller. `accounts` are staff accounts that belong to no other controller."""

    cases: int
    open_cases: int
    recordings: int
    held: int
    rows: int
    accounts: int


class Controllers(Protocol):
    """The controllers of one unit of work."""

    def extent(self, register: str) -> Extent:
        """Count what is theirs; nothing is opened."""

    def remove(self, register: str) -> int:
        """Delete every row that is theirs, save the chained proofs that name nobody; returns how many. Repeating it is
        harmless."""

    def rewrap(self, register: str) -> int:
        """Wrap the data keys of their people and cases anew under the current master key; returns how many."""


class KeySet(Protocol):
    """The controllers' own keys."""

    @property
    def current(self) -> int: ...
    def destroyed(self, controller_id: str) -> bool:
        """Whether the controller's service has ended here."""

    def destroy(self, controller_id: str) -> None:
        """Destroy the controller's keys for good: what was encrypted for them opens no more. Repeating it is
        harmless."""
