"""Answers that came by a cross-site post, until the browser fetches them with its cookie."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_arrival")),
        sqlite_strict=True,
    )
    op.create_index("ix_arrival_expires", "arrival", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_arrival_expires", table_name="arrival")
    op.drop_table("arrival")
