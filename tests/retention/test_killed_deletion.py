"""A deletion that is killed at any phase is resumed or saved: nothing half gone, no child left, every chain whole."""

import multiprocessing
import signal
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from portal.domain.access import SYSTEM
from portal.domain.retention import purge_at
from portal.services.dispose import dispose_due
from portal.services.office import Office
from portal.services.ports import Erasure
from portal.store import tombstones
from portal.store.engine import reading
from portal.store.tables import delivery
from tests import make
from tests.retention import dying
from tests.retention.dying import PHASES, REGISTER
from tests.store.raw import engine_of, run, without_triggers

DUE = make.NOON + timedelta(days=800)
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["portal.wiring", "tests.retention.dying"])


def recorded(here: Office, folder: Path) -> str:
    """A recording with audio at its source, a listening copy, and a copy that was given to its applicant."""
    meta = make.segment()
    (folder / "archive" / meta.locator).write_bytes(make.tone())
    rule = here.registers[REGISTER].rule("customer_service")
    with here.writing() as work:
        (one,) = work.recordings.load(REGISTER, f"folder-{REGISTER}", "ours", [(meta, purge_at(meta.end, rule))])
    filed = make.filed(here)
    listening, given = uuid4().hex, uuid4().hex
    for made in (listening, given):
        here.vault.put(REGISTER, made, BytesIO(make.tone()))
    run(here, "UPDATE cases SET author = 'one', approver = 'another'")  # what a release asks for
    with here.writing() as work:
        case = work.cases.open(filed.ref, SYSTEM)
        work.recordings.release(case.id, here.now())
        work.recordings.stored(one, listening, "0" * 64, 1, (1, 2))
        work.documents.deliver(case.id, one, case.applicant.person, date(2026, 7, 1))
        work.documents.copy_made(case.id, one, given, "0" * 64, 1)
    return one


def killed_at(folder: Path, url: str, phase: str) -> None:
    victim = _CONTEXT.Process(target=dying.run_and_die, args=(folder, url, DUE, phase))
    victim.start()
    victim.join(60)
    assert victim.exitcode == -signal.SIGKILL, f"it was not killed at {phase}"


def files(here: Office, folder: Path) -> list[str]:
    return [*here.vault.ids(REGISTER), *(path.name for path in (folder / "archive").iterdir())]


@pytest.mark.parametrize("phase", PHASES)
def test_a_deletion_killed_at_a_phase_is_resumed_and_leaves_nothing(
    phase: str, tmp_path: Path, database_url: str
) -> None:
    clock = make.Clock()
    here = dying.office(tmp_path, database_url, clock)
    one = recorded(here, tmp_path)
    before = len(files(here, tmp_path))
    assert before == 3
    killed_at(tmp_path, database_url, phase)

    clock.at = DUE + timedelta(minutes=11)
    dispose_due(here, SYSTEM, REGISTER, dry_run=False, worker="next")

    with here.reading() as work:
        found = work.recordings.get(one)
        assert found is not None
        assert (found.state, found.vault_object, found.caller) == (3, None, None)
        assert work.recordings.miscounted() == ()
    assert files(here, tmp_path) == []
    with reading(engine_of(here)) as connection:
        assert tombstones.verify(connection) is None
        assert connection.execute(delivery.select()).one().vault_object is None
    told = [entry for entry in here.ledger.entries() if isinstance(entry, Erasure)]
    assert {entry.recording for entry in told} == {one}
    assert dispose_due(here, SYSTEM, REGISTER, dry_run=True).condemned == 0


def test_a_hold_saves_what_a_killed_run_had_condemned(tmp_path: Path, database_url: str) -> None:
    clock = make.Clock()
    here = dying.office(tmp_path, database_url, clock)
    one = recorded(here, tmp_path)
    killed_at(tmp_path, database_url, "condemned")
    clock.at = DUE + timedelta(minutes=11)
    with here.writing() as work:
        assert work.recordings.hold(one, "police", "case", "system", date(2030, 1, 1), here.now())
    dispose_due(here, SYSTEM, REGISTER, dry_run=False, worker="next")
    with here.reading() as work:
        found = work.recordings.get(one)
    assert found is not None
    assert found.state == 0
    assert len(files(here, tmp_path)) == 3
    assert list(here.ledger.entries()) == []


def test_every_phase_but_the_last_leaves_work_behind(tmp_path: Path, sqlite_url: str) -> None:
    """The kill is a real one: without the next run the recording is not gone."""
    here = dying.office(tmp_path, sqlite_url, make.Clock())
    one = recorded(here, tmp_path)
    killed_at(tmp_path, sqlite_url, "after_ledger")
    with here.reading() as work:
        found = work.recordings.get(one)
        assert work.tombstones.known([one]) == frozenset()
    assert found is not None
    assert found.state == 2


def test_a_changed_tombstone_and_a_missing_one_are_found(sqlite_office: Office) -> None:
    ids = make.recorded(sqlite_office, make.segment(), make.segment())
    later = make.NOON + timedelta(days=800)
    dispose_due(replace(sqlite_office, clock=lambda: later), SYSTEM, REGISTER, dry_run=False)
    engine = engine_of(sqlite_office)
    with reading(engine) as connection:
        assert tombstones.verify(connection) is None
    with without_triggers(sqlite_office) as connection:
        connection.exec_driver_sql(f"UPDATE tombstone SET why = 'x' WHERE recording = '{ids[0]}'")
    with reading(engine) as connection:
        fault = tombstones.verify(connection)
        assert fault is not None
        assert fault.why == "was changed"
    with without_triggers(sqlite_office) as connection:
        connection.exec_driver_sql("DELETE FROM tombstone")
    with reading(engine) as connection:
        fault = tombstones.verify(connection)
        assert fault is not None
        assert "without a tombstone" in fault.why
