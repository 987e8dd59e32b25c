"""The whole portal for browser journeys: both faces, the identity provider and the worker, as `make demo` has them."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from config import Settings
from portal import wiring
from portal.demo import run
from portal.demo.identity import provider
from portal.jobs import runner
from portal.services.office import Office


@dataclass(frozen=True)
class Running:
    """Where the faces are, the office behind them, and the demo's clerks by sign-in name."""

    citizen: str
    staff: str
    identity: str
    office: Office
    clerks: dict[str, dict[str, str]]
    folder: Path

    @property
    def origins(self) -> frozenset[str]:
        return frozenset(address.removeprefix("http://") for address in (self.citizen, self.staff, self.identity))

    def code(self, login: str) -> str:
        """The clerk's one-time code of this moment."""
        return pyotp.TOTP(self.clerks[login]["secret"]).at(datetime.now(UTC))


@contextmanager
def running_portal(folder: Path) -> Iterator[Running]:
    """Prepare the demo in `folder` and serve it on free ports of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_DEMO_DIR", str(folder))
        for name in ("citizen", "staff", "identity"):
            patch.setenv(f"PORTAL_DEMO_{name.upper()}_PORT", str(_free_port()))
        for name, value in run.environment().items():
            patch.setenv(name, value)
        run.prepare()
        settings = Settings()
        office = wiring.build_office(settings)
        servers = {
            "citizen": wiring.create_app(settings.model_copy(update={"faces": "citizen"}), office),
            "staff": wiring.create_app(settings.model_copy(update={"faces": "staff"}), office),
            "identity": provider(),
        }
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        stop = threading.Event()
        threads = [threading.Thread(target=runner.loop, args=(office, "browser-tests", stop), daemon=True)]
        made = {name: make_server("127.0.0.1", run.port(name), app, threaded=True) for name, app in servers.items()}
        threads += [threading.Thread(target=server.serve_forever, daemon=True) for server in made.values()]
        for thread in threads:
            thread.start()
        clerks = {one["login"]: one for one in json.loads((folder / "clerks.json").read_text(encoding="utf-8"))}
        with office.writing() as work:
            for account in work.staff.everyone():
                work.staff.commit(account.id, office.now())
        at = {name: f"http://127.0.0.1:{run.port(name)}" for name in servers}
        yield Running(at["citizen"], at["staff"], at["identity"], office, clerks, folder)
        stop.set()
        _close(made)


def _close(servers: dict[str, BaseWSGIServer]) -> None:
    for server in servers.values():
        server.shutdown()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
