"""The table of what was written down from a recording for its data subject."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String

from portal.store.schema import personal, table
from portal.store.types import Instant

transcript = table(
    "transcript",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False, info=personal("the call in words (art. 15(3))", "transcript")),
    Column("by", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_transcript_recording", "recording"),
)
