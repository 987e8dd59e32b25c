"""The end of a controller's service: two people, keys first, nothing of theirs left, and no backup brings it back."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from config import BadSettings
from portal import wiring
from portal.adapters.vault.keys import KeyRing
from portal.domain.access import SYSTEM, Forbidden, Role
from portal.domain.lifecycle import NotNow
from portal.services import close_controller
from portal.services.command_line_sign_in import prove_staff
from portal.services.office import Office
from portal.services.ports import Closing
from portal.services.rewrap import rewrap
from portal.services.withdraw_request import withdraw_request
from portal.store import audit_trail, tombstones
from portal.store.controllers import LEFT, Controllers
from portal.store.engine import reading
from portal.store.tables import audit, audit_payload, cases, metadata, person, recording, staff
from tests import make
from tests.store.raw import engine_of

ENDED = date(2026, 6, 1)


def filled(here: Office, register: str) -> None:
    """A controller with a call, its audio, an ended case and a clerk."""
    (one,) = make.recorded(here, make.segment(), register=register)
    made = uuid4().hex
    here.vault.put(register, made, BytesIO(make.tone()))
    with here.writing() as work:
        work.recordings.stored(one, made, "0" * 64, 1, ())
    filed = make.filed(here, register=register)
    withdraw_request(here, make.citizen(filed, register), filed.ref)


def closed(here: Office) -> None:
    admin = make.clerk(here, "yllapito", Role.ADMINISTRATOR)
    dpo = make.clerk(here, "tietosuoja", Role.DPO)
    close_controller.propose_closing(here, admin.actor, "espoo", ENDED)
    close_controller.close_controller(here, dpo.actor, "espoo")


def test_everything_of_the_controller_is_gone_and_nothing_of_another(office: Office) -> None:
    filled(office, "espoo")
    filled(office, "janakkala")
    before, files = close_controller.survey(office, "janakkala")
    extent, _ = close_controller.survey(office, "espoo")
    assert (extent.cases, extent.recordings, extent.open_cases) == (1, 1, 0)
    closed(office)

    left, none = close_controller.survey(office, "espoo")
    assert (left.rows, none, left.accounts) == (0, 0, 0)
    assert close_controller.survey(office, "janakkala") == (before, files)
    assert office.keys.destroyed("espoo")
    with reading(engine_of(office)) as db:
        for table in (cases, person, recording):
            assert db.scalar(select(func.count()).select_from(table).where(table.c.register == "espoo")) == 0
        assert db.scalar(select(func.count()).select_from(staff)) == 0
        payloads = select(audit_payload.c.chain).join(audit, audit.c.chain == audit_payload.c.chain)
        assert db.execute(payloads.where(audit.c.register == "espoo")).all() == []
        assert audit_trail.verify(db) is None
        assert tombstones.verify(db) is None
    assert [one.register for one in office.ledger.entries() if isinstance(one, Closing)] == ["espoo"]


def test_the_keys_go_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(office, "espoo")
    admin, dpo = make.clerk(office, "yllapito", Role.ADMINISTRATOR), make.clerk(office, "tietosuoja", Role.DPO)
    close_controller.propose_closing(office, admin.actor, "espoo", ENDED)

    def broken(*_: object) -> int:
        raise OSError("no disk")

    with monkeypatch.context() as failing:
        failing.setattr(type(office.vault), "remove_all", broken)
        with pytest.raises(OSError, match="no disk"):
            close_controller.close_controller(office, dpo.actor, "espoo")
    assert office.keys.destroyed("espoo")
    assert list(office.vault.ids("espoo")) != []
    close_controller.close_controller(office, dpo.actor, "espoo")
    assert close_controller.survey(office, "espoo")[0].rows == 0


def test_it_takes_two_people(office: Office) -> None:
    dpo = make.clerk(office, "tietosuoja", Role.DPO)
    with pytest.raises(NotNow, match="state"):
        close_controller.close_controller(office, dpo.actor, "espoo")
    close_controller.propose_closing(office, dpo.actor, "espoo", ENDED)
    with pytest.raises(NotNow, match="own_closing"):
        close_controller.close_controller(office, dpo.actor, "espoo")
    assert not office.keys.destroyed("espoo")


def test_a_proposal_lapses(office: Office, clock: make.Clock) -> None:
    admin, dpo = make.clerk(office, "yllapito", Role.ADMINISTRATOR), make.clerk(office, "tietosuoja", Role.DPO)
    close_controller.propose_closing(office, admin.actor, "espoo", ENDED)
    clock.move(days=31)
    with pytest.raises(NotNow, match="state"):
        close_controller.close_controller(office, dpo.actor, "espoo")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.LISTENER, Role.AUDITOR])
def test_no_other_role_may_propose_it(office: Office, role: Role) -> None:
    with pytest.raises(Forbidden):
        close_controller.propose_closing(office, make.clerk(office, "muu", role).actor, "espoo", ENDED)


def test_another_controllers_officer_may_not(office: Office) -> None:
    other = make.clerk(office, "vieras", Role.DPO, register="janakkala")
    with pytest.raises(Forbidden):
        close_controller.propose_closing(office, other.actor, "espoo", ENDED)


def test_an_open_request_is_answered_first(office: Office) -> None:
    make.filed(office)
    with pytest.raises(NotNow, match="open_cases"):
        close_controller.propose_closing(office, make.clerk(office, "tietosuoja", Role.DPO).actor, "espoo", ENDED)


def test_it_must_be_done_within_half_a_year_of_the_end(office: Office) -> None:
    admin = make.clerk(office, "yllapito", Role.ADMINISTRATOR)
    assert close_controller.propose_closing(office, admin.actor, "espoo", date(2026, 5, 31)) == date(2026, 11, 30)
    with pytest.raises(NotNow, match="service_goes_on"):
        close_controller.propose_closing(office, admin.actor, "espoo", office.today() + timedelta(days=1))


def test_a_restored_backup_does_not_bring_the_controller_back(tmp_path: Path, sqlite_url: str) -> None:
    apart: dict[str, Any] = {"ledger_dir": tmp_path / "ledger", "controller_keys_dir": tmp_path / "own"}
    here = make.office(tmp_path, sqlite_url, **apart)
    filled(here, "espoo")
    engine_of(here).dispose()
    shutil.copyfile(sqlite_url.removeprefix("sqlite:///"), tmp_path / "backup.db")
    shutil.copytree(tmp_path / "data", tmp_path / "backup")
    shutil.copytree(tmp_path / "own", tmp_path / "own-backup")
    closed(here)
    engine_of(here).dispose()
    for name, backup in (("data", "backup"), ("own", "own-backup")):  # even the keys' own backup is put back
        shutil.rmtree(tmp_path / name)
        shutil.copytree(tmp_path / backup, tmp_path / name)
    again = make.office(tmp_path, f"sqlite:///{tmp_path / 'backup.db'}", **apart)
    assert close_controller.survey(again, "espoo")[0].rows > 0
    assert wiring.replay(again).closed == 1
    assert close_controller.survey(again, "espoo")[0].rows == 0
    assert list(again.vault.ids("espoo")) == []
    assert again.keys.destroyed("espoo")
    assert "espoo" not in make.office(tmp_path, f"sqlite:///{tmp_path / 'backup.db'}", **apart).registers


def test_every_table_is_removed_or_left_for_a_reason(sqlite_office: Office) -> None:
    with reading(engine_of(sqlite_office)) as db:
        named = {table.name for table, _rule in Controllers(db, None)._theirs("espoo")}  # type: ignore[arg-type]
    # jobs are asked for one by one, and there are none here
    assert named | {"job"} | set(LEFT) == set(metadata.tables)
    assert named & set(LEFT) == set()


@pytest.mark.parametrize("fault", ["password", "code", "login", "disabled"])
def test_who_cannot_prove_themselves_does_nothing_on_the_command_line(
    office: Office, clock: make.Clock, fault: str
) -> None:
    dpo = make.clerk(office, "tietosuoja", Role.DPO)
    if fault == "disabled":
        with office.writing() as work:
            work.staff.disable(dpo.actor.id, office.now())
    with pytest.raises(Forbidden):
        prove_staff(
            office,
            "espoo",
            "joku" if fault == "login" else dpo.login,
            "väärä" if fault == "password" else dpo.password,
            "000000" if fault == "code" else dpo.code(clock()),
        )


def test_who_proves_themselves_acts_in_that_controller_with_their_roles(office: Office, clock: make.Clock) -> None:
    dpo = make.clerk(office, "tietosuoja", Role.DPO)
    actor = prove_staff(office, "espoo", dpo.login, dpo.password, dpo.code(clock()))
    assert (actor.id, actor.controller, actor.roles) == (dpo.actor.id, "espoo", frozenset({Role.DPO}))
    assert prove_with_the_same_code(office, dpo, clock) is Forbidden


def prove_with_the_same_code(office: Office, dpo: make.Clerk, clock: Callable[[], object]) -> type[Exception] | None:
    try:
        prove_staff(office, "espoo", dpo.login, dpo.password, dpo.code(clock()))  # type: ignore[arg-type]
    except Forbidden:
        return Forbidden
    return None


def test_a_new_master_key_wraps_everything_anew_and_all_still_opens(tmp_path: Path, sqlite_url: str) -> None:
    here = make.office(tmp_path, sqlite_url)
    filled(here, "espoo")
    KeyRing.load(tmp_path / "keys.json").rotated(tmp_path / "keys.json")
    later = make.office(tmp_path, sqlite_url)
    assert later.keys.current == 2
    done = rewrap(later, SYSTEM, "espoo")
    assert (done.files, done.keys, done.damaged) == (1, 2, ())
    assert rewrap(later, SYSTEM, "espoo").files == rewrap(later, SYSTEM, "espoo").keys == 0
    ref = next(iter(_refs(later)))
    with later.reading() as work:
        assert work.cases.open(ref, SYSTEM).applicant.name
    for made in later.vault.ids("espoo"):
        size, read = later.vault.open("espoo", made)
        assert len(b"".join(read(0, size))) == size


def _refs(here: Office) -> list[str]:
    with reading(engine_of(here)) as db:
        return list(db.scalars(select(cases.c.ref)))


def test_a_ring_that_cannot_be_had_stops_the_start(tmp_path: Path, sqlite_url: str) -> None:
    with pytest.raises(BadSettings, match=r"PORTAL_KEYS_FILE.*no NOWHERE"):
        make.office(tmp_path, sqlite_url, keys={"kind": "environment", "variable": "NOWHERE"})
