"""Everything that can happen, one frozen dataclass each, in the past tense.

`to_citizen` says whether the data subject sees the event in the timeline of their own case. What could tell whether
a recording exists (holds, candidates, choices) never is, before it has been shown that the call is theirs.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events; the class name in snake case is the event's kind in the audit trail."""

    to_citizen: ClassVar[bool] = False


_SNAKE = re.compile(r"(?<!^)(?=[A-Z])")


def kind_of(event: Event | type[Event]) -> str:
    """The event's name in the trail: request_received for RequestReceived."""
    name = event.__name__ if isinstance(event, type) else type(event).__name__
    return _SNAKE.sub("_", name).lower()


@dataclass(frozen=True)
class RequestReceived(Event):
    to_citizen: ClassVar[bool] = True
    right: str
    channel: str
    language: str
    calls: int
    register_version: str


@dataclass(frozen=True)
class HoldOutcomeRecorded(Event):
    """What became of the hold on one candidate; an empty recording means that none was found."""

    recording: str
    outcome: str
    note: str = ""


@dataclass(frozen=True)
class TakenUp(Event):
    to_citizen: ClassVar[bool] = True


@dataclass(frozen=True)
class QuestionAsked(Event):
    to_citizen: ClassVar[bool] = True
    kind: str
    what: str
    why: str
    answer_by: date
    counts: bool
    why_not: str = ""


@dataclass(frozen=True)
class MessageReceived(Event):
    to_citizen: ClassVar[bool] = True
    text: str


@dataclass(frozen=True)
class QuestionAnswered(Event):
    to_citizen: ClassVar[bool] = True
    text: str


@dataclass(frozen=True)
class DeadlineExtended(Event):
    to_citizen: ClassVar[bool] = True
    reason: str
    text: str
    new_due: date | None
    warned: bool = False


@dataclass(frozen=True)
class CallChosen(Event):
    recording: str
    call: int


@dataclass(frozen=True)
class CallRejected(Event):
    recording: str
    call: int


@dataclass(frozen=True)
class RecordingAdded(Event):
    recording: str


@dataclass(frozen=True)
class RecordingListened(Event):
    """Staff fetched audio: `start_ms` to `end_ms` of the recording went to their browser."""

    recording: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class SpeakerChecked(Event):
    recording: str
    verdict: str
    how: str


@dataclass(frozen=True)
class DecisionProposed(Event):
    decision: str
    second: bool


@dataclass(frozen=True)
class DecisionReturned(Event):
    reason: str


@dataclass(frozen=True)
class DecisionApproved(Event):
    pass


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
class AnswerGiven(Event):
    """The decision was signed and made available; `available_until` for the files, the letter stays."""

    to_citizen: ClassVar[bool] = True
    kind: str
    available_until: date | None


@dataclass(frozen=True)
class RecordingErased(Event):
    to_citizen: ClassVar[bool] = True
    recording: str
    proof: str


@dataclass(frozen=True)
class RecordingRestricted(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class StatementAttached(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class LetterPosted(Event):
    to_citizen: ClassVar[bool] = True
    document: str
    posted_on: date


@dataclass(frozen=True)
class LetterRead(Event):
    to_citizen: ClassVar[bool] = True
    document: str


@dataclass(frozen=True)
class CopyPlayed(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class CopyDownloaded(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class HoldReleased(Event):
    recording: str
    reason: str


@dataclass(frozen=True)
class RequestWithdrawn(Event):
    to_citizen: ClassVar[bool] = True


@dataclass(frozen=True)
class CaseClosed(Event):
    to_citizen: ClassVar[bool] = True


# Events without a case: chains of the controller.


@dataclass(frozen=True)
class SignedIn(Event):
    face: str
    method: str


@dataclass(frozen=True)
class SignInFailed(Event):
    face: str
    why: str


@dataclass(frozen=True)
class SignedOut(Event):
    face: str


@dataclass(frozen=True)
class ForeignReferenceTried(Event):
    """Somebody asked for a case that is absent or not theirs; they saw the same page in both cases."""

    what: str


@dataclass(frozen=True)
class StaffAdded(Event):
    account: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class StaffRolesChanged(Event):
    account: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class StaffDisabled(Event):
    account: str


@dataclass(frozen=True)
class CredentialsSet(Event):
    account: str


@dataclass(frozen=True)
class CommitmentAccepted(Event):
    account: str


@dataclass(frozen=True)
class RecordingDisposed(Event):
    """A recording was deleted because its retention had ended; the proof stays in the tombstone."""

    recording: str
    policy: str
    verified: bool


@dataclass(frozen=True)
class RetentionRun(Event):
    condemned: int
    deleted: int
    held: int
    failed: int
    at: datetime


@dataclass(frozen=True)
class SourceHarvested(Event):
    source: str
    loaded: int
    refused: int


TO_CITIZEN = frozenset(kind_of(event) for event in Event.__subclasses__() if event.to_citizen)
"""The kinds that the data subject sees in the timeline of their own case."""
