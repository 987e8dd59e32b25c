"""Four eyes and complete refusals in the database: who wrote and who approved, decisions by item, acts of two."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TRIGGERS = {"cases_decided": "cases", "cases_approved": "cases", "delivery_approved": "delivery"}


def upgrade() -> None:
    _columns()
    _decision_item()
    _act()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger, table in _TRIGGERS.items():  # a column that a trigger reads cannot go
        op.execute(f"DROP TRIGGER IF EXISTS {trigger}" + ("" if sqlite else f" ON {table}"))
    op.drop_table("act")
    op.drop_table("decision_item")
    for column in ("second", "approver", "author"):
        op.execute(f"ALTER TABLE cases DROP COLUMN {column}")


def _columns() -> None:
    """Added as they stand: SQLite takes a check with its column, and the table need not be rebuilt."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    text, boolean, no = ("TEXT", "INTEGER", "0") if sqlite else ("VARCHAR(32)", "BOOLEAN", "false")
    op.execute(f"ALTER TABLE cases ADD COLUMN author {text}")
    op.execute(
        f"ALTER TABLE cases ADD COLUMN approver {text} CONSTRAINT ck_cases_two_people"
        " CHECK (approver IS NULL OR (author IS NOT NULL AND approver <> author))"
    )
    op.execute(
        f"ALTER TABLE cases ADD COLUMN second {boolean} DEFAULT {no} NOT NULL CONSTRAINT ck_cases_second_person"
        " CHECK (NOT second OR approver IS NOT NULL OR state NOT IN ('approved','answered','closed'))"
    )


def _decision_item() -> None:
    op.create_table(
        "decision_item",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=True),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("assessment", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('granted','partly','refused','no_recording','no_reply','other_controller')",
            name=op.f("ck_decision_item_outcome"),
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('refused','partly','no_reply') OR (ground IS NOT NULL AND facts IS NOT NULL"
            " AND assessment IS NOT NULL)",
            name=op.f("ck_decision_item_reasons"),
        ),
        sa.CheckConstraint(
            "ground <> '' AND length(facts) > 31 AND length(assessment) > 31",
            name=op.f("ck_decision_item_not_empty"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_decision_item_case_id")),
        sa.PrimaryKeyConstraint("case_id", "item", name=op.f("pk_decision_item")),
        sqlite_strict=True,
    )


def _act() -> None:
    op.create_table(
        "act",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=32), nullable=False),
        sa.Column("approver", sa.String(length=32), nullable=True),
        sa.CheckConstraint("kind IN ('fee','lifting','hold_release')", name=op.f("ck_act_kind")),
        sa.CheckConstraint("approver <> author", name=op.f("ck_act_two_people")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_act_case_id")),
        sa.PrimaryKeyConstraint("case_id", "n", name=op.f("pk_act")),
        sqlite_strict=True,
    )
