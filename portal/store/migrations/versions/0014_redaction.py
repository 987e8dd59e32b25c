"""Versions of what a copy leaves out, each approved by a second listener."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "redaction",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("approver", sa.String(length=32), nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=True),
        sa.Column("source_sha256", sa.String(length=64), nullable=True),
        sa.Column("output_sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("renderer", sa.String(length=20), nullable=True),
        sa.CheckConstraint("state IN ('draft','submitted','approved','dropped')", name=op.f("ck_redaction_state")),
        sa.CheckConstraint("approver <> author", name=op.f("ck_redaction_two_people")),
        sa.CheckConstraint(
            "state <> 'approved' OR (approver IS NOT NULL AND output_sha256 IS NOT NULL AND source_sha256 IS NOT NULL)",
            name=op.f("ck_redaction_approved"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_redaction_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", "n", name=op.f("pk_redaction")),
        sqlite_strict=True,
    )
    op.create_index("ix_redaction_recording", "redaction", ["recording"], unique=False)


def downgrade() -> None:
    op.drop_table("redaction")
