"""The tables of the proof that a number is the caller's. Persons, numbers and addresses stand here as keyed digests.

None of them outlives a day: a proof that counts is in its case.
"""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, SmallInteger, String

from portal.domain.number_proof import TRIES
from portal.store.schema import personal, table
from portal.store.types import Instant

number_code = table(
    "number_code",
    Column("key", String(32), primary_key=True, info=personal("whose code it is", "a day")),
    Column("code", String(64), nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("expires_at", Instant, nullable=False),
    CheckConstraint(f"tries BETWEEN 0 AND {TRIES}", name="tries"),
)

number_sent = table(
    "number_sent",
    Column("id", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("number", String(32), nullable=False, info=personal("limits on codes by text message", "a day")),
    Column("person", String(32), nullable=False, info=personal("limits on codes by text message", "a day")),
    Column("address", String(32), nullable=False, info=personal("limits on codes by text message", "a day")),
    Index("ix_number_sent_at", "at"),
)

number_text = table(
    "number_text",
    Column("id", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False, info=personal("a code on its way to its number", "a day")),
    Column("made_at", Instant, nullable=False),
)

number_proof = table(
    "number_proof",
    Column("key", String(32), primary_key=True, info=personal("the number is proved before the request is sent",
                                                              "a day")),
    Column("at", Instant, nullable=False),
)  # fmt: skip
