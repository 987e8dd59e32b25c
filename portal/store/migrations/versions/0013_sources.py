"""How each recording source stands, and which recordings are held and restricted there."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_source_hold": "hold_count > 0",
    "ix_source_held": "source_held",
    "ix_restricted": "restricted",
    "ix_source_restricted": "source_restricted",
}


def upgrade() -> None:
    op.create_table(
        "source_state",
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("register", sa.String(40), nullable=False),
        sa.Column("permille", sa.Integer(), nullable=True),
        sa.Column("skew", sa.Integer(), nullable=True),
        sa.Column("newest", Instant(), nullable=True),
        sa.Column("fault", sa.String(40), nullable=True),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("fault_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
        sqlite_strict=True,
    )
    for column in ("source_held", "source_restricted"):
        op.add_column("recording", sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.text("false")))
    for name, where in _INDEXES.items():
        op.create_index(name, "recording", ["source"], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, table_name="recording")
    op.drop_column("recording", "source_restricted")
    op.drop_column("recording", "source_held")
    op.drop_table("source_state")
