"""Holds by their day of review; placing and releasing them is the recording index's."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from portal.services.ports import HoldToReview
from portal.store.tables import cases, hold, recording


class Holds:
    """The holds of one unit of work, as their reviewers see them."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def to_review(self, register: str, today: date, limit: int = 100) -> tuple[HoldToReview, ...]:
        """The register's open holds whose review day is today or past, the oldest day first."""
        rows = self._db.execute(
            select(hold)
            .join(cases, cases.c.id == hold.c.case_id)
            .where(cases.c.register == register, hold.c.released_at.is_(None), hold.c.review_on <= today)
            .order_by(hold.c.review_on, hold.c.id)
            .limit(limit)
        )
        return tuple(_hold(row) for row in rows)

    def review_again(self, hold_id: str, on: date) -> bool:
        """Set the next day of review; False when the hold has ended meanwhile."""
        changed = self._db.execute(
            update(hold).where(hold.c.id == hold_id, hold.c.released_at.is_(None)).values(review_on=on)
        )
        return changed.rowcount == 1

    def of_reason(self, recording_id: str, reason: str) -> tuple[HoldToReview, ...]:
        """The open holds of a recording with this reason."""
        open_ones = (hold.c.recording == recording_id, hold.c.reason == reason, hold.c.released_at.is_(None))
        return tuple(_hold(row) for row in self._db.execute(select(hold).where(*open_ones)))

    def end(self, hold_id: str, now: datetime) -> bool:
        """End one hold, whatever its reason; False when it has ended."""
        ended = self._db.execute(
            update(hold)
            .where(hold.c.id == hold_id, hold.c.released_at.is_(None))
            .values(released_at=now)
            .returning(hold.c.recording)
        ).first()
        if ended is None:
            return False
        held = (recording.c.id == ended.recording, recording.c.hold_count > 0)
        self._db.execute(update(recording).where(*held).values(hold_count=recording.c.hold_count - 1))
        return True


def _hold(row: Any) -> HoldToReview:
    return HoldToReview(row.id, row.case_id, row.recording, row.reason, row.placed_at, row.review_on)
