"""When a hold or an erasure is an alarm, and how long one recording may be kept beyond its class."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from portal.domain.access import Role
from portal.domain.duties import (
    Alarm,
    erasure_alarm,
    erasure_task_due,
    hold_alarm,
    hold_task_due,
    over_held,
)
from portal.domain.longer import kept_until, longer_review_on, longer_rules, may_agree
from portal.domain.register import Register
from portal.domain.retention import HoldReason
from portal.registers.load import load_all

NOW = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
FAR = NOW + timedelta(days=60)


@pytest.fixture(scope="module")
def registers() -> dict[str, Register]:
    return load_all(Path(__file__).parents[2] / "portal" / "registers")


def alarm(outcome: str, *, failing: bool = False, due: date = TODAY, purge_at: datetime = FAR) -> Alarm | None:
    return hold_alarm(outcome, failing=failing, due=due, purge_at=purge_at, today=TODAY, now=NOW)


@pytest.mark.parametrize("outcome", ["held", "copied", "none_found"])
def test_a_safe_recording_is_no_alarm_whatever_its_day(outcome: str) -> None:
    assert alarm(outcome, failing=True, due=TODAY - timedelta(days=9), purge_at=NOW) is None


@pytest.mark.parametrize("outcome", ["task", "asked"])
def test_an_unconfirmed_hold_is_an_alarm_when_it_fails_is_near_its_end_or_is_late(outcome: str) -> None:
    assert alarm(outcome) is None
    assert alarm(outcome, due=TODAY - timedelta(days=1)) is Alarm.LATE
    assert alarm(outcome, purge_at=NOW + timedelta(hours=72)) is None
    assert alarm(outcome, purge_at=NOW + timedelta(hours=71, minutes=59)) is Alarm.NEAR
    assert alarm(outcome, failing=True, purge_at=NOW) is Alarm.FAILED


def test_a_hold_that_came_too_late_is_an_alarm() -> None:
    assert alarm("too_late") is Alarm.TOO_LATE


def test_the_operator_is_asked_on_the_next_working_day_and_before_the_recorder_deletes() -> None:
    eve = date(2026, 6, 18)  # the day before Midsummer Eve
    assert hold_task_due(eve, date(2026, 12, 1)) == date(2026, 6, 22)
    assert hold_task_due(eve, date(2026, 6, 20)) == date(2026, 6, 19)
    assert hold_task_due(eve, date(2026, 6, 1)) == eve


def test_an_operator_has_a_week_to_erase_and_then_it_is_an_alarm() -> None:
    due = erasure_task_due(date(2026, 6, 12))
    assert due == date(2026, 6, 22)  # the seventh day is Midsummer Eve
    assert erasure_alarm(due, due) is None
    assert erasure_alarm(due, due + timedelta(days=1)) is Alarm.ERASURE


def test_nothing_is_held_a_month_past_its_review_in_silence() -> None:
    assert not over_held(TODAY - timedelta(days=30), TODAY)
    assert over_held(TODAY - timedelta(days=31), TODAY)


def test_each_register_keeps_longer_for_its_own_reasons_alone(registers: dict[str, Register]) -> None:
    found = {id: {reason.value for reason in longer_rules(one)} for id, one in registers.items()}
    assert found == {
        "janakkala": {"threat"}, "pikkujatti": {"police"}, "te_kaakkois_suomi": {"quality", "complaint"},
        "pk_terveys": set(), "espoo": set(),
    }  # fmt: skip


def test_the_employment_offices_quality_projects_end_twelve_months_after_the_call(
    registers: dict[str, Register],
) -> None:
    call_end = datetime(2025, 6, 18, 9, 5, tzinfo=UTC)
    rule = longer_rules(registers["te_kaakkois_suomi"])[HoldReason.QUALITY]
    assert kept_until(call_end, rule, HoldReason.QUALITY) == datetime(2026, 6, 18, 9, 5, tzinfo=UTC)


def test_what_the_police_asked_for_is_never_cut(registers: dict[str, Register]) -> None:
    rule = longer_rules(registers["pikkujatti"])[HoldReason.POLICE]
    assert kept_until(NOW, rule, HoldReason.POLICE) is None


def test_a_longer_hold_is_looked_at_after_the_rules_days_and_not_after_its_cap(registers: dict[str, Register]) -> None:
    here = registers["janakkala"]
    rule = longer_rules(here)[HoldReason.THREAT]
    assert longer_review_on(TODAY, NOW, here, rule) == TODAY + timedelta(days=90)
    assert longer_review_on(TODAY, NOW - timedelta(days=335), here, rule) == date(2026, 7, 18)


def test_the_second_person_is_whom_the_register_names(registers: dict[str, Register]) -> None:
    police = longer_rules(registers["pikkujatti"])[HoldReason.POLICE]
    threat = longer_rules(registers["janakkala"])[HoldReason.THREAT]
    dpo, maker, handler = (frozenset({role}) for role in (Role.DPO, Role.DECISION_MAKER, Role.HANDLER))
    assert may_agree(police, dpo)
    assert not may_agree(police, maker)
    assert may_agree(threat, dpo)
    assert may_agree(threat, maker)
    assert not may_agree(threat, handler)
