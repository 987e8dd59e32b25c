"""The tables of retention's duties: alarms of holds, erasures asked of operators, recordings moved to a longer class,
and deletions that their source has not let through."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    text,
)

from portal.store.schema import personal, table
from portal.store.types import Instant

hold_alarm = table(
    "hold_alarm",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("recording", String(32), nullable=False),
    Column("code", String(16), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_hold_alarm_standing", "case_id", "recording", unique=True, sqlite_where=text("ended_at IS NULL"),
          postgresql_where=text("ended_at IS NULL")),
    Index("ix_hold_alarm_register", "register", sqlite_where=text("ended_at IS NULL"),
          postgresql_where=text("ended_at IS NULL")),
)  # fmt: skip

erasure_task = table(
    "erasure_task",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("denied_on", Date),
    Column("confirmed_at", Instant),
    Column("confirmed_on", Date),
    Column("sealed", LargeBinary, info=personal("finding a call at its operator until its erasure is confirmed",
                                                "erasure task")),
    CheckConstraint("(confirmed_at IS NULL) = (confirmed_on IS NULL)", name="confirmed"),
    CheckConstraint("confirmed_at IS NULL OR sealed IS NULL", name="forgotten"),
)  # fmt: skip

# The operator's word that a recording is gone, chained: a tombstone is never edited.
erasure_confirmation = table(
    "erasure_confirmation",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("register", String(40), nullable=False),
    Column("recording", String(32), nullable=False, unique=True),
    Column("tombstone", String(64), nullable=False),
    Column("confirmed_on", Date, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

longer_hold = table(
    "longer_hold",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("recording", String(32), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("author", String(32), nullable=False),
    Column("approver", String(32)),
    Column("proposed_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("state IN ('proposed','approved','rejected','ended')", name="state"),
    CheckConstraint("approver <> author", name="two_people"),
    CheckConstraint("state <> 'approved' OR approver IS NOT NULL", name="approved"),
    Index("ix_longer_hold_live", "recording", "reason", unique=True,
          sqlite_where=text("state IN ('proposed','approved')"),
          postgresql_where=text("state IN ('proposed','approved')")),
    Index("ix_longer_hold_register", "register", "state"),
)  # fmt: skip

deletion_wait = table(
    "deletion_wait",
    Column("recording", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("since", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Index("ix_deletion_wait_register", "register"),
)
