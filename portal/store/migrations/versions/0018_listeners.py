"""Who an account is in the recorder, whose supervisor, and who has been asked to listen."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recorder_name",
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_recorder_name_staff")),
        sa.PrimaryKeyConstraint("register", "staff", "name", name=op.f("pk_recorder_name")),
        sa.UniqueConstraint("register", "name_key", name=op.f("uq_recorder_name_register_name_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "supervision",
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("supervisor", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_supervision_staff")),
        sa.ForeignKeyConstraint(["supervisor"], ["staff.id"], name=op.f("fk_supervision_supervisor")),
        sa.PrimaryKeyConstraint("register", "staff", "supervisor", name=op.f("pk_supervision")),
        sqlite_strict=True,
    )
    op.create_index("ix_supervision_supervisor", "supervision", ["supervisor", "register"], unique=False)
    op.create_table(
        "asking",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_asking_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", "staff", name=op.f("pk_asking")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_asking_open",
        "asking",
        ["staff"],
        unique=False,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("asking")
    op.drop_table("supervision")
    op.drop_table("recorder_name")
