"""The two calendars: which days end no period, checked against an independent package."""

from datetime import date, timedelta

import holidays
import pytest

from portal.domain.calendar_fi import EU_STRICT, FI_150_1930, HOLIDAY_NAMES, easter_sunday, eve

YEARS = range(2018, 2046)


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_the_thirteen_holidays_and_two_eves_agree_with_the_holidays_package(year: int) -> None:
    theirs = set(holidays.country_holidays("FI", years=year))
    assert {day for day in _days(year) if FI_150_1930.holiday(day)} == theirs
    strict = {day for day in _days(year) if EU_STRICT.holiday(day)}
    assert len(strict) == 13
    assert {eve(day) for day in theirs - strict} == {"christmas_eve", "midsummer_eve"}


def test_the_eves_are_working_days_by_eu_law_and_not_by_the_finnish_act() -> None:
    for day in (date(2026, 12, 24), date(2026, 6, 19)):
        assert EU_STRICT.is_working_day(day)
        assert not FI_150_1930.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 2), date(2026, 4, 30), date(2026, 5, 25), date(2026, 12, 31)])
def test_maundy_thursday_may_day_eve_whit_monday_and_new_years_eve_are_working_days(day: date) -> None:
    assert EU_STRICT.is_working_day(day)
    assert FI_150_1930.is_working_day(day)


def test_good_friday_rolls_over_the_whole_of_easter() -> None:
    assert EU_STRICT.roll_forward(date(2026, 4, 3)) == date(2026, 4, 7)
    assert EU_STRICT.roll_back(date(2026, 4, 6)) == date(2026, 4, 2)


def test_a_working_day_rolls_nowhere() -> None:
    assert EU_STRICT.roll_forward(date(2026, 11, 23)) == date(2026, 11, 23) == FI_150_1930.roll_back(date(2026, 11, 23))


def test_rolling_crosses_the_turn_of_the_year() -> None:
    assert EU_STRICT.roll_forward(date(2027, 12, 31) + timedelta(days=1)) == date(2028, 1, 3)
    assert FI_150_1930.roll_back(date(2028, 1, 1)) == date(2027, 12, 31)


def test_no_substitute_day_is_given_for_a_holiday_on_a_weekend() -> None:
    assert EU_STRICT.is_working_day(date(2027, 12, 27))


@pytest.mark.parametrize(
    ("year", "day"), [(2018, (4, 1)), (2024, (3, 31)), (2026, (4, 5)), (2038, (4, 25)), (2285, (3, 22))]
)
def test_easter_falls_on_known_days(year: int, day: tuple[int, int]) -> None:
    assert easter_sunday(year) == date(year, *day)


def test_every_holiday_has_a_name_in_each_language() -> None:
    codes = {FI_150_1930.holiday(day) for day in _days(2026)} - {None}
    assert codes == set(HOLIDAY_NAMES)
    assert all(set(names) == {"fi", "sv", "en"} and all(names.values()) for names in HOLIDAY_NAMES.values())


def test_the_calendars_name_their_versions_apart() -> None:
    assert EU_STRICT.version != FI_150_1930.version
    assert EU_STRICT.valid_from == date(2018, 5, 25)
