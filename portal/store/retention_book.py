"""Retention periods in force and waiting; the table itself refuses one that its author approves."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.services.ports import Term
from portal.store.tables import retention_rule


class RetentionBook:
    """The retention periods of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def terms(self, register: str) -> tuple[Term, ...]:
        """All terms of the register, each class's oldest first."""
        query = select(retention_rule).where(retention_rule.c.register == register)
        rows = self._db.execute(query.order_by(retention_rule.c.recording_class, retention_rule.c.n))
        return tuple(
            Term(row.recording_class, row.n, row.period, row.written_at, row.author, row.approver, row.since)
            for row in rows
        )

    def add(self, register: str, term: Term) -> None:
        """Write a term; one that somebody else wrote at the same time under its number stays, and this one is not."""
        self._db.execute(self._insert(retention_rule).values(register=register, **vars(term)).on_conflict_do_nothing())

    def agree(self, register: str, term: Term, approver: str, now: datetime) -> bool:
        """The second person agrees, the term is in force from now; False when it no longer waits."""
        waiting = (
            retention_rule.c.register == register,
            retention_rule.c.recording_class == term.recording_class,
            retention_rule.c.n == term.n,
            retention_rule.c.since.is_(None),
        )
        agreed = self._db.execute(update(retention_rule).where(*waiting).values(approver=approver, since=now))
        return agreed.rowcount == 1
