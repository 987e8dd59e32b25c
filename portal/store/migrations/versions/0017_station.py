"""Listening stations of attended appointments."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("appointment", sa.String(length=32), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.CheckConstraint("ends_at > opened_at", name=op.f("ck_visit_session_lasts")),
        sa.ForeignKeyConstraint(["appointment"], ["appointment.id"], name=op.f("fk_visit_session_appointment")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_visit_session_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_session")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_visit_session_key_digest")),
        sqlite_strict=True,
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ux_visit_session_open",
        "visit_session",
        ["appointment"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_visit_session_appointment", "visit_session", ["appointment"], unique=False)


def downgrade() -> None:
    op.drop_table("visit_session")
