"""A full disk loses no acknowledged request: the letter waits for room, and what was not stored was not promised."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from portal.adapters.vault import kuu1
from portal.domain.access import SYSTEM
from portal.jobs import runner
from portal.services.office import Office
from portal.store.tables import document, hold, job
from tests import make


@pytest.fixture
def disk_full(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on the vault's disk is full: half of a file is written, then the system refuses. Call it for room."""
    seal = kuu1.seal

    def half(source: Any, target: Any, *rest: Any) -> int:
        target.write(source.read(1000))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(kuu1, "seal", half)
    return lambda: monkeypatch.setattr(kuu1, "seal", seal)


def test_an_acknowledgement_that_finds_no_room_is_written_later(
    office: Office, clock: make.Clock, disk_full: Callable[[], None]
) -> None:
    make.recorded(office, make.segment())
    filed = make.filed(office)
    assert runner.drain(office) == 0
    with office.reading() as work:
        case = work.cases.open(filed.ref, SYSTEM)
        assert [row.outcome for row in work.recordings.candidates(case.id)] == ["held"]
        assert work.documents.of_case(case.id) == ()
    assert list(office.vault.ids("espoo")) == []  # type: ignore[attr-defined]  # the adapter's own
    waiting = _rows(office, select(job.c.state, job.c.attempts, job.c.last_error))
    assert [tuple(one) for one in waiting] == [("queued", 1, "VaultFull")]

    disk_full()
    clock.move(minutes=5)
    assert runner.drain(office) == 1
    assert [one.kind for one in _rows(office, select(document.c.kind))] == ["ack"]
    clock.move(days=1)
    assert runner.drain(office) == 0
    assert len(_rows(office, select(document.c.kind))) == 1


def test_a_full_database_acknowledges_nothing_and_the_same_submission_goes_through_once_there_is_room(
    tmp_path: Path, sqlite_url: str
) -> None:
    office = make.office(tmp_path, sqlite_url)
    make.recorded(office, make.segment())
    engine = office.book.engine  # type: ignore[attr-defined]  # the store's Book
    wanted = make.request()
    with engine.connect() as db:
        pages = db.scalar(text("PRAGMA page_count"))

    def no_room(dbapi: Any, *_: Any) -> None:
        dbapi.execute(f"PRAGMA max_page_count={pages}")

    engine.dispose()
    event.listen(engine, "connect", no_room)
    filler = [make.request() for _ in range(200)]
    filed, refused = [], []
    for one in (*filler, wanted):
        try:
            filed.append(make.filed(office, one).ref)
        except OperationalError as error:
            refused.append(str(error.orig))
    assert refused, "there was room for all"
    assert set(refused) == {"database or disk is full"}
    event.remove(engine, "connect", no_room)
    engine.dispose()

    assert _refs(office) == set(filed)
    first = make.filed(office, wanted)
    assert not first.again
    assert make.filed(office, wanted).ref == first.ref
    with office.reading() as work:
        assert work.recordings.miscounted() == ()
    assert len(_rows(office, select(hold.c.id))) == len(filed) + 1


def _refs(office: Office) -> set[str]:
    actor = make.citizen(make.Filed("", _person(office), again=False))
    with office.reading() as work:
        return {case.ref for case in work.cases.of_person(actor)}


def _person(office: Office) -> str:
    with office.reading() as work:
        return work.people.find("espoo", make.identified().subject_key) or ""


def _rows(office: Office, query: Any) -> list[Any]:
    with office.book.engine.connect() as db:  # type: ignore[attr-defined]  # the store's Book
        return list(db.execute(query))
