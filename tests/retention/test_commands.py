"""The commands of retention, keys and closing: what they say, and how they end."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from portal import cli, wiring
from portal.adapters.vault.keys import KeyRing
from portal.domain.access import SYSTEM, Role
from portal.services.dispose import dispose_due
from portal.services.office import Office
from tests import make
from tests.store.raw import without_triggers

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of `flask` on the installation of `sqlite_office`."""
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    monkeypatch.setattr(cli, "settings", lambda: make.settings(tmp_path, url))
    monkeypatch.setattr(wiring, "build_office", lambda _settings: sqlite_office)
    runner = cli.command_line().test_cli_runner()
    return lambda *words, **more: runner.invoke(args=list(words), **more)


def erased(here: Office, clock: make.Clock) -> None:
    make.recorded(here, make.segment(), make.segment())
    clock.move(days=800)
    assert dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 2


def test_replay_says_what_it_found(run: Run, sqlite_office: Office, clock: make.Clock) -> None:
    erased(sqlite_office, clock)
    result = run("retention", "replay")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("2 entries: 0 recordings erased again, 0 wait for their source")


def test_audit_verify_follows_the_tombstones_and_the_ledger(
    run: Run, sqlite_office: Office, clock: make.Clock, tmp_path: Path
) -> None:
    erased(sqlite_office, clock)
    assert run("audit", "verify").exit_code == 0
    file = tmp_path / "data" / "ledger" / "erasures.jsonl"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text(lines[1], "utf-8")
    result = run("audit", "verify")
    assert (result.exit_code, "line 1 of the erasure ledger" in result.output) == (1, True)
    assert "erasure ledger: line 1" in run("doctor").output
    file.write_text("".join(lines), "utf-8")
    with without_triggers(sqlite_office) as connection:
        connection.exec_driver_sql("UPDATE tombstone SET verified = 0 WHERE id = 2")
    result = run("audit", "verify")
    assert (result.exit_code, "first bad row: tombstone 2: was changed" in result.output) == (1, True)


def test_closing_alone_counts_and_touches_nothing(run: Run, sqlite_office: Office) -> None:
    make.recorded(sqlite_office, make.segment())
    result = run("controllers", "close", "espoo")
    assert result.exit_code == 0, result.output
    assert "espoo: 0 cases (0 open), 1 recordings (0 held), 0 files" in result.output
    assert not sqlite_office.keys.destroyed("espoo")


def test_closing_by_two_people(run: Run, sqlite_office: Office, clock: make.Clock, tmp_path: Path) -> None:
    make.recorded(sqlite_office, make.segment())
    admin = make.clerk(sqlite_office, "yllapito", Role.ADMINISTRATOR)
    dpo = make.clerk(sqlite_office, "tietosuoja", Role.DPO)
    typed = f"{admin.password}\n{admin.code(clock())}\n"
    result = run("controllers", "close", "espoo", "--propose", admin.login, "--ended", "2026-06-01", input=typed)
    assert (result.exit_code, "by 2026-12-01" in result.output) == (0, True), result.output
    assert admin.password not in result.output
    clock.move(minutes=1)
    wrong = run("controllers", "close", "espoo", "--carry-out", dpo.login, input=f"väärä\n{dpo.code(clock())}\n")
    assert (wrong.exit_code, sqlite_office.keys.destroyed("espoo")) == (1, False)
    typed = f"{dpo.password}\n{dpo.code(clock())}\ny\n"
    result = run("controllers", "close", "espoo", "--carry-out", dpo.login, input=typed)
    assert result.exit_code == 0, result.output
    assert sqlite_office.keys.destroyed("espoo")
    assert not (tmp_path / "data" / "uploads" / "espoo").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [(("nowhere",), "no such register"), (("espoo", "--propose", "x"), "--ended DAY"),
     (("espoo", "--propose", "x", "--ended", "2026-06-01", "--carry-out", "y"), "or neither")],
)  # fmt: skip
def test_closing_with_half_the_words_is_refused(run: Run, words: tuple[str, ...], why: str) -> None:
    result = run("controllers", "close", *words)
    assert result.exit_code != 0
    assert why in result.output


def test_a_new_master_key_is_made_and_everything_wrapped_under_it(
    run: Run, sqlite_office: Office, tmp_path: Path, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.recorded(sqlite_office, make.segment())
    make.filed(sqlite_office)
    result = run("keys", "next")
    assert (result.exit_code, result.output.startswith("Master key 2")) == (0, True), result.output
    assert KeyRing.load(tmp_path / "keys.json").current == 2
    later = _later(tmp_path, clock)
    monkeypatch.setattr(wiring, "build_office", lambda _settings: later)
    result = run("keys", "rewrap")
    assert result.exit_code == 0, result.output
    assert "espoo: 0 files, 2 keys of people and cases" in result.output


def _later(folder: Path, clock: make.Clock) -> Office:
    """The installation after a restart: the ring is read anew."""
    settings = make.settings(folder, f"sqlite:///{folder / 'portal.db'}")
    return _BUILD(settings, clock)


_BUILD = wiring.build_office


def test_a_proposal_for_a_service_that_goes_on_is_refused(run: Run, sqlite_office: Office, clock: make.Clock) -> None:
    admin = make.clerk(sqlite_office, "yllapito", Role.ADMINISTRATOR)
    day = (clock() + timedelta(days=2)).date().isoformat()
    typed = f"{admin.password}\n{admin.code(clock())}\n"
    result = run("controllers", "close", "espoo", "--propose", admin.login, "--ended", day, input=typed)
    assert (result.exit_code, "has not ended yet" in result.output) == (1, True), result.output
