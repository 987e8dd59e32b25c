"""Staff accounts by their organisation's sign-in: found by a digest of issuer and subject, never by an e-mail address.

The organisation's own identifiers do not stand here, only their digests; a logout message counts once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.store.tables import organisation_account, organisation_logout, staff


class OrganisationAccounts:
    """The organisations' accounts of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._postgres = connection.dialect.name == "postgresql"
        self._insert: Any = postgres_insert if self._postgres else sqlite_insert

    def find(self, identity: str) -> str | None:
        """The account of an identity. One identity is asked for by one writing unit at a time: two first entries at
        once must not make two accounts."""
        if self._postgres:
            self._db.execute(select(func.pg_advisory_xact_lock(int(identity[:15], 16))))
        return self._db.scalar(select(organisation_account.c.staff).where(organisation_account.c.identity == identity))

    def add(self, identity: str, provider: str, subject: str, account: str) -> None:
        """From now on this identity is this account."""
        row = {"identity": identity, "provider": provider, "subject": subject, "staff": account}
        self._db.execute(organisation_account.insert().values(row))

    def refresh(self, account: str, name: str, subject: str) -> None:
        """Take over what the organisation says now: the name, and by which subject it will tell of a logout."""
        mine = organisation_account.c.staff == account
        self._db.execute(update(organisation_account).where(mine).values(subject=subject))
        self._db.execute(update(staff).where(staff.c.id == account).values(name=name))

    def of_subject(self, provider: str, subject: str) -> tuple[str, ...]:
        """The accounts that a provider means by a subject."""
        mine = (organisation_account.c.provider == provider, organisation_account.c.subject == subject)
        return tuple(self._db.scalars(select(organisation_account.c.staff).where(*mine)))

    def provider_of(self, account: str) -> str | None:
        """The provider an account comes by; None for a local account."""
        mine = organisation_account.c.staff == account
        return self._db.scalar(select(organisation_account.c.provider).where(mine))

    def hear(self, key: str, until: datetime, now: datetime) -> bool:
        """Note a logout message until it can no longer be repeated; False when it was heard before."""
        self._db.execute(delete(organisation_logout).where(organisation_logout.c.expires_at <= now))
        heard = self._db.execute(
            self._insert(organisation_logout)
            .values(key=key, expires_at=until)
            .on_conflict_do_nothing()
            .returning(organisation_logout.c.key)
        ).first()
        return heard is not None
