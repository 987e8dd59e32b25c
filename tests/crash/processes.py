"""The real web server and the real worker as processes of their own, which can be killed without warning.

They come from a fork server that has the imports done: a start after a kill then takes a moment and not seconds.
What runs afterwards is `gunicorn wsgi:app` and `flask worker run` as in production.
"""

import multiprocessing
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["portal.cli", "portal.wiring", "gunicorn.app.wsgiapp"])
WEB_WORKERS = 2
PATIENCE = 60.0


def serve(environment: dict[str, str], port: int, log: Path) -> None:
    """gunicorn wsgi:app"""
    _become(environment, log)
    from gunicorn.app import wsgiapp

    sys.argv = [
        "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", str(WEB_WORKERS), "--threads", "2",
        "--worker-class", "gthread",
    ]  # fmt: skip
    wsgiapp.run()


def work(environment: dict[str, str], log: Path) -> None:
    """flask worker run"""
    _become(environment, log)
    from portal import cli

    cli.worker.main(["run"], standalone_mode=False)


def _become(environment: dict[str, str], log: Path) -> None:
    os.setsid()  # a group of its own, so that all of it can be killed at once
    os.environ.update(environment)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for standard in (1, 2):
        os.dup2(out, standard)


@dataclass
class Portal:
    """A running portal: web on `port`, and one worker."""

    environment: dict[str, str]
    folder: Path
    port: int = field(default_factory=lambda: free_port())
    kills: dict[str, int] = field(default_factory=dict)
    _web: BaseProcess | None = None
    _worker: BaseProcess | None = None

    def start_web(self) -> None:
        self._web = _CONTEXT.Process(target=serve, args=(self.environment, self.port, self.folder / "web.log"))
        self._web.start()

    def start_worker(self) -> None:
        self._worker = _CONTEXT.Process(target=work, args=(self.environment, self.folder / "worker.log"))
        self._worker.start()

    def kill(self, victim: str) -> None:
        """kill -9: `web` the whole server, `web_worker` one of its processes, `worker` the background worker.

        The whole server and the worker are started again; gunicorn replaces its own.
        """
        self.kills[victim] = self.kills.get(victim, 0) + 1
        if victim == "web_worker":
            children = _children(self._web)
            if children:
                _kill(children[self.kills[victim] % len(children)])
        elif victim == "web":
            _kill_group(self._web)
            self.start_web()
        else:
            _kill_group(self._worker)
            self.start_worker()

    def stop(self) -> None:
        """The end of the trial: kill what still runs."""
        _kill_group(self._web)
        _kill_group(self._worker)

    def wait_until_it_answers(self) -> None:
        """Until the port is open."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the web server does not start: " + (self.folder / "web.log").read_text("utf-8")[-2000:])


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children(process: BaseProcess | None) -> list[int]:
    if process is None or process.pid is None:
        return []
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _kill_group(process: BaseProcess | None) -> None:
    """Kill a process and all it started, and wait until it is gone."""
    if process is None or process.pid is None:
        return
    children = _children(process)
    _kill(process.pid)
    for child in children:
        _kill(child)
    process.join(10)
