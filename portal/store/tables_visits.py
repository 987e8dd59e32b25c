"""The tables of listening on site: places, the times free in them, and who has booked which seat.

A seat is taken by what is booked, attended or missed; the database itself keeps two people out of one seat, and two
bookings out of one case.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint, text

from portal.store.schema import personal, table
from portal.store.types import Instant

visit_place = table(
    "visit_place",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("name_fi", String(120), nullable=False),
    Column("name_sv", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("address", String(200), nullable=False),
    Column("access_fi", String(1000), nullable=False),
    Column("access_sv", String(1000), nullable=False),
    Column("access_en", String(1000), nullable=False),
    Column("closed_at", Instant),
    Index("ix_visit_place_register", "register"),
)

visit_slot = table(
    "visit_slot",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("place", String(32), ForeignKey("visit_place.id"), nullable=False),
    Column("start", Instant, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("seats", SmallInteger, nullable=False),
    Column("withdrawn_at", Instant),
    UniqueConstraint("place", "start"),
    CheckConstraint("minutes > 0 AND seats > 0", name="room"),
    Index("ix_visit_slot_register", "register", "start"),
)

_SEATED = text("state IN ('booked','attended','no_show')")
_BOOKED = text("state = 'booked'")

appointment = table(
    "appointment",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("slot", String(32), ForeignKey("visit_slot.id"), nullable=False),
    Column("seat", SmallInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("uid", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("checked_by", String(32), ForeignKey("staff.id")),
    Column("document_kind", String(40), info=personal("kind of identity document shown at a visit, never its number",
                                                      "case file")),
    CheckConstraint("state IN ('booked','moved','attended','no_show','cancelled')", name="state"),
    CheckConstraint("state <> 'attended' OR (checked_by IS NOT NULL AND document_kind IS NOT NULL)", name="attended"),
    Index("ux_appointment_seat", "slot", "seat", unique=True, sqlite_where=_SEATED, postgresql_where=_SEATED),
    Index("ux_appointment_case", "case_id", unique=True, sqlite_where=_BOOKED, postgresql_where=_BOOKED),
    Index("ix_appointment_case", "case_id"),
)  # fmt: skip
