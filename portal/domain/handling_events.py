"""What staff searched, opened and wrote down while they handled a case: part of the proof of how it was handled."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class TranscriptOpened(Event):
    """Staff opened what was written down from a recording: who saw it is the person's to know (art. 15)."""

    recording: str


@dataclass(frozen=True)
class TranscriptDraftAsked(Event):
    """A listener asked the controller's own transcriber for a draft of the call in words."""

    recording: str


@dataclass(frozen=True)
class TranscriptDrafted(Event):
    """The transcriber's draft is there to be checked against the sound; or none could be `made`."""

    recording: str
    made: bool


@dataclass(frozen=True)
class TranscriptChecked(Event):
    """Whoever approves opened the text that the decision would give."""

    recording: str


@dataclass(frozen=True)
class CallsSearched(Event):
    """Staff searched with other details than the request's; empty is not known. Part of the proof of a search."""

    call: int
    day: date | None
    day_sureness: str
    time: str
    time_sureness: str
    own_number: str
    service_number: str


@dataclass(frozen=True)
class MessagesRead(Event):
    """Staff read what the applicant wrote after the answer; `upto` is the number of the last event read."""

    upto: int


@dataclass(frozen=True)
class TranscriptWritten(Event):
    """A listener wrote the call down and says that the text is complete; or took that back (`complete` false)."""

    recording: str
    complete: bool = True


@dataclass(frozen=True)
class RedactionSubmitted(Event):
    """A listener marked what the copy leaves out and asks a second listener to approve version `n`."""

    recording: str
    n: int
    passages: int


@dataclass(frozen=True)
class RedactionReturned(Event):
    """A version went back to be marked again."""

    recording: str
    n: int


@dataclass(frozen=True)
class RedactionApproved(Event):
    """A second listener approved version `n`: what it was made of, what was made, and by which renderer."""

    recording: str
    n: int
    source_sha256: str
    output_sha256: str
    renderer: str


@dataclass(frozen=True)
class RedactionDropped(Event):
    """Version `n` is not used: nothing is left out by it."""

    recording: str
    n: int


@dataclass(frozen=True)
class TranscriptDownloaded(Event):
    to_citizen: ClassVar[bool] = True
    recording: str
