"""Statements that every page runs: compiled once, and run by the driver itself.

What SQLAlchemy does around a statement takes many times longer than what the database does for one of these.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError

Reader = Callable[[Any], Any]
Compiled = tuple[str, list[str] | None, list[tuple[int, Reader]]]
"""The text, the order of its values where the driver has no names for them, and what reads which column."""


class Prepared:
    """A SELECT with named text parameters."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        names = [str(column.key) for column in statement.selected_columns]
        self._row = namedtuple("Row", names)  # type: ignore[misc]  # its fields are the statement's columns
        self._compiled: dict[str, Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, str]) -> list[Any]:
        """All rows, each column as its type says; raises what SQLAlchemy raises where the driver fails."""
        dialect = connection.dialect
        sql, order, readers = self._compiled.get(dialect.name) or self._compile(dialect)
        driver: Any = dialect.loaded_dbapi
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(sql, values if order is None else [values[name] for name in order])
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
        made = self._compiled[dialect.name] = str(compiled), compiled.positiontup, readers
        return made
