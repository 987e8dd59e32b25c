"""Calls as an Asterisk exchange notes them: the CDR table, read by an account that may only read.

The wall clock in `start` is whatever the exchange was set to; the unique id begins with the epoch second. The instant
is taken from the id, and the difference betrays a wrong time zone. A row is written when its call ends, so rows appear
behind others that began later: each reading goes back by the hours that a call may last.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    DateTime,
    Engine,
    RowMapping,
    String,
    and_,
    cast,
    column,
    create_engine,
    event,
    false,
    make_url,
    or_,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portal.adapters.recordings.listing import Listed
from portal.adapters.recordings.manifest import segment
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.unique_id import by_unique_id, usual
from portal.domain.phone import Number, normalise
from portal.domain.recording import Denied, Refused, SegmentMeta, Transient

_WALL = "%Y-%m-%d %H:%M:%S"
_WRONG_ZONE = timedelta(hours=14)
_LAST, _PAGE = 4, 500  # digits by which the database narrows; rows read at a time
PATIENCE = 30
"""Seconds that one question to the exchange's database may take."""


class CdrListing:
    """The rows of a CDR table in SQLite or PostgreSQL, in the order (start, uniqueid). `url_file` holds the database's
    address with its password, so that neither stands in the profile."""

    def __init__(self, profile: Profile, url_file: Path) -> None:
        self._profile, self._url_file = replace(profile, date_format=_WALL), url_file
        self._made: Engine | None = None

    def read(self, cursor: str | None, limit: int) -> Listed:
        """The rows after the cursor that were not read before, at most `limit`."""
        after, seen = _cursor(cursor)
        with self._connected() as engine, engine.connect() as connection:
            found = connection.execute(self._query(engine, after, limit + 1)).mappings().all()
        rows = found[:limit]
        new = [row for row in rows if str(row["uniqueid"]) not in seen]
        made = [self._read_row(row) for row in new]
        done = len(found) <= limit
        return Listed(
            rows=[(str(self._profile.cdr.get("table", "cdr")), 0, one) for one, _ in made],
            cursor=self._cursor_after(rows, after, seen, done),
            done=done,
            skew=usual(skew for _, skew in made),
        )

    def search(
        self, numbers: frozenset[str], service: str, begin: datetime, end: datetime, limit: int
    ) -> list[SegmentMeta]:
        """The calls that began in [begin, end) from or to any of the numbers, or, where none is given, to the service.

        The database narrows by the wall clock, some hours wider than asked because it may be wrong, and by the last
        digits, which are the same however a number is written; each row is then read as a harvest reads it."""
        zone = ZoneInfo(self._profile.zone)
        first, last = (
            (at.astimezone(zone).replace(tzinfo=None) + timedelta(seconds=self._profile.skew_seconds) + wider)
            for at, wider in ((begin, -_WRONG_ZONE), (end, _WRONG_ZONE))
        )
        after, found = (first.strftime(_WALL), ""), list[SegmentMeta]()
        with self._connected() as engine, engine.connect() as connection:
            narrow = and_(self._start(engine) <= _wall(engine, last.strftime(_WALL)), self._ends_as(numbers, service))
            while len(found) < limit:
                rows = connection.execute(self._query(engine, after, _PAGE).where(narrow)).mappings().all()
                made = (self._read_row(row)[0] for row in rows)
                found += [one for one in made if _fits(one, numbers, service, begin, end)]
                if len(rows) < _PAGE:
                    break
                after = (_text(rows[-1]["start"]), str(rows[-1]["uniqueid"]))
        return found[:limit]

    def _ends_as(self, numbers: frozenset[str], service: str) -> ColumnElement[bool]:
        """The rows whose number ends as one of those that are looked for, or whose queue answers the service."""
        columns = self._profile.columns
        of = ("caller", "other_number") if numbers else ("service_number",)
        places = [cast(column(columns[one]), String) for one in of if one in columns]
        ends = [place.like(f"%{number[-_LAST:]}") for place in places for number in numbers or (service,)]
        queues = [name for name, number in self._profile.services.items() if _number(number) == service and not numbers]
        if queues and "queue" in columns:
            ends.append(column(columns["queue"]).in_(queues))
        return or_(false(), *ends)

    def _start(self, engine: Engine) -> ColumnClause[Any]:
        kind: Any = DateTime() if engine.dialect.name == "postgresql" else String()
        return column("start", kind)

    def _read_row(self, row: RowMapping) -> tuple[SegmentMeta | Refused, float | None]:
        """The call of a row at its true instant, and by how many seconds the wall clock was ahead of it."""
        told = {ours: _text(row[theirs]) for ours, theirs in self._profile.columns.items()}
        told["call_uid"] = told.get("call_uid") or str(row["uniqueid"])
        made = segment(told, 0, self._profile)
        return (made, None) if isinstance(made, Refused) else by_unique_id(made, str(row["uniqueid"]))

    def _query(self, engine: Engine, after: tuple[str, str], limit: int) -> Any:
        start, uid, at = self._start(engine), column("uniqueid", String()), _wall(engine, after[0])
        named: list[Any] = [
            column(name) for name in sorted(set(self._profile.columns.values()) - {"start", "uniqueid"})
        ]
        return (
            select(start, uid, *named)
            .select_from(table(str(self._profile.cdr.get("table", "cdr"))))
            .where(or_(start > at, and_(start == at, uid > after[1])))
            .order_by(start, uid)
            .limit(limit)
        )

    def _cursor_after(self, rows: Any, after: tuple[str, str], seen: dict[str, str], done: bool) -> str:
        """Where to read on: behind the last row, or once all is read, back by as long as a row may be late."""
        for row in rows:
            seen[str(row["uniqueid"])] = _text(row["start"])
        if not seen:
            return json.dumps([*after, {}])
        newest = max(seen.values())
        floor = (datetime.fromisoformat(newest) - timedelta(hours=self._profile.late_hours)).strftime(_WALL)
        kept = {uid: start for uid, start in seen.items() if start >= floor}
        if done:
            place = (floor, "")
        else:
            place = (_text(rows[-1]["start"]), str(rows[-1]["uniqueid"]))
        return json.dumps([*place, kept])

    @contextmanager
    def _connected(self) -> Iterator[Engine]:
        try:
            if self._made is None:
                self._made = _engine(self._url_file.read_text("utf-8").strip())
            yield self._made
        except OSError as error:
            raise Denied(f"{self._url_file.name}: {error.strerror}") from None
        except DBAPIError as error:
            raise Transient(f"the exchange's database: {type(error.orig).__name__}") from None
        except SQLAlchemyError as error:
            raise Denied(f"the exchange's database: {type(error).__name__}") from None


