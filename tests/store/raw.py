"""The way round every service: raw SQL, and a database whose triggers somebody has thrown away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from portal.services.office import Office
from portal.store.engine import writing

Raw = Callable[..., Any]


def engine_of(office: Office) -> Any:
    """The engine under the office's database port."""
    return office.book.engine  # type: ignore[attr-defined]  # the store's Book


def is_postgres(office: Office) -> bool:
    return bool(engine_of(office).dialect.name == "postgresql")


def run(office: Office, statement: str, **values: object) -> Any:
    """One statement in a writing unit of its own: its rows, or how many it touched."""
    with writing(engine_of(office)) as connection:
        result = connection.execute(text(statement), values)
        return result.all() if result.returns_rows else result.rowcount


@contextmanager
def without_triggers(office: Office) -> Iterator[Connection]:
    """A unit of somebody who owns the database and has thrown its triggers away."""
    with writing(engine_of(office)) as connection:
        if is_postgres(office):
            for table in ("audit", "cases", "tombstone"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
