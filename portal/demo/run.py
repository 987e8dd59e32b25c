"""`flask demo`: keys, database, calls, people and cases on this machine, and every process of the portal.

The first run makes everything under PORTAL_DEMO_DIR (var/demo); later ones start what is there. Ctrl-C stops all.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click

from config import HERE, Settings
from portal.adapters.identity import client_keys
from portal.adapters.letters.seal import make_seal
from portal.adapters.vault.keys import KeyRing
from portal.demo.calls import make_demo_archive
from portal.store import migrate

CLIENT = "kuuluu-demo"
_PORTS = {"citizen": 8000, "staff": 8010, "identity": 8020}


def folder() -> Path:
    """Where the demo keeps everything."""
    return Path(os.environ.get("PORTAL_DEMO_DIR", HERE / "var" / "demo"))


def messages() -> Path:
    """Where the demo's text messages and e-mails lie."""
    return folder() / "messages"


def port(name: str) -> int:
    """The port of a face or of the identity provider; PORTAL_DEMO_CITIZEN_PORT and so on choose another."""
    return int(os.environ.get(f"PORTAL_DEMO_{name.upper()}_PORT", _PORTS[name]))


def environment() -> dict[str, str]:
    """The demo's settings as environment variables."""
    home = folder()
    provider = {
        "id": "demo",
        "label": "Demotunnistus",
        "preset": "demo",
        "issuer": f"http://127.0.0.1:{port('identity')}",
        "client_id": CLIENT,
        "accepted": ["http://ftn.ficora.fi/2017/loatest2"],
        "service_name": "Kuuluu",
        "test": True,
    }
    seal = {"PORTAL_SEAL_KEY": str(home / "seal.key"), "PORTAL_SEAL_CERTIFICATE": str(home / "seal.pem")}
    return (seal if (home / "seal.pem").exists() else {}) | {
        "PORTAL_MODE": "demo",
        "PORTAL_DATABASE_URL": os.environ.get("PORTAL_DEMO_DATABASE_URL", f"sqlite:///{home / 'kuuluu.db'}"),
        "PORTAL_DATA_DIR": str(home / "data"),
        "PORTAL_KEYS_FILE": str(home / "keys.json"),
        "PORTAL_SOURCES_DIR": str(home / "archive"),
        "PORTAL_CITIZEN_URL": f"http://127.0.0.1:{port('citizen')}",
        "PORTAL_STAFF_URL": f"http://localhost:{port('staff')}",  # a name: passkeys know no bare numbers
        "PORTAL_PROVIDERS": json.dumps([provider]),
        "PORTAL_SMS": json.dumps({"kind": "console", "folder": str(messages())}),
        "PORTAL_EMAIL": json.dumps({"kind": "console", "folder": str(messages())}),
        "FLASK_SKIP_DOTENV": "1",
    }


def borrow_settings() -> None:
    """On the command line, where no settings are given and the demo has been started here: use the demo's."""
    given = any(name.startswith("PORTAL_") and not name.startswith("PORTAL_DEMO_") for name in os.environ)
    if not given and (folder() / "keys.json").exists():
        os.environ.update(environment())


@click.command()
@click.option("--prepare-only", is_flag=True, help="Make keys, database, calls and cases, and end.")
def demo(prepare_only: bool) -> None:
    """Start the whole portal on this machine with invented people and calls."""
    os.environ.update(environment())
    prepare()
    if prepare_only:
        return
    Processes().run()


def prepare() -> None:
    """Make what is missing; a second run changes nothing that people have done."""
    from portal.demo.cases import make_cases
    from portal.demo.clerks import make_clerks
    from portal.demo.visits import make_visits
    from portal.services.harvest import harvest
    from portal.wiring import build_office

    home = folder()
    (home / "data").mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    if not (home / "keys.json").exists():
        KeyRing.create(home / "keys.json")
    now = datetime.now(UTC)
    if not (home / "seal.pem").exists():
        make_seal(home / "seal.key", home / "seal.pem", "Kuuluu, demon sinetti", now)
    os.environ.update(environment())
    make_demo_archive(home / "archive", now)
    migrate.upgrade(os.environ["PORTAL_DATABASE_URL"])
    office = build_office(Settings())
    for source in office.sources:
        harvest(office, source)
    make_clerks(office, home / "clerks.json")
    make_cases(office, now)
    make_visits(office, now)


class Processes:
    """The demo's processes: the two faces, the identity provider and the worker; one falls, all stop."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False

    def run(self) -> None:
        """Start all, say where to click, and wait for Ctrl-C."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        flask = [sys.executable, "-m", "flask"]
        self._start("identity provider", [sys.executable, "-m", "portal.demo.identity"])
        self._start("worker", [*flask, "worker", "run"])
        for face in ("citizen", "staff"):
            self._start(f"{face} face", _gunicorn(port(face)), PORTAL_FACES=face)
        while not self._stopping and not all(_answers(port(name)) for name in _PORTS):
            self._stop_if_one_fell()
            time.sleep(0.2)
        click.echo(_guide())
        while not self._stopping:
            self._stop_if_one_fell()
            time.sleep(0.5)
        self._end_all()

    def _stop_if_one_fell(self) -> None:
        fallen = [name for name, process in self._running.items() if process.poll() is not None]
        if fallen and not self._stopping:
            click.echo(f"{fallen[0]} has ended by itself (see {folder() / 'log'}); stopping the rest.", err=True)
            self._end_all()
            raise SystemExit(1)

    def _start(self, name: str, command: list[str], **extra: str) -> None:
        logs = folder() / "log"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name.replace(' ', '-')}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, cwd=HERE, env={**os.environ, **extra}, stderr=log, start_new_session=True
            )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _end_all(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(number: int) -> bool:
    """Does something listen on this port of this machine?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", number)) == 0


def _gunicorn(number: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{number}", "--worker-class", "gthread",
        "--workers", "1", "--threads", "4", "--log-level", "warning",
    ]  # fmt: skip


def _guide() -> str:
    clerks = json.loads((folder() / "clerks.json").read_text(encoding="utf-8"))
    codes = f"http://127.0.0.1:{port('identity')}/codes"
    lines = [
        "",
        "Kuuluu is running. Everybody in it is invented; stop it with Ctrl-C.",
        "",
        f"  Citizens: http://127.0.0.1:{port('citizen')}/   (sign in as Tuulikki Soittola: she called Espoo)",
        f"  Staff:    http://localhost:{port('staff')}/fi/staff/",
        "",
        *(f"    {clerk['login']:12} {clerk['password']:24} {clerk['name']}, {clerk['title']}" for clerk in clerks),
        "",
        f"  One-time codes of the staff: {codes}",
        f"  Text messages: {codes.removesuffix('codes')}messages",
        f"  Logs: {folder() / 'log'}",
        "",
    ]
    return "\n".join(lines)


def client_jwks() -> dict[str, Any]:
    """The public halves of the portal's keys, as a broker would have them on its form; made when first asked for."""
    path = client_keys.key_file(folder() / "data", "demo")
    now = int(time.time())
    client_keys.make(path, now)
    return client_keys.publish(path, now)
