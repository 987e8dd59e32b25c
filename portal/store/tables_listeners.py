"""The tables of who may hear what: names in the recorder, supervisors, and who has been asked to listen."""

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint, text

from portal.store.schema import personal, table
from portal.store.types import Instant

recorder_name = table(
    "recorder_name",
    Column("register", String(40), primary_key=True),
    Column("staff", String(32), ForeignKey("staff.id"), primary_key=True),
    Column("name", String(80), primary_key=True, info=personal("who an account is in the recorder", "account")),
    Column("name_key", String(120), nullable=False, info=personal("who an account is in the recorder", "account")),
    UniqueConstraint("register", "name_key"),
)

supervision = table(
    "supervision",
    Column("register", String(40), primary_key=True),
    Column("staff", String(32), ForeignKey("staff.id"), primary_key=True),
    Column("supervisor", String(32), ForeignKey("staff.id"), primary_key=True),
    Index("ix_supervision_supervisor", "supervisor", "register"),
)

asking = table(
    "asking",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("staff", String(32), primary_key=True),
    Column("asked_by", String(32), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Index("ix_asking_open", "staff", sqlite_where=text("answered_at IS NULL"),
          postgresql_where=text("answered_at IS NULL")),
)  # fmt: skip
