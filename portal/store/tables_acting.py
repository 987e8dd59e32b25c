"""The tables of acting for another, and of the identity codes that a register keeps."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String

from portal.store.schema import personal, table
from portal.store.types import Instant

attachment = table(
    "attachment",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("submission", String(64), nullable=False),
    Column("case_id", String(32), ForeignKey("cases.id")),
    Column("form", String(8), nullable=False),
    Column("size", Integer, nullable=False),
    Column("vault_object", String(64)),
    Column("added_at", Instant, nullable=False),
    CheckConstraint("form IN ('pdf','jpeg','png')", name="form"),
    Index("ix_attachment_case", "case_id"),
    Index("ix_attachment_submission", "submission"),
)

identity_code = table(
    "identity_code",
    Column("person", String(32), ForeignKey("person.id"), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("the identity code of the applicant", "case file")),
)
