"""A race between citizens who file and retention that deletes: what each of the processes does.

Every process has its own office over the same database and keys, as the web's processes and the worker have.
"""

import json
import multiprocessing
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from portal.domain.access import SYSTEM
from portal.domain.matching import CallDescription
from portal.domain.moments import helsinki
from portal.domain.recording import SegmentMeta
from portal.services.dispose import dispose_due
from portal.services.office import Office
from tests import make

REGISTER = "espoo"
FILERS = 3
PACE = 0.01
"""Seconds for each submission in which the later half of the recordings becomes due: about as fast as they file."""
CALLED = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
"""All calls were made this day; six months later they are due to go."""
START = datetime(2026, 7, 12, 7, 0, tzinfo=UTC)
"""The instant at which the race starts, on the clock of every process."""


@dataclass(frozen=True)
class Course:
    """Where the race is run. `started` is the machine's own clock at the start, the same for every process."""

    folder: Path
    url: str
    submissions: int
    filers: int
    started: float

    def office(self) -> Office:
        """An office of the calling process."""
        return make.office(self.folder, self.url, self.clock())

    def clock(self) -> Callable[[], datetime]:
        """The race's time: it begins at START and runs as fast as the machine's."""
        return lambda: START + timedelta(seconds=time.time() - self.started)


def number(n: int) -> str:
    """The n-th caller's number."""
    return f"+35850{n:07d}"


def calls(submissions: int, span: float) -> list[tuple[SegmentMeta, datetime]]:
    """One recorded call a submission: half are due at the start, the others become due one by one in `span` seconds."""
    late = submissions // 2
    dues = [START - timedelta(hours=1)] * (submissions - late)
    dues += [START + timedelta(seconds=span * n / late) for n in range(late)]
    random.Random(11).shuffle(dues)
    return [(make.segment(CALLED, caller=number(n)), due) for n, due in enumerate(dues)]


def file_own_share(course: Course, filer: int) -> Path:
    """File every request of this filer's share; returns the file of what was promised.

    A line a submission: the recording, its state just before, and the case.
    """
    here = course.office()
    by_number = _recordings_by_number(here, course)
    mine = list(range(filer, course.submissions, course.filers))
    random.Random(filer).shuffle(mine)
    lines = []
    for n in mine:
        with here.reading() as work:
            known = work.recordings.get(by_number[n])
        who = replace(make.identified(), subject_key=f"race:{n}")
        filed = make.filed(here, make.request(calls=(_described(n),)), who)
        lines.append({"n": n, "recording": by_number[n], "state_before": known.state if known else None,
                      "ref": filed.ref})  # fmt: skip
    out = course.folder / f"filed-{filer}.json"
    out.write_text(json.dumps(lines), "utf-8")
    return out


def delete_until_told(course: Course, stop: Event) -> None:
    """The retention job, again and again."""
    here = course.office()
    while not stop.is_set():
        dispose_due(here, SYSTEM, REGISTER, dry_run=False, worker="race")
        time.sleep(0.02)


def _recordings_by_number(here: Office, course: Course) -> dict[int, str]:
    kept = json.loads((course.folder / "recordings.json").read_text("utf-8"))
    return dict(enumerate(kept))


def _described(n: int) -> CallDescription:
    """The caller does not remember the number called: else a call already deleted would have the others of its hour
    held instead."""
    at = helsinki(CALLED)
    return make.call(day=at.date(), time=at.time(), own_number=number(n), service_number=None)


@dataclass(frozen=True)
class Ended:
    """The race is over: the office on the database it left behind, and what every filer wrote down."""

    here: Office
    filed: list[dict[str, Any]]
    outcome: dict[str, str]
    state: dict[str, int]

    @property
    def promised(self) -> set[str]:
        """The recordings whose filer was told that they are held."""
        return {one for one, outcome in self.outcome.items() if outcome == "held"}

    @property
    def deleted(self) -> set[str]:
        """The recordings that are gone."""
        return {one for one, state in self.state.items() if state == 3}


def race(folder: Path, url: str, submissions: int) -> Ended:
    """Run one race in `folder` over the database at `url`, which has the schema."""
    here = make.office(folder, url, make.Clock(START))
    with here.writing() as work:
        ids = work.recordings.load(REGISTER, f"fake-{REGISTER}", "ours", calls(submissions, submissions * PACE))
    (folder / "recordings.json").write_text(json.dumps(ids), "utf-8")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["portal.wiring", "tests.race.contest"])
    filed = _run(context, Course(folder, url, submissions, FILERS, time.time()))
    after = make.office(folder, url, make.Clock(START + timedelta(days=1)))
    dispose_due(after, SYSTEM, REGISTER, dry_run=False, worker="race")
    return Ended(after, filed, *_left(after, filed))


def _run(context: ForkServerContext, course: Course) -> list[dict[str, Any]]:
    stop = context.Event()
    retention = context.Process(target=delete_until_told, args=(course, stop))
    retention.start()
    try:
        with ProcessPoolExecutor(FILERS, mp_context=context) as pool:
            files = [*pool.map(file_own_share, [course] * FILERS, range(FILERS))]
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
