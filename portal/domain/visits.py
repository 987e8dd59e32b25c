"""Listening on site beside the copy (art. 15(3); the notice's "kuuntelu toimipaikassa"): what may be offered, booked
and attended, and until when what is heard there must stay.

An offer reserves nothing; a booking takes a seat. Times are aware UTC instants, days are Helsinki days.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portal.domain.calendar_fi import EU_STRICT
from portal.domain.case import Case, State
from portal.domain.moments import helsinki, moments
from portal.domain.register import Register
from portal.domain.representation_steps import demand_allowed
from portal.domain.rights import Right
from portal.domain.steps import NotNow

LEAST = 3
"""How many times an invitation offers at least: a single time is no choice."""
REMIND_DAYS = (3, 1)
"""How many days before a booking the person is reminded of it."""
_BEFORE, _AFTER = timedelta(minutes=30), timedelta(hours=2)
_HELD = timedelta(days=30)


class VisitState(StrEnum):
    """What has become of an appointment. A moved one has a successor with the same calendar entry."""

    BOOKED = "booked"
    MOVED = "moved"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"

    @property
    def seated(self) -> bool:
        """Does it take a seat?"""
        return self in (VisitState.BOOKED, VisitState.ATTENDED, VisitState.NO_SHOW)


TRANSITIONS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.BOOKED: frozenset(VisitState) - {VisitState.BOOKED},
    VisitState.MOVED: frozenset(),
    VisitState.ATTENDED: frozenset(),
    VisitState.NO_SHOW: frozenset(),
    VisitState.CANCELLED: frozenset(),
}
"""What may follow what: a booking is followed once; after a missed or cancelled visit comes a new booking."""


def offers_visits(register: Register) -> bool:
    """Does the register's notice promise that one can come and listen?"""
    return any(way.manner == "on_site" for way in register.delivery)


def offer_ok(times: Collection[datetime], now: datetime) -> None:
    """NotNow("several_times") unless at least three times are offered, all ahead, on different days and not all at the
    same hour of the day: one who works mornings can come too."""
    local = [helsinki(one) for one in times]
    days, hours = {one.date() for one in local}, {one.hour for one in local}
    if len(local) < LEAST or len(days) < len(local) or len(hours) < 2 or min(times) <= now:
        raise NotNow("several_times")


def demand_bookable(case: Case) -> None:
    """NotNow where the case's person may not book: not invited, another right than access, withdrawn, or acting for
    somebody else without staff having allowed it."""
    if case.visit is None or case.right is not Right.ACCESS or case.state is State.WITHDRAWN:
        raise NotNow("state")
    demand_allowed(case)


def may_attend(start: datetime, minutes: int, now: datetime) -> bool:
    """May the visit be marked as attended now? From half an hour before it until two hours after its end."""
    return start - _BEFORE <= now <= start + timedelta(minutes=minutes) + _AFTER


def hold_until_visit(attended_on: date) -> date:
    """Until when the holds stay after a visit: thirty days, in which a copy can still be asked for."""
    return attended_on + _HELD


def slot_times(first: date, last: date, weekdays: Collection[int], clocks: Collection[time]) -> Iterator[datetime]:
    """The starts in the days from `first` to `last` on these weekdays (0 is Monday) at these Finnish clock times, in
    order; public holidays are skipped. Of an hour that comes twice the first is meant; one that does not come is
    left out."""
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        if day.weekday() not in weekdays or EU_STRICT.holiday(day):
            continue
        for clock in sorted(set(clocks)):
            instants, exists = moments(datetime.combine(day, clock))
            if exists:
                yield instants[0].astimezone(UTC)
