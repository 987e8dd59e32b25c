"""The port of retention periods: what came into force, what waits for a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Term:
    """A period of one class of recordings. `n` orders a class's terms; without `since` it waits for agreement.

    `author` and `approver` are accounts, and None where the register file's own period came into force by itself."""

    recording_class: str
    n: int
    period: str
    written_at: datetime
    author: str | None
    approver: str | None
    since: datetime | None


class RetentionBook(Protocol):
    """The retention periods of one unit of work."""

    def terms(self, register: str) -> tuple[Term, ...]:
        """All terms of the register, each class's oldest first."""

    def add(self, register: str, term: Term) -> None:
        """Write a term; one that somebody else wrote at the same time under its number stays, and this one is not."""

    def agree(self, register: str, term: Term, approver: str, now: datetime) -> bool:
        """The second person agrees, the term is in force from now; False when it no longer waits."""
