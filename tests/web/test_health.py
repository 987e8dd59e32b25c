"""How the portal is, for monitoring: codes and numbers, and only for who shows the token."""

from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from config import BadSettings
from portal import wiring
from portal.jobs import periodic
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.make import Clock

TOKEN = "a-token-of-forty-characters-for-a-monitor"


def told(folder: Path, token: str = TOKEN, mode: int = 0o600) -> Path:
    file = folder / "health.token"
    file.write_text(token + "\n", "utf-8")
    file.chmod(mode)
    return file


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office, compiled_templates: FileSystemBytecodeCache) -> Portal:
    settings = make.settings(tmp_path, sqlite_url, faces="staff", health_token_file=told(tmp_path))
    made = wiring.create_app(settings, office)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made


def ask(app: Portal, token: str = TOKEN) -> tuple[int, object]:
    answer = app.test_client().get("/health", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.get_json(silent=True)


def test_it_is_well_while_the_worker_looks_and_nothing_stands(app: Portal, office: Office) -> None:
    periodic.look_for_alarms(office)
    assert ask(app) == (200, {"status": "ok", "alarms": {}})


def test_a_hold_that_is_late_and_a_silent_worker_turn_it_red_and_name_nobody(
    app: Portal, office: Office, clock: Clock
) -> None:
    make.recorded(office, make.segment(), custody="unreachable")
    ref = make.filed(office).ref
    clock.move(days=5)
    periodic.look_for_alarms(office)
    status, body = ask(app)
    assert (status, body) == (503, {"status": "alarm", "alarms": {"late": 1}})
    assert ref not in str(body)
    clock.move(minutes=5)
    assert ask(app)[1] == {"status": "alarm", "alarms": {"late": 1, "worker_silent": 1}}


@pytest.mark.parametrize("token", ["", "another-token-of-forty-characters-and-more", TOKEN[:-1], TOKEN + "é"])
def test_without_the_token_there_is_no_such_page(app: Portal, token: str) -> None:
    assert ask(app, token)[0] == 404
    assert app.test_client().get("/health").status_code == 404


def test_where_no_token_is_set_nothing_opens_it(tmp_path: Path, sqlite_url: str, office: Office) -> None:
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office)
    made.testing = True
    assert ask(made, "")[0] == 404


@pytest.mark.parametrize(("token", "mode"), [(TOKEN, 0o644), ("short", 0o600)])
def test_a_weak_or_open_token_stops_the_start(
    tmp_path: Path, sqlite_url: str, office: Office, token: str, mode: int
) -> None:
    settings = make.settings(tmp_path, sqlite_url, health_token_file=told(tmp_path, token, mode))
    with pytest.raises(BadSettings, match="PORTAL_HEALTH_TOKEN_FILE"):
        wiring.create_app(settings, office)
