"""Accessibility feedback, sealed with the register's key."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from portal.domain.feedback import Feedback
from portal.domain.moments import helsinki
from portal.store.crypto import Cipher
from portal.store.tables import feedback


class FeedbackBook:
    """The accessibility feedback of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, given: Feedback) -> None:
        body = {"text": given.text, "reply_to": given.reply_to, "language": given.language}
        sealed = self._cipher.field(given.register).seal_json(body, f"feedback|{given.id}")
        self._db.execute(
            feedback.insert().values(
                id=given.id, register=given.register, received_at=given.received_at, due_on=given.due, sealed=sealed
            )
        )

    def of(self, register: str) -> tuple[Feedback, ...]:
        """Everything kept, unanswered first, the nearest end of its time first."""
        query = select(feedback).where(feedback.c.register == register)
        rows = self._db.execute(query.order_by(feedback.c.answered_at.is_not(None), feedback.c.due_on))
        return tuple(self._read(row) for row in rows)

    def received_since(self, register: str, since: datetime) -> int:
        """How many have come since an instant."""
        query = select(func.count()).select_from(feedback)
        return self._db.scalar(query.where(feedback.c.register == register, feedback.c.received_at >= since)) or 0

    def answered(self, register: str, given: str, now: datetime) -> bool:
        """Note that it has been answered; False when it is absent or was answered before."""
        mine = (feedback.c.id == given, feedback.c.register == register, feedback.c.answered_at.is_(None))
        return self._db.execute(update(feedback).where(*mine).values(answered_at=now)).rowcount == 1

    def sweep(self, before: date) -> int:
        """Remove what was answered before a day."""
        at = datetime.combine(before, time(), UTC)
        return self._db.execute(delete(feedback).where(feedback.c.answered_at < at)).rowcount

    def _read(self, row: Any) -> Feedback:
        found = self._cipher.open_field(row.register, row.sealed, f"feedback|{row.id}")
        return Feedback(
            row.id, row.register, found["text"], found["reply_to"], found["language"], row.received_at,
            helsinki(row.received_at).date(), row.answered_at,
        )  # fmt: skip
