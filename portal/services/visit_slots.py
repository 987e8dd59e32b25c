"""The places and times for listening on site: staff add them in bulk, and withdraw them one by one.

A withdrawn time that somebody had booked is told to them in their case: they choose anew.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.lifecycle import NotNow
from portal.domain.moments import helsinki
from portal.domain.register import Register
from portal.domain.visits import offers_visits
from portal.services.office import Office
from portal.services.ports import Absent, Place, Slot
from portal.services.step import record

AHEAD = timedelta(days=183)
"""How far ahead times are shown and may be added."""
MOST = 500
"""How many times may be added at once."""


@dataclass(frozen=True)
class SlotsView:
    """The register's places, and its times that lie ahead, the earliest first."""

    places: tuple[Place, ...]
    slots: tuple[Slot, ...]


def slots_view(office: Office, actor: Actor) -> SlotsView:
    """Places and times for staff. Absent where the register offers no visits."""
    register = _visited(office, actor)
    now = office.now()
    with office.reading() as work:
        return SlotsView(work.visits.places(register.id), work.visits.slots(register.id, now, now + AHEAD))


def set_place(office: Office, actor: Actor, place: Place) -> str:
    """Keep a new place (its id empty) or the changed words of one; returns its id."""
    register = _visited(office, actor)
    with office.writing() as work:
        known = {one.id for one in work.visits.places(register.id)}
        if place.id and place.id not in known:
            raise Absent(place.id)
        kept = replace(place, id=place.id or uuid4().hex, register=register.id)
        work.visits.add_place(kept)
        work.trail.note(register.id, actor, events.VisitPlaceSet(kept.name["fi"]), "visits", office.now())
    return kept.id


def close_place(office: Office, actor: Actor, place_id: str) -> None:
    """Offer the place no more. NotNow("place_in_use") while it has times ahead: they are withdrawn first."""
    register = _visited(office, actor)
    now = office.now()
    with office.writing() as work:
        place = next((one for one in work.visits.places(register.id) if one.id == place_id), None)
        if place is None:
            raise Absent(place_id)
        if any(slot.place.id == place_id for slot in work.visits.slots(register.id, now, now + AHEAD)):
            raise NotNow("place_in_use")
        work.visits.add_place(replace(place, closed_at=now))
        work.trail.note(register.id, actor, events.VisitPlaceClosed(place.name["fi"]), "visits", now)


def add_slots(
    office: Office, actor: Actor, place_id: str, starts: tuple[datetime, ...], minutes: int, seats: int
) -> int:
    """Add the times that lie ahead; returns how many are new, for a time that is there already stays as it is."""
    register = _visited(office, actor)
    now = office.now()
    ahead = tuple(start for start in starts if now < start <= now + AHEAD)
    if len(ahead) > MOST:
        raise NotNow("too_many_slots")
    with office.writing() as work:
        place = next((one for one in work.visits.places(register.id) if one.id == place_id), None)
        if place is None:
            raise Absent(place_id)
        new = work.visits.add_slots(register.id, place_id, ahead, minutes, seats)
        if new:
            added = events.SlotsAdded(place.name["fi"], len(new), _day(new[0]), _day(new[-1]))
            work.trail.note(register.id, actor, added, "visits", now)
    return len(new)


def withdraw_slot(office: Office, actor: Actor, slot_id: str, bookings: int) -> None:
    """Take a time out of use and give back what was booked in it; each person is told in their case.

    NotNow("slot_booked") unless exactly `bookings` people have booked it: that many, the page has said.
    """
    register = _visited(office, actor)
    now = office.now()
    with office.writing() as work:
        slot = work.visits.slot(slot_id)
        if slot is None or slot.place.register != register.id:
            raise Absent(slot_id)
        if slot.withdrawn_at is not None or slot.start <= now:
            raise NotNow("state")
        booked = work.visits.booked_in(slot_id)
        cases = {one.case: work.cases.open_for_system(one.case) for one in booked}  # before the slot, as booking does
        work.visits.withdraw(slot_id, now)
        if len(booked) != bookings or work.visits.booked_in(slot_id) != booked:
            raise NotNow("slot_booked")
        for one in booked:
            work.visits.cancel(one.id, now)
            record(office, work, cases[one.case], events.VisitCalledOff(one.id, one.start), actor)
        withdrawn = events.SlotWithdrawn(slot.id, slot.place.name["fi"], slot.start)
        work.trail.note(register.id, actor, withdrawn, "visits", now)


def slot_of(office: Office, actor: Actor, slot_id: str) -> tuple[Slot, int]:
    """A time and how many have booked it, for the question before it is withdrawn."""
    register = _visited(office, actor)
    with office.reading() as work:
        slot = work.visits.slot(slot_id)
        if slot is None or slot.place.register != register.id:
            raise Absent(slot_id)
        return slot, len(work.visits.booked_in(slot_id))


def _visited(office: Office, actor: Actor) -> Register:
    """The actor's register, where it offers visits."""
    demand(actor, Action.DECIDE, actor.controller)
    register = office.registers[actor.controller]
    if not offers_visits(register):
        raise Absent(register.id)
    return register


def _day(instant: datetime) -> date:
    return helsinki(instant).date()
