"""What happens to a visit for listening on site: offered, booked, moved, cancelled; and to the times that are free."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class VisitOffered(Event):
    """The data subject was invited; `slots` are the times' ids. Nothing is reserved by it."""

    to_citizen: ClassVar[bool] = True
    place: str
    times: tuple[datetime, ...]
    slots: tuple[str, ...] = ()


@dataclass(frozen=True)
class VisitBooked(Event):
    to_citizen: ClassVar[bool] = True
    appointment: str
    place: str
    time: datetime


@dataclass(frozen=True)
class VisitMoved(Event):
    """The data subject took another time; `was` is the one given back."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    place: str
    time: datetime
    was: datetime


@dataclass(frozen=True)
class VisitCancelled(Event):
    """The data subject gave the time back."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    time: datetime


@dataclass(frozen=True)
class VisitCalledOff(Event):
    """The controller withdrew the time; the person chooses anew."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    time: datetime


@dataclass(frozen=True)
class VisitReminded(Event):
    """The data subject was reminded of a booking, `days` before it."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    time: datetime
    days: int


@dataclass(frozen=True)
class VisitPlaceSet(Event):
    """A place to listen in was added, or its words changed."""

    place: str


@dataclass(frozen=True)
class VisitPlaceClosed(Event):
    """A place to listen in is not offered any more."""

    place: str


@dataclass(frozen=True)
class SlotsAdded(Event):
    """`count` times from the day `first` to the day `last` were added to a place."""

    place: str
    count: int
    first: date
    last: date


@dataclass(frozen=True)
class SlotWithdrawn(Event):
    """A time in a place is not offered any more."""

    slot: str
    place: str
    time: datetime


@dataclass(frozen=True)
class VisitAttended(Event):
    """The person came: name and birth date agreed with a document of this kind. Its number is asked nowhere."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    document: str


@dataclass(frozen=True)
class VisitUnmatched(Event):
    """Whoever came could not be shown to be the person, so nothing was played; `why` is one of a fixed list."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    why: str


@dataclass(frozen=True)
class VisitMissed(Event):
    """The time went by and nobody could listen; the person may book anew."""

    to_citizen: ClassVar[bool] = True
    appointment: str


@dataclass(frozen=True)
class StationOpened(Event):
    """Staff opened a listening station for the visit; it ends by itself at `until`."""

    appointment: str
    until: datetime


@dataclass(frozen=True)
class StationPlayed(Event):
    """The visitor listened to a stretch of the approved copy, in milliseconds of the call."""

    to_citizen: ClassVar[bool] = True
    appointment: str
    recording: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class StationLeft(Event):
    """The visitor ended the listening."""

    appointment: str


@dataclass(frozen=True)
class StationClosed(Event):
    """Staff ended the listening."""

    appointment: str


@dataclass(frozen=True)
class CertificateIssued(Event):
    """The visit was certified by the letter `document`."""

    appointment: str
    document: str
