"""Jobs: none without its change, none twice, none for ever."""

from datetime import timedelta

import pytest

from portal.services.office import Office
from tests import make


def queue(office: Office, dedupe: str = "one") -> int:
    with office.writing() as work:
        work.outbox.add("task", {"case": "c"}, dedupe, office.now())
        found = work.outbox.next_ready(office.now())
    assert found is not None
    return found


def test_the_same_job_twice_is_one_job(office: Office) -> None:
    assert queue(office) == queue(office)
    with office.reading() as work:
        assert work.outbox.counts() == {"queued": 1}


def test_a_change_that_fails_leaves_no_job(office: Office) -> None:
    with pytest.raises(KeyError), office.writing() as work:
        work.outbox.add({}.get("x", "task"), {}, "d", {"now": office.now()}["later"])
    with office.reading() as work:
        assert work.outbox.counts() == {}


def test_a_job_that_was_started_is_nobody_elses_until_its_lease_has_run_out(office: Office, clock: make.Clock) -> None:
    job = queue(office)
    with office.writing() as work:
        assert work.outbox.start(job, office.now()) is not None
    with office.writing() as work:
        assert work.outbox.start(job, office.now()) is None
        assert work.outbox.next_ready(office.now()) is None
    clock.move(minutes=1)
    with office.writing() as work:
        assert work.outbox.start(job, office.now()) is not None


def test_a_failed_job_waits_longer_each_time_and_is_dead_after_five(office: Office, clock: make.Clock) -> None:
    job, waits = queue(office), []
    for _ in range(5):
        with office.writing() as work:
            started = work.outbox.start(job, office.now())
            assert started is not None
            work.outbox.failed(started, "SourceAway", office.now())
        with office.reading() as work:
            dead = work.outbox.dead()
        if dead:
            break
        before = clock.at
        while True:
            clock.move(seconds=30)
            with office.reading() as work:
                if work.outbox.next_ready(office.now()):
                    break
        waits.append(clock.at - before)
    assert waits == [timedelta(seconds=30 * 4**n) for n in range(4)]
    assert [(one.id, one.last_error) for one in dead] == [(job, "SourceAway")]


def test_a_job_that_kills_its_worker_each_time_ends_dead(office: Office, clock: make.Clock) -> None:
    job, started = queue(office), 0
    for _ in range(40):
        with office.writing() as work:
            started += work.outbox.start(job, office.now()) is not None
        clock.move(minutes=1)
    with office.reading() as work:
        assert [one.last_error for one in work.outbox.dead()] == ["WorkerLost"]
    assert started == 15


def test_a_dead_job_can_be_queued_again_and_no_other(office: Office, clock: make.Clock) -> None:
    test_a_job_that_kills_its_worker_each_time_ends_dead(office, clock)
    with office.writing() as work:
        job = work.outbox.dead()[0].id
        assert work.outbox.retry(job, office.now())
        assert not work.outbox.retry(job, office.now())
        assert work.outbox.next_ready(office.now()) == job


def test_a_slot_is_taken_once(office: Office) -> None:
    with office.writing() as work:
        assert work.outbox.once("harvest", "1")
    with office.writing() as work:
        assert not work.outbox.once("harvest", "1")
        assert work.outbox.once("harvest", "2")


def test_the_workers_lag_is_the_age_of_the_oldest_due_job(office: Office, clock: make.Clock) -> None:
    queue(office)
    since = clock.at
    clock.move(minutes=5)
    with office.reading() as work:
        assert work.outbox.oldest_due(office.now()) == since
