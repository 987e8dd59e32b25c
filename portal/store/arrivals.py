"""What came from another site without our cookie, kept until the browser that it belongs to fetches it, once.

Only an open pending sign-in can become an arrival, so nobody fills this table from outside. The handle is kept as
its digest; content is sealed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from portal.store.crypto import Cipher
from portal.store.sessions import digest
from portal.store.tables import arrival, pending_login

_EVERYBODY = "sessions"


class Arrivals:
    """The arrivals of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def answered(self, state: str, provider: str, now: datetime) -> tuple[str, dict[str, Any]] | None:
        """The session that began a sign-in of this state at this provider, and the sign-in, which is spent by it.

        None when there is none, it has expired, or it was begun at another provider (whose it stays)."""
        key = digest(state)
        mine = pending_login.c.key == key
        row = self._db.execute(select(pending_login.c.session, pending_login.c.sealed).where(mine)).first()
        if row is None:
            return None
        found: dict[str, Any] = self._cipher.open_field(_EVERYBODY, row.sealed, f"session|{key}")
        if found["provider"] != provider:
            return None
        spent = self._db.execute(delete(pending_login).where(mine).returning(pending_login.c.expires_at)).first()
        return (row.session, found) if spent and spent.expires_at > now else None

    def keep(self, session_key: str, handle: str, content: dict[str, Any], until: datetime) -> None:
        """Keep something for a session (an empty key: for whoever brings the handle)."""
        key = digest(handle)
        sealed = self._cipher.field(_EVERYBODY).seal_json(content, f"arrival|{key}")
        self._db.execute(arrival.insert().values(key=key, session=session_key, sealed=sealed, expires_at=until))

    def fetch(self, session_key: str, handle: str, now: datetime) -> dict[str, Any] | None:
        """What waits under this handle for this session, deleted as it is read. Another session spends nothing."""
        key = digest(handle)
        row = self._db.execute(
            delete(arrival)
            .where(arrival.c.key == key, arrival.c.session == session_key)
            .returning(arrival.c.sealed, arrival.c.expires_at)
        ).first()
        if row is None or row.expires_at <= now:
            return None
        found: dict[str, Any] = self._cipher.open_field(_EVERYBODY, row.sealed, f"arrival|{key}")
        return found

    def sweep(self, now: datetime) -> int:
        """Remove what nobody fetched."""
        return self._db.execute(delete(arrival).where(arrival.c.expires_at <= now)).rowcount
