"""The port of the erasure ledger: what was erased or taken back, kept outside the backups (arts. 5(1)(e) and 17)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal.services.ports.values import Recording


@dataclass(frozen=True)
class Erasure:
    """A recording that is gone. No number and no name: `locator_key` is a keyed digest of its place at the source,
    `objects` are the random names of the vault's files that went with it."""

    register: str
    recording: str
    source: str
    custody: str
    locator_key: str
    sha256: str | None
    size: int | None
    call_day: date
    why: str
    verified: bool
    actor: str
    at: datetime
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Closing:
    """The end of a controller's service: its keys were destroyed and all that was theirs was removed."""

    register: str
    at: datetime


@dataclass(frozen=True)
class Revocation:
    """A delivered copy that was taken back: of which recording, in which case. No number and no name."""

    register: str
    case: str
    recording: str
    at: datetime


Entry = Erasure | Closing | Revocation


class LedgerBroken(Exception):
    """A line of the ledger was changed, removed or put in; the message says which."""


class Tombstones(Protocol):
    """The tombstones of one unit of work."""

    def prepare(
        self, found: Recording, why: str, verified: bool, actor: str, now: datetime, objects: Sequence[str]
    ) -> Erasure:
        """What the ledger and the tombstone will say of a recording that is being deleted."""

    def confirm(self, recording_id: str, on: date, actor: str, now: datetime) -> str | None:
        """Add the operator's word that it is gone there too; returns the tombstone's hash, None without one."""

    def verified(self, recording_id: str) -> bool | None:
        """Is it gone at its source, by the source's own word or the operator's? None: no tombstone."""

    def known(self, recordings: Sequence[str]) -> frozenset[str]:
        """Those of these recordings that have a tombstone."""

    def remember(self, erasure: Erasure) -> None:
        """Say that a recording is gone which this database never knew, so that no source can load it again."""

    def namesake(self, erasure: Erasure) -> str | None:
        """The recording that stands in this database for the erased one's place at its source."""

    def count(self) -> int:
        """How many there are."""

    def all(self) -> Iterator[Erasure]:
        """Every tombstone, oldest first; of those whose recording's row is gone the source is not known."""


class Ledger(Protocol):
    """The ledger, oldest entry first."""

    def write(self, entry: Entry) -> None:
        """Add an entry; when this returns it outlives a power cut. Writing one twice is harmless."""

    def entries(self) -> Iterator[Entry]:
        """Every entry. Raises LedgerBroken at the first line that does not follow from the one before it."""
