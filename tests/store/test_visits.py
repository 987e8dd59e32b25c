"""Appointments in the store, on both databases: one person a seat and one booking a case, whatever the code says."""

import pytest
from sqlalchemy.exc import DBAPIError

from portal.domain.visits import VisitState
from portal.services.office import Office
from portal.services.ports import Appointment
from tests import make
from tests.make import VISIT_TIMES
from tests.services.walk import walk
from tests.store.raw import Raw


@pytest.fixture
def slots(office: Office) -> tuple[str, ...]:
    return make.visit_slots(office, seats=2)


@pytest.fixture
def booked(office: Office, slots: tuple[str, ...]) -> Appointment:
    made = walk(office)
    with office.writing() as work:
        one = work.visits.book(made.case.id, slots[0], office.now())
    assert one is not None
    return one


def test_an_appointment_comes_back_as_it_was(office: Office, booked: Appointment) -> None:
    with office.reading() as work:
        assert work.visits.get(booked.id) == booked
        assert work.visits.of_case(booked.case) == (booked,)
        assert work.visits.booked_in(booked.slot) == (booked,)
        assert work.visits.day(make.TE, VISIT_TIMES[0], VISIT_TIMES[1]) == (booked,)
        assert work.visits.day(make.TE, VISIT_TIMES[1], VISIT_TIMES[2]) == ()
        slot = work.visits.slot(booked.slot)
    assert booked.place == make.place()
    assert slot is not None
    assert (slot.taken, slot.free) == (1, True)


@pytest.mark.parametrize(
    "changes",
    [
        "state = 'attended'",
        "state = 'attended', document_kind = 'passport'",
        "state = 'perhaps'",
        "checked_by = 'nobody'",
    ],
)
def test_the_database_refuses_an_attendance_without_who_saw_which_document(
    office: Office, raw: Raw, booked: Appointment, changes: str
) -> None:
    with pytest.raises(DBAPIError):
        raw(f"UPDATE appointment SET {changes}")
    with office.reading() as work:
        assert work.visits.get(booked.id) == booked


COPY = """INSERT INTO appointment (id, register, case_id, slot, seat, state, uid, sequence, booked_at, changed_at)
SELECT 'copy', register, case_id, slot, {seat}, '{state}', uid, sequence, booked_at, changed_at FROM appointment"""


@pytest.mark.parametrize(("seat", "state"), [("seat", "no_show"), ("seat", "booked"), ("seat + 1", "booked")])
def test_the_database_refuses_a_second_person_in_a_seat_and_a_second_booking_of_a_case(
    raw: Raw, booked: Appointment, seat: str, state: str
) -> None:
    with pytest.raises(DBAPIError):
        raw(COPY.format(seat=seat, state=state))
    raw(COPY.format(seat=seat, state="cancelled"))


def test_seats_are_given_from_the_lowest_and_come_back_when_moved_or_cancelled(
    office: Office, slots: tuple[str, ...], booked: Appointment
) -> None:
    with office.writing() as work:
        moved = work.visits.move(booked.id, slots[1], office.now())
        assert moved is not None
        assert work.visits.move(booked.id, slots[2], office.now()) is None, "what was moved moves no more"
        assert work.visits.cancel(moved.id, office.now())
        assert not work.visits.cancel(moved.id, office.now())
        again = work.visits.book(booked.case, slots[0], office.now())
        assert again is not None
        assert again.seat == 1
        assert [one.state for one in work.visits.of_case(booked.case)].count(VisitState.BOOKED) == 1


def test_what_is_past_withdrawn_or_unknown_is_not_booked(
    office: Office, slots: tuple[str, ...], booked: Appointment, clock: make.Clock
) -> None:
    with office.writing() as work:
        assert work.visits.withdraw(slots[1], clock())
        assert not work.visits.withdraw(slots[1], clock())
        for slot in (slots[1], "nowhere"):
            assert work.visits.move(booked.id, slot, clock()) is None
        assert work.visits.move(booked.id, slots[2], VISIT_TIMES[2]) is None
        assert work.visits.get(booked.id) == booked
        assert [one.id for one in work.visits.slots(make.TE, clock(), VISIT_TIMES[3])] == [slots[0], slots[2]]


def test_a_visit_is_marked_once(office: Office, booked: Appointment) -> None:
    clerk = make.clerk(office, "aino", register=make.TE)
    with office.writing() as work:
        assert work.visits.attended(booked.id, clerk.actor.id, "passport", office.now())
        assert not work.visits.no_show(booked.id, clerk.actor.id, office.now())
        marked = work.visits.get(booked.id)
    assert marked is not None
    assert (marked.state, marked.checked_by, marked.document_kind) == ("attended", clerk.actor.id, "passport")
