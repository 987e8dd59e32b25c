"""Grants of delivered copies: how often one may be downloaded, when it was taken back, what it was made from."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, first in (("downloads", "0"), ("most_downloads", "10")):
        op.add_column("delivery", sa.Column(name, sa.SmallInteger(), nullable=False, server_default=first))
    op.add_column("delivery", sa.Column("revoked_at", Instant(), nullable=True))
    op.add_column("delivery", sa.Column("version", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    for name in ("version", "revoked_at", "most_downloads", "downloads"):
        op.drop_column("delivery", name)
