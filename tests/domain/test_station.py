"""How long a listening station stays open, and when a visit has been missed."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.station import listening_ends, may_miss

TEN = datetime(2026, 6, 22, 7, 0, tzinfo=UTC)
"""Ten o'clock in Helsinki; the visits here last 45 minutes."""


@pytest.mark.parametrize(
    ("opened", "ends"),
    [(-30, 75), (0, 75), (44, 75), (45, 90), (100, 145), (164, 209)],
    ids=["early", "in time", "at the last minute", "at its end", "late", "very late"],
)
def test_a_station_ends_half_an_hour_after_the_booked_end_or_after_the_whole_length(opened: int, ends: int) -> None:
    assert listening_ends(TEN, 45, TEN + timedelta(minutes=opened)) == TEN + timedelta(minutes=ends)


@pytest.mark.parametrize(("minutes", "missed"), [(-5, False), (44, False), (45, True), (600, True)])
def test_a_visit_is_missed_only_when_its_time_has_passed(minutes: int, missed: bool) -> None:
    assert may_miss(TEN, 45, TEN + timedelta(minutes=minutes)) is missed
