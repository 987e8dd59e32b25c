"""Places, slots and appointments for listening on site."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _place()
    _slot()
    _appointment()


def _place() -> None:
    op.create_table(
        "visit_place",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("name_fi", sa.String(length=120), nullable=False),
        sa.Column("name_sv", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("access_fi", sa.String(length=1000), nullable=False),
        sa.Column("access_sv", sa.String(length=1000), nullable=False),
        sa.Column("access_en", sa.String(length=1000), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_place")),
        sqlite_strict=True,
    )
    op.create_index("ix_visit_place_register", "visit_place", ["register"], unique=False)


def _slot() -> None:
    op.create_table(
        "visit_slot",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("start", Instant(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.CheckConstraint("minutes > 0 AND seats > 0", name=op.f("ck_visit_slot_room")),
        sa.ForeignKeyConstraint(["place"], ["visit_place.id"], name=op.f("fk_visit_slot_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_slot")),
        sa.UniqueConstraint("place", "start", name=op.f("uq_visit_slot_place_start")),
        sqlite_strict=True,
    )
    op.create_index("ix_visit_slot_register", "visit_slot", ["register", "start"], unique=False)


def _appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("seat", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("booked_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("checked_by", sa.String(length=32), nullable=True),
        sa.Column("document_kind", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "state IN ('booked','moved','attended','no_show','cancelled')", name=op.f("ck_appointment_state")
        ),
        sa.CheckConstraint(
            "state <> 'attended' OR (checked_by IS NOT NULL AND document_kind IS NOT NULL)",
            name=op.f("ck_appointment_attended"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_appointment_case_id")),
        sa.ForeignKeyConstraint(["checked_by"], ["staff.id"], name=op.f("fk_appointment_checked_by")),
        sa.ForeignKeyConstraint(["slot"], ["visit_slot.id"], name=op.f("fk_appointment_slot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sqlite_strict=True,
    )
    seated, booked = sa.text("state IN ('booked','attended','no_show')"), sa.text("state = 'booked'")
    op.create_index(
        "ux_appointment_seat",
        "appointment",
        ["slot", "seat"],
        unique=True,
        sqlite_where=seated,
        postgresql_where=seated,
    )
    op.create_index(
        "ux_appointment_case",
        "appointment",
        ["case_id"],
        unique=True,
        sqlite_where=booked,
        postgresql_where=booked,
    )
    op.create_index("ix_appointment_case", "appointment", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_table("visit_slot")
    op.drop_table("visit_place")
