"""Engines for the two databases, and the two kinds of unit of work: reading units cannot write.

SQLite: BEGIN IMMEDIATE for writing units (a plain BEGIN that reads and then writes fails at once when another writer
committed in between), WAL, and synchronous=FULL because these are legal acts.

Writers of SQLite wait here and not in SQLite: its own waiting sleeps longer and longer, up to 100 ms, so that a job
which writes a thousand small units in a row would lock a citizen's filing out until it fails.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

_BUSY_MS = 10_000
_PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_MS}",
    "cache_size=-32768",
    "wal_autocheckpoint=16384",  # 64 MB: a harvest touches the same pages again and again
)


_PATIENCE = 20.0
"""Seconds a writing unit waits for its turn on SQLite, before "database is locked"."""


def make_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL address with the house's settings."""
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=8, max_overflow=24)
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(url, pool_size=8, max_overflow=24, pool_pre_ping=True)


def _sqlite_settings(dbapi: Any, _record: Any) -> None:
    dbapi.isolation_level = None  # the driver must not begin transactions itself
    for pragma in _PRAGMAS:
        dbapi.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """Begins on the driver's own connection: three of these stand in every page, and SQLAlchemy's way costs tenfold."""
    database: Any = connection.connection.dbapi_connection
    write = connection.get_execution_options().get("write", False)
    database.execute(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    if write:
        _begin_in_turn(connection, database)
    else:
        database.execute("BEGIN")


def _begin_in_turn(connection: Connection, database: Any) -> None:
    """BEGIN IMMEDIATE, asking again every few milliseconds while another writer is at work."""
    give_up = time.monotonic() + _PATIENCE
    database.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < give_up:
            try:
                database.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break  # not a matter of waiting
                time.sleep(random.uniform(0.001, 0.004))
    finally:
        database.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # raises what SQLAlchemy's callers know, or succeeds after all


@lru_cache(maxsize=32)
def _with(engine: Engine, option: str) -> Engine:
    """The same engine with an option set; made once, because it costs more than a statement."""
    return engine.execution_options(**{option: True})


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A unit that cannot write."""
    if engine.dialect.name == "postgresql":
        engine = _with(engine, "postgresql_readonly")
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A unit that commits when the block ends and rolls back when it raises."""
    with _with(engine, "write").connect() as connection, connection.begin():
        yield connection
