"""What happens to holds and erasures that somebody must see to: alarms, operators' answers, longer retention."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class HoldAlarmed(Event):
    """A recording of the case needs somebody now: `code` is a domain.duties.Alarm."""

    recording: str
    code: str


@dataclass(frozen=True)
class HoldAlarmEnded(Event):
    """What the alarm was about is settled, or is another alarm by now."""

    recording: str
    code: str


@dataclass(frozen=True)
class ErasureAsked(Event):
    """Our own copies, key and index data of a recording are gone; its operator is asked to erase what is theirs."""

    to_citizen: ClassVar[bool] = True
    recording: str
    due: date
    proof: str


@dataclass(frozen=True)
class ErasureConfirmed(Event):
    """The operator says that the recording was erased on a day; `who` confirmed it, in words."""

    to_citizen: ClassVar[bool] = True
    recording: str
    on: date
    who: str
    proof: str


@dataclass(frozen=True)
class ErasureDenied(Event):
    """The operator has not erased it, or says that it will not; the task stays open."""

    recording: str
    why: str


@dataclass(frozen=True)
class LongerProposed(Event):
    """Somebody proposes that one recording be kept longer, by the register's rule for this reason."""

    recording: str
    reason: str
    why: str


@dataclass(frozen=True)
class LongerAgreed(Event):
    """A second person agreed: the recording is held until the cap (none for the police), looked at again on a day."""

    recording: str
    reason: str
    until: date | None
    review_on: date


@dataclass(frozen=True)
class LongerRejected(Event):
    """Not agreed, or taken back."""

    recording: str
    reason: str
    why: str


@dataclass(frozen=True)
class LongerEnded(Event):
    """The recording is kept no longer than its class: `why` is in words, or "cap" at the end of the longest time."""

    recording: str
    reason: str
    why: str


@dataclass(frozen=True)
class DeletionStuck(Event):
    """A recording whose deletion has begun cannot be deleted at its source; said once, tried ever more seldom."""

    recording: str
    source: str
