"""The tables of staff credentials beside the accounts: passkeys, the last passwords, and who must wait to try again."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint

from portal.store.schema import personal, table
from portal.store.types import Instant

passkey = table(
    "passkey",
    Column("id", String(32), primary_key=True),
    Column("staff", String(32), ForeignKey("staff.id"), nullable=False),
    Column("credential", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("name", String(60), nullable=False, info=personal("by which its holder knows a passkey", "account")),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    UniqueConstraint("credential"),
    Index("ix_passkey_staff", "staff"),
)

past_password = table(
    "past_password",
    Column("id", String(32), primary_key=True),
    Column("staff", String(32), ForeignKey("staff.id"), nullable=False),
    Column("hashed", String(200), nullable=False),
    Column("set_at", Instant, nullable=False),
    Index("ix_past_password_staff", "staff", "set_at"),
)

throttle = table(
    "throttle",
    Column("key", String(32), primary_key=True, info=personal("keyed digest of who tried to sign in, to slow down "
                                                              "guessing", "a day")),
    Column("failures", Integer, nullable=False),
    Column("failed_at", Instant, nullable=False),
    Column("wait_until", Instant),
    Index("ix_throttle_failed", "failed_at"),
)  # fmt: skip
