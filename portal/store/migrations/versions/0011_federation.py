"""Staff accounts by their organisation's sign-in, and the logout messages that were heard already."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_account",
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=31), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_organisation_account_staff")),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_organisation_account")),
        sa.UniqueConstraint("staff", name=op.f("uq_organisation_account_staff")),
        sqlite_strict=True,
    )
    op.create_index("ix_organisation_account_subject", "organisation_account", ["provider", "subject"])
    op.create_table(
        "organisation_logout",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisation_logout")),
        sqlite_strict=True,
    )
    op.create_index("ix_organisation_logout_expires", "organisation_logout", ["expires_at"])


def downgrade() -> None:
    op.drop_index("ix_organisation_logout_expires", table_name="organisation_logout")
    op.drop_table("organisation_logout")
    op.drop_index("ix_organisation_account_subject", table_name="organisation_account")
    op.drop_table("organisation_account")
