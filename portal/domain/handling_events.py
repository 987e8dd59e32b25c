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
class TranscriptDownloaded(Event):
    to_citizen: ClassVar[bool] = True
    recording: str
