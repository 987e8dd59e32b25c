"""The command line: what it prints, and how it ends."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text

from portal import cli, wiring
from portal.adapters import clock as clock_port
from portal.domain.access import Role
from portal.services.office import Office
from portal.services.ports import Term
from tests import make
from tests.store.raw import without_triggers

CASES = Path(__file__).parent / "data" / "deadline-cases.json"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of `flask` on the installation of `sqlite_office`."""
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    monkeypatch.setattr(cli, "settings", lambda: make.settings(tmp_path, url))
    monkeypatch.setattr(wiring, "build_office", lambda _settings: sqlite_office)
    runner = cli.command_line().test_cli_runner()
    return lambda *words, **more: runner.invoke(args=list(words), **more)


def test_deadlines_explain_agrees_with_every_given_case(run: Run) -> None:
    given: Any = json.loads(CASES.read_text(encoding="utf-8"))
    cases = given["cases"] if isinstance(given, dict) else given
    result = run("deadlines", "explain", "--json", str(CASES))
    assert result.exit_code == 0, result.output
    derived = json.loads(result.output)
    assert len(derived) == len(cases) > 50
    for case, found in zip(cases, derived, strict=True):
        expected = case.get("expected", case)
        for field in ("due", "extended_due", "effective_due", "internal_due"):
            if field in expected:
                assert found[field] == expected[field], case


@pytest.mark.parametrize("shape", ["array", "object"])
def test_deadlines_explain_reads_an_array_or_an_object_of_cases(run: Run, tmp_path: Path, shape: str) -> None:
    cases = [{"received": "2026-01-31T10:00:00Z"}, {"received": "2026-06-18T09:00:00Z", "extended": True}]
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(cases if shape == "array" else {"cases": cases}), encoding="utf-8")
    result = run("deadlines", "explain", "--json", str(file))
    assert [found["effective_due"] for found in json.loads(result.output)] == ["2026-03-02", "2026-09-18"]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ('[{"received": "yesterday"}]', "case 0: received"),
        ('[{"received": "2026-01-31T10:00:00Z"}, {}]', "case 1: received"),
        ('{"no": "cases"}', "an array of cases is wanted"),
        ("[1]", "case 0: an object is wanted"),
        ("not json", "Expecting value"),
    ],
)
def test_deadlines_explain_says_what_is_wrong_with_its_input(run: Run, tmp_path: Path, given: str, why: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(given, encoding="utf-8")
    result = run("deadlines", "explain", "--json", str(file))
    assert result.exit_code == 1
    assert why in result.output
    assert "Traceback" not in result.output


def test_registers_check_finds_the_five_valid(run: Run) -> None:
    result = run("registers", "check")
    assert result.exit_code == 0
    assert "5 registers are valid." in result.output


def test_registers_check_fails_with_file_key_and_reason(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "registers"
    folder.mkdir()
    whole = (cli.REGISTERS / "espoo.toml").read_text(encoding="utf-8")
    (folder / "espoo.toml").write_text(whole.replace('period = "P6M"', 'period = "half a year"', 1), encoding="utf-8")
    result = run("registers", "check", "--dir", str(folder))
    assert result.exit_code == 1
    assert "espoo.toml" in result.output
    assert "period" in result.output
    assert "half a year" in result.output


def test_registers_list_gives_one_object_a_register(run: Run) -> None:
    found = json.loads(run("registers", "list", "--json").output)
    assert {one["id"] for one in found} == {"espoo", "janakkala", "pikkujatti", "pk_terveys", "te_kaakkois_suomi"}
    wanted = {
        "id", "controller", "sector", "retention", "legal_bases", "rights", "languages", "delivery",
        "service_target_days",
    }  # fmt: skip
    assert all(wanted <= set(one) for one in found)
    espoo = next(one for one in found if one["id"] == "espoo")
    assert espoo["retention"]["customer_service"] == "P6M"


def test_audit_verify_passes_a_whole_trail(run: Run, sqlite_office: Office) -> None:
    make.filed(sqlite_office)
    result = run("audit", "verify")
    assert result.exit_code == 0, result.output
    assert result.output == "3 rows, every chain whole.\n"


def test_audit_verify_names_the_first_bad_row_and_the_lost_triggers(run: Run, sqlite_office: Office) -> None:
    make.filed(sqlite_office)
    with without_triggers(sqlite_office) as connection:
        connection.execute(text("UPDATE audit SET actor = 'x' WHERE seq = 2"))
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "triggers missing: audit_update" in result.output
    assert "2: was changed" in result.output


def test_a_dry_run_of_retention_counts_and_touches_nothing(run: Run, sqlite_office: Office, clock: make.Clock) -> None:
    ids = make.recorded(sqlite_office, make.segment())
    clock.move(days=1000)
    result = run("retention", "run", "--dry-run")
    assert result.exit_code == 0
    assert "espoo: 1 would go, 0 deleted" in result.output
    with sqlite_office.reading() as work:
        assert work.recordings.many(ids)[ids[0]].state == 0
    assert "espoo: 1 condemned, 1 deleted" in run("retention", "run").output


def test_staff_add_prints_a_link_that_opens_once(run: Run, sqlite_office: Office) -> None:
    words = ("staff", "add", "anni", "--name", "Anni Testi", "--register", "espoo", "--role", "handler")
    result = run(*words)
    assert result.exit_code == 0, result.output
    link = result.output.strip()
    assert link.startswith("http://127.0.0.1:8010/fi/staff/link/")
    token = link.rsplit("/", 1)[1]
    with sqlite_office.reading() as work:
        assert work.staff.of_link(sqlite_office.credentials.hash_link_token(token), sqlite_office.now()) is not None
    assert "link not used yet" in run("staff", "list").output


def test_staff_link_prints_a_link_for_a_known_account(run: Run, sqlite_office: Office) -> None:
    make.clerk(sqlite_office, "anni", Role.HANDLER)
    link = run("staff", "link", "anni").output.strip()
    with sqlite_office.reading() as work:
        found = work.staff.of_link(
            sqlite_office.credentials.hash_link_token(link.rpartition("/")[2]), sqlite_office.now()
        )
    assert found is not None
    assert found.login == "anni"


def test_staff_compromised_has_the_password_changed(run: Run, sqlite_office: Office) -> None:
    make.clerk(sqlite_office, "anni", Role.HANDLER)
    assert run("staff", "compromised", "anni").exit_code == 0
    with sqlite_office.reading() as work:
        account = work.staff.by_login("anni")
    assert account is not None
    assert account.compromised


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("staff", "add", "x", "--name", "X", "--register", "turku", "--role", "handler"), "no such register: turku"),
        (("staff", "add", "x", "--name", "X", "--register", "espoo", "--role", "king"), "king"),
        (("staff", "disable", "nobody"), "no such account"),
        (("staff", "link", "nobody"), "no such account"),
        (("staff", "compromised", "nobody"), "no such account"),
        (("worker", "retry", "1"), "no dead job of that number"),
    ],
)
def test_a_command_that_cannot_be_done_says_so(run: Run, words: tuple[str, ...], why: str) -> None:
    result = run(*words)
    assert result.exit_code != 0
    assert why in result.output


