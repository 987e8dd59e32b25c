"""The table of delivered copies: each a grant to one person, with its end, its count of downloads and its source."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, SmallInteger, String

from portal.store.schema import table
from portal.store.types import Instant

delivery = table(
    "delivery",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("vault_object", String(64)),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("available_until", Date, nullable=False),
    Column("downloads", SmallInteger, nullable=False, server_default="0"),
    Column("most_downloads", SmallInteger, nullable=False, server_default="10"),
    Column("revoked_at", Instant),
    # the approved version that the copy was made from: 0 the whole recording, NULL not known (made before this column)
    Column("version", SmallInteger),
)
