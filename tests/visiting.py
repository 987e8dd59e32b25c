"""A visit to listen on site, up to the door: an answered case of the employment office, and a booked time."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from portal.domain.access import Actor, Role
from portal.domain.decisions import Outcome
from portal.services.office import Office
from portal.services.ports import Appointment, Place
from tests import make
from tests.make import Clerk, Clock
from tests.web.citizen.answers import Desk

TE = "te_kaakkois_suomi"
_ROLES = (Role.HANDLER, Role.LISTENER, Role.DECISION_MAKER)
AHEAD = timedelta(days=4, hours=-2)
"""From noon of the tests' day to ten o'clock on Monday 22.6.2026."""
PLACE = Place(
    "0" * 32, TE, {"fi": "Lappeenrannan toimisto", "sv": "Villmanstrands byrå", "en": "Lappeenranta office"},
    "Mallikatu 1, Lappeenranta", {"fi": "Esteetön", "sv": "Tillgänglig", "en": "Accessible"},
)  # fmt: skip


class TeDesk(Desk):
    """Two clerks of the employment office who answer one request; the first receives its visitor too."""

    def __post_init__(self) -> None:
        self.clerk = make.clerk(self.office, "malla", *_ROLES, register=TE)
        self.first = self.clerk.actor

    @cached_property
    def second(self) -> Actor:  # type: ignore[override]  # the base makes it at once, which half the tests need not
        """Whoever approves; made when somebody is needed."""
        return make.clerk(self.office, "severi", *_ROLES, register=TE).actor


@dataclass
class Visiting:
    """An answered request with a booking, and the clerk who receives the visitor."""

    office: Office
    ref: str
    recording: str
    appointment: str
    clerk: Clerk
    desk: TeDesk = field(repr=False)

    @property
    def booked(self) -> Appointment:
        """The appointment as it stands."""
        with self.office.reading() as work:
            one = work.visits.get(self.appointment)
        assert one is not None
        return one

    @property
    def events(self) -> list[str]:
        """What has happened in the case, oldest first."""
        with self.office.reading() as work:
            return [entry.action for entry in work.cases.timeline(self.desk.case)]


def slot_at(office: Office, ahead: timedelta = AHEAD, seats: int = 1) -> str:
    """A free time in the employment office's place."""
    with office.writing() as work:
        work.visits.add_place(PLACE)
        (start,) = work.visits.add_slots(TE, PLACE.id, (office.now() + ahead,), 45, seats)
        return next(slot.id for slot in work.visits.slots(TE, start, start + timedelta(minutes=1)))


def booked(office: Office, case_id: str, slot: str) -> str:
    """The id of a booking of this case."""
    with office.writing() as work:
        one = work.visits.book(case_id, slot, office.now())
    assert one is not None
    return one.id


def visiting(office: Office, *, answered: bool = True) -> Visiting:
    """A request whose call was found, answered unless told otherwise, and a time booked for Monday."""
    (recording,) = make.recorded(office, make.segment(), register=TE)
    ref = make.filed(office, register=TE).ref
    desk = TeDesk(office, ref)
    if answered:
        desk.found(recording)
        desk.answered(Outcome.GRANTED)
    return Visiting(office, ref, recording, booked(office, desk.case.id, slot_at(office)), desk.clerk, desk)


def at_the_door(clock: Clock) -> None:
    """It is Monday, five minutes before the visit."""
    clock.at = make.NOON + AHEAD - timedelta(minutes=5)
