"""What happens to a controller and not to one case: sign-ins, staff, sources, retention, feedback, print batches."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.event import Event


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
class FactorConfirmed(Event):
    """A signed-in staff member showed a second factor again, before something that asks for it."""

    method: str


@dataclass(frozen=True)
class SessionsEnded(Event):
    """Sessions of an account were ended by hand, its own or by an administrator."""

    account: str
    number: int


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
class LinkIssued(Event):
    """A one-time link was made, by which the account gets new credentials."""

    account: str


@dataclass(frozen=True)
class PasskeyAdded(Event):
    account: str


@dataclass(frozen=True)
class PasskeyRemoved(Event):
    account: str


@dataclass(frozen=True)
class PasswordChanged(Event):
    account: str


@dataclass(frozen=True)
class PasswordCompromised(Event):
    """Somebody else may know the password: it opens nothing until it is changed."""

    account: str


@dataclass(frozen=True)
class RecoveryCodesRenewed(Event):
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
class RetentionSet(Event):
    """The register file's first or longer period of a class of recordings came into force."""

    recording_class: str
    period: str


@dataclass(frozen=True)
class RetentionShorteningProposed(Event):
    recording_class: str
    period: str
    former: str


@dataclass(frozen=True)
class RetentionShorteningRejected(Event):
    """A second person did not agree; `kept` is the period that stays in force."""

    recording_class: str
    period: str
    kept: str


@dataclass(frozen=True)
class RetentionShortened(Event):
    """A second person agreed; recordings loaded from now on are kept for the shorter period."""

    recording_class: str
    period: str
    former: str
    author: str


@dataclass(frozen=True)
class ControllerClosingProposed(Event):
    """A controller's service ended on a day; all that is theirs is to be removed by another."""

    register: str
    ended: date
    by: date


@dataclass(frozen=True)
class ControllerClosed(Event):
    """A second person removed all that was a controller's: keys, files, rows."""

    register: str
    author: str


@dataclass(frozen=True)
class SourceHarvested(Event):
    source: str
    loaded: int
    refused: int


@dataclass(frozen=True)
class FeedbackReceived(Event):
    """Somebody wrote about accessibility; the answer is due on that day."""

    feedback: str
    due: date


@dataclass(frozen=True)
class FeedbackAnswered(Event):
    feedback: str