def test_worker_once_runs_what_is_due(run: Run, sqlite_office: Office) -> None:
    make.filed(sqlite_office)
    assert run("worker", "once").output == "1 jobs done.\n"
    assert run("worker", "jobs").output == "done: 1\n"


def test_db_check_is_satisfied_with_this_versions_schema(run: Run) -> None:
    assert run("db", "check").exit_code == 0


def test_doctor_finds_a_new_installation_healthy(run: Run, sqlite_office: Office) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "audit trail: ok" in result.output
    assert "letters are not sealed" in result.output


def test_doctor_names_a_shortening_that_waits_and_finds_no_fault(run: Run, sqlite_office: Office) -> None:
    with sqlite_office.writing() as work:
        work.retention.add("espoo", Term("customer_service", 1, "P2Y", make.NOON, None, None, make.NOON))
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "retention: espoo customer_service: P6M waits for two people, P2Y stands" in result.output


def test_the_check_sheet_of_a_register_is_written_and_of_no_other(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    assert run("letters", "calibration", "espoo", str(file), "--language", "sv").exit_code == 0
    assert file.read_bytes().startswith(b"%PDF")
    assert "no such register" in run("letters", "calibration", "absent", str(file)).output


def test_the_clock_is_the_machines_own() -> None:
    here = clock_port.now()
    assert here.utcoffset() == timedelta(0)
    assert replace(make.Clock(), at=here)() == here


def test_keys_at_a_broker_are_made_shown_and_changed_by_command(run: Run) -> None:
    fresh = run("keys", "new", "--for", "demo")
    assert "is there already" in fresh.output
    shown = json.loads(run("keys", "show-public", "--for", "demo").stdout)
    assert [key["use"] for key in shown["keys"]] == ["sig", "enc"]
    assert not any(set(key) & {"d", "p", "q"} for key in shown["keys"])
    assert "Nothing to do." in run("keys", "status").output or "A year old" in run("keys", "status").output
    assert "beside the old" in run("keys", "rotate", "--for", "demo").output
    early = run("keys", "rotate", "--for", "demo")
    assert early.exit_code == 1
    assert "flask keys show-public --for demo" in early.output
    assert len(json.loads(run("keys", "show-public", "--for", "demo").stdout)["keys"]) == 3
    assert run("keys", "rotate", "--for", "demo", "--compromised").exit_code == 0
    status = run("keys", "status")
    assert status.exit_code == 0
    assert "sig current" in status.output


def test_keys_of_an_unknown_provider_or_of_nothing_are_refused(run: Run, tmp_path: Path) -> None:
    assert "Known: demo" in run("keys", "rotate", "--for", "bank").output
    assert run("keys", "new").exit_code == 2
    (tmp_path / "data" / "client-demo.jwks").unlink()
    status = run("keys", "status")
    assert status.exit_code == 1
    assert "flask keys new --for demo" in status.output
    assert "Made" in run("keys", "new", "--for", "demo").output


def test_staff_recorder_says_who_an_account_is_in_the_recorder(run: Run, sqlite_office: Office) -> None:
    anni, boss = (make.clerk(sqlite_office, login, Role.HANDLER).actor.id for login in ("anni", "pomo"))
    done = run("staff", "recorder", "anni", "--register", "espoo", "--name", "neuvoja 11", "--supervisor", "pomo")
    assert done.exit_code == 0, done.output
    with sqlite_office.reading() as work:
        assert work.listeners.standing("espoo", anni).own == {"neuvoja 11"}
        assert work.listeners.standing("espoo", boss).supervised == {"neuvoja 11"}
    refused = run("staff", "recorder", "pomo", "--register", "espoo", "--name", "NEUVOJA 11")
    assert refused.exit_code == 1
    assert "another account has this name in the recorder: NEUVOJA 11" in refused.output
    assert run("staff", "recorder", "nobody", "--register", "espoo").exit_code == 1
