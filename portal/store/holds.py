"""Holds by their day of review; placing and releasing them is the recording index's."""

from datetime import date

from sqlalchemy import Connection, select, update

from portal.services.ports import HoldToReview
from portal.store.tables import cases, hold


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
        return tuple(
            HoldToReview(row.id, row.case_id, row.recording, row.reason, row.placed_at, row.review_on) for row in rows
        )

    def review_again(self, hold_id: str, on: date) -> bool:
        """Set the next day of review; False when the hold has ended meanwhile."""
        changed = self._db.execute(
            update(hold).where(hold.c.id == hold_id, hold.c.released_at.is_(None)).values(review_on=on)
        )
        return changed.rowcount == 1
