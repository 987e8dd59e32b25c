"""Retention periods with the time from which they are in force; a shorter one needs two people."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_rule",
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("recording_class", sa.String(length=24), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("approver", sa.String(length=32), nullable=True),
        sa.Column("since", Instant(), nullable=True),
        sa.CheckConstraint(
            "approver IS NULL OR (author IS NOT NULL AND approver <> author)",
            name=op.f("ck_retention_rule_two_people"),
        ),
        sa.CheckConstraint(
            "author IS NULL OR (since IS NULL) = (approver IS NULL)", name=op.f("ck_retention_rule_agreed")
        ),
        sa.CheckConstraint("author IS NOT NULL OR since IS NOT NULL", name=op.f("ck_retention_rule_proposed_by")),
        sa.PrimaryKeyConstraint("register", "recording_class", "n", name=op.f("pk_retention_rule")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("retention_rule")
