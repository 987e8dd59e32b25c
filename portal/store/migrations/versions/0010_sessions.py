"""Sessions by their provider: the provider's own session, so that its end there is an end here."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login_session", sa.Column("provider_key", sa.String(64), nullable=True))
    op.create_index("ix_login_session_provider", "login_session", ["provider_key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_login_session_provider", table_name="login_session")
    op.drop_column("login_session", "provider_key")
