"""A private PostgreSQL server for the tests: Debian's binaries, a Unix socket only, nothing left behind."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
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

    def connect(self, name: str = "postgres") -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection as the server's owner, each statement by itself."""
        return psycopg.connect(host=str(self._home), user="postgres", dbname=name, autocommit=True)

    def _run(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class Standing:
    """One database with our schema that is emptied for each test: copying the template anew takes a hundred times
    longer. A test that changed the schema itself leaves one behind that is thrown away."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster, self._template = cluster, template
        self._make()

    def fresh(self) -> str:
        """The URL of the database, empty, nobody else connected."""
        with self._connected() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            same = self._shape(connection) == self._made
            if same:
                connection.execute(
                    "SET session_replication_role = replica"
                )  # append-only and foreign keys do not count
                connection.execute(self._empty)
        if not same:
            self._cluster.drop(self._name)
            self._make()
        return self._cluster.url(self._name)

    def _make(self) -> None:
        self._name = self._cluster.create(self._template)
        with self._connected() as connection:
            self._made = self._shape(connection)
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            counters = connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()
        tables = [
            sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in found if name != "alembic_version"
        ]
        restarts = [sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)) for (name,) in counters]
        self._empty = sql.SQL("; ").join([*tables, *restarts])

    def _connected(self) -> "psycopg.Connection[tuple[Any, ...]]":
        return self._cluster.connect(self._name)

    @staticmethod
    def _shape(connection: "psycopg.Connection[tuple[Any, ...]]") -> Any:
        return connection.execute(
            "SELECT (SELECT md5(string_agg(tgname::text || tgenabled::text, ',' ORDER BY oid)) FROM pg_trigger),"
            " (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute),"
            " (SELECT count(*) FROM pg_constraint)"
        ).fetchone()


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