def _engine(url: str) -> Engine:
    """An engine that can only read, and that a slow or silent database does not hold up for ever."""
    if make_url(url).get_backend_name() == "postgresql":
        options = f"-c statement_timeout={PATIENCE * 1000:.0f} -c default_transaction_read_only=on"
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": options})
    made = create_engine(url, pool_pre_ping=True)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA query_only = ON"))
    return made


def _wall(engine: Engine, text: str) -> datetime | str:
    return datetime.fromisoformat(text) if engine.dialect.name == "postgresql" else text


def _fits(
    one: SegmentMeta | Refused, numbers: frozenset[str], service: str, begin: datetime, end: datetime
) -> TypeGuard[SegmentMeta]:
    if isinstance(one, Refused):
        return False
    starts = (one.start, one.other_start or one.start)
    asked = bool(numbers & {one.caller, one.other_number}) if numbers else one.service_number == service
    return asked and any(begin <= start < end for start in starts)


def _number(text: str) -> str:
    found = normalise(text)
    return found.e164 if isinstance(found, Number) else ""


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).strftime(_WALL)
    return "" if value is None else str(value).strip()


def _cursor(text: str | None) -> tuple[tuple[str, str], dict[str, str]]:
    """A cursor that cannot be read means: from the beginning, which is always safe."""
    try:
        start, uid, seen = json.loads(text or "null")
        datetime.fromisoformat(start)
        return (start, str(uid)), {str(k): str(v) for k, v in seen.items()}
    except (ValueError, TypeError, AttributeError):
        return ("1970-01-01 00:00:00", ""), {}
