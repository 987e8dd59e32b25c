"""Calls as an Asterisk exchange notes them: the CDR table, read by an account that may only read.

The wall clock in `start` is whatever the exchange was set to; the unique id begins with the epoch second. The instant
is taken from the id, and the difference betrays a wrong time zone. A row is written when its call ends, so rows appear
behind others that began later: each reading goes back by the hours that a call may last.
"""

import json
import re
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Engine, RowMapping, String, and_, column, create_engine, or_, select, table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portal.adapters.recordings.listing import Listed
from portal.adapters.recordings.manifest import segment
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.times import NoSuchHour, instants
from portal.domain.recording import Denied, Refused, SegmentMeta, Transient

_EPOCH = re.compile(r"(?:^|-)(\d{9,10})\.\d+$")
_WALL = "%Y-%m-%d %H:%M:%S"


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
        skews = [skew for _, skew in made if skew is not None]
        done = len(found) <= limit
        return Listed(
            rows=[(str(self._profile.cdr.get("table", "cdr")), 0, one) for one, _ in made],
            cursor=self._cursor_after(rows, after, seen, done),
            done=done,
            skew=round(statistics.median(skews)) if skews else None,
        )

    def _read_row(self, row: RowMapping) -> tuple[SegmentMeta | Refused, float | None]:
        """The call of a row at its true instant, and by how many seconds the wall clock was ahead of it."""
        told = {ours: _text(row[theirs]) for ours, theirs in self._profile.columns.items()}
        told["call_uid"] = told.get("call_uid") or str(row["uniqueid"])
        made = segment(told, 0, self._profile)
        epoch = _EPOCH.search(str(row["uniqueid"]))
        if epoch is None or isinstance(made, Refused):
            return made, None
        true = datetime.fromtimestamp(int(epoch[1]), UTC)
        begun = replace(made, start=true, end=true + (made.end - made.start), local_ambiguous=False, other_start=None)
        try:
            walls = instants(datetime.strptime(told["start"], _WALL), ZoneInfo(self._profile.zone))
        except (NoSuchHour, ValueError):
            return begun, None
        return begun, min(((wall - true).total_seconds() for wall in walls), key=abs)

    def _query(self, engine: Engine, after: tuple[str, str], limit: int) -> Any:
        kind: Any = DateTime() if engine.dialect.name == "postgresql" else String()
        start, uid = column("start", kind), column("uniqueid", String())
        at = datetime.fromisoformat(after[0]) if engine.dialect.name == "postgresql" else after[0]
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
                self._made = create_engine(self._url_file.read_text("utf-8").strip(), pool_pre_ping=True)
            yield self._made
        except OSError as error:
            raise Denied(f"{self._url_file.name}: {error.strerror}") from None
        except DBAPIError as error:
            raise Transient(f"the exchange's database: {type(error.orig).__name__}") from None
        except SQLAlchemyError as error:
            raise Denied(f"the exchange's database: {type(error).__name__}") from None


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
