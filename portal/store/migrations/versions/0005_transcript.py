"""The call in words, where the applicant asks for it."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_transcript_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", name=op.f("pk_transcript")),
        sqlite_strict=True,
    )
    op.create_index("ix_transcript_recording", "transcript", ["recording"], unique=False)


def downgrade() -> None:
    op.drop_table("transcript")
