"""What the harvest of each recording source has reached, and the rows it had to refuse."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.recording import RowRefusal
from portal.services.ports import Harvest, Refusal
from portal.store.tables import harvest, import_refusal


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
