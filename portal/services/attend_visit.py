"""A visit to listen on site, as staff receive it: who comes when, which document showed who they are, and who did not
come (recordings of calls, art. 15(3); identity by art. 12(6)).

Of the document its kind alone is kept: no number and no copy (Data Protection Act s. 29, art. 5(1)(c)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal.domain.access import Action, Actor, ActorKind, allowed, demand
from portal.domain.case import Case, State
from portal.domain.lifecycle import NotNow
from portal.domain.moments import helsinki
from portal.domain.station import may_miss
from portal.domain.visit_events import VisitAttended, VisitMissed, VisitUnmatched
from portal.domain.visits import VisitState, may_attend, offers_visits
from portal.services.hand_over import given_copy
from portal.services.office import Office
from portal.services.ports import Absent, Appointment, Copy, Work
from portal.services.ports.stations import Seat
from portal.services.step import opened, record

AHEAD, BEHIND = timedelta(days=90), timedelta(days=14)
"""How far the list of visits looks: ahead, and back for visits that nobody has recorded."""
MISMATCHES = ("details", "document", "none")
"""Why a visit could not begin: name or birth date differ; the document is not on the list; none was shown."""


@dataclass(frozen=True)
class VisitLine:
    """A line of the list of visits; no name stands in it."""

    appointment: Appointment
    ref: str
    open: bool


@dataclass(frozen=True)
class VisitLists:
    """Today's visits, those to come, and booked ones of the last days that nobody has recorded."""

    today: tuple[VisitLine, ...]
    ahead: tuple[VisitLine, ...]
    unrecorded: tuple[VisitLine, ...]


@dataclass(frozen=True)
class VisitView:
    """One visit and what can be done about it now. `copies`: how many approved copies can be played; `certificate`:
    the id of its letter, once issued."""

    appointment: Appointment
    case: Case
    seats: tuple[Seat, ...]
    seat: Seat | None
    copies: int
    heard: tuple[str, ...]
    certificate: str | None
    may_receive: bool
    may_attend: bool
    may_miss: bool

    @property
    def may_start(self) -> bool:
        """Can the approved copies be played to the visitor now?"""
        return self.may_receive and self.may_attend and self.copies > 0

    @property
    def may_certify(self) -> bool:
        """Something was heard, the listening has ended, and no certificate has been issued."""
        return self.may_receive and bool(self.heard) and self.seat is None and self.certificate is None


def visits_of(office: Office, actor: Actor) -> VisitLists:
    """The visits of the actor's register, by time. Absent where it offers none."""
    demand(actor, Action.SEE_CASE, actor.controller)
    if not offers_visits(office.registers[actor.controller]):
        raise Absent(actor.controller)
    now, today = office.now(), office.today()
    midnight = datetime.combine(today, time(), helsinki(now).tzinfo)
    with office.reading() as work:
        found = work.visits.day(actor.controller, midnight - BEHIND, midnight + AHEAD)
        lines = [_line(work, one, now) for one in found if one.state is not VisitState.CANCELLED]
    days = {line.appointment.id: helsinki(line.appointment.start).date() for line in lines}
    return VisitLists(
        tuple(line for line in lines if days[line.appointment.id] == today),
        tuple(line for line in lines if days[line.appointment.id] > today),
        tuple(
            line for line in lines if days[line.appointment.id] < today and line.appointment.state is VisitState.BOOKED
        ),
    )


def _line(work: Work, one: Appointment, now: datetime) -> VisitLine:
    seats = work.stations.of_appointment(one.id)
    ref = work.cases.open_for_system(one.case).ref
    return VisitLine(one, ref, any(seat.open_at(now) for seat in seats))


