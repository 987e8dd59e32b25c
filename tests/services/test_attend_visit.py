"""A visit at the desk: who may record it, when, and that no more is kept of the document than its kind."""

import dataclasses
from datetime import timedelta

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.lifecycle import NotNow
from portal.domain.visit_events import VisitAttended
from portal.domain.visits import VisitState
from portal.services.attend_visit import attend, missed, unmatched, visit_view, visits_of
from portal.services.office import Office
from portal.services.ports import Absent
from tests import make
from tests.make import Clock
from tests.visiting import TE, Visiting, at_the_door, booked, slot_at, visiting


@pytest.fixture
def made(sqlite_office: Office) -> Visiting:
    return visiting(sqlite_office, answered=False)


def test_the_list_tells_today_from_what_is_to_come_and_names_nobody(made: Visiting, clock: Clock) -> None:
    before = visits_of(made.office, made.clerk.actor)
    assert ([one.ref for one in before.ahead], before.today) == ([made.ref], ())
    at_the_door(clock)
    today = visits_of(made.office, made.clerk.actor)
    assert ([one.ref for one in today.today], today.ahead, today.unrecorded) == ([made.ref], (), ())
    assert "Soittola" not in repr(today)


def test_a_booking_that_nobody_recorded_stays_on_the_list(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    clock.move(days=2)
    assert [one.ref for one in visits_of(made.office, made.clerk.actor).unrecorded] == [made.ref]


def test_attendance_keeps_the_kind_of_document_and_nothing_else_of_it(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    attend(made.office, made.clerk.actor, made.appointment, "passport")
    one = made.booked
    assert (one.state, one.document_kind, one.checked_by) == (VisitState.ATTENDED, "passport", made.clerk.actor.id)
    assert made.events[-1] == "visit_attended"
    assert [field.name for field in dataclasses.fields(VisitAttended)] == ["appointment", "document"]


def test_a_document_that_the_register_does_not_accept_records_nothing(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    for kind in ("library_card", "131052-902N", ""):
        with pytest.raises(NotNow):
            attend(made.office, made.clerk.actor, made.appointment, kind)
    assert made.booked.state is VisitState.BOOKED
    assert "visit_attended" not in made.events


@pytest.mark.parametrize("moved", [timedelta(minutes=-40), timedelta(hours=3)])
def test_a_visit_is_recorded_at_its_time_only(made: Visiting, clock: Clock, moved: timedelta) -> None:
    clock.at = made.booked.start + moved
    with pytest.raises(NotNow, match="visit_time"):
        attend(made.office, made.clerk.actor, made.appointment, "passport")
    with pytest.raises(NotNow, match="visit_time"):
        unmatched(made.office, made.clerk.actor, made.appointment, "details")


def test_two_clerks_record_one_visit_once(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    attend(made.office, made.clerk.actor, made.appointment, "passport")
    with pytest.raises(NotNow):
        attend(made.office, made.desk.second, made.appointment, "kela_card")
    assert made.booked.document_kind == "passport"
    assert made.events.count("visit_attended") == 1


def test_what_does_not_match_is_recorded_by_a_fixed_word_and_the_booking_stands(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    with pytest.raises(NotNow):
        unmatched(made.office, made.clerk.actor, made.appointment, "he looked odd")
    unmatched(made.office, made.clerk.actor, made.appointment, "details")
    assert made.events[-1] == "visit_unmatched"
    assert made.booked.state is VisitState.BOOKED
    attend(made.office, made.clerk.actor, made.appointment, "identity_card")
    assert made.booked.document_kind == "identity_card"


def test_a_missed_visit_is_recorded_after_its_time_and_a_new_one_can_be_booked(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    with pytest.raises(NotNow, match="visit_time"):
        missed(made.office, made.clerk.actor, made.appointment)
    clock.move(hours=1)
    missed(made.office, made.clerk.actor, made.appointment)
    assert (made.booked.state, made.events[-1]) == (VisitState.NO_SHOW, "visit_missed")
    again = booked(made.office, made.desk.case.id, slot_at(made.office))
    assert again != made.appointment


def test_whoever_only_sees_cases_records_no_visit(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    auditor = make.clerk(made.office, "otso", Role.AUDITOR, register=TE).actor
    assert visit_view(made.office, auditor, made.appointment).may_receive is False
    with pytest.raises(Forbidden):
        attend(made.office, auditor, made.appointment, "passport")
    with pytest.raises(Forbidden):
        unmatched(made.office, auditor, made.appointment, "none")
    clock.move(hours=1)
    with pytest.raises(Forbidden):
        missed(made.office, auditor, made.appointment)
    assert made.events[-1] not in ("visit_attended", "visit_unmatched", "visit_missed")


def test_another_controllers_visit_looks_like_none(made: Visiting, clock: Clock) -> None:
    at_the_door(clock)
    stranger = make.clerk(made.office, "espoolainen", Role.HANDLER).actor
    for appointment in (made.appointment, "f" * 32):
        with pytest.raises(Absent):
            visit_view(made.office, stranger, appointment)
        with pytest.raises(Absent):
            attend(made.office, stranger, appointment, "passport")
    with pytest.raises(Absent):  # Espoo offers no listening on site
        visits_of(made.office, stranger)
