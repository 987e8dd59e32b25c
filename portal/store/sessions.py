"""Server-side sessions and pending sign-ins. The cookie holds a random id; here stands only its digest.

Ended rows are dead everywhere at once. A pending sign-in is spent by state *and* session together, once, within ten
minutes; a session keeps at most five.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, or_, select, update

from portal.services.ports import Session
from portal.store.crypto import Cipher
from portal.store.prepared import Prepared
from portal.store.tables import login_session, pending_login

_PENDING_LIFE = timedelta(minutes=10)
_PENDING_MOST = 5
_CLOCKS_DIFFER = timedelta(minutes=5)
_EVERYBODY = "sessions"
_OPEN = Prepared(
    select(login_session).where(login_session.c.key == bindparam("of"), login_session.c.face == bindparam("at"))
)


class Sessions:
    """The sessions of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def open(self, cookie: str, face: str, idle: timedelta, now: datetime) -> Session | None:
        """The live session of a cookie: not ended, not idle too long, of this face."""
        rows = _OPEN.rows(self._db, {"of": digest(cookie), "at": face})
        return live(rows[0], self._cipher, idle, now) if rows else None

    def start(
        self,
        face: str,
        subject: str | None,
        data: dict[str, Any],
        ends_at: datetime,
        auth_at: datetime | None,
        now: datetime,
    ) -> str:
        """A new session; returns the cookie's value, which is kept nowhere."""
        cookie = secrets.token_urlsafe(32)
        key = digest(cookie)
        self._db.execute(
            login_session.insert().values(
                key=key, face=face, subject=subject, created_at=now, seen_at=now, ends_at=ends_at, auth_at=auth_at,
                sealed=self._seal(key, data),
            )
        )  # fmt: skip
        return cookie

    def save(self, session: Session, now: datetime) -> None:
        """Write back data and the time of the last visit."""
        self._db.execute(
            update(login_session)
            .where(login_session.c.key == session.key)
            .values(sealed=self._seal(session.key, session.data), seen_at=now, auth_at=session.auth_at)
        )

    def seen(self, key: str, now: datetime) -> None:
        """Note a visit."""
        self._db.execute(update(login_session).where(login_session.c.key == key).values(seen_at=now))

    def end(self, key: str) -> None:
        """End a session; its pending sign-ins go with it."""
        self._db.execute(delete(pending_login).where(pending_login.c.session == key))
        self._db.execute(delete(login_session).where(login_session.c.key == key))

    def end_all_of(self, subject: str) -> int:
        """End every session of a person or staff member."""
        return self._db.execute(delete(login_session).where(login_session.c.subject == subject)).rowcount

    def sweep(self, now: datetime, idle: timedelta) -> int:
        """Remove rows that have ended."""
        self._db.execute(delete(pending_login).where(pending_login.c.expires_at <= now))
        ended = or_(login_session.c.ends_at <= now, login_session.c.seen_at <= now - idle)
        return self._db.execute(delete(login_session).where(ended)).rowcount

    def keep_pending(self, session_key: str, state: str, pending: dict[str, Any], now: datetime) -> None:
        """Remember a sign-in that has been sent to the provider; the oldest beyond five are dropped."""
        mine = (
            select(pending_login.c.key)
            .where(pending_login.c.session == session_key)
            .order_by(pending_login.c.expires_at.desc())
        )
        kept = list(self._db.scalars(mine))
        for old in kept[_PENDING_MOST - 1 :]:
            self._db.execute(delete(pending_login).where(pending_login.c.key == old))
        key = digest(state)
        self._db.execute(
            pending_login.insert().values(
                key=key, session=session_key, sealed=self._seal(key, pending), expires_at=now + _PENDING_LIFE
            )
        )

    def spend_pending(self, session_key: str, state: str, now: datetime) -> dict[str, Any] | None:
        """The pending sign-in of this state in this session, deleted as it is read."""
        key = digest(state)
        row = self._db.execute(
            delete(pending_login)
            .where(pending_login.c.key == key, pending_login.c.session == session_key)
            .returning(pending_login.c.sealed, pending_login.c.expires_at)
        ).first()
        if row is None or row.expires_at <= now:
            return None
        found: dict[str, Any] = self._cipher.open_field(_EVERYBODY, row.sealed, f"session|{key}")
        return found

    def _seal(self, key: str, data: dict[str, Any]) -> bytes:
        return self._cipher.field(_EVERYBODY).seal_json(data, f"session|{key}")


def live(row: Any, cipher: Cipher, idle: timedelta, now: datetime) -> Session | None:
    """The session of a row, unless it has ended, was idle too long, or was seen in the future."""
    seen = row.seen_at
    if row.ends_at <= now or seen + idle <= now or seen > now + _CLOCKS_DIFFER:
        return None
    data = cipher.open_field(_EVERYBODY, row.sealed, f"session|{row.key}")
    return Session(row.key, row.face, row.subject, row.created_at, seen, row.ends_at, row.auth_at, data)


def digest(secret: str) -> str:
    """SHA-256 of a random secret, as it is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
