"""Listening on site: what is offered, who gets the seat, what is given back, reminded of and held."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.moments import helsinki
from portal.domain.representation import Kind, Mandate, Proof, Representative
from portal.domain.representation_steps import CheckRepresentation
from portal.domain.rights import Right
from portal.domain.visits import VisitState
from portal.jobs import runner
from portal.services import book_visit, representation, visit_slots, visits, withdraw_request
from portal.services.office import Office
from portal.services.ports import Absent, Appointment
from tests import make
from tests.make import TE, VISIT_TIMES
from tests.services.walk import Walk, walk

REFUSED = {"outcome": "refused", "ground": "R11-2", "facts": "facts", "assessment": "assessment"}


@pytest.fixture
def here(sqlite_office: Office) -> Office:
    return sqlite_office


def offered(here: Office, *, seats: int = 1) -> tuple[Walk, tuple[str, ...]]:
    """A case in hand whose person has been invited, and the ids of the times: three offered, one free beside them."""
    slots = make.visit_slots(here, seats=seats)
    return invited(here, slots[:3]), slots


def invited(here: Office, slots: tuple[str, ...], who: Any = None) -> Walk:
    make.recorded(here, make.segment(), register=TE)
    made = Walk(here, make.filed(here, make.request(), who, register=TE), TE).taken()
    visits.offer_visit(here, made.handler, made.filed.ref, slots, made.case.moves)
    return made


def other() -> Any:
    return make.identified("Eero Esimerkkilä", "040387-901U")


def book(made: Walk, slot: str) -> Appointment:
    return book_visit.book_visit(made.office, made.citizen, made.filed.ref, slot)


def mine(made: Walk) -> book_visit.MyVisit:
    return book_visit.my_visit(made.office, made.citizen, made.filed.ref)


def history(made: Walk) -> list[tuple[str, str]]:
    with made.office.reading() as work:
        return [(one.state.value, one.uid) for one in work.visits.of_case(made.case.id)]


# --- offering ------------------------------------------------------------------------------------------------------


def test_an_invitation_offers_free_times_by_letter_and_reserves_nothing(here: Office) -> None:
    made, slots = offered(here)
    assert made.case.visit is not None
    assert made.case.visit.times == VISIT_TIMES[:3]
    assert made.case.visit.place == "Neuvontapiste, Esimerkkikatu 2, Lappeenranta"
    with here.reading() as work:
        letter = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert letter.kind == "visit"
    for told in ("Esteetön sisäänkäynti.", "Esimerkkikatu 2", "jäljennöksen käynnin sijasta", "Passi", "40"):
        assert told in html
    assert mine(made).offered[0].taken == 0
    assert [one.id for one in mine(made).others] == [slots[3]]


def test_what_is_full_too_few_in_two_places_or_withdrawn_is_not_offered(here: Office) -> None:
    first, slots = offered(here)
    book(first, slots[0])
    made = walk(here, register=TE).taken()
    elsewhere = make.visit_slots(here, VISIT_TIMES[0], where=make.place(id="b" * 32))

    def offer(*chosen: str) -> None:
        visits.offer_visit(here, made.handler, made.filed.ref, chosen, made.case.moves)

    for chosen, why in (
        (slots[:3], "slot_gone"),
        (slots[1:3], "several_times"),
        ((), "several_times"),
        ((*elsewhere, *slots[1:3]), "several_places"),
    ):
        with pytest.raises(NotNow, match=why):
            offer(*chosen)
    visit_slots.withdraw_slot(here, made.handler, slots[3], 0)
    with pytest.raises(NotNow, match="slot_gone"):
        offer(*slots[1:])
    assert made.case.visit is None


def test_only_access_at_a_controller_that_offers_visits_is_invited(here: Office) -> None:
    slots = make.visit_slots(here)
    made = walk(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested")), register=TE).taken()
    with pytest.raises(NotNow, match="not_access"):
        visits.offer_visit(here, made.handler, made.filed.ref, slots, made.case.moves)
    elsewhere = walk(here).taken()
    assert visits.slots_to_offer(here, elsewhere.handler, elsewhere.filed.ref) == ()
    with pytest.raises(NotNow, match="not_access"):
        visits.offer_visit(here, elsewhere.handler, elsewhere.filed.ref, slots, elsewhere.case.moves)


# --- booking -------------------------------------------------------------------------------------------------------


def test_a_time_is_booked_moved_and_given_back_with_one_calendar_entry(office: Office) -> None:
    made, slots = offered(office)
    first = book(made, slots[0])
    assert book(made, slots[0]) == first, "a second click is the same booking"
    second = book(made, slots[1])
    assert (second.uid, second.sequence, second.seat) == (first.uid, 1, 1)
    assert [state for state, _uid in history(made)] == ["booked", "moved"]
    book_visit.cancel_visit(office, made.citizen, made.filed.ref)
    with office.reading() as work:
        assert work.visits.of_case(made.case.id)[0].sequence == 2
    with pytest.raises(NotNow, match="no_visit"):
        book_visit.cancel_visit(office, made.citizen, made.filed.ref)
    again = book(made, slots[0])
    assert again.uid != first.uid, "a new booking is a new entry"
    assert [one for one in made.actions if one.startswith("visit_")] == [
        "visit_offered", "visit_booked", "visit_moved", "visit_cancelled", "visit_booked",
    ]  # fmt: skip


def test_who_comes_too_late_is_told_and_keeps_an_earlier_booking(here: Office) -> None:
    made, slots = offered(here)
    late = invited(here, slots[1:], other())
    book(late, slots[1])
    book(made, slots[0])
    for slot in (slots[1], "nowhere"):
        with pytest.raises(NotNow, match="slot_gone"):
            book(made, slot)
    assert mine(made).booked is not None
    assert [state for state, _uid in history(made)] == ["booked"]
    assert [one.id for one in mine(made).offered] == [slots[2]]


def test_a_time_that_nobody_offered_may_be_taken_too_but_not_one_of_another_controller(here: Office) -> None:
    made, slots = offered(here)
    assert book(made, slots[3]).start == VISIT_TIMES[3]
    (foreign,) = make.visit_slots(here, VISIT_TIMES[0], register="espoo", where=make.place("espoo", "c" * 32))
    with pytest.raises(NotNow, match="slot_gone"):
        book(made, foreign)


def test_nobody_books_uninvited_or_for_somebody_else(here: Office) -> None:
    made, slots = offered(here)
    uninvited = Walk(here, make.filed(here, make.request(), other(), register=TE), TE).taken()
    with pytest.raises(NotNow, match="state"):
        book(uninvited, slots[0])
    assert not mine(uninvited).may_book
    for verb in (book_visit.my_visit, book_visit.cancel_visit):
        with pytest.raises(Absent):
            verb(here, uninvited.citizen, made.filed.ref)
    with pytest.raises(Forbidden):
        book_visit.book_visit(here, made.handler, made.filed.ref, slots[0])
    assert history(made) == []


def test_two_people_who_want_the_last_seat_at_once_do_not_both_get_it(office: Office) -> None:
    made, slots = offered(office)
    rival = invited(office, slots[:3], other())
    together, told = threading.Barrier(2), []

    def try_(one: Walk) -> None:
        together.wait()
        try:
            told.append(book(one, slots[0]).state.value)
        except NotNow as refused:
            told.append(refused.code)

    hands = [threading.Thread(target=try_, args=(one,)) for one in (made, rival)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(told) == ["booked", "slot_gone"]
    assert sorted(len(history(one)) for one in (made, rival)) == [0, 1]


def test_one_person_who_clicks_twice_at_once_has_one_booking(office: Office) -> None:
    made, slots = offered(office, seats=2)
    together, told = threading.Barrier(2), []

    def click() -> None:
        together.wait()
        told.append(book(made, slots[0]).id)

    hands = [threading.Thread(target=click) for _hand in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(set(told)) == 1
    assert [state for state, _uid in history(made)] == ["booked"]


def test_a_past_booking_is_neither_moved_nor_given_back_and_after_it_was_missed_another_is_booked(
    here: Office, clock: make.Clock
) -> None:
    made, slots = offered(here)
    missed, clerk = book(made, slots[0]), make.clerk(here, "aino", Role.HANDLER, register=TE)
    clock.move(days=6)
    with pytest.raises(NotNow, match="visit_over"):
        book(made, slots[1])
    with pytest.raises(NotNow, match="no_visit"):
        book_visit.cancel_visit(here, made.citizen, made.filed.ref)
    assert not mine(made).may_book
    with here.writing() as work:
        assert work.visits.no_show(missed.id, clerk.actor.id, clock())
    assert book(made, slots[1]).state is VisitState.BOOKED
    assert [state for state, _uid in history(made)] == ["booked", "no_show"]


def test_after_a_missed_visit_other_times_are_offered(here: Office, clock: make.Clock) -> None:
    made, slots = offered(here)
    missed, clerk = book(made, slots[0]), make.clerk(here, "aino", Role.HANDLER, register=TE)
    clock.move(days=6)
    with here.writing() as work:
        assert work.visits.no_show(missed.id, clerk.actor.id, clock())
    later = make.visit_slots(here, *(at + timedelta(days=20) for at in VISIT_TIMES[:3]))
    visits.offer_visit(here, made.handler, made.filed.ref, later, made.case.moves)
    assert [one.id for one in mine(made).offered] == list(later)
    assert mine(made).may_book


def test_who_acts_for_another_is_invited_and_books_once_staff_have_allowed_it(here: Office) -> None:
    slots = make.visit_slots(here)
    acting = Representative(Kind.MANDATE, "Aava Esimerkki", ground="valtakirja")
    made = Walk(here, make.filed(here, make.request(representative=acting), register=TE), TE).taken()
    with pytest.raises(NotNow, match="mandate_unchecked"):
        visits.offer_visit(here, made.handler, made.filed.ref, slots[:3], made.case.moves)
    step = CheckRepresentation(Mandate.ALLOWED, (Proof.MANDATE,), "valtakirja nimeää molemmat")
    representation.check(here, made.handler, made.filed.ref, step, made.case.moves)
    visits.offer_visit(here, made.handler, made.filed.ref, slots[:3], made.case.moves)
    assert book(made, slots[0]).state is VisitState.BOOKED


def test_withdrawing_the_request_gives_the_time_back(here: Office) -> None:
    made, slots = offered(here)
    book(made, slots[0])
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    assert [state for state, _uid in history(made)] == ["cancelled"]
    with pytest.raises(NotNow, match="state"):
        book(made, slots[0])


# --- places and times ----------------------------------------------------------------------------------------------


def test_a_withdrawn_time_tells_those_who_had_booked_it_only_after_the_question(here: Office) -> None:
    made, slots = offered(here)
    book(made, slots[0])
    with pytest.raises(NotNow, match="slot_booked"):
        visit_slots.withdraw_slot(here, made.handler, slots[0], 0)
    assert mine(made).booked is not None
    visit_slots.withdraw_slot(here, made.handler, slots[0], 1)
    assert mine(made).called_off
    assert made.actions[-1] == "visit_called_off"
    with pytest.raises(NotNow, match="slot_gone"):
        book(made, slots[0])
    with pytest.raises(NotNow, match="state"):
        visit_slots.withdraw_slot(here, made.handler, slots[0], 0)


def test_times_that_are_there_stay_and_a_withdrawn_one_comes_back(office: Office) -> None:
    made, slots = offered(office)
    where = make.place().id
    assert visit_slots.add_slots(office, made.handler, where, VISIT_TIMES, 30, 9) == 0
    visit_slots.withdraw_slot(office, made.handler, slots[0], 0)
    past = (office.now() - timedelta(hours=1),)
    assert visit_slots.add_slots(office, made.handler, where, (*past, *VISIT_TIMES), 30, 9) == 1
    shown = visit_slots.slots_view(office, made.handler).slots
    assert [(slot.minutes, slot.seats) for slot in shown] == [(30, 9), *[(40, 1)] * 3]


def test_a_place_is_closed_once_no_time_in_it_lies_ahead(here: Office) -> None:
    made, slots = offered(here)
    where = make.place().id
    with pytest.raises(NotNow, match="place_in_use"):
        visit_slots.close_place(here, made.handler, where)
    for slot in slots:
        visit_slots.withdraw_slot(here, made.handler, slot, 0)
    visit_slots.close_place(here, made.handler, where)
    assert visit_slots.slots_view(here, made.handler).places == ()
    with pytest.raises(Absent):
        visit_slots.add_slots(here, made.handler, where, VISIT_TIMES, 30, 1)


def test_places_and_times_belong_to_controllers_that_offer_visits_and_to_their_own_staff(here: Office) -> None:
    made, slots = offered(here)
    espoo = walk(here)
    for verb in (visit_slots.slots_view, visit_slots.slots_view):
        with pytest.raises(Absent):
            verb(here, espoo.handler)
    with pytest.raises(Forbidden):
        visit_slots.slots_view(here, made.citizen)
    with pytest.raises(Forbidden):
        visit_slots.withdraw_slot(here, made.listener, slots[0], 0)


# --- reminders and holds -------------------------------------------------------------------------------------------


def reminders(made: Walk) -> list[int]:
    with made.office.reading() as work:
        entries = work.cases.timeline(made.case)
    return [one.facts["days"] for one in entries if one.action == "visit_reminded" and one.facts]


def test_a_booking_is_reminded_of_three_days_and_one_day_before_once_each(here: Office, clock: make.Clock) -> None:
    made, slots = offered(here)
    booked = book(made, slots[1])
    runner.drain(here)
    assert reminders(made) == []
    clock.move(days=4, hours=2)
    runner.drain(here)
    assert reminders(made) == [3]
    book_visit.remind_visit(here, booked.id, 3)
    clock.move(days=2)
    runner.drain(here)
    assert reminders(made) == [3, 1]


def test_a_moved_or_cancelled_booking_is_never_reminded_of(here: Office, clock: make.Clock) -> None:
    made, slots = offered(here)
    book(made, slots[0])
    book(made, slots[1])
    book_visit.cancel_visit(here, made.citizen, made.filed.ref)
    clock.move(days=4, hours=20)
    runner.drain(here)
    clock.move(days=2)
    runner.drain(here)
    assert reminders(made) == []


def test_a_booking_keeps_the_holds_until_thirty_days_after_the_visit(here: Office, clock: make.Clock) -> None:
    made, _slots = offered(here)
    made.proposed(**REFUSED).approved().signed()
    runner.drain(here)
    (later,) = make.visit_slots(here, clock() + timedelta(days=90))
    book(made, later)

    def held() -> bool:
        with here.reading() as work:
            return bool(work.recordings.holds_of(made.case.id))

    last = clock() + timedelta(days=120)
    while helsinki(clock()).date() < helsinki(last).date():
        assert held()
        clock.move(days=10)
        runner.drain(here)
    assert held()
    clock.move(days=1)
    runner.drain(here)
    assert not held()
