"""The search for a call, as statements that are made once for each number of windows: each clerk's page and each filing
runs them, and making one anew takes as long as the search of ten million recordings.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, Integer, bindparam, select, union_all

from portal.store.prepared import Prepared
from portal.store.recording_states import GONE
from portal.store.tables import recording

Window = tuple[datetime, datetime]


def by_number(db: Connection, register: str, key: int, windows: Sequence[Window], limit: int) -> list[Any]:
    """The rows of the calls from or to a number (its keyed digest) that begin in one of the windows (instants)."""
    return _rows(db, ("caller_key", "other_key"), register, key, windows, limit)


def by_service(db: Connection, register: str, service: str, windows: Sequence[Window], limit: int) -> list[Any]:
    """The rows of the calls to a service number (E.164) that begin in one of the windows."""
    return _rows(db, ("service",), register, service, windows, limit)


def _rows(
    db: Connection, columns: tuple[str, ...], register: str, value: Any, windows: Sequence[Window], limit: int
) -> list[Any]:
    values = {"register": register, "value": value, "most": limit}
    for n, (begin, end) in enumerate(windows):
        values |= {f"begin{n}": milliseconds(begin), f"end{n}": milliseconds(end)}
    return list({row.id: row for row in _statement(columns, len(windows)).rows(db, values)}.values())


@cache
def _statement(columns: tuple[str, ...], windows: int) -> Prepared:
    """One part for each column and window, so that each is answered from the column's own index."""
    parts = [
        select(recording).where(
            recording.c.register == bindparam("register"),
            recording.c[column] == bindparam("value"),
            recording.c.start_ms.between(_at(f"begin{n}"), _at(f"end{n}")),
            recording.c.state < GONE,
        )
        for n in range(windows)
        for column in columns
    ]
    return Prepared(union_all(*parts).limit(bindparam("most", type_=Integer)))


def _at(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger)


def milliseconds(instant: datetime) -> int:
    """The instant as the index keeps it: whole milliseconds since 1970."""
    return int(instant.timestamp() * 1000)
