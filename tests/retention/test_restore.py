"""A backup that is put back brings no erased recording back: the ledger outside it is replayed before the portal opens.

The backups are real: a copied database (on both kinds) and a copied data folder, taken before the erasure.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from config import BadSettings
from portal import wiring
from portal.adapters.vault.ledger import FileLedger
from portal.domain.access import SYSTEM
from portal.domain.grants import GrantState
from portal.domain.recording import NotFound
from portal.jobs import runner
from portal.services.dispose import dispose_due
from portal.services.grants import GrantLine, revoke_copy, staff_grants
from portal.services.office import Office
from portal.services.ports import Search, SourceAway
from portal.store import audit_trail, tombstones
from portal.store.engine import reading
from tests import make
from tests.services.test_after_answer import inquired
from tests.services.walk import Walk, walk
from tests.store.raw import engine_of

REGISTER = "espoo"
WINDOW = (make.NOON - timedelta(days=10), make.NOON)
LATER = timedelta(days=800)


@dataclass
class Place:
    """An installation: its folder, the address of its database, and how to copy that to another address."""

    folder: Path
    url: str
    copied: Callable[[], str]
    clock: make.Clock

    def office(self, url: str = "") -> Office:
        return make.office(
            self.folder, url or self.url, self.clock, ledger_dir=self.folder / "ledger",
            controller_keys_dir=self.folder / "controller-keys",
        )  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    url: str = request.getfixturevalue(f"{request.param}_url")
    if request.param == "sqlite":
        copy = tmp_path / "backup.db"

        def copied() -> str:
            shutil.copyfile(url.removeprefix("sqlite:///"), copy)
            return f"sqlite:///{copy}"

        yield Place(tmp_path, url, copied, make.Clock())
        return
    cluster, names = request.getfixturevalue("postgres_cluster"), list[str]()

    def copied_cluster() -> str:
        names.append(cluster.create(url.split("?")[0].split("/")[-1]))
        return str(cluster.url(names[-1]))

    yield Place(tmp_path, url, copied_cluster, make.Clock())
    for name in names:
        cluster.drop(name)


def recorded(here: Office) -> tuple[str, str]:
    """A recording with a listening copy: its id and its vault object."""
    (one,) = make.recorded(here, make.segment())
    vault_object = uuid4().hex
    here.vault.put(REGISTER, vault_object, BytesIO(make.tone()))
    with here.writing() as work:
        work.recordings.stored(one, vault_object, "0" * 64, 1, ())
    return one, vault_object


def backup(place: Place, here: Office) -> str:
    """Copy database and data folder; returns the address of the copied database."""
    engine_of(here).dispose()
    if (place.folder / "backup").exists():
        shutil.rmtree(place.folder / "backup")
    shutil.copytree(place.folder / "data", place.folder / "backup")
    return place.copied()


def restored(place: Place, url: str) -> Office:
    """The installation on its backup; what the source had is back as well."""
    shutil.rmtree(place.folder / "data")
    shutil.copytree(place.folder / "backup", place.folder / "data")
    return place.office(url)


def erased(place: Place, here: Office) -> None:
    place.clock.move(days=LATER.days)
    assert dispose_due(here, SYSTEM, REGISTER, dry_run=False).deleted == 1
    engine_of(here).dispose()


def test_an_erased_recording_does_not_come_back_with_an_older_backup(place: Place) -> None:
    here = place.office()
    one, vault_object = recorded(here)
    sound = dict(here.sources[f"fake-{REGISTER}"].files)  # type: ignore[attr-defined]  # a FakeSource
    url = backup(place, here)
    erased(place, here)

    again = restored(place, url)
    again.sources[f"fake-{REGISTER}"].files.update(sound)  # type: ignore[attr-defined]  # a FakeSource
    with again.reading() as work:
        found = work.recordings.get(one)
        assert found is not None, "the backup does not have it: nothing is proved"
        assert (found.state, again.vault.exists(REGISTER, vault_object)) == (0, True)

    done = wiring.replay(again)
    assert (done.entries, done.again, done.waiting) == (1, 1, 0)
    with again.reading() as work:
        found = work.recordings.get(one)
        assert found is not None
        assert (found.state, found.caller, found.vault_object) == (3, None, None)
        assert work.recordings.search(REGISTER, Search((WINDOW,), make.NUMBER, None)) == ()
    assert list(again.vault.ids(REGISTER)) == []
    with pytest.raises(NotFound):
        again.sources[f"fake-{REGISTER}"].open(next(iter(sound)))
    with reading(engine_of(again)) as connection:
        assert tombstones.verify(connection) is None
        assert audit_trail.verify(connection) is None
    assert wiring.replay(again) == replace(done, again=0)
    engine_of(again).dispose()


def test_the_start_of_the_portal_replays_before_it_opens(place: Place) -> None:
    here = place.office()
    one, _ = recorded(here)
    url = backup(place, here)
    erased(place, here)
    again = restored(place, url)
    wiring.create_app(make.settings(place.folder, url), again)
    with again.reading() as work:
        found = work.recordings.get(one)
    assert found is not None
    assert found.state == 3
    engine_of(again).dispose()


def test_a_recording_that_the_backup_never_knew_cannot_be_loaded_again(place: Place) -> None:
    here = place.office()
    url = backup(place, here)
    meta = make.segment()
    make.recorded(here, meta)
    erased(place, here)
    again = restored(place, url)
    wiring.replay(again)
    assert make.recorded(again, meta) == ()
    with reading(engine_of(again)) as connection:
        assert tombstones.verify(connection) is None
    engine_of(again).dispose()


def test_a_vault_from_an_older_backup_loses_again_what_the_database_says_is_gone(place: Place) -> None:
    here = place.office()
    _, vault_object = recorded(here)
    backup(place, here)
    erased(place, here)
    again = restored(place, place.url)
    assert again.vault.exists(REGISTER, vault_object)
    wiring.replay(again)
    assert not again.vault.exists(REGISTER, vault_object)
    engine_of(again).dispose()


def test_while_the_source_is_away_nobody_can_use_what_came_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    here = place.office()
    one, _ = recorded(here)
    url = backup(place, here)
    erased(place, here)
    again = restored(place, url)

    def away(*_: object) -> bool:
        raise SourceAway("away")

    with monkeypatch.context() as broken:
        broken.setattr(make.FakeSource, "erase", away)
        assert wiring.replay(again).waiting == 1
    with again.reading() as work:
        found = work.recordings.get(one)
    assert found is not None
    assert found.state == 2, "a recording that is being deleted can be neither heard, nor held, nor copied"
    place.clock.move(minutes=11)
    assert dispose_due(again, SYSTEM, REGISTER, dry_run=False).deleted == 1
    engine_of(again).dispose()


def test_a_hold_of_the_backups_time_does_not_save_what_was_erased_after_it(place: Place) -> None:
    here = place.office()
    one, _ = recorded(here)
    filed = make.filed(here)
    url = backup(place, here)
    with here.writing() as work:
        work.recordings.release(work.cases.open(filed.ref, SYSTEM).id, here.now())
    erased(place, here)
    again = restored(place, url)
    wiring.replay(again)
    with again.reading() as work:
        found = work.recordings.get(one)
        assert work.recordings.miscounted() == ()
    assert found is not None
    assert found.state == 3
    engine_of(again).dispose()


def test_erasures_older_than_the_ledger_are_written_into_it(place: Place) -> None:
    here = place.office()
    one, _ = recorded(here)
    erased(place, here)
    shutil.rmtree(place.folder / "ledger")
    again = place.office()
    assert wiring.replay(again).added == 1
    assert [getattr(entry, "recording", "") for entry in again.ledger.entries()] == [one]
    engine_of(again).dispose()


def test_the_portal_does_not_open_on_a_ledger_that_was_changed(place: Place) -> None:
    here = place.office()
    recorded(here)
    erased(place, here)
    file = place.folder / "ledger" / "erasures.jsonl"
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(told | {"recording": "0" * 32}) + "\n", "utf-8")
    with pytest.raises(BadSettings, match=r"PORTAL_LEDGER_DIR.*line 1.*was changed"):
        wiring.create_app(make.settings(place.folder, place.url), place.office())


def test_the_ledger_holds_no_number_no_name_and_no_place(place: Place) -> None:
    here = place.office()
    recorded(here)
    locator = next(iter(here.sources[f"fake-{REGISTER}"].files))  # type: ignore[attr-defined]  # a FakeSource
    erased(place, here)
    text = (place.folder / "ledger" / "erasures.jsonl").read_text("utf-8")
    assert [
        one for one in (make.NUMBER, make.NUMBER[4:], make.SERVICE, "Agentti", "Vaihde", locator) if one in text
    ] == []
    assert (place.folder / "ledger" / "erasures.jsonl").stat().st_mode & 0o077 == 0
    assert len(list(FileLedger(place.folder / "ledger").entries())) == 1
    engine_of(here).dispose()


WHY = "Kopiossa kuuluu toisen asiakkaan puhelu."


def given(here: Office) -> Walk:
    """A case whose answer gives a copy, made."""
    made = walk(here).taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(here)
    return made


def revoke(made: Walk) -> None:
    revoke_copy(made.office, made.handler, made.filed.ref, made.recordings[0], WHY, made.case.moves)
    runner.drain(made.office)


def grant(made: Walk) -> GrantLine:
    return staff_grants(made.office, made.handler, made.filed.ref)[0]


def test_a_copy_taken_back_is_not_given_again_by_an_older_backup(place: Place) -> None:
    here = place.office()
    made = given(here)
    url = backup(place, here)
    revoke(made)
    engine_of(here).dispose()

    again = replace(made, office=restored(place, url))
    copy = grant(again).copy.vault_object
    assert copy is not None, "the backup does not give it: nothing is proved"
    assert grant(again).state is GrantState.OPEN
    assert wiring.replay(again.office).revoked == 1
    assert grant(again).state is GrantState.REVOKED
    assert again.actions[-1] == "copy_revoked_again"
    runner.drain(again.office)
    assert not again.office.vault.exists(REGISTER, copy)
    assert wiring.replay(again.office).revoked == 0
    engine_of(again.office).dispose()


def test_a_copy_that_a_later_answer_gave_anew_stays_given(place: Place) -> None:
    here = place.office()
    made = given(here)
    revoke(made)
    place.clock.move(days=1)
    inquired(made)
    made.proposed(outcome="granted").approved().signed()
    assert grant(made).state is GrantState.OPEN
    assert wiring.replay(here).revoked == 0
    assert grant(made).state is GrantState.OPEN
    engine_of(here).dispose()
