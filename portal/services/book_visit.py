"""The applicant books a time for listening on site, takes another or gives it back, alone and as often as they like.

A seat is taken in the same unit as its event and its reminders; who comes a moment too late is told, and loses nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.visits import REMIND_DAYS, VisitState, demand_bookable
from portal.services.office import Office
from portal.services.ports import Absent, Appointment, Slot, Work
from portal.services.step import opened, record
from portal.services.visits import free_slots


@dataclass(frozen=True)
class MyVisit:
    """What a person sees of their visit: the newest appointment, and the times that are free for them now.

    `offered` are those of the invitation, `others` the rest of the next weeks. `may_book` and `may_cancel` tell what
    they may do now; `called_off`: the controller withdrew the time that they had booked.
    """

    case: Case
    latest: Appointment | None
    offered: tuple[Slot, ...]
    others: tuple[Slot, ...]
    may_book: bool
    may_cancel: bool
    called_off: bool

    @property
    def booked(self) -> Appointment | None:
        """The booking that stands."""
        return self.latest if self.latest and self.latest.state is VisitState.BOOKED else None


def my_visit(office: Office, actor: Actor, ref: str) -> MyVisit:
    """The visit of an own case. Absent when the case is not theirs."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_OWN_CASE, case.register, case.applicant.person)
        latest = next(iter(work.visits.of_case(case.id)), None)
        free = free_slots(office, work, case.register) if case.visit else ()
        slot = work.visits.slot(latest.slot) if latest and latest.state is VisitState.CANCELLED else None
    own = latest.slot if latest and latest.state is VisitState.BOOKED else None
    invited = set(case.visit.slots) if case.visit else set()
    past = own is not None and latest is not None and latest.start <= office.now()
    bookable = _bookable(case)
    return MyVisit(
        case=case,
        latest=latest,
        offered=tuple(one for one in free if one.id in invited and one.id != own),
        others=tuple(one for one in free if one.id not in invited and one.id != own),
        may_book=bookable and not past,
        may_cancel=own is not None and not past,
        called_off=slot is not None and slot.withdrawn_at is not None,
    )


def book_visit(office: Office, actor: Actor, ref: str, slot_id: str) -> Appointment:
    """Book the time, over an earlier booking; the same time twice is one booking.

    NotNow("slot_gone") when somebody was quicker or the time has been withdrawn: an earlier booking stands then.
    NotNow("visit_over") while an earlier booking is past and not yet marked.
    """
    now = office.now()
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.WRITE_MESSAGE, case.register, case.applicant.person)
        demand_bookable(case)
        slot = work.visits.slot(slot_id)
        old = _standing(work, case)
        if old and old.start <= now:
            raise NotNow("visit_over")
        if slot is None or slot.place.register != case.register:
            raise NotNow("slot_gone")
        if old and old.slot == slot_id:
            return old
        made = work.visits.move(old.id, slot_id, now) if old else work.visits.book(case.id, slot_id, now)
        if made is None:
            raise NotNow("slot_gone")
        place = made.place.name[case.language]
        event = (
            events.VisitMoved(made.id, place, made.start, old.start)
            if old
            else events.VisitBooked(made.id, place, made.start)
        )
        record(office, work, case, event, actor)
        _queue_reminders(office, work, made)
    return made


def cancel_visit(office: Office, actor: Actor, ref: str) -> None:
    """Give the booked time back. NotNow when none is booked or its time has come."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.WRITE_MESSAGE, case.register, case.applicant.person)
        if not give_back(office, work, case, actor):
            raise NotNow("no_visit")


def give_back(office: Office, work: Work, case: Case, actor: Actor) -> bool:
    """Cancel the case's booking that lies ahead, in the open unit; False where there is none."""
    old = _standing(work, case)
    if old is None or old.start <= office.now() or not work.visits.cancel(old.id, office.now()):
        return False
    record(office, work, case, events.VisitCancelled(old.id, old.start), actor)
    return True


def calendar_file(office: Office, actor: Actor, ref: str, language: str) -> bytes:
    """The entry of the booking, or of its cancellation, for the person's own calendar. Absent where there is none."""
    latest = my_visit(office, actor, ref).latest
    if latest is None or latest.state not in (VisitState.BOOKED, VisitState.CANCELLED):
        raise Absent(ref)
    return office.calendar.entry(latest, language, office.now(), cancelled=latest.state is VisitState.CANCELLED)


def remind_visit(office: Office, appointment: str, days: int) -> None:
    """Remind of a booking, once for each of its days; nothing for one that was moved, cancelled or is over."""
    with office.writing() as work:
        known = work.visits.get(appointment)
        if known is None:
            return
        case = work.cases.open_for_system(known.case)
        one = work.visits.get(appointment)  # as it is now that nobody else can change it
        ahead = one is not None and one.state is VisitState.BOOKED and one.start > office.now()
        if one and ahead and work.outbox.once(f"visit:{appointment}", str(days)):
            record(office, work, case, events.VisitReminded(appointment, one.start, days), SYSTEM)


def _queue_reminders(office: Office, work: Work, booked: Appointment) -> None:
    for days in REMIND_DAYS:
        at = booked.start - timedelta(days=days)
        if at > office.now():
            args = {"appointment": booked.id, "days": days}
            work.outbox.add("remind_visit", args, f"remind_visit:{booked.id}:{days}", at)


def _standing(work: Work, case: Case) -> Appointment | None:
    return next((one for one in work.visits.of_case(case.id) if one.state is VisitState.BOOKED), None)


def _bookable(case: Case) -> bool:
    try:
        demand_bookable(case)
    except NotNow:
        return False
    return True
