"""Acting for another, and sealed personal identity codes."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.CheckConstraint("form IN ('pdf','jpeg','png')", name=op.f("ck_attachment_form")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_attachment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_strict=True,
    )
    op.create_index("ix_attachment_case", "attachment", ["case_id"], unique=False)
    op.create_index("ix_attachment_submission", "attachment", ["submission"], unique=False)
    op.create_table(
        "identity_code",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_identity_code_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_identity_code")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("identity_code")
    op.drop_table("attachment")
