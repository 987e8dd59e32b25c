"""The port of sessions: who stands at a browser, what is under way there, and what ends it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from portal.services.ports.values import Session


class Sessions(Protocol):
    """The sessions of one unit of work."""

    def open(self, cookie: str, face: str, idle: timedelta, now: datetime) -> Session | None:
        """The live session of a cookie: not ended, not idle too long, of this face."""

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

    def save(self, session: Session, now: datetime) -> None:
        """Write back data and the time of the last visit."""

    def seen(self, key: str, now: datetime) -> None:
        """Note a visit."""

    def renew(self, session: Session, auth_at: datetime, now: datetime) -> str | None:
        """A new id for a session that goes on after its person proved anew who they are; the old id is worthless.

        Its end, its beginning and the provider's session stay. None: it has ended meanwhile."""

    def of_subject(self, subject: str, face: str, idle: timedelta, now: datetime) -> tuple[Session, ...]:
        """The live sessions of a person or staff member at a face, the one seen last first."""

    def ended(self, cookie: str, face: str, idle: timedelta, now: datetime) -> Session | None:
        """The session of a cookie that has ended by time and is still remembered; None for a live one."""

    def close(self, key: str) -> None:
        """A session was found to have ended by time: it stays so if the clock is set back."""

    def end(self, key: str) -> None:
        """End a session; its pending sign-ins go with it."""

    def end_all_of(self, subject: str) -> int:
        """End every session of a person or staff member."""

    def end_by_provider(self, provider_key: str) -> int:
        """End the sessions that stand on a provider's session; returns how many there were."""

    def sweep(self, now: datetime, idle: Mapping[str, timedelta]) -> int:
        """Close what has ended (`idle`: by face); remove what nobody had entered, and what was last seen three hours
        ago. Returns how many were removed."""

    def keep_pending(self, session_key: str, state: str, pending: dict[str, Any], now: datetime) -> None:
        """Remember a sign-in that has been sent to the provider; the oldest beyond five are dropped."""

    def spend_pending(self, session_key: str, state: str, now: datetime) -> dict[str, Any] | None:
        """The pending sign-in of this state in this session, deleted as it is read."""
