"""Everything that can happen, one frozen dataclass each, in the past tense.

`to_citizen` says whether the data subject sees the event in the timeline of their own case. What could tell whether
a recording exists (holds, candidates, choices) never is, before it has been shown that the call is theirs.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain import duty_events as duty_events
from portal.domain import search_events as search_events
from portal.domain.delivery_events import CopyDownloaded as CopyDownloaded
from portal.domain.delivery_events import CopyKept as CopyKept
from portal.domain.delivery_events import CopyPlayed as CopyPlayed
from portal.domain.delivery_events import CopyRenewed as CopyRenewed
from portal.domain.delivery_events import CopyRevoked as CopyRevoked
from portal.domain.delivery_events import CopyRevokedAgain as CopyRevokedAgain
from portal.domain.event import Event as Event
from portal.domain.event import kind_of as kind_of
from portal.domain.handling_events import CallsSearched as CallsSearched
from portal.domain.handling_events import MessagesRead as MessagesRead
from portal.domain.handling_events import RedactionApproved as RedactionApproved
from portal.domain.handling_events import RedactionDropped as RedactionDropped
from portal.domain.handling_events import RedactionReturned as RedactionReturned
from portal.domain.handling_events import RedactionSubmitted as RedactionSubmitted
from portal.domain.handling_events import TranscriptChecked as TranscriptChecked
from portal.domain.handling_events import TranscriptDownloaded as TranscriptDownloaded
from portal.domain.handling_events import TranscriptDraftAsked as TranscriptDraftAsked
from portal.domain.handling_events import TranscriptDrafted as TranscriptDrafted
from portal.domain.handling_events import TranscriptOpened as TranscriptOpened
from portal.domain.handling_events import TranscriptWritten as TranscriptWritten
from portal.domain.letter_events import DispatchChosen as DispatchChosen
from portal.domain.letter_events import LanguageChanged as LanguageChanged
from portal.domain.letter_events import LetterIssued as LetterIssued
from portal.domain.letter_events import LetterPosted as LetterPosted
from portal.domain.letter_events import LetterPrinted as LetterPrinted
from portal.domain.letter_events import LetterRead as LetterRead
from portal.domain.letter_events import LetterReturned as LetterReturned
from portal.domain.listening_events import RestrictedUseRefused as RestrictedUseRefused
from portal.domain.listening_events import ReviewAnswered as ReviewAnswered
from portal.domain.listening_events import ReviewAsked as ReviewAsked
from portal.domain.listening_events import StaffLinked as StaffLinked
from portal.domain.notification_events import ContactChosen as ContactChosen
from portal.domain.notification_events import ContactFailed as ContactFailed
from portal.domain.notification_events import FilesReminded as FilesReminded
from portal.domain.number_events import NumberProved as NumberProved
from portal.domain.number_events import NumberRung as NumberRung
from portal.domain.number_events import NumberShared as NumberShared
from portal.domain.number_events import NumberSupported as NumberSupported
from portal.domain.number_events import NumberUnproved as NumberUnproved
from portal.domain.register_events import CommitmentAccepted as CommitmentAccepted
from portal.domain.register_events import ControllerClosed as ControllerClosed
from portal.domain.register_events import ControllerClosingProposed as ControllerClosingProposed
from portal.domain.register_events import CredentialsSet as CredentialsSet
from portal.domain.register_events import FactorConfirmed as FactorConfirmed
from portal.domain.register_events import FeedbackAnswered as FeedbackAnswered
from portal.domain.register_events import FeedbackReceived as FeedbackReceived
from portal.domain.register_events import ForeignReferenceTried as ForeignReferenceTried
from portal.domain.register_events import LinkIssued as LinkIssued
from portal.domain.register_events import PasskeyAdded as PasskeyAdded
from portal.domain.register_events import PasskeyRemoved as PasskeyRemoved
from portal.domain.register_events import PasswordChanged as PasswordChanged
from portal.domain.register_events import PasswordCompromised as PasswordCompromised
from portal.domain.register_events import RecordingDisposed as RecordingDisposed
from portal.domain.register_events import RecoveryCodesRenewed as RecoveryCodesRenewed
from portal.domain.register_events import RetentionRun as RetentionRun
from portal.domain.register_events import RetentionSet as RetentionSet
from portal.domain.register_events import RetentionShortened as RetentionShortened
from portal.domain.register_events import RetentionShorteningProposed as RetentionShorteningProposed
from portal.domain.register_events import RetentionShorteningRejected as RetentionShorteningRejected
from portal.domain.register_events import SessionsEnded as SessionsEnded
from portal.domain.register_events import SignedIn as SignedIn
from portal.domain.register_events import SignedOut as SignedOut
from portal.domain.register_events import SignInFailed as SignInFailed
from portal.domain.register_events import SourceHarvested as SourceHarvested
from portal.domain.register_events import StaffAdded as StaffAdded
from portal.domain.register_events import StaffDisabled as StaffDisabled
from portal.domain.register_events import StaffRolesChanged as StaffRolesChanged
from portal.domain.representation_events import DocumentAttached as DocumentAttached
from portal.domain.representation_events import DocumentOpened as DocumentOpened
from portal.domain.representation_events import DocumentRemoved as DocumentRemoved
from portal.domain.representation_events import IdentityCodeRevealed as IdentityCodeRevealed
from portal.domain.representation_events import RepresentationChecked as RepresentationChecked
from portal.domain.visit_events import SlotsAdded as SlotsAdded
from portal.domain.visit_events import SlotWithdrawn as SlotWithdrawn
from portal.domain.visit_events import VisitBooked as VisitBooked
from portal.domain.visit_events import VisitCalledOff as VisitCalledOff
from portal.domain.visit_events import VisitCancelled as VisitCancelled
from portal.domain.visit_events import VisitMoved as VisitMoved
from portal.domain.visit_events import VisitOffered as VisitOffered
from portal.domain.visit_events import VisitPlaceClosed as VisitPlaceClosed
from portal.domain.visit_events import VisitPlaceSet as VisitPlaceSet
from portal.domain.visit_events import VisitReminded as VisitReminded


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
class RestrictionBegun(Event):
    """Art. 18(1)(a), (d): restricted as soon as the call was found, while accuracy or an objection is looked into; the
    decision tells the person."""

    recording: str


@dataclass(frozen=True)
class MetadataCorrected(Event):
    """Art. 16: the index's `field`, caller or start, of a recording was set right; the audio stays as it is. Numbers
    are E.164, empty where withheld; times ISO 8601 in UTC. Told by the letter alone: it tells of a recording."""

    recording: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class StatementAttached(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class HoldReleased(Event):
    recording: str
    reason: str


@dataclass(frozen=True)
class HoldKept(Event):
    """A hold was looked at again and kept, with its reason, until the next look."""

    recording: str
    reason: str
    review_on: date


@dataclass(frozen=True)
class RequestWithdrawn(Event):
    to_citizen: ClassVar[bool] = True


@dataclass(frozen=True)
class CaseClosed(Event):
    to_citizen: ClassVar[bool] = True


@dataclass(frozen=True)
class RouteDecided(Event):
    """By which law the request is answered; `openness_due` where the Openness Act's clock runs too."""

    to_citizen: ClassVar[bool] = True
    route: str
    large: bool
    why: str
    openness_due: date | None


