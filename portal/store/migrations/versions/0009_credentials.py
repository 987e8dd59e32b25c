"""Passkeys, past passwords, and waits kept by who tries instead of by account."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _passkey()
    _past_password()
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", Instant(), nullable=False),
        sa.Column("wait_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
        sqlite_strict=True,
    )
    op.create_index("ix_throttle_failed", "throttle", ["failed_at"], unique=False)
    op.add_column("staff", sa.Column("compromised_at", Instant(), nullable=True))
    op.drop_column("staff", "failures")
    op.drop_column("staff", "wait_until")


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_passkey_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        sqlite_strict=True,
    )
    op.create_index("ix_passkey_staff", "passkey", ["staff"], unique=False)


def _past_password() -> None:
    op.create_table(
        "past_password",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("hashed", sa.String(length=200), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_past_password_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_password")),
        sqlite_strict=True,
    )
    op.create_index("ix_past_password_staff", "past_password", ["staff", "set_at"], unique=False)
    known = "SELECT id, id, password, password_at FROM staff WHERE password IS NOT NULL AND password_at IS NOT NULL"
    op.execute(f"INSERT INTO past_password (id, staff, hashed, set_at) {known}")


def downgrade() -> None:
    op.add_column("staff", sa.Column("wait_until", Instant(), nullable=True))
    op.add_column("staff", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("staff", "compromised_at")
    op.drop_table("throttle")
    op.drop_table("past_password")
    op.drop_table("passkey")
