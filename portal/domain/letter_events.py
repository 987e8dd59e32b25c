"""What can happen to a case's letters: their language, their freezing, their way and their reading."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class LetterIssued(Event):
    """A letter was frozen: its kind, language, template version and the hash of the exact bytes."""

    to_citizen: ClassVar[bool] = True
    document: str
    kind: str
    language: str
    sha256: str
    template: str


@dataclass(frozen=True)
class LetterPosted(Event):
    to_citizen: ClassVar[bool] = True
    document: str
    posted_on: date


@dataclass(frozen=True)
class LetterPrinted(Event):
    """A letter went into the mail room's batch of this number."""

    document: str
    batch: int


@dataclass(frozen=True)
class LetterReturned(Event):
    """A posted letter came back undelivered: it counts as received by nobody."""

    to_citizen: ClassVar[bool] = True
    document: str
    reason: str
    returned_on: date


@dataclass(frozen=True)
class DispatchChosen(Event):
    """How the case's letters go from now on; the address itself stands in the case alone."""

    to_citizen: ClassVar[bool] = True
    way: str
    protected: bool


@dataclass(frozen=True)
class LetterRead(Event):
    to_citizen: ClassVar[bool] = True
    document: str


@dataclass(frozen=True)
class LanguageChanged(Event):
    """The language in which the matter is handled from now on; letters given before stay as they are."""

    to_citizen: ClassVar[bool] = True
    language: str
