"""Listening stations: opened with a random key of which only the digest is kept, found by it, and ended for good."""

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select, update

from portal.services.ports.stations import Seat
from portal.store.tables_station import visit_session


class Stations:
    """The stations of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def start(self, register: str, appointment: str, by: str, ends_at: datetime, now: datetime) -> str:
        """Open a station in place of the appointment's earlier one; returns the key, which is kept nowhere."""
        self.close(appointment, now)
        key = secrets.token_urlsafe(32)
        self._db.execute(
            visit_session.insert().values(
                id=uuid4().hex, register=register, appointment=appointment, key_digest=_digest(key), opened_by=by,
                opened_at=now, ends_at=ends_at,
            )
        )  # fmt: skip
        return key

    def of_key(self, key: str) -> Seat | None:
        """The station that a key was given for, open or not."""
        row = self._db.execute(select(visit_session).where(visit_session.c.key_digest == _digest(key))).first()
        return _seat(row) if row else None

    def of_appointment(self, appointment: str) -> tuple[Seat, ...]:
        """The appointment's stations, the earliest first."""
        mine = select(visit_session).where(visit_session.c.appointment == appointment)
        return tuple(_seat(row) for row in self._db.execute(mine.order_by(visit_session.c.opened_at)))

    def close(self, appointment: str, now: datetime) -> bool:
        """End the appointment's station; False where none was open. One that had ended by itself ended then."""
        mine = update(visit_session).where(
            visit_session.c.appointment == appointment, visit_session.c.closed_at.is_(None)
        )
        self._db.execute(mine.where(visit_session.c.ends_at <= now).values(closed_at=visit_session.c.ends_at))
        return self._db.execute(mine.values(closed_at=now)).rowcount > 0


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _seat(row: Any) -> Seat:
    return Seat(row.id, row.register, row.appointment, row.opened_by, row.opened_at, row.ends_at, row.closed_at)
