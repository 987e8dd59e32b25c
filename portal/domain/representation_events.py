"""What happens around acting for another and around the personal identity code. Neither holds a document's number."""

from dataclasses import dataclass
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class DocumentAttached(Event):
    """The applicant added a file that shows their right to act: its random id, and its form pdf, jpeg or png."""

    to_citizen: ClassVar[bool] = True
    document: str
    form: str


@dataclass(frozen=True)
class DocumentOpened(Event):
    """Staff opened an attached file."""

    document: str


@dataclass(frozen=True)
class DocumentRemoved(Event):
    """An attached file was deleted from the vault: its type stays in the verdict, the file does not."""

    to_citizen: ClassVar[bool] = True
    document: str


@dataclass(frozen=True)
class RepresentationChecked(Event):
    """Staff decided whether the applicant may act for the other: `verdict` is allowed, disallowed or ask; `proofs` are
    the types of the documents seen."""

    verdict: str
    proofs: tuple[str, ...]
    reasons: str


@dataclass(frozen=True)
class IdentityCodeRevealed(Event):
    """Staff had the whole personal identity code shown, for a reason; the code itself is not in the event."""

    reason: str
