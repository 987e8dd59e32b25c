"""Proof that a number is the caller's."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_code",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_number_code_tries")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_number_code")),
        sqlite_strict=True,
    )
    op.create_table(
        "number_sent",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_sent")),
        sqlite_strict=True,
    )
    op.create_index("ix_number_sent_at", "number_sent", ["at"], unique=False)
    op.create_table(
        "number_text",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_text")),
        sqlite_strict=True,
    )
    op.create_table(
        "number_proof",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_number_proof")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for table in ("number_proof", "number_text", "number_sent", "number_code"):
        op.drop_table(table)
