"""Retention as dates: calendar months clipped in Helsinki, days as days, holds, case files and downloads."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.register import RetentionRule
from portal.domain.retention import (
    HELSINKI,
    HoldReason,
    Period,
    capped_at,
    case_file_until,
    decision_until,
    download_until,
    erase_on,
    hold_review_on,
    hold_until,
    longest,
    oldest_kept,
    parse_period,
    purge_at,
    shortens,
)
from portal.registers.load import FOLDER, load_register

ESPOO = load_register(FOLDER / "espoo.toml")
PERIODS = ("P2M", "P3M", "P6M", "P12M", "P30D", "P5Y")


def rule(period: str, cap: str | None = None) -> RetentionRule:
    return RetentionRule("customer_service", period, cap)


def helsinki(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HELSINKI)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "period"),
    [("P3M", Period(3, 0)), ("P30D", Period(0, 30)), ("P5Y", Period(60, 0)), ("P1Y6M", Period(18, 0))],
)
def test_iso_periods_are_read_as_months_or_days(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "P", "3M", "P0M", "P0D", "P1M10D", "PT3M", "P3W", "P-3M", "p3m", "P3M "])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"period|positive"):
        parse_period(text)


@pytest.mark.parametrize(
    ("end", "period", "erased"),
    [
        (helsinki(2026, 12, 31, 12), "P2M", date(2027, 2, 28)),
        (helsinki(2027, 12, 31, 12), "P2M", date(2028, 2, 29)),
        (helsinki(2026, 8, 31, 12), "P6M", date(2027, 2, 28)),
        (helsinki(2026, 11, 30, 12), "P3M", date(2027, 2, 28)),
        (helsinki(2028, 2, 29, 12), "P12M", date(2029, 2, 28)),
        (helsinki(2027, 2, 1, 12), "P30D", date(2027, 3, 3)),
        (helsinki(2026, 1, 31, 12), "P30D", date(2026, 3, 2)),
    ],
)
def test_months_clip_at_the_months_end_and_days_are_days(end, period, erased):
    assert erase_on(end, rule(period)) == erased


def test_the_helsinki_date_of_the_calls_end_counts_and_not_the_utc_date():
    assert erase_on(datetime(2026, 3, 31, 21, 30, tzinfo=UTC), rule("P3M")) == date(2026, 7, 1)


def test_a_naive_end_of_call_is_refused():
    with pytest.raises(ValueError, match="aware"):
        erase_on(datetime(2026, 1, 1), rule("P3M"))


def test_erasure_falls_on_the_calls_own_time_of_day_across_summer_time():
    end = helsinki(2026, 1, 15, 14, 12)
    assert purge_at(end, rule("P3M")) == datetime(2026, 4, 15, 11, 12, tzinfo=UTC)
    assert purge_at(end, rule("P3M")).astimezone(HELSINKI).hour == 14


def test_a_time_of_day_that_the_clocks_skip_still_falls_on_its_date():
    end = helsinki(2026, 12, 28, 3, 30)
    assert purge_at(end, rule("P3M")).astimezone(HELSINKI).date() == date(2027, 3, 28)


@given(st.datetimes(datetime(2018, 5, 25), datetime(2045, 1, 1)), st.sampled_from(PERIODS))
def test_the_purge_instant_always_falls_on_the_date_the_letter_states(moment, period):
    end = moment.replace(tzinfo=UTC)
    assert purge_at(end, rule(period)).astimezone(HELSINKI).date() == erase_on(end, rule(period))


@given(st.dates(date(2020, 1, 1), date(2045, 1, 1)), st.sampled_from(PERIODS))
def test_the_oldest_day_kept_is_the_first_whose_calls_are_not_yet_all_gone(today, period):
    oldest = oldest_kept(today, rule(period))
    noon = datetime(oldest.year, oldest.month, oldest.day, 12, tzinfo=HELSINKI)
    assert erase_on(noon, rule(period)) >= today
    assert erase_on(noon - timedelta(days=1), rule(period)) < today


@pytest.mark.parametrize(
    ("new", "former"),
    [("P5M", "P6M"), ("P11M", "P1Y"), ("P29D", "P30D"), ("P30D", "P1M"), ("P1M", "P29D"), ("P5Y", "P1826D")],
)
def test_a_period_shortens_another_when_any_recording_would_go_sooner(new: str, former: str) -> None:
    assert shortens(new, former)


@pytest.mark.parametrize(
    ("new", "former"), [("P6M", "P6M"), ("P12M", "P1Y"), ("P31D", "P1M"), ("P1M", "P28D"), ("P5Y", "P1825D")]
)
def test_a_period_that_ends_no_recording_sooner_does_not_shorten(new: str, former: str) -> None:
    assert not shortens(new, former)


def test_the_longest_retention_is_the_cap_or_the_ordinary_date():
    end = helsinki(2026, 12, 31, 12)
    assert longest(end, rule("P2M", "P12M")) == date(2027, 12, 31)
    assert longest(end, rule("P2M")) == erase_on(end, rule("P2M"))
    assert capped_at(end, rule("P2M", "P12M")) == datetime(2027, 12, 31, 10, tzinfo=UTC)


def test_the_cap_ends_the_controllers_own_holds_and_never_a_data_subjects_or_the_polices():
    assert {reason for reason in HoldReason if reason.capped} == {"complaint", "quality", "threat"}


def test_a_hold_is_looked_at_again_within_the_registers_days():
    assert hold_review_on(date(2026, 5, 20), ESPOO) == date(2026, 8, 18)


def test_a_hold_outlives_delivery_by_thirty_days_and_a_refusal_by_three_months_or_the_appeal():
    answered = date(2026, 11, 30)
    assert hold_until(answered, refused=False) == date(2026, 12, 30)
    assert hold_until(answered, refused=True) == date(2027, 2, 28)
    assert hold_until(answered, refused=True, appeal_ends=date(2027, 5, 1)) == date(2027, 5, 1)
    assert hold_until(answered, refused=True, appeal_ends=date(2027, 1, 1)) == date(2027, 2, 28)


def test_a_download_outlives_the_appeal_period():
    assert download_until(date(2026, 6, 1), ESPOO) == date(2026, 7, 1)
    assert download_until(date(2026, 6, 1), ESPOO, appeal_ends=date(2026, 7, 6)) == date(2026, 7, 6)
    assert download_until(date(2026, 6, 1), ESPOO, appeal_ends=date(2026, 6, 6)) == date(2026, 7, 1)


def test_a_case_file_is_kept_six_months_and_twelve_when_refused():
    assert case_file_until(date(2026, 8, 31), refused=False) == date(2027, 2, 28)
    assert case_file_until(date(2026, 8, 31), refused=True) == date(2027, 8, 31)


def test_the_decision_is_provable_for_three_years():
    assert decision_until(date(2028, 2, 29)) == date(2031, 2, 28)
