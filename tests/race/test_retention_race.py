"""2 000 submissions against a running retention job: no confirmed hold is lost (art. 5(1)(f), art. 18; Act 1050/2018).

Promised means: the filing has committed and its candidate says that the recording is held.
"""

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from portal.domain.access import SYSTEM
from portal.services.dispose import dispose_due
from portal.services.office import Office
from portal.store import audit_trail
from portal.store.engine import reading
from tests import make
from tests.race import contest
from tests.race.contest import REGISTER, START, Course

SUBMISSIONS, FILERS = 2000, 3
SPAN = 20.0
"""Seconds over which the later half of the recordings becomes due."""


@dataclass(frozen=True)
class Ended:
    """The race is over: the office on the database it left behind, and what every filer wrote down."""

    here: Office
    filed: list[dict[str, Any]]
    outcome: dict[str, str]
    state: dict[str, int]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """One race on each of the two databases."""
    folder = tmp_path_factory.mktemp("race")
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        (folder / "race.db").write_bytes(template.read_bytes())
        yield _race(folder, f"sqlite:///{folder}/race.db")
    else:
        cluster = request.getfixturevalue("postgres_cluster")
        name = cluster.create(request.getfixturevalue("postgres_template"))
        yield _race(folder, cluster.url(name))
        cluster.drop(name)


def _race(folder: Path, url: str) -> Ended:
    here = make.office(folder, url, make.Clock(START))
    with here.writing() as work:
        ids = work.recordings.load(REGISTER, f"fake-{REGISTER}", "ours", contest.calls(SUBMISSIONS, SPAN))
    (folder / "recordings.json").write_text(json.dumps(ids), "utf-8")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["portal.wiring", "tests.race.contest"])
    filed = _run(context, Course(folder, url, SUBMISSIONS, FILERS, time.time()))
    after = make.office(folder, url, make.Clock(START + timedelta(days=1)))
    dispose_due(after, SYSTEM, REGISTER, dry_run=False, worker="race")
    return Ended(after, filed, *_left(after, filed))


def _run(context: ForkServerContext, course: Course) -> list[dict[str, Any]]:
    stop = context.Event()
    retention = context.Process(target=contest.delete_until_told, args=(course, stop))
    retention.start()
    try:
        with ProcessPoolExecutor(FILERS, mp_context=context) as pool:
            files = [*pool.map(contest.file_own_share, [course] * FILERS, range(FILERS))]
    finally:
        stop.set()
        retention.join(60)
    assert retention.exitcode == 0, "the retention job ended by a fault"
    return [line for file in files for line in json.loads(file.read_text("utf-8"))]


def _left(here: Office, filed: list[dict[str, Any]]) -> tuple[dict[str, str], dict[str, int]]:
    """What each filing was told of its recording (none: no candidate), and the recordings' states at the end."""
    told, states = {}, {}
    with here.reading() as work:
        for line in filed:
            case = work.cases.open(line["ref"], SYSTEM)
            rows = work.recordings.candidates(case.id)
            assert len(rows) <= 1, "each submission has one recording of its own"
            told[line["recording"]] = rows[0].outcome if rows else "none"
        for line in filed:
            found = work.recordings.get(line["recording"])
            assert found is not None
            states[found.id] = found.state
    return told, states


def test_every_submission_made_one_case(ended: Ended) -> None:
    assert len({line["ref"] for line in ended.filed}) == SUBMISSIONS
    assert len(ended.outcome) == SUBMISSIONS


def test_no_recording_is_both_promised_and_deleted_and_none_is_neither(ended: Ended) -> None:
    promised = {one for one, outcome in ended.outcome.items() if outcome == "held"}
    deleted = {one for one, state in ended.state.items() if state == 3}
    assert promised & deleted == set()
    assert set(ended.state) - promised - deleted == set()
    assert all(ended.state[one] == 0 for one in promised)


def test_the_race_was_one(ended: Ended) -> None:
    """Both sides won often enough, and some recordings were saved after they had been condemned."""
    told = Counter(ended.outcome.values())
    rescued = [line for line in ended.filed if line["state_before"] == 1 and ended.outcome[line["recording"]] == "held"]
    assert told["held"] >= SUBMISSIONS // 10, told
    assert told["none"] + told["too_late"] >= SUBMISSIONS // 10, told
    assert rescued, "no filing came between the condemning and the deleting"


def test_hold_counts_are_exact_before_and_after_release(ended: Ended) -> None:
    held = [line for line in ended.filed if ended.outcome[line["recording"]] == "held"]
    with ended.here.writing() as work:
        assert work.recordings.miscounted() == ()
        for line in held:
            case = work.cases.open(line["ref"], SYSTEM)
            assert work.recordings.release(case.id, ended.here.now()) == (line["recording"],)
        assert work.recordings.miscounted() == ()
        assert work.recordings.held_past_due(REGISTER, ended.here.now()) == 0


def test_the_trail_of_the_race_is_whole(ended: Ended) -> None:
    with reading(ended.here.book.engine) as connection:  # type: ignore[attr-defined]  # a store.Book
        assert audit_trail.verify(connection) is None


def test_a_hold_that_comes_after_deletion_has_begun_is_told_so(tmp_path: Path, database_url: str) -> None:
    here = make.office(tmp_path, database_url)
    (one,) = make.recorded(here, make.segment())
    filed = make.filed(here, make.request(calls=(make.call(own_number="+358409999999", service_number=None),)))
    with here.writing() as work:
        case = work.cases.open(filed.ref, SYSTEM)
        assert work.recordings.condemn_one(one, here.now(), "race", timedelta(minutes=10))
        assert work.recordings.start_deleting(one, "race")
        assert work.recordings.hold(one, "request", case.id, "system", here.today(), here.now()) is False
        assert work.recordings.miscounted() == ()


def test_a_hold_between_condemning_and_deleting_rescues(tmp_path: Path, database_url: str) -> None:
    here = make.office(tmp_path, database_url)
    (one,) = make.recorded(here, make.segment())
    with here.writing() as work:
        assert work.recordings.condemn_one(one, here.now(), "race", timedelta(minutes=10))
    make.filed(here)
    with here.writing() as work:
        assert work.recordings.start_deleting(one, "race") is False
        found = work.recordings.get(one)
    assert found is not None
    assert (found.state, found.hold_count) == (0, 1)
