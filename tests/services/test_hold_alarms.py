"""Alarms: raised within a minute of a failure, once, with an event; ended by what settles them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.access import Role
from portal.domain.recording import Transient
from portal.jobs import periodic, runner
from portal.services import hold_alarms
from portal.services.choose_call import choose_call
from portal.services.confirm_hold import confirm_hold
from portal.services.office import Office
from portal.services.review_holds import keep_hold
from portal.services.take_up import take_up
from portal.store import audit_trail
from portal.store.engine import reading
from tests import make
from tests.make import Clock
from tests.services.walk import Walk, clerk, walk


def codes(office: Office) -> list[str]:
    with office.reading() as work:
        return [one.code for one in work.duties.alarms("espoo")]


def events_of(made: Walk, action: str) -> int:
    return made.actions.count(action)


def unreachable(here: Office) -> Walk:
    make.recorded(here, make.segment(), custody="unreachable")
    return walk(here, found=0)


class Desk:
    """A duty address that counts."""

    def __init__(self) -> None:
        self.told = 0

    def tell(self) -> None:
        self.told += 1


def test_a_hold_whose_copy_fails_is_an_alarm_at_most_a_minute_later(
    here: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.recorded(here, make.segment(), custody="operator")
    made = walk(here, found=0)

    def away(_locator: str) -> Iterator[bytes]:
        raise Transient("away")

    monkeypatch.setattr(here.sources["fake-espoo"], "open", away)
    runner.drain(here)
    failed_at = clock.at
    for _second in range(60):
        periodic.look_for_alarms(here)
        if codes(here):
            break
        clock.move(seconds=1)
    assert codes(here) == ["failed"]
    assert clock.at - failed_at <= timedelta(seconds=60)
    assert events_of(made, "hold_alarmed") == 1
    monkeypatch.undo()
    clock.move(minutes=1)
    runner.drain(here)
    periodic.look_for_alarms(here)
    assert codes(here) == []
    assert events_of(made, "hold_alarm_ended") == 1


def test_a_copy_that_no_worker_fetches_is_an_alarm_too(here: Office, clock: Clock) -> None:
    make.recorded(here, make.segment(), custody="operator")
    make.filed(here)
    clock.move(seconds=61)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == ["failed"]


def test_a_dead_copy_stays_an_alarm(here: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    make.recorded(here, make.segment(), custody="operator")
    make.filed(here)

    def broken(_locator: str) -> Iterator[bytes]:
        raise Transient("the container does not open")

    monkeypatch.setattr(here.sources["fake-espoo"], "open", broken)
    for _try in range(6):
        runner.drain(here)
        clock.move(hours=1)
    with here.reading() as work:
        assert work.outbox.counts().get("dead") == 1
    hold_alarms.watch(here, "espoo")
    assert codes(here) == ["failed"]


def test_a_task_is_an_alarm_when_its_day_is_past_and_it_is_raised_once(here: Office, clock: Clock) -> None:
    desk = Desk()
    here = replace(here, duty=desk)
    made = unreachable(here)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []
    clock.move(days=5)
    for _minute in range(3):
        hold_alarms.watch(here, "espoo")
        clock.move(minutes=1)
    runner.drain(here)
    assert codes(here) == ["late"]
    assert (events_of(made, "hold_alarmed"), desk.told) == (1, 1)


def test_a_recording_that_goes_within_three_days_is_an_alarm_at_once(here: Office, clock: Clock) -> None:
    clock.move(days=178)  # the call's half year ends in days
    unreachable(here)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []
    clock.move(days=1, hours=12)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == ["near"]


def test_the_operators_word_ends_the_alarm(here: Office, clock: Clock) -> None:
    made = unreachable(here)
    clock.move(days=5)
    hold_alarms.watch(here, "espoo")
    recording = made.recordings[0]
    confirm_hold(here, made.handler, made.filed.ref, recording, kept=True, note="by phone", seen=made.case.moves)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []
    assert events_of(made, "hold_alarm_ended") == 1


def test_what_came_too_late_is_an_alarm_until_somebody_has_judged_it(here: Office) -> None:
    made = unreachable(here)
    recording = made.recordings[0]
    confirm_hold(here, made.handler, made.filed.ref, recording, kept=False, note="", seen=made.case.moves)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == ["too_late"]
    take_up(here, made.handler, made.filed.ref, made.case.moves)
    choose_call(here, made.handler, made.filed.ref, recording, 1, it_is=True, seen=made.case.moves)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []


def test_what_staff_found_to_be_another_call_is_no_alarm(here: Office, clock: Clock) -> None:
    made = unreachable(here).taken()
    choose_call(here, made.handler, made.filed.ref, made.recordings[0], 1, it_is=False, seen=made.case.moves)
    clock.move(days=5)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []


def test_a_hold_that_nobody_reviews_for_a_month_is_an_alarm_until_it_is_kept(here: Office, clock: Clock) -> None:
    made = walk(here)
    clock.move(days=here.registers["espoo"].hold_review_days + 30)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []
    clock.move(days=1)
    hold_alarms.watch(here, "espoo")
    assert codes(here) == ["over_held"]
    with here.reading() as work:
        (hold,) = work.holds.to_review("espoo", here.today())
    keep_hold(here, clerk("handler", Role.HANDLER), hold.id, "the case is open")
    hold_alarms.watch(here, "espoo")
    assert codes(here) == []
    assert events_of(made, "hold_alarmed") == 1


def test_monitoring_is_told_codes_and_numbers_and_that_nobody_looks(here: Office, clock: Clock) -> None:
    unreachable(here)
    assert hold_alarms.counts(here) == {"worker_silent": 1}
    periodic.look_for_alarms(here)
    assert hold_alarms.counts(here) == {}
    clock.move(minutes=5)
    assert hold_alarms.counts(here) == {"worker_silent": 1}
    clock.move(days=5)
    periodic.look_for_alarms(here)
    assert hold_alarms.counts(here) == {"late": 1}


def test_the_trail_with_alarms_is_whole(here: Office, clock: Clock) -> None:
    unreachable(here)
    clock.move(days=5)
    periodic.look_for_alarms(here)
    with reading(here.book.engine) as connection:  # type: ignore[attr-defined]  # a store.Book
        assert audit_trail.verify(connection) is None
