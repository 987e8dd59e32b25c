"""The table of redaction versions: what a case's copy of a recording leaves out, by whom, and the proof of it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
)

from portal.store.schema import personal, table
from portal.store.types import Instant

redaction = table(
    "redaction",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("state", String(12), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("passages left out of a copy and why (art. 15(4))",
                                                                "case file")),
    Column("author", String(32), nullable=False),
    Column("approver", String(32)),
    Column("moves", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("vault_object", String(64)),
    Column("source_sha256", String(64)),
    Column("output_sha256", String(64)),
    Column("size", BigInteger),
    Column("renderer", String(20)),
    CheckConstraint("state IN ('draft','submitted','approved','dropped')", name="state"),
    CheckConstraint("approver <> author", name="two_people"),
    CheckConstraint(
        "state <> 'approved' OR (approver IS NOT NULL AND output_sha256 IS NOT NULL AND source_sha256 IS NOT NULL)",
        name="approved",
    ),
    Index("ix_redaction_recording", "recording"),
)  # fmt: skip
