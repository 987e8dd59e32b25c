"""The ports of acting for another: the files that show a right to act, their checking, and the kept identity codes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FileForm(StrEnum):
    """What an attached file is, by its bytes."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


class FileFault(StrEnum):
    """Why a file is not taken."""

    KIND = "kind"
    SIZE = "size"
    COUNT = "count"
    LOCKED = "locked"
    UNSAFE = "unsafe"


class FileCheck(Protocol):
    """Looks at a file's bytes; its name is never asked."""

    def __call__(self, data: bytes) -> FileForm | FileFault: ...


@dataclass(frozen=True)
class Attachment:
    """A file that shows a right to act. It has no name of its own; `vault_object` is None once it has been deleted."""

    id: str
    register: str
    form: str
    size: int
    vault_object: str | None
    added_at: datetime
    case_id: str | None = None


class Attachments(Protocol):
    """The attached files of one unit of work."""

    def add(self, attachment: Attachment, submission: str) -> None:
        """Keep a file of a request that is being written; `submission` is the request's own id."""

    def of_submission(self, register: str, submission: str) -> tuple[Attachment, ...]:
        """The files of a request being written, oldest first."""

    def file(self, register: str, submission: str, case_id: str) -> None:
        """The request has become a case: its files are the case's."""

    def of_case(self, case_id: str) -> tuple[Attachment, ...]:
        """The case's files, oldest first; those that were deleted too."""

    def unfiled(self, before: datetime) -> tuple[Attachment, ...]:
        """The files added before an instant whose request was never sent."""

    def of_ended_cases(self) -> tuple[Attachment, ...]:
        """The files still in the vault whose case is closed or withdrawn."""

    def emptied(self, attachment: str) -> None:
        """The file is gone from the vault."""

    def forget(self, attachment: str) -> None:
        """Remove the row of a file whose request was never sent."""


class IdentityCodes(Protocol):
    """The identity codes of one unit of work: kept only in registers that say so."""

    def keep(self, register: str, person: str, kind: str, value: str) -> None:
        """Keep a person's code, unless it is kept already. `kind`: hetu or eidas."""

    def get(self, register: str, person: str) -> tuple[str, str] | None:
        """The kind and the code, where one is kept."""
