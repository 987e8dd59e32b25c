"""Duties of retention: alarms of holds, erasures asked of operators, longer classes, deletions that wait."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_STANDING = sa.text("ended_at IS NULL")
_LIVE = sa.text("state IN ('proposed','approved')")


def upgrade() -> None:
    op.create_table(
        "hold_alarm",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hold_alarm_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_alarm")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_hold_alarm_standing", "hold_alarm", ["case_id", "recording"], unique=True, sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )  # fmt: skip
    op.create_index(
        "ix_hold_alarm_register", "hold_alarm", ["register"], sqlite_where=_STANDING, postgresql_where=_STANDING
    )
    op.create_table(
        "erasure_task",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("denied_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_on IS NULL)", name=op.f("ck_erasure_task_confirmed")),
        sa.CheckConstraint("confirmed_at IS NULL OR sealed IS NULL", name=op.f("ck_erasure_task_forgotten")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_erasure_task_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", name=op.f("pk_erasure_task")),
        sqlite_strict=True,
    )
    op.create_table(
        "erasure_confirmation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("tombstone", sa.String(length=64), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_confirmation")),
        sa.UniqueConstraint("recording", name=op.f("uq_erasure_confirmation_recording")),
        sqlite_strict=True,
    )
    op.create_table(
        "longer_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("approver", sa.String(length=32), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('proposed','approved','rejected','ended')", name=op.f("ck_longer_hold_state")),
        sa.CheckConstraint("approver <> author", name=op.f("ck_longer_hold_two_people")),
        sa.CheckConstraint("state <> 'approved' OR approver IS NOT NULL", name=op.f("ck_longer_hold_approved")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_longer_hold_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_longer_hold")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_longer_hold_live", "longer_hold", ["recording", "reason"], unique=True, sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("ix_longer_hold_register", "longer_hold", ["register", "state"], unique=False)
    op.create_table(
        "deletion_wait",
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("recording", name=op.f("pk_deletion_wait")),
        sqlite_strict=True,
    )
    op.create_index("ix_deletion_wait_register", "deletion_wait", ["register"], unique=False)


def downgrade() -> None:
    for name in ("deletion_wait", "longer_hold", "erasure_confirmation", "erasure_task", "hold_alarm"):
        op.drop_table(name)
