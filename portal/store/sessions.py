"""Server-side sessions and pending sign-ins. The cookie holds a random id; here stands only its digest.

Ended rows are dead everywhere at once: signed out or revoked they are gone, ended by time they are closed for good,
whatever the clock does then, and remembered a while so that a form sent too late finds its person.

A pending sign-in is spent by state *and* session together, once, within ten minutes; a session keeps at most five.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, or_, select, update

from portal.services.ports import Session
from portal.store.crypto import Cipher
from portal.store.prepared import Prepared
from portal.store.tables import login_session, pending_login

_PENDING_LIFE = timedelta(minutes=10)
_PENDING_MOST = 5
_CLOCKS_DIFFER = timedelta(minutes=5)
_REMEMBERED = timedelta(hours=3)
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
        provider_key: str | None = None,
    ) -> str:
        """A new session; returns the cookie's value, which is kept nowhere. `provider_key`: a digest of the
        provider's own session (at most 64 characters), by which the provider can end this one."""
        return self._add(
            face=face, subject=subject, created_at=now, seen_at=now, ends_at=ends_at, auth_at=auth_at,
            provider_key=provider_key, data=data,
        )  # fmt: skip

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

    def renew(self, session: Session, auth_at: datetime, now: datetime) -> str | None:
        """A new id for a session that goes on after its person proved anew who they are; the old id is worthless.

        Its end, its beginning and the provider's session stay. None: it has ended meanwhile."""
        old = self._db.execute(
            delete(login_session)
            .where(login_session.c.key == session.key, login_session.c.ends_at > now)
            .returning(login_session.c.created_at, login_session.c.ends_at, login_session.c.provider_key)
        ).first()
        if old is None:
            return None
        self._db.execute(delete(pending_login).where(pending_login.c.session == session.key))
        return self._add(
            face=session.face, subject=session.subject, created_at=old.created_at, seen_at=now, ends_at=old.ends_at,
            auth_at=auth_at, provider_key=old.provider_key, data=session.data,
        )  # fmt: skip

    def of_subject(self, subject: str, face: str, idle: timedelta, now: datetime) -> tuple[Session, ...]:
        """The live sessions of a person or staff member at a face, the one seen last first."""
        rows = self._db.execute(
            select(login_session)
            .where(login_session.c.subject == subject, login_session.c.face == face)
            .order_by(login_session.c.seen_at.desc())
        )
        return tuple(found for row in rows if (found := live(row, self._cipher, idle, now)))

    def ended(self, cookie: str, face: str, idle: timedelta, now: datetime) -> Session | None:
        """The session of a cookie that has ended by time and is still remembered; None for a live one."""
        rows = _OPEN.rows(self._db, {"of": digest(cookie), "at": face})
        if not rows or rows[0].auth_at is None or rows[0].seen_at + _REMEMBERED <= now:
            return None
        return None if live(rows[0], self._cipher, idle, now) else _session(rows[0], self._cipher)

    def close(self, key: str) -> None:
        """A session was found to have ended by time: it stays so if the clock is set back."""
        self._close(login_session.c.key == key)

    def end(self, key: str) -> None:
        """End a session; its pending sign-ins go with it."""
        self._db.execute(delete(pending_login).where(pending_login.c.session == key))
        self._db.execute(delete(login_session).where(login_session.c.key == key))

    def end_all_of(self, subject: str) -> int:
        """End every session of a person or staff member."""
        return self._end_where(login_session.c.subject == subject)

    def end_by_provider(self, provider_key: str) -> int:
        """End the sessions that stand on a provider's session; returns how many there were."""
        return self._end_where(login_session.c.provider_key == provider_key)

    def sweep(self, now: datetime, idle: Mapping[str, timedelta]) -> int:
        """Close what has ended (`idle`: by face); remove what nobody had entered, and what was last seen three hours
        ago. Returns how many were removed."""
        self._db.execute(delete(pending_login).where(pending_login.c.expires_at <= now))
        for face, longest in idle.items():
            too_long = login_session.c.seen_at <= now - longest
            self._close((login_session.c.face == face) & or_(login_session.c.ends_at <= now, too_long))
        closed = login_session.c.ends_at <= login_session.c.created_at
        spent = or_(login_session.c.auth_at.is_(None), login_session.c.seen_at <= now - _REMEMBERED)
        return self._db.execute(delete(login_session).where(closed, spent)).rowcount

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

    def _add(self, *, data: dict[str, Any], **columns: Any) -> str:
        cookie = secrets.token_urlsafe(32)
        key = digest(cookie)
        self._db.execute(login_session.insert().values(key=key, sealed=self._seal(key, data), **columns))
        return cookie

    def _close(self, which: ColumnElement[bool]) -> None:
        standing = login_session.c.ends_at > login_session.c.created_at
        self._db.execute(update(login_session).where(which, standing).values(ends_at=login_session.c.created_at))

    def _end_where(self, which: ColumnElement[bool]) -> int:
        these = select(login_session.c.key).where(which)
        self._db.execute(delete(pending_login).where(pending_login.c.session.in_(these)))
        return self._db.execute(delete(login_session).where(which)).rowcount

    def _seal(self, key: str, data: dict[str, Any]) -> bytes:
        return self._cipher.field(_EVERYBODY).seal_json(data, f"session|{key}")


def live(row: Any, cipher: Cipher, idle: timedelta, now: datetime) -> Session | None:
    """The session of a row, unless it has ended, was idle too long, or was seen in the future."""
    seen = row.seen_at
    if row.ends_at <= now or seen + idle <= now or seen > now + _CLOCKS_DIFFER:
        return None
    return _session(row, cipher)


def _session(row: Any, cipher: Cipher) -> Session:
    data = cipher.open_field(_EVERYBODY, row.sealed, f"session|{row.key}")
    return Session(row.key, row.face, row.subject, row.created_at, row.seen_at, row.ends_at, row.auth_at, data)


def digest(secret: str) -> str:
    """SHA-256 of a random secret, as it is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()
