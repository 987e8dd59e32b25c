"""The trail can only grow, and whoever gets round that is found out."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.services.office import Office
from portal.store import audit_trail
from portal.store.engine import reading
from portal.store.triggers import ensure_triggers, missing_triggers
from tests import make
from tests.store.raw import Raw, engine_of, is_postgres, run, without_triggers

COLUMNS = "id, chain, seq, prev, at, actor_kind, actor, register, action, object, payload_hash, hash"
REFUSED = "append-only|needs its event"


def fault(office: Office) -> audit_trail.Fault | None:
    with reading(engine_of(office)) as connection:
        return audit_trail.verify(connection)


def test_no_row_of_the_trail_can_be_changed_or_taken_out(office: Office, case_id: str, raw: Raw) -> None:
    again = f"INSERT INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM audit WHERE true"
    for statement in (
        "UPDATE audit SET actor = 'x'",
        "UPDATE audit SET hash = hash WHERE seq = 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq > 1",
        f"{again} ON CONFLICT (chain, seq) DO UPDATE SET actor = 'x'",
        f"{again} ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ):
        with pytest.raises(DBAPIError, match=REFUSED):
            raw(statement)
    assert fault(office) is None


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT OR REPLACE INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM audit",
        f"REPLACE INTO audit ({COLUMNS}) SELECT id + 1000, {COLUMNS[4:]} FROM audit",
        "UPDATE OR REPLACE audit SET seq = 2",
    ],
)
def test_sqlites_replace_finds_no_way_round(sqlite_url: str, tmp_path: Path, statement: str) -> None:
    here = make.office(tmp_path, sqlite_url)
    make.filed(here)
    with pytest.raises(DBAPIError, match=REFUSED):
        run(here, statement)
    engine_of(here).dispose()


@pytest.mark.parametrize("table", ["audit", "tombstone", "audit, tombstone"])
def test_postgresqls_truncate_is_refused(postgresql_url: str, tmp_path: Path, table: str) -> None:
    here = make.office(tmp_path, postgresql_url)
    with pytest.raises(DBAPIError, match=REFUSED):
        run(here, f"TRUNCATE {table}")
    engine_of(here).dispose()


def test_a_case_cannot_be_born_without_its_event(case_id: str, raw: Raw) -> None:
    columns = (
        "register, state, kind, language, person, received_at, internal_due, clock, keeping, sort_on, event_seq,"
        " data_key, label, body"
    )
    with pytest.raises(DBAPIError, match=REFUSED):
        raw(f"INSERT INTO cases (id, ref, submission, {columns}) SELECT 'new', 'R-1', 'new', {columns} FROM cases")


def test_a_state_cannot_change_without_its_event(case_id: str, raw: Raw) -> None:
    for change in (
        "state = 'in_hand'",
        "state = 'withdrawn', done_at = received_at",
        "state = 'in_hand', event_seq = event_seq + 1",
        "event_seq = event_seq - 1",
        "event_seq = 1, state = 'asked'",
    ):
        with pytest.raises(DBAPIError, match=REFUSED):
            raw(f"UPDATE cases SET {change}")


def test_a_case_cannot_be_replaced_by_one_in_another_state(sqlite_url: str, tmp_path: Path) -> None:
    here = make.office(tmp_path, sqlite_url)
    make.filed(here)
    columns = (
        "id, register, ref, submission, kind, language, person, received_at, internal_due, clock, keeping, sort_on,"
        " event_seq, data_key, label, body"
    )
    with pytest.raises(DBAPIError, match=REFUSED):
        run(here, f"INSERT OR REPLACE INTO cases (state, {columns}) SELECT 'in_hand', {columns} FROM cases")
    engine_of(here).dispose()


def test_a_whole_trail_has_no_fault(office: Office, case_id: str) -> None:
    assert fault(office) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("actor = 'somebody'", "was changed"),
        ("action = 'taken_up'", "was changed"),
        ("payload_hash = 'ff'", "was changed"),
        ("hash = 'ff'", "was changed"),
        ("prev = 'ff'", "does not follow the row before it"),
    ],
)
def test_verify_names_the_first_row_that_was_changed(office: Office, case_id: str, change: str, why: str) -> None:
    with without_triggers(office) as connection:
        connection.execute(text(f"UPDATE audit SET {change} WHERE chain = :chain AND seq >= 2"), chain(case_id))
    found = fault(office)
    assert found is not None
    assert (found.chain, found.seq, found.why) == (f"case:{case_id}", 2, why)


def test_verify_finds_a_row_that_was_moved_in_time(office: Office, case_id: str) -> None:
    with without_triggers(office) as connection:
        earlier = "2020-01-01 00:00:00.000000" + ("+00" if is_postgres(office) else "")
        connection.execute(text(f"UPDATE audit SET at = '{earlier}' WHERE seq = 1 AND chain = :chain"), chain(case_id))
    assert fault(office) == audit_trail.Fault(f"case:{case_id}", 1, "was changed")


def test_verify_finds_a_row_deleted_from_the_middle(office: Office, case_id: str) -> None:
    with without_triggers(office) as connection:
        connection.execute(text("DELETE FROM audit WHERE chain = :chain AND seq = 1"), chain(case_id))
    assert fault(office) == audit_trail.Fault(f"case:{case_id}", 2, "gap before this row")


def test_verify_finds_a_tail_that_was_cut(office: Office, case_id: str) -> None:
    with without_triggers(office) as connection:
        connection.execute(text("DELETE FROM audit WHERE chain = :chain AND seq > 1"), chain(case_id))
    found = fault(office)
    assert found is not None
    assert (found.chain, found.why) == (f"case:{case_id}", "is missing from the end of the chain")


def test_verify_finds_two_chains_that_were_exchanged(office: Office, case_id: str) -> None:
    with without_triggers(office) as connection:
        connection.execute(text("UPDATE audit SET chain = 'case:other' WHERE chain = :chain"), chain(case_id))
    assert fault(office) == audit_trail.Fault("case:other", 1, "does not follow the row before it")


def test_triggers_that_are_gone_are_named_and_come_back(office: Office, case_id: str) -> None:
    with without_triggers(office) as connection:
        lost = missing_triggers(connection)
        assert {"cases_birth", "cases_state"} <= set(lost)
        assert any(name.startswith("audit_") for name in lost)
        ensure_triggers(connection)
        assert missing_triggers(connection) == ()


def test_erasing_a_cases_key_leaves_a_chain_that_still_verifies(office: Office, case_id: str, raw: Raw) -> None:
    raw("DELETE FROM audit_payload")
    assert fault(office) is None


def chain(case_id: str) -> dict[str, str]:
    return {"chain": f"case:{case_id}"}
