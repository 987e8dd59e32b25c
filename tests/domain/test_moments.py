"""Dates and times as people type them, the two clock changes, and the windows in which a call is looked for."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import moments
from portal.domain.moments import (
    HELSINKI,
    DaySureness,
    InFuture,
    NoSuchDay,
    NotADate,
    NotATime,
    TimeSureness,
    TooOld,
    check_call_day,
    clock_changed,
    parse_date,
    parse_time,
    wide_window,
    windows,
)

TODAY = date(2026, 11, 21)
MAY_17 = date(2026, 5, 17)
YEAR_AGO = date(2025, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "17.5.2026", "17.05.2026", "17.5.26", "17/5/2026", "17-5-2026", "17 5 2026", "2026-05-17", "17.5.2026.",
        " 17 . 5 . 2026 ", "17.5.", "17.5", "17.5.\u00a02026",
    ],
)  # fmt: skip
def test_every_usual_way_to_write_a_day_is_understood(text: str) -> None:
    assert parse_date(text, TODAY) == MAY_17


@pytest.mark.parametrize(
    ("text", "day"),
    [("21.11.", date(2026, 11, 21)), ("22.11.", date(2025, 11, 22)), ("24.12.", date(2025, 12, 24))],
)
def test_a_missing_year_means_the_latest_such_day(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


def test_leap_day_without_a_year_needs_one_this_year_or_last() -> None:
    with pytest.raises(NoSuchDay):
        parse_date("29.2.", TODAY)
    assert parse_date("29.2.", date(2028, 3, 1)) == date(2028, 2, 29)
    assert parse_date("29.2.", date(2029, 1, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["31.2.2026", "0.5.2026", "5/17/2026", "31.2.", "25.61", "2026-02-30", "1.1.0000"])
def test_a_day_that_is_not_in_the_calendar_is_told_apart(text: str) -> None:
    with pytest.raises(NoSuchDay):
        parse_date(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "tänään", "175", "1752026", "17.5.206", "su 17.5.2026", "17. toukokuuta 2026", "17.5.2026 klo 14",
        "eilen klo puoli kolme", "2026-05-17T10:00",
    ],
)  # fmt: skip
def test_a_text_without_the_form_of_a_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse_date(text, TODAY)


def test_a_future_and_an_impossibly_old_day_are_refused_by_their_own_names() -> None:
    assert parse_date("17.5.99", TODAY) == date(2099, 5, 17)
    with pytest.raises(InFuture):
        check_call_day(date(2099, 5, 17), TODAY)
    with pytest.raises(TooOld):
        check_call_day(parse_date("17.5.1899", TODAY), TODAY)


def test_a_call_older_than_any_retention_may_still_be_named() -> None:
    check_call_day(date(2009, 5, 17), TODAY)
    check_call_day(TODAY, TODAY)


@pytest.mark.parametrize(
    "text", ["14.30", "14:30", "14,30", "14h30", "14 30", "1430", "klo 14.30", "kl. 14.30", "KLO 14.30", "at 14.30"]
)
def test_every_usual_way_to_write_a_time_is_understood(text: str) -> None:
    assert parse_time(text) == time(14, 30)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14", time(14)), ("kello 14", time(14)), ("klo. 14", time(14)), ("klo14", time(14)), ("9", time(9)),
        ("930", time(9, 30)), ("0.00", time(0)), ("143", time(1, 43)), ("7.40", time(7, 40)),
    ],
)  # fmt: skip
def test_short_times_are_read_as_shown_back(text: str, clock: time) -> None:
    assert parse_time(text) == clock


@pytest.mark.parametrize(
    "text", ["24.00", "14.60", "14.3", "14-15", "n. 14.30", "2.30 PM", "14.30.15", "", "puoli kolme"]
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(NotATime):
        parse_time(text)


def test_a_repeated_hour_gives_two_instants() -> None:
    instants, exists = moments.moments(datetime(2025, 10, 26, 3, 30))
    assert instants == (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), datetime(2025, 10, 26, 1, 30, tzinfo=UTC))
    assert exists


def test_a_skipped_hour_gives_both_readings_and_does_not_exist() -> None:
    instants, exists = moments.moments(datetime(2026, 3, 29, 3, 30))
    assert len(instants) == 2
    assert not exists


def test_an_ordinary_time_gives_one_instant() -> None:
    assert moments.moments(datetime(2026, 5, 17, 14, 30)) == ((datetime(2026, 5, 17, 11, 30, tzinfo=UTC),), True)


def test_the_person_is_told_when_the_clocks_changed() -> None:
    assert clock_changed(date(2026, 10, 25), time(3, 30))
    assert clock_changed(date(2026, 3, 29), time(3, 30))
    assert not clock_changed(date(2026, 10, 25), time(4, 30))
    assert not clock_changed(None, time(3, 30))


def test_a_naive_instant_is_no_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        moments.helsinki(datetime(2026, 5, 17))


def _windows(
    day: date | None, clock: time | None, day_sureness: DaySureness, time_sureness: TimeSureness
) -> tuple[moments.Window, ...]:
    return windows(day, clock, day_sureness, time_sureness, YEAR_AGO, TODAY)


def test_a_sure_day_and_time_give_one_window_around_the_time() -> None:
    ((start, end),) = _windows(MAY_17, time(14, 30), DaySureness.CERTAIN, TimeSureness.QUARTER)
    assert start == datetime(2026, 5, 17, 10, 15, tzinfo=UTC)
    assert end == datetime(2026, 5, 17, 12, 45, tzinfo=UTC)


def test_both_readings_of_a_repeated_hour_are_searched() -> None:
    ((start, end),) = _windows(date(2025, 10, 26), time(3, 30), DaySureness.CERTAIN, TimeSureness.QUARTER)
    assert start <= datetime(2025, 10, 26, 0, 30, tzinfo=UTC) - timedelta(minutes=75)
    assert end >= datetime(2025, 10, 26, 1, 30, tzinfo=UTC) + timedelta(minutes=75)


def test_a_window_that_ends_or_starts_in_a_repeated_hour_takes_in_both_readings() -> None:
    ((_, end),) = _windows(date(2026, 10, 25), time(2), DaySureness.CERTAIN, TimeSureness.QUARTER)
    assert end == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    ((start, _),) = _windows(date(2026, 10, 25), time(5), DaySureness.CERTAIN, TimeSureness.QUARTER)
    assert start == datetime(2026, 10, 25, 0, 45, tzinfo=UTC)


def test_a_couple_of_days_give_a_window_on_each_day() -> None:
    found = _windows(MAY_17, time(14, 30), DaySureness.COUPLE_OF_DAYS, TimeSureness.HOUR)
    assert [start.astimezone(HELSINKI).date() for start, _ in found] == [date(2026, 5, day) for day in range(14, 21)]


def test_whole_days_side_by_side_become_one_window() -> None:
    ((start, end),) = _windows(MAY_17, None, DaySureness.WEEK, TimeSureness.UNKNOWN)
    assert start.astimezone(HELSINKI) == datetime(2026, 5, 9, tzinfo=HELSINKI)
    assert end.astimezone(HELSINKI) == datetime(2026, 5, 26, tzinfo=HELSINKI)


def test_a_day_of_the_clock_change_is_searched_whole() -> None:
    ((start, end),) = _windows(date(2026, 10, 25), None, DaySureness.CERTAIN, TimeSureness.UNKNOWN)
    assert end - start == timedelta(hours=25)


def test_an_unknown_day_gives_the_whole_range_either_way_round() -> None:
    ((start, end),) = _windows(None, time(7, 40), DaySureness.UNKNOWN, TimeSureness.HOUR)
    assert start.astimezone(HELSINKI) == datetime(2025, 11, 21, tzinfo=HELSINKI)
    assert end.astimezone(HELSINKI) == datetime(2026, 11, 22, tzinfo=HELSINKI)
    swapped = windows(None, None, DaySureness.UNKNOWN, TimeSureness.UNKNOWN, TODAY, YEAR_AGO)
    assert swapped == ((start, end),)


def test_a_search_by_number_forgives_a_wrong_day_and_week() -> None:
    start, end = wide_window(MAY_17, DaySureness.CERTAIN, YEAR_AGO, TODAY)
    assert start.astimezone(HELSINKI) == datetime(2026, 5, 7, tzinfo=HELSINKI)
    assert end.astimezone(HELSINKI) == datetime(2026, 5, 28, tzinfo=HELSINKI)
    assert wide_window(None, DaySureness.UNKNOWN, YEAR_AGO, TODAY) == _windows(
        None, None, DaySureness.UNKNOWN, TimeSureness.UNKNOWN
    )[0]  # fmt: skip


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from([sure for sure in DaySureness if sure is not DaySureness.UNKNOWN]),
    st.sampled_from(TimeSureness),
)
def test_the_claimed_moment_always_lies_in_its_own_windows(
    naive: datetime, day_sureness: DaySureness, time_sureness: TimeSureness
) -> None:
    minute = naive.hour * 60 + naive.minute
    part = moments.PARTS_OF_DAY.get(time_sureness)
    found = _windows(naive.date(), naive.time(), day_sureness, time_sureness)
    wide = wide_window(naive.date(), day_sureness, YEAR_AGO, TODAY)
    if part is None or part.start <= minute < part.end:
        for instant in moments.moments(naive)[0]:
            assert any(start <= instant < end for start, end in found)
    assert all(start < end for start, end in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))
    assert all(wide[0] <= start and end <= wide[1] for start, end in found)


def test_dates_and_times_are_shown_without_leading_zeros() -> None:
    assert moments.format_date(date(2026, 5, 7)) == "7.5.2026"
    assert moments.format_time(time(9, 5)) == "9.05"
    shown = [moments.at_time(time(14, 30), language) for language in ("fi", "sv", "en")]
    assert shown == ["klo 14.30", "kl. 14.30", "at 14.30"]


def test_long_dates_follow_each_language() -> None:
    shown = [moments.long_date(MAY_17, language) for language in ("fi", "sv", "en")]
    assert shown == ["17. toukokuuta 2026", "17 maj 2026", "17 May 2026"]


def test_weekdays_are_declined() -> None:
    saturday, wednesday = date(2026, 11, 21), date(2026, 11, 18)
    assert moments.weekday_date(saturday, "fi") == "lauantai 21.11.2026"
    assert moments.on_date(saturday, "fi") == "lauantaina 21.11.2026"
    assert moments.on_date(wednesday, "fi") == "keskiviikkona 18.11.2026"
    assert moments.to_date(wednesday, "fi") == "keskiviikkoon 18.11.2026"
    assert moments.on_date(saturday, "sv") == "lördagen den 21.11.2026"
    assert moments.on_date(saturday, "en") == "on Saturday 21.11.2026"
    assert moments.to_date(saturday, "en") == "Saturday 21.11.2026"
    assert moments.named_date(saturday, "sv") == "lördagen den 21.11.2026"
    assert [moments.short_weekday(saturday, each) for each in ("fi", "sv", "en")] == ["la", "lör", "Sat"]
