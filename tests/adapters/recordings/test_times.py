"""Local wall time into UTC, through both changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.adapters.recordings.times import NoSuchHour, instants, span

ZONE = ZoneInfo("Europe/Helsinki")
AUTUMN = datetime(2025, 10, 26, 3, 30)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_an_ordinary_hour_is_one_instant() -> None:
    assert instants(datetime(2026, 3, 2, 7, 42), ZONE) == [utc(2026, 3, 2, 5, 42)]


def test_the_repeated_hour_is_two_instants() -> None:
    assert instants(AUTUMN, ZONE) == [utc(2025, 10, 26, 0, 30), utc(2025, 10, 26, 1, 30)]


def test_the_skipped_hour_is_none() -> None:
    with pytest.raises(NoSuchHour):
        instants(datetime(2026, 3, 29, 3, 30), ZONE)


def test_an_offset_settles_the_repeated_hour() -> None:
    told = AUTUMN.replace(tzinfo=ZONE, fold=1)
    found = span(told, None, timedelta(minutes=3), ZONE)
    assert (found.start, found.other_start) == (utc(2025, 10, 26, 1, 30), None)


def test_a_call_in_the_repeated_hour_keeps_both_candidates() -> None:
    found = span(AUTUMN, AUTUMN + timedelta(minutes=3), None, ZONE)
    assert (found.start, found.end) == (utc(2025, 10, 26, 0, 30), utc(2025, 10, 26, 0, 33))
    assert found.other_start == utc(2025, 10, 26, 1, 30)


def test_a_local_end_before_the_start_crossed_the_change() -> None:
    found = span(datetime(2025, 10, 26, 3, 50), datetime(2025, 10, 26, 3, 5), None, ZONE)
    assert (found.start, found.end, found.other_start) == (utc(2025, 10, 26, 0, 50), utc(2025, 10, 26, 1, 5), None)


def test_a_duration_settles_which_hour_the_start_was_in() -> None:
    start, end = datetime(2025, 10, 26, 3, 50), datetime(2025, 10, 26, 4, 10)
    assert span(start, end, timedelta(minutes=20), ZONE).start == utc(2025, 10, 26, 1, 50)
    assert span(start, end, timedelta(minutes=80), ZONE).start == utc(2025, 10, 26, 0, 50)
    assert span(start, end, timedelta(minutes=80), ZONE).other_start is None


@pytest.mark.parametrize("end", [datetime(2026, 3, 2, 7, 41), datetime(2026, 3, 4, 7, 42)])
def test_an_end_before_the_start_or_days_after_it_is_wrong(end: datetime) -> None:
    with pytest.raises(ValueError, match="within a day"):
        span(datetime(2026, 3, 2, 7, 42), end, None, ZONE)
