"""The table of listening stations: one opening of the approved copies for one attended visit. The visitor's cookie
holds a random key; here stands only its digest."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, UniqueConstraint, text

from portal.store.schema import table
from portal.store.types import Instant

_OPEN = text("closed_at IS NULL")

visit_session = table(
    "visit_session",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("appointment", String(32), ForeignKey("appointment.id"), nullable=False),
    Column("key_digest", String(64), nullable=False),
    Column("opened_by", String(32), ForeignKey("staff.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("closed_at", Instant),
    UniqueConstraint("key_digest"),
    CheckConstraint("ends_at > opened_at", name="lasts"),
    Index("ux_visit_session_open", "appointment", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_visit_session_appointment", "appointment"),
)
