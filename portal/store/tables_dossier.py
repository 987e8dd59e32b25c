"""The table of match dossiers: what was searched for a case, found and taken, a row for each version."""

from sqlalchemy import Column, ForeignKey, LargeBinary, SmallInteger, String

from portal.store.schema import personal, table
from portal.store.types import Instant

match_dossier = table(
    "match_dossier",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("sealed", LargeBinary, nullable=False, info=personal("what was searched and found (arts. 5(2), 15(1))",
                                                                "case file")),
    Column("made_at", Instant, nullable=False),
)  # fmt: skip
