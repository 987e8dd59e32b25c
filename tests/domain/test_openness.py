"""The Openness Act's clock beside the month of the GDPR: two weeks or a month, the shorter one leads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar_fi import FI_150_1930
from portal.domain.case import Applicant, Case, Evidence, Extension, Reopening, Route, State, Wishes, leading, openness
from portal.domain.case import plan_on as planned_on
from portal.domain.deadlines import Pause, PauseKind
from portal.domain.derivation import openness_text, reopened_text
from portal.domain.openness import openness_clock
from portal.domain.rights import Right
from portal.domain.words import Language

RECEIVED = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
days = st.dates(date(2018, 5, 25), date(2045, 12, 31))


def case(route: Route = Route.BOTH, *, large: bool = False, at: datetime = RECEIVED) -> Case:
    plain = Case(
        id="c", ref="R-2026-00001", register="espoo", register_version="1", right=Right.ACCESS, state=State.IN_HAND,
        language=Language.FI, received_at=at, received_on=at.date(), applicant=Applicant("p", "A", "B"),
        evidence=Evidence("demo", "substantial", "bank", at, "t"), calls=(), wishes=Wishes(),
    )  # fmt: skip
    return replace(plain, route=route, large=large)


@pytest.mark.parametrize(
    ("received", "large", "nominal", "due", "plan_on"),
    [
        (date(2026, 6, 18), False, date(2026, 7, 2), date(2026, 7, 2), date(2026, 7, 2)),
        (date(2026, 6, 18), True, date(2026, 7, 18), date(2026, 7, 20), date(2026, 7, 17)),
        (date(2026, 12, 11), False, date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 23)),
        (date(2027, 1, 31), True, date(2027, 2, 28), date(2027, 3, 1), date(2027, 2, 26)),
    ],
)
def test_two_weeks_or_a_month_planned_on_the_working_day_before(
    received: date, large: bool, nominal: date, due: date, plan_on: date
) -> None:
    clock = openness_clock(received, large=large)
    assert (clock.nominal, clock.due, clock.plan_on) == (nominal, due, plan_on)


@given(days, st.booleans())
def test_the_plan_is_a_working_day_in_time_by_either_reading(received: date, large: bool) -> None:
    clock = openness_clock(received, large=large)
    assert clock.plan_on <= clock.nominal <= clock.due
    assert FI_150_1930.is_working_day(clock.plan_on)
    assert FI_150_1930.is_working_day(clock.due)
    assert received < clock.nominal


def test_a_request_that_names_no_law_is_a_data_protection_request() -> None:
    assert openness(case(Route.DATA_PROTECTION)) is None
    assert leading(case(Route.DATA_PROTECTION)).law == "gdpr"


@given(days, st.booleans(), st.sampled_from(Route))
def test_the_nearest_clock_leads(received: date, large: bool, route: Route) -> None:
    at = datetime(received.year, received.month, received.day, 9, 0, tzinfo=UTC)
    found = case(route, large=large, at=at)
    both = {law: leading(replace(found, route=law)) for law in (Route.DATA_PROTECTION, Route.OPENNESS)}
    expected = min(both.values(), key=lambda one: one.plan_on) if route is Route.BOTH else both[route]
    assert leading(found).plan_on == expected.plan_on == planned_on(found)


def test_an_extension_of_one_law_does_not_lengthen_the_other() -> None:
    extended = replace(case(), extension=Extension("amount", "forty calls", RECEIVED))
    assert leading(extended).law == "openness"
    assert leading(replace(extended, route=Route.DATA_PROTECTION)).due == date(2026, 9, 18)


def test_a_pause_of_one_law_does_not_stop_the_other() -> None:
    paused = replace(case(), pauses=(Pause(PauseKind.IDENTITY, RECEIVED, None, True),))
    assert leading(paused).due == date(2026, 7, 2)
    assert leading(replace(paused, route=Route.DATA_PROTECTION)).due is None


def test_a_case_in_hand_again_has_its_own_clock_alone() -> None:
    again = replace(case(), reopened=Reopening("inquiry", RECEIVED + timedelta(days=90), date(2026, 10, 1)))
    assert (leading(again).law, leading(again).due) == ("own", date(2026, 10, 1))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_date_explains_itself_in_each_language(language: str) -> None:
    short = openness_text(openness_clock(date(2026, 6, 18), large=False), language, large=False)
    assert "2.7.2026" in short[1]
    assert "621/1999" in short[-1]
    rolled = openness_text(openness_clock(date(2026, 6, 18), large=True), language, large=True)
    assert [line for line in rolled if "17.7.2026" in line]
    assert rolled[0] != short[0]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_case_in_hand_again_says_whence_its_date_comes(language: str) -> None:
    late, court = (
        reopened_text(Reopening(why, RECEIVED, date(2026, 7, 20)), language) for why in ("answered_late", "court")
    )
    assert "20.7.2026" in late[-1]
    assert late[-1] == court[-1]
    assert late[0] != court[0]
