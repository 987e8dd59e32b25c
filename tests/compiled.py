"""One cache of compiled statements for all engines of a run.

Each test has an engine of its own; compiling the same statements anew for each takes a seventh of the suite's time.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_STATEMENTS: Any = LRUCache(4000)


class _Alike:
    """The cache asks whether a statement was compiled for the same dialect: two of one kind are the same here."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


def share() -> None:
    """From now on every new engine has the one cache."""
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__, dialect.__hash__ = _Alike.__eq__, _Alike.__hash__  # type: ignore[method-assign, assignment]  # alike
    begin = Engine.__init__

    def begun(engine: Engine, *arguments: Any, **options: Any) -> None:
        begin(engine, *arguments, **options)
        engine._compiled_cache = _STATEMENTS

    Engine.__init__ = begun  # type: ignore[method-assign, assignment]  # the same, and with the one cache
