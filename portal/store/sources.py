"""What the harvest of each recording source has reached, and the rows it had to refuse."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.recording import RowRefusal
from portal.services.ports import Harvest, Refusal
from portal.services.ports.sources import SourceState
from portal.store.tables import harvest, import_refusal, recording
from portal.store.tables_sources import source_state

# What is so here, where it is noted that the source knows, and what the source then is. The conditions are literals
# so that they meet their partial indexes.
_STEPS: dict[str, tuple[ColumnElement[bool], Any, bool]] = {
    "hold": (literal_column("hold_count > 0"), recording.c.source_held, True),
    "release": (and_(literal_column("source_held"), recording.c.hold_count == 0), recording.c.source_held, False),
    "restrict": (literal_column("restricted"), recording.c.source_restricted, True),
    "open": (
        and_(literal_column("source_restricted"), recording.c.restricted.is_(False)),
        recording.c.source_restricted, False,
    ),
}  # fmt: skip


class Sources:
    """The harvest state of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def cursor(self, source: str) -> Any:
        """Where the last harvest stopped, in the source's own terms; None at the start."""
        return self._db.scalar(select(harvest.c.cursor).where(harvest.c.source == source))

    def reached(self, source: str, register: str, cursor: Any, loaded: int, now: datetime) -> None:
        values = {"cursor": cursor, "harvested_at": now}
        self._db.execute(
            self._insert(harvest)
            .values(source=source, register=register, loaded=loaded, **values)
            .on_conflict_do_update(index_elements=["source"], set_=values | {"loaded": harvest.c.loaded + loaded})
        )

    def refuse(self, register: str, refusals: tuple[RowRefusal, ...], now: datetime) -> None:
        """Keep what was refused; the same row refused again is one line."""
        for found in refusals:
            self._db.execute(
                self._insert(import_refusal)
                .values(
                    register=register, source=found.source, file=found.file[:200], line=found.line,
                    code=found.code.value, detail=found.detail[:200], at=now,
                )
                .on_conflict_do_nothing()
            )  # fmt: skip

    def progressed(
        self, source: str, register: str, progress: float | None, skew: int | None, newest: datetime | None
    ) -> None:
        """A batch was read: how far, what it betrayed of the clock, its newest call; an earlier fault is over."""
        values = {"fault": None, "detail": "", "fault_at": None}
        told = {"permille": None if progress is None else round(progress * 1000), "skew": skew, "newest": newest}
        self._state(source, register, values | {name: value for name, value in told.items() if value is not None})

    def failed(self, source: str, register: str, fault: str, detail: str, now: datetime) -> None:
        """The source could not be read."""
        self._state(source, register, {"fault": fault, "detail": detail[:200], "fault_at": now})

    def _state(self, source: str, register: str, values: dict[str, Any]) -> None:
        fresh = {"detail": ""} | values
        self._db.execute(
            self._insert(source_state)
            .values(source=source, register=register, **fresh)
            .on_conflict_do_update(index_elements=["source"], set_=values)
        )

    def states(self, register: str | None = None) -> tuple[SourceState, ...]:
        query = select(source_state).order_by(source_state.c.source)
        if register:
            query = query.where(source_state.c.register == register)
        return tuple(
            SourceState(
                row.source, row.register, None if row.permille is None else row.permille / 1000, row.skew, row.newest,
                row.fault, row.detail, row.fault_at,
            )
            for row in self._db.execute(query)
        )  # fmt: skip

    def behind(self, source: str, verb: str, limit: int) -> tuple[str, ...]:
        """Recordings on which the source has yet to be told: hold, release, restrict or open."""
        here, there, wanted = _STEPS[verb]
        query = select(recording.c.id).where(recording.c.source == source, here, there.is_(not wanted))
        return tuple(self._db.scalars(query.where(recording.c.state < 2).limit(limit)))

    def told(self, recording_id: str, verb: str) -> None:
        """The source has done so."""
        _, there, wanted = _STEPS[verb]
        self._db.execute(update(recording).where(recording.c.id == recording_id).values({there.name: wanted}))

    def harvests(self, register: str | None = None) -> tuple[Harvest, ...]:
        query = select(harvest).order_by(harvest.c.source)
        if register:
            query = query.where(harvest.c.register == register)
        return tuple(Harvest(row.source, row.register, row.harvested_at, row.loaded) for row in self._db.execute(query))

    def refusals(self, register: str | None = None, limit: int = 500) -> tuple[Refusal, ...]:
        """Refused rows, newest first."""
        query = select(import_refusal).order_by(import_refusal.c.id.desc()).limit(limit)
        if register:
            query = query.where(import_refusal.c.register == register)
        return tuple(
            Refusal(row.source, row.file, row.line, row.code, row.detail, row.at) for row in self._db.execute(query)
        )
