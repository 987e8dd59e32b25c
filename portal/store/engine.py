"""Engines for the two databases, and the two kinds of unit of work: reading units cannot write.

SQLite: BEGIN IMMEDIATE for writing units (a plain BEGIN that reads and then writes fails at once when another writer
committed in between), WAL, and synchronous=FULL because these are legal acts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

_PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "cache_size=-65536",
)


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
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A unit that cannot write."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(postgresql_readonly=True)
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A unit that commits when the block ends and rolls back when it raises."""
    with engine.execution_options(write=True).connect() as connection, connection.begin():
        yield connection
