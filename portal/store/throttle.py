"""Who must wait before trying again: by a keyed digest of an address, a user name or an account, never by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.services.ports import Tries
from portal.store.crypto import Cipher
from portal.store.tables import throttle


class Throttle:
    """The waits of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def of(self, kind: str, who: str, now: datetime) -> Tries:
        """What is remembered, locked until the unit ends."""
        key = self._key(kind, who)
        new = self._insert(throttle).values(key=key, failures=0, failed_at=now, wait_until=None)
        self._db.execute(new.on_conflict_do_nothing())
        row = self._db.execute(select(throttle).where(throttle.c.key == key).with_for_update()).one()
        return Tries(row.failures, row.failed_at, row.wait_until)

    def keep(self, kind: str, who: str, tries: Tries) -> None:
        self._db.execute(update(throttle).where(throttle.c.key == self._key(kind, who)).values(**vars(tries)))

    def forget(self, kind: str, who: str) -> None:
        self._db.execute(delete(throttle).where(throttle.c.key == self._key(kind, who)))

    def sweep(self, before: datetime) -> int:
        """Remove what began before an instant."""
        return self._db.execute(delete(throttle).where(throttle.c.failed_at < before)).rowcount

    def _key(self, kind: str, who: str) -> str:
        return self._cipher.token("portal", "throttle", f"{kind}|{who}")
