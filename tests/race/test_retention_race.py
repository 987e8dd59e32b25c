"""2 000 submissions against a running retention job: no confirmed hold is lost (art. 5(1)(f), art. 18; Act 1050/2018).

Promised means: the filing has committed and its candidate says that the recording is held.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.access import SYSTEM
from portal.store import audit_trail
from portal.store.engine import reading
from tests import make
from tests.race.contest import REGISTER, Ended, race

SUBMISSIONS = 2000


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """One race on each of the two databases."""
    folder = tmp_path_factory.mktemp("race")
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        (folder / "race.db").write_bytes(template.read_bytes())
        yield race(folder, f"sqlite:///{folder}/race.db", SUBMISSIONS)
    else:
        cluster = request.getfixturevalue("postgres_cluster")
        name = cluster.create(request.getfixturevalue("postgres_template"))
        yield race(folder, cluster.url(name), SUBMISSIONS)
        cluster.drop(name)


def test_every_submission_made_one_case(ended: Ended) -> None:
    assert len({line["ref"] for line in ended.filed}) == SUBMISSIONS
    assert len(ended.outcome) == SUBMISSIONS


def test_no_recording_is_both_promised_and_deleted_and_none_is_neither(ended: Ended) -> None:
    assert ended.promised & ended.deleted == set()
    assert set(ended.state) - ended.promised - ended.deleted == set()
    assert all(ended.state[one] == 0 for one in ended.promised)


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
