"""Invite the applicant to listen on site at a time of their choice, beside the copy (art. 15(3)), never instead."""

from datetime import timedelta

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow, OfferVisit, decide_step
from portal.domain.rights import Right
from portal.domain.visits import offers_visits
from portal.services.act_facts import visit_facts
from portal.services.issue_letter import frozen, issue
from portal.services.office import Office
from portal.services.ports import Appointment, Slot, Work
from portal.services.step import opened, take_step

WEEKS = timedelta(weeks=8)
"""How far ahead free times are shown to choose from."""


def free_slots(office: Office, work: Work, register: str) -> tuple[Slot, ...]:
    """The register's times of the next weeks that have a seat, the earliest first."""
    now = office.now()
    return tuple(slot for slot in work.visits.slots(register, now, now + WEEKS) if slot.free and slot.start > now)


def slots_to_offer(office: Office, actor: Actor, ref: str) -> tuple[Slot, ...]:
    """What can be offered in the case now; nothing where the register offers no visits."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        return free_slots(office, work, case.register) if offers_visits(office.registers[case.register]) else ()


def appointments(office: Office, actor: Actor, ref: str) -> tuple[Appointment, ...]:
    """What was booked in the case, newest first, for staff."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        return work.visits.of_case(case.id)


def offer_visit(office: Office, actor: Actor, ref: str, slot_ids: tuple[str, ...], seen: int) -> None:
    """Send the invitation. Nothing is reserved by it.

    NotNow for another right than access, with fewer than three times on different days, for times in several places,
    and when one of them has been taken meanwhile.
    """
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        if case.moves != seen:
            raise NotNow("moved")
        slots = _chosen(office, work, case, slot_ids)
    step = _step(case, slots)
    facts = invitation_facts(office, case, step, slots[0], actor)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        issue(office, work, case, letter, actor)


def _chosen(office: Office, work: Work, case: Case, slot_ids: tuple[str, ...]) -> tuple[Slot, ...]:
    if case.right is not Right.ACCESS or not offers_visits(office.registers[case.register]):
        raise NotNow("not_access")
    free = {slot.id: slot for slot in free_slots(office, work, case.register)}
    if not set(slot_ids) <= free.keys():
        raise NotNow("slot_gone")
    slots = tuple(slot for slot in free.values() if slot.id in slot_ids)
    if not slots:
        raise NotNow("several_times")
    if len({slot.place.id for slot in slots}) > 1:
        raise NotNow("several_places")
    return slots


def _step(case: Case, slots: tuple[Slot, ...]) -> OfferVisit:
    place = f"{slots[0].place.name[case.language]}, {slots[0].place.address}"
    return OfferVisit(place, tuple((slot.id, slot.start) for slot in slots), max(slot.minutes for slot in slots))


def invitation_facts(office: Office, case: Case, step: OfferVisit, slot: Slot, actor: Actor) -> LetterFacts:
    """The invitation's facts as they will be if it is sent now; `slot` is one of those offered."""
    after, _event = decide_step(case, step, actor, office.now())
    assert after.visit is not None
    return visit_facts(office, case, after.visit, slot.place.access[case.language])
