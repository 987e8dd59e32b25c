"""The keys that sign what was given, from the command line: made, changed, shown, and wanted at the start."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from config import BadSettings
from portal import cli, wiring_delivery
from tests import make

Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "manifest-keys.json"


@pytest.fixture
def run(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    found = make.settings(tmp_path, "sqlite:///none.db", manifest_keys=file)
    monkeypatch.setattr(cli, "settings", lambda: found)
    runner = cli.command_line().test_cli_runner()
    return lambda *words: runner.invoke(args=["keys", "manifest", *words])


def test_the_keys_are_made_once_changed_and_shown(run: Run, file: Path) -> None:
    assert run("new", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run("new", str(file)).exit_code == 1
    before = json.loads(run("show-public").output)["keys"]
    done = run("rotate")
    assert "1 stay published" in done.output
    after = json.loads(run("show-public").output)["keys"]
    assert after[1:] == before
    assert after[0]["kid"] in done.output
    assert not any("d" in one for one in after)


@pytest.mark.parametrize("command", ["rotate", "show-public"])
def test_without_keys_the_command_says_which_file_it_wants(run: Run, file: Path, command: str) -> None:
    done = run(command)
    assert done.exit_code == 1
    assert str(file) in done.output


def test_the_portal_does_not_start_without_the_keys_that_it_names(tmp_path: Path, file: Path) -> None:
    with pytest.raises(BadSettings, match="PORTAL_MANIFEST_KEYS"):
        wiring_delivery.manifest_keys(make.settings(tmp_path, "sqlite:///none.db", manifest_keys=file))


def test_the_demo_makes_its_own_and_keeps_them(tmp_path: Path) -> None:
    found = make.settings(tmp_path, "sqlite:///none.db")
    first = wiring_delivery.manifest_keys(found).public_keys()
    assert wiring_delivery.manifest_keys(found).public_keys() == first
