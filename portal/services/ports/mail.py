"""The ports of the mail room: letters on their way by post, print batches, and the press that binds them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from portal.domain.register import Register
from portal.domain.words import Language
from portal.services.ports.values import Document


@dataclass(frozen=True)
class Mail:
    """A letter as the mail room sees it: which case it is of, and nothing of its contents."""

    document: Document
    case_id: str
    register: str
    ref: str


@dataclass(frozen=True)
class BatchItem:
    """One letter of a batch, in the order of the pile; `pages` with its cover page, without the blank ones."""

    place: int
    document: str
    case_id: str
    ref: str
    code: str | None
    pages: int
    cover: bool


@dataclass(frozen=True)
class PrintBatch:
    """Letters bound into one file for printing; the bytes lie in the vault until some time after its end. It ends
    posted or dropped, or is open."""

    id: str
    register: str
    number: int
    made_at: datetime
    made_by: str
    letters: int
    pages: int
    vault_object: str | None
    sha256: str
    size: int
    posted_on: date | None = None
    dropped_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.posted_on is None and self.dropped_at is None


class MailBook(Protocol):
    """The mail of one unit of work."""

    def to_post(self, register: str, *, every: bool = False, only: Collection[str] | None = None) -> tuple[Mail, ...]:
        """Letters not yet posted and in no open batch, oldest first: those that go by post or wait for an address;
        `every`: also those that are only in the portal, newest first. At most 500; or those of `only`, all of them."""

    def of_code(self, code: str) -> Mail | None:
        """The letter with this code."""

    def of_sha256(self, sha256: str) -> Mail | None:
        """The letter whose exact bytes have this hash."""

    def rows(self, mail: Mail) -> tuple[str, ...]:
        """The address rows printed in the letter; empty where none were kept."""

    def dispatch(self, document: str, way: str) -> None:
        """How the letter goes now: portal, post, counter, or check (somebody must choose)."""

    def returned(self, document: str, on: date) -> None:
        """The posted letter came back: it is unposted again and waits for a choice."""

    def open_batch_of(self, case_id: str) -> int | None:
        """The number of the open batch in which a letter of the case lies."""

    def next_number(self, register: str) -> int:
        """The number of the register's next batch."""

    def add_batch(self, batch: PrintBatch, items: Iterable[BatchItem]) -> None: ...

    def batches(self, register: str, limit: int = 20) -> tuple[PrintBatch, ...]:
        """The register's batches, newest first."""

    def batch(self, register: str, number: int, *, lock: bool = False) -> PrintBatch:
        """One batch. Absent when the register has none of this number."""

    def items(self, batch: str) -> tuple[BatchItem, ...]: ...

    def batch_posted(self, batch: str, on: date) -> None: ...

    def batch_dropped(self, batch: str, at: datetime) -> None: ...

    def batches_ended(self, before: datetime) -> tuple[PrintBatch, ...]:
        """Batches that ended before an instant and whose file still lies in the vault."""

    def forget_file(self, batch: str) -> None:
        """The batch's file is gone from the vault; what was in it stays on record."""


@dataclass(frozen=True)
class Sheets:
    """One letter for the press: its frozen bytes, and the rows of a cover page where one goes before it."""

    ref: str
    code: str | None
    pdf: bytes
    language: Language
    cover: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bound:
    """A batch as one file: its bytes, all its pages, and the pages of each letter in the order given."""

    pdf: bytes
    pages: int
    of_letter: tuple[int, ...]


class Press(Protocol):
    """What prints for the mail room."""

    def bind(
        self, register: Register, language: Language, number: int, made_at: datetime, sheets: Iterable[Sheets]
    ) -> Bound:
        """One file: the manifest, then each letter on front sides of its own. The same input gives the same bytes."""

    def calibration(self, register: Register, language: Language) -> bytes:
        """A sheet to fold into the controller's own envelope: what must show, and what must not."""
