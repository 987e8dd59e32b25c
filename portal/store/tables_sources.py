"""The table of how each recording source stands: progress, clock, and the last fault."""

from sqlalchemy import Column, Integer, String

from portal.store.schema import table
from portal.store.types import Instant

source_state = table(
    "source_state",
    Column("source", String(40), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("permille", Integer),
    Column("skew", Integer),
    Column("newest", Instant),
    Column("fault", String(40)),
    Column("detail", String(200), nullable=False),
    Column("fault_at", Instant),
)
