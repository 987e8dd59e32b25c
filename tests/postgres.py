"""A private PostgreSQL server for the tests: Debian's binaries, a Unix socket only, nothing left behind."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

BINARIES = Path("/usr/lib/postgresql")


class Cluster:
    """A running server; makes and drops databases in it."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def url(self, name: str = "postgres") -> str:
        """The SQLAlchemy URL of one database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._home}"

    def create(self, template: str = "template0") -> str:
        """A new database, copied from the template: its name."""
        name = f"test_{uuid4().hex}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def close(self, name: str) -> None:
        """Let nobody connect any more, so that the database can only be copied."""
        self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)

    def drop(self, name: str) -> None:
        """Remove a database, its forgotten connections too."""
        self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(host=str(self._home), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def server_binaries() -> Path | None:
    """The folder of the newest server installed, if there is one."""
    return max(BINARIES.glob("*/bin"), key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def running_cluster(binaries: Path) -> Iterator[Cluster]:
    """A server of its own, for as long as the block runs."""
    # Not in pytest's folder: the server's user could not reach it. /tmp keeps the socket's path short.
    home = Path(tempfile.mkdtemp(prefix="kuuluu-pg-", dir="/tmp"))
    as_server: list[str] = []
    if os.geteuid() == 0:  # initdb and the server refuse to be root
        shutil.chown(home, "postgres")
        as_server = ["runuser", "-u", "postgres", "--"]

    def pg(program: str, *arguments: str) -> None:
        # Output goes to no pipe: the server would inherit it, and reading it would never end.
        command = [*as_server, str(binaries / program), "-D", f"{home}/data", *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    try:
        # The C locale keeps text in the same order as SQLite's.
        pg("initdb", "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "-N")
        settings = f"-k {home} -c listen_addresses='' -c fsync=off -c max_connections=200"
        pg("pg_ctl", "-w", "-l", f"{home}/log", "-o", settings, "start")
        try:
            yield Cluster(home)
        finally:
            pg("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
