"""What was searched and found, kept on the case."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_dossier",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_match_dossier_case_id")),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_match_dossier")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("match_dossier")
