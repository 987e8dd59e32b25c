"""Listening on site: what may be offered and attended, until when it is held, and the times of a plan."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.domain.moments import helsinki
from portal.domain.steps import NotNow
from portal.domain.visits import TRANSITIONS, VisitState, hold_until_visit, may_attend, offer_ok, slot_times

NOW = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
THREE = tuple(NOW + timedelta(days=days, hours=hours) for days, hours in ((4, 0), (5, 3), (6, 0)))
ANY_DAY = range(7)


def test_three_times_on_different_days_and_hours_are_an_offer() -> None:
    offer_ok(THREE, NOW)


@pytest.mark.parametrize(
    "times",
    [
        (),
        THREE[:2],
        (*THREE[:2], THREE[1] + timedelta(hours=2)),
        tuple(NOW + timedelta(days=days) for days in (4, 5, 6)),
        (NOW - timedelta(days=1), *THREE[1:]),
        (NOW, *THREE[1:]),
    ],
    ids=["none", "two", "two on one day", "all at one hour", "one is over", "one is now"],
)
def test_fewer_the_same_or_past_times_are_no_offer(times: tuple[datetime, ...]) -> None:
    with pytest.raises(NotNow, match="several_times"):
        offer_ok(times, NOW)


@pytest.mark.parametrize(("minutes", "may"), [(-31, False), (-30, True), (0, True), (165, True), (166, False)])
def test_a_visit_is_attended_from_half_an_hour_before_until_two_hours_after_its_end(minutes: int, may: bool) -> None:
    assert may_attend(NOW, 45, NOW + timedelta(minutes=minutes)) is may


def test_what_was_heard_is_held_thirty_days_after_the_visit() -> None:
    assert hold_until_visit(date(2026, 6, 24)) == date(2026, 7, 24)


def test_only_a_booking_is_followed_by_another_state() -> None:
    assert TRANSITIONS[VisitState.BOOKED] == frozenset(VisitState) - {VisitState.BOOKED}
    assert not any(TRANSITIONS[state] for state in VisitState if state is not VisitState.BOOKED)
    assert {state for state in VisitState if state.seated} == {"booked", "attended", "no_show"}


def test_a_plan_skips_holidays_and_days_that_were_not_chosen() -> None:
    plan = slot_times(date(2026, 12, 21), date(2026, 12, 27), range(5), [time(13, 30), time(9)])
    made = [helsinki(at) for at in plan]
    assert [(at.day, at.hour, at.minute) for at in made] == [
        (day, hour, minute) for day in (21, 22, 23, 24) for hour, minute in ((9, 0), (13, 30))
    ]


def test_the_same_clock_time_is_another_instant_after_the_clocks_are_put_forward() -> None:
    friday, monday = slot_times(date(2026, 3, 27), date(2026, 3, 30), range(5), [time(14, 30)])
    assert (friday.isoformat(), monday.isoformat()) == ("2026-03-27T12:30:00+00:00", "2026-03-30T11:30:00+00:00")


def test_an_hour_that_is_left_out_gives_no_time_and_one_that_comes_twice_gives_its_first() -> None:
    assert not list(slot_times(date(2026, 3, 29), date(2026, 3, 29), ANY_DAY, [time(3, 30)]))
    (first,) = slot_times(date(2026, 10, 25), date(2026, 10, 25), ANY_DAY, [time(3, 30)])
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_days_in_the_wrong_order_give_nothing() -> None:
    assert not list(slot_times(date(2026, 7, 2), date(2026, 7, 1), ANY_DAY, [time(9)]))
