"""The duties' rows on both databases: one standing alarm, one live proposal, one confirmation, ever rarer tries."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from portal.domain.access import SYSTEM
from portal.services.office import Office
from portal.store import tombstones
from portal.store.engine import reading, writing
from tests import make
from tests.make import Clock

DAY = date(2026, 6, 18)


@pytest.fixture
def case(office: Office) -> str:
    make.recorded(office, make.segment(), custody="unreachable")
    ref = make.filed(office).ref
    with office.reading() as work:
        return work.cases.open(ref, SYSTEM).id


def test_what_is_at_risk_is_found_and_an_alarm_stands_once(office: Office, case: str) -> None:
    now = office.now()
    with office.writing() as work:
        (one,) = work.duties.risky("espoo")
        assert (one.case, one.outcome, one.call) == (case, "task", 1)
        assert work.duties.raise_alarm("espoo", case, one.recording, "late", now)
        assert not work.duties.raise_alarm("espoo", case, one.recording, "near", now)
        (alarm,) = work.duties.alarms()
        assert work.duties.end_alarm(alarm.id, now)
        assert not work.duties.end_alarm(alarm.id, now)
        assert work.duties.raise_alarm("espoo", case, one.recording, "near", now)
        assert [found.code for found in work.duties.alarms("espoo")] == ["near"]
        assert work.duties.over_held("espoo", office.today() + timedelta(days=9999)) == ((case, one.recording),)


def test_a_longer_hold_is_proposed_once_and_needs_another_to_agree(office: Office, case: str) -> None:
    now = office.now()
    with office.writing() as work:
        assert work.duties.propose_longer("espoo", case, "r" * 32, "threat", "author", now)
        assert not work.duties.propose_longer("espoo", case, "r" * 32, "threat", "other", now)
        (one,) = work.duties.longer("espoo", "proposed")
    with pytest.raises(DatabaseError), office.writing() as work:
        work.duties.settle_longer(one.id, "proposed", "approved", "author", now)
    with pytest.raises(DatabaseError), office.writing() as work:
        work.duties.settle_longer(one.id, "proposed", "approved", None, now)
    with office.writing() as work:
        assert work.duties.settle_longer(one.id, "proposed", "approved", "other", now)
        assert not work.duties.settle_longer(one.id, "proposed", "rejected", None, now)
        assert [found.state for found in work.duties.longer_of("r" * 32)] == ["approved"]


def test_an_erasure_is_asked_once_and_its_place_is_forgotten_when_confirmed(office: Office, case: str) -> None:
    now = office.now()
    with office.writing() as work:
        for _again in range(2):
            work.duties.ask_erasure("espoo", case, "r" * 32, "fake-espoo", "there/1.wav", DAY, now)
        (task,) = work.duties.erasures("espoo")
        assert (task.locator, task.due_on, task.confirmed_on) == ("there/1.wav", DAY, None)
        assert work.duties.deny_erasure(case, "r" * 32, DAY)
        assert work.duties.confirm_erasure(case, "r" * 32, DAY, now)
        assert not work.duties.confirm_erasure(case, "r" * 32, DAY, now)
        assert work.duties.erasures("espoo") == ()
        assert [found.locator for found in work.duties.erasures("espoo", case)] == [""]


def test_a_deletion_waits_ever_longer_until_it_goes_through(office: Office, clock: Clock) -> None:
    with office.writing() as work:
        assert work.duties.wait("espoo", "r" * 32, "pbx", clock.at)
        assert work.duties.waiting("espoo", clock.at + timedelta(minutes=9)) == {"r" * 32}
        assert work.duties.waiting("espoo", clock.at + timedelta(minutes=10)) == frozenset()
        assert not work.duties.wait("espoo", "r" * 32, "pbx", clock.at)
        assert work.duties.waiting("espoo", clock.at + timedelta(minutes=19)) == {"r" * 32}
        (stuck,) = work.duties.stuck()
        assert (stuck.source, stuck.number, stuck.since) == ("pbx", 1, clock.at)
        work.duties.went_through("r" * 32)
        assert work.duties.stuck("espoo") == ()


def test_a_dry_run_counts_what_is_kept_what_is_old_and_what_is_held(office: Office, case: str) -> None:
    make.recorded(office, make.segment(start=make.NOON - timedelta(days=60)))
    with office.reading() as work:
        assert work.duties.of_class("espoo", "customer_service", make.NOON - timedelta(days=30)) == (2, 1, 1)


def test_an_operators_word_needs_a_tombstone_and_is_never_changed(office: Office) -> None:
    (recording,) = make.recorded(office, make.segment(), custody="operator")
    now = office.now()
    with office.writing() as work:
        assert work.tombstones.confirm(recording, DAY, "clerk", now) is None
        assert work.tombstones.verified(recording) is None
        assert work.recordings.condemn_one(recording, now, "w", timedelta(minutes=1))
        assert work.recordings.start_deleting(recording, "w")
        one = work.recordings.get(recording)
        assert one is not None
        work.recordings.gone(work.tombstones.prepare(one, "erasure:x", False, "system", now, ()))
        assert work.tombstones.verified(recording) is False
        assert work.tombstones.confirm(recording, DAY, "clerk", now)
        assert work.tombstones.verified(recording) is True
    engine = office.book.engine  # type: ignore[attr-defined]  # a store.Book
    with reading(engine) as connection:
        assert tombstones.verify(connection) is None
    for statement in ("UPDATE erasure_confirmation SET actor = 'x'", "DELETE FROM erasure_confirmation"):
        with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)
    with pytest.raises(DatabaseError), office.writing() as work:
        work.tombstones.confirm(recording, DAY, "another", now)
