"""Statements that every page runs: compiled once, and run by the driver itself.

What SQLAlchemy does around a statement takes many times longer than what the database does for one of these.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Insert, Select
from sqlalchemy.exc import DBAPIError

Rows = Sequence[Mapping[str, Any]]
Reader = Callable[[Any], Any]
Compiled = tuple[str, list[str] | None, dict[str, Any], list[tuple[int, Reader]]]
"""The text, the order of its values where the driver has no names for them, the values that never change, and what
reads which column."""


class Prepared:
    """A SELECT with named parameters, whose values the driver takes as they are (texts and whole numbers)."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        self._statement = statement
        names = [str(column.key) for column in statement.selected_columns]
        self._row = namedtuple("Row", names)  # type: ignore[misc]  # its fields are the statement's columns
        self._compiled: dict[str, Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, str | int]) -> list[Any]:
        """All rows, each column as its type says; raises what SQLAlchemy raises where the driver fails."""
        dialect = connection.dialect
        sql, order, constants, readers = self._compiled.get(dialect.name) or self._compile(dialect)
        given = {**constants, **values}
        driver: Any = dialect.loaded_dbapi
        cursor: Any = connection.connection.cursor()
        try:
            placed: Any = given if order is None else tuple(given[name] for name in order)
            for hear in connection.dispatch.before_cursor_execute:  # as for every other statement
                hear(connection, cursor, sql, placed, None, False)
            cursor.execute(sql, placed)
            found = [list(row) for row in cursor.fetchall()]
        except driver.Error as error:
            raise DBAPIError.instance(sql, None, error, driver.Error, dialect=dialect) from error
        finally:
            cursor.close()
        for row in found:
            for place, read in readers:
                row[place] = read(row[place])
        return [self._row(*row) for row in found]

    def _compile(self, dialect: Dialect) -> Compiled:
        compiled: Any = self._statement.compile(dialect=dialect)
        readers: list[tuple[int, Reader]] = []
        for place, column in enumerate(self._statement.selected_columns):
            read = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if read is not None:
                readers.append((place, read))
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        made = self._compiled[dialect.name] = str(compiled), compiled.positiontup, constants, readers
        return made


class PreparedInsert:
    """An INSERT of many rows at once, whose values the driver takes as they are. `columns`: what each row has."""

    def __init__(self, statements: Mapping[str, Insert], columns: Sequence[str]) -> None:
        """One statement for each kind of database, by the dialect's name."""
        self._statements, self._columns = statements, columns
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def many(self, connection: Connection, rows: Rows) -> int:
        """Write them; how many were new. Raises what SQLAlchemy raises where the driver fails."""
        dialect = connection.dialect
        sql, order = self._compiled.get(dialect.name) or self._compile(dialect)
        driver: Any = dialect.loaded_dbapi
        cursor: Any = connection.connection.cursor()
        try:
            cursor.executemany(sql, rows if order is None else [tuple(row[name] for name in order) for row in rows])
            return int(cursor.rowcount)
        except driver.Error as error:
            raise DBAPIError.instance(sql, None, error, driver.Error, dialect=dialect) from error
        finally:
            cursor.close()

    def _compile(self, dialect: Dialect) -> tuple[str, list[str] | None]:
        compiled: Any = self._statements[dialect.name].compile(dialect=dialect, column_keys=list(self._columns))
        made = self._compiled[dialect.name] = str(compiled), compiled.positiontup
        return made
