"""The tables of staff who come by their organisation's sign-in: whose account it is, and which logouts were heard."""

from sqlalchemy import Column, ForeignKey, Index, String

from portal.store.schema import personal, table
from portal.store.types import Instant

organisation_account = table(
    "organisation_account",
    Column("identity", String(64), primary_key=True, info=personal("the same colleague returning", "account")),
    Column("provider", String(31), nullable=False),
    Column("subject", String(64), nullable=False, info=personal("the organisation's word that they left", "account")),
    Column("staff", String(32), ForeignKey("staff.id"), nullable=False, unique=True),
    Index("ix_organisation_account_subject", "provider", "subject"),
)

organisation_logout = table(
    "organisation_logout",
    Column("key", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Index("ix_organisation_logout_expires", "expires_at"),
)
