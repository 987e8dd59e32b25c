"""The table of what a browser brings from another site: our cookie does not come along, so it waits here for it."""

from sqlalchemy import Column, Index, LargeBinary, String

from portal.store.schema import personal, table
from portal.store.types import Instant

arrival = table(
    "arrival",
    Column("key", String(64), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("identity on its way to its session", "session")),
    Column("expires_at", Instant, nullable=False),
    Index("ix_arrival_expires", "expires_at"),
)
