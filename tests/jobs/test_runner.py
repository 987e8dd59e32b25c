"""The worker: every job to its end, exactly once, whatever fails beside it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest

from portal.domain.recording import Transient
from portal.jobs import periodic, runner
from portal.services.office import Office
from tests import make


def queue(office: Office, count: int, task: str = "settle") -> None:
    with office.writing() as work:
        for n in range(count):
            work.outbox.add(task, {"case": str(n)}, f"{task}:{n}", office.now())


def counts(office: Office) -> dict[str, int]:
    with office.reading() as work:
        return work.outbox.counts()


def test_two_workers_run_every_job_exactly_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    lock, start = Lock(), Barrier(2)

    def note(_office: Office, args: dict[str, str]) -> None:
        with lock:
            ran.append(args["case"])

    monkeypatch.setitem(runner.TASKS, "settle", note)
    queue(office, 20)

    def work(_n: int) -> int:
        start.wait()
        return runner.drain(office)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 20
    assert sorted(ran, key=int) == [str(n) for n in range(20)]
    assert counts(office) == {"done": 20}


def test_a_task_that_raises_is_tried_again_and_then_dead(
    sqlite_office: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def fail(_office: Office, args: dict[str, str]) -> None:
        tries.append(args["case"])
        raise Transient("the operator is away")

    monkeypatch.setitem(runner.TASKS, "settle", fail)
    queue(sqlite_office, 1)
    for _ in range(20):
        runner.drain(sqlite_office)
        clock.move(hours=3)
    assert len(tries) == 5
    assert counts(sqlite_office) == {"dead": 1}


def test_one_failing_job_stops_no_other(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(runner.TASKS, "secure", lambda _office, args: args["nothing"])
    monkeypatch.setitem(runner.TASKS, "settle", lambda _office, _args: None)
    queue(sqlite_office, 1, "secure")
    queue(sqlite_office, 2)
    assert runner.drain(sqlite_office) == 2
    assert counts(sqlite_office) == {"done": 2, "queued": 1}


def test_periodic_work_runs_once_in_its_slot(
    sqlite_office: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(periodic.harvest, "harvest", lambda _office, source: ran.append(source))
    periodic.tick(sqlite_office, "w1")
    periodic.tick(sqlite_office, "w2")
    assert sorted(ran) == sorted(sqlite_office.sources)
    clock.move(minutes=1)
    periodic.tick(sqlite_office, "w1")
    assert len(ran) == 2 * len(sqlite_office.sources)


def test_a_source_that_is_away_stops_neither_the_others_nor_retention(
    sqlite_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    disposed: list[str] = []

    def harvest(_office: Office, source: str) -> None:
        if source == min(sqlite_office.sources):
            raise Transient("away")
        read.append(source)

    monkeypatch.setattr(periodic.harvest, "harvest", harvest)
    monkeypatch.setattr(periodic.dispose, "dispose_due", lambda _o, _a, register, **_k: disposed.append(register))
    periodic.tick(sqlite_office, "w")
    assert len(read) == len(sqlite_office.sources) - 1
    assert disposed == list(sqlite_office.registers)
