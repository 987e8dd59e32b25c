"""The port of what comes from another site without our cookie: sign-in answers by post, logouts on their way back."""

from datetime import datetime
from typing import Any, Protocol


class Arrivals(Protocol):
    """The arrivals of one unit of work."""

    def answered(self, state: str, provider: str, now: datetime) -> tuple[str, dict[str, Any]] | None:
        """The session that began a sign-in of this state at this provider, and the sign-in, which is spent by it."""

    def keep(self, session_key: str, handle: str, content: dict[str, Any], until: datetime) -> None:
        """Keep something for a session (an empty key: for whoever brings the handle)."""

    def fetch(self, session_key: str, handle: str, now: datetime) -> dict[str, Any] | None:
        """What waits under this handle for this session, deleted as it is read. Another session spends nothing."""

    def sweep(self, now: datetime) -> int:
        """Remove what nobody fetched."""