def visit_view(office: Office, actor: Actor, appointment: str) -> VisitView:
    """One visit with what can be done about it. Absent for another controller's."""
    now = office.now()
    with office.reading() as work:
        one, case = found_visit(work, actor, appointment)
        seats = work.stations.of_appointment(one.id)
        timeline = work.cases.timeline(case)
        copies = playable(office, work, case)
    certified = told(timeline, "certificate_issued", one.id)
    return VisitView(
        appointment=one,
        case=case,
        seats=seats,
        seat=next((seat for seat in seats if seat.open_at(now)), None),
        copies=len(copies),
        heard=tuple(dict.fromkeys(facts["recording"] for facts in told(timeline, "station_played", one.id))),
        certificate=certified[-1]["document"] if certified else None,
        may_receive=allowed(actor, Action.RECEIVE_VISITOR, case.register) and case.state is not State.WITHDRAWN,
        may_attend=may_attend(one.start, one.minutes, now),
        may_miss=may_miss(one.start, one.minutes, now),
    )


def told(timeline: Iterable[Any], kind: str, appointment: str) -> list[dict[str, Any]]:
    """The facts of the events of one kind that concern an appointment, in order."""
    facts = [entry.facts for entry in timeline if entry.action == kind and entry.facts]
    return [one for one in facts if one["appointment"] == appointment]


def found_visit(work: Work, actor: Actor, appointment: str) -> tuple[Appointment, Case]:
    """The appointment and its case, where the actor may see them. Absent: another controller's, or none."""
    one = work.visits.get(appointment)
    if one is None or one.register != actor.controller:
        raise Absent(appointment)
    demand(actor, Action.SEE_CASE, one.register)
    return one, work.cases.open_for_system(one.case)


def visitor(case: Case) -> Actor:
    """The person of the case, whose identity staff have checked, as the actor who listens."""
    return Actor(ActorKind.CITIZEN, case.applicant.person, case.register)


def playable(office: Office, work: Work, case: Case) -> tuple[tuple[int, Copy], ...]:
    """The approved copies of the case that can be played now, by their number from 1."""
    found: list[tuple[int, Copy]] = []
    for number in range(1, len(work.documents.copies(case.id, case.applicant.person)) + 1):
        try:
            copy = given_copy(office, work, case, visitor(case), number)
        except Absent:
            continue
        if copy.vault_object:
            found.append((number, copy))
    return tuple(found)


def received(work: Work, actor: Actor, appointment: str) -> tuple[Appointment, Case]:
    """The appointment and its locked case, for an actor who receives visitors. NotNow once the case is withdrawn."""
    one, case = found_visit(work, actor, appointment)
    demand(actor, Action.RECEIVE_VISITOR, one.register)
    case = opened(work, case.ref, actor)
    if case.state is State.WITHDRAWN:
        raise NotNow("state")
    return work.visits.get(appointment) or one, case


def attend(office: Office, actor: Actor, appointment: str, document: str) -> None:
    """Record that the person came and that a document of this kind (one of the register's) agrees with the case.

    NotNow outside the visit's time, or when the visit has been recorded otherwise meanwhile.
    """
    with office.writing() as work:
        one, case = received(work, actor, appointment)
        if document not in {kind.code for kind in office.registers[one.register].id_documents}:
            raise NotNow("state")
        if not may_attend(one.start, one.minutes, office.now()):
            raise NotNow("visit_time")
        if not work.visits.attended(one.id, actor.id, document, office.now()):
            raise NotNow("moved")
        record(office, work, case, VisitAttended(one.id, document), actor)


def unmatched(office: Office, actor: Actor, appointment: str, why: str) -> None:
    """Record that the visit could not begin, by one of `MISMATCHES`. The booking stands: the person may come back with
    another document while the time lasts."""
    with office.writing() as work:
        one, case = received(work, actor, appointment)
        if one.state is not VisitState.BOOKED or why not in MISMATCHES:
            raise NotNow("moved")
        if not may_attend(one.start, one.minutes, office.now()):
            raise NotNow("visit_time")
        record(office, work, case, VisitUnmatched(one.id, why), actor)


def missed(office: Office, actor: Actor, appointment: str) -> None:
    """Record that the time went by unused; the person may book anew. NotNow before the visit's end."""
    with office.writing() as work:
        one, case = received(work, actor, appointment)
        if not may_miss(one.start, one.minutes, office.now()):
            raise NotNow("visit_time")
        if not work.visits.no_show(one.id, actor.id, office.now()):
            raise NotNow("moved")
        record(office, work, case, VisitMissed(one.id), actor)
