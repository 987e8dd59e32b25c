"""Letters on paper: each letter's own code and way, print batches and what lies in them."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("code", sa.String(length=16)),
    ("dispatch", sa.String(length=8)),
    ("returned_on", sa.Date()),
    ("recipient", sa.LargeBinary()),
)
_TO_POST = sa.text("posted_on IS NULL AND dispatch IS NOT NULL")


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("document", sa.Column(name, kind, nullable=True))
    op.create_index("ix_document_code", "document", ["code"], unique=True)
    op.create_index("ix_document_sha256", "document", ["sha256"], unique=False)
    op.create_index(
        "ix_document_to_post", "document", ["dispatch"], unique=False, sqlite_where=_TO_POST, postgresql_where=_TO_POST
    )
    _print_batch()
    _print_batch_item()


def downgrade() -> None:
    op.drop_table("print_batch_item")
    op.drop_table("print_batch")
    for index in ("ix_document_to_post", "ix_document_sha256", "ix_document_code"):
        op.drop_index(index, "document")
    for name, _kind in reversed(_COLUMNS):
        op.drop_column("document", name)


def _print_batch() -> None:
    op.create_table(
        "print_batch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("dropped_at", Instant(), nullable=True),
        sa.CheckConstraint("posted_on IS NULL OR dropped_at IS NULL", name=op.f("ck_print_batch_ended_once")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_batch")),
        sa.UniqueConstraint("register", "number", name=op.f("uq_print_batch_register_number")),
        sqlite_strict=True,
    )


def _print_batch_item() -> None:
    op.create_table(
        "print_batch_item",
        sa.Column("batch", sa.String(length=32), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=True),
        sa.Column("pages", sa.SmallInteger(), nullable=False),
        sa.Column("cover", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["print_batch.id"], name=op.f("fk_print_batch_item_batch")),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_print_batch_item_document")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_print_batch_item_case_id")),
        sa.PrimaryKeyConstraint("batch", "place", name=op.f("pk_print_batch_item")),
        sqlite_strict=True,
    )
    op.create_index("ix_print_batch_item_document", "print_batch_item", ["document"], unique=False)