@dataclass(frozen=True)
class LatenessAllowed(Event):
    """The data protection officer let a late extension notice, or a late question, count."""

    what: str
    reason: str


@dataclass(frozen=True)
class ReminderSent(Event):
    to_citizen: ClassVar[bool] = True
    answer_by: date


@dataclass(frozen=True)
class RequestNarrowed(Event):
    to_citizen: ClassVar[bool] = True
    calls: tuple[int, ...]


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    """Art. 7(3): recorded as it arrived; from then on nothing rests on the consent."""

    to_citizen: ClassVar[bool] = True
    purposes: tuple[str, ...]


@dataclass(frozen=True)
class ActProposed(Event):
    kind: str
    reason: str


@dataclass(frozen=True)
class ActApproved(Event):
    kind: str


@dataclass(frozen=True)
class ActRejected(Event):
    kind: str
    reason: str


@dataclass(frozen=True)
class FeeAnswered(Event):
    to_citizen: ClassVar[bool] = True
    accepted: bool


@dataclass(frozen=True)
class RecipientTold(Event):
    """Art. 19: a recipient was told of the change, or why telling is impossible; in an access request it was named,
    or was named by mistake."""

    recipient: str
    state: str
    why: str


@dataclass(frozen=True)
class RestrictionLifted(Event):
    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class ComplaintTold(Event):
    to_citizen: ClassVar[bool] = True
    body: str


@dataclass(frozen=True)
class ProceedingOpened(Event):
    kind: str
    body: str
    reference: str
    reply_by: date | None
    matter: str


@dataclass(frozen=True)
class ProceedingClosed(Event):
    kind: str
    outcome: str


@dataclass(frozen=True)
class CaseReopened(Event):
    """What was asked has come after the closing; the case is in hand again with a clock of its own. `text` is what
    the person wrote."""

    to_citizen: ClassVar[bool] = True
    why: str
    due: date
    text: str = ""


TO_CITIZEN = frozenset(kind_of(event) for event in Event.__subclasses__() if event.to_citizen)
"""The kinds that the data subject sees in the timeline of their own case."""
