"""The passkeys of staff: public keys only, found by their credential's id, their counter moved by compare and set."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.services.ports import NewPasskey, Passkey
from portal.store.tables import passkey


class PasskeyBook:
    """The passkeys of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def add(self, account: str, made: NewPasskey, name: str, now: datetime) -> bool:
        """Keep a passkey; False when the credential is somebody's already."""
        added = self._db.execute(
            self._insert(passkey)
            .values(id=uuid4().hex, staff=account, name=name, made_at=now, used_at=None, **vars(made))
            .on_conflict_do_nothing(index_elements=["credential"])
            .returning(passkey.c.id)
        )
        return added.first() is not None

    def of(self, account: str, *, lock: bool = False) -> tuple[Passkey, ...]:
        """The account's passkeys, oldest first."""
        query = select(passkey).where(passkey.c.staff == account).order_by(passkey.c.made_at, passkey.c.id)
        return tuple(_passkey(row) for row in self._db.execute(query.with_for_update() if lock else query))

    def by_credential(self, credential: bytes) -> Passkey | None:
        row = self._db.execute(select(passkey).where(passkey.c.credential == credential)).first()
        return _passkey(row) if row else None

    def used(self, found: Passkey, counter: int, now: datetime) -> bool:
        """Note a use and its counter; False when another use has moved the counter since `found` was read."""
        moved = self._db.execute(
            update(passkey)
            .where(passkey.c.id == found.id, passkey.c.counter == found.counter)
            .values(counter=counter, used_at=now)
        )
        return moved.rowcount == 1

    def rename(self, account: str, which: str, name: str) -> bool:
        return self._db.execute(update(passkey).where(*_own(account, which)).values(name=name)).rowcount == 1

    def remove(self, account: str, which: str) -> bool:
        return self._db.execute(delete(passkey).where(*_own(account, which))).rowcount == 1

    def remove_all(self, account: str) -> None:
        self._db.execute(delete(passkey).where(passkey.c.staff == account))

    def holders(self) -> frozenset[str]:
        """The accounts that have a passkey."""
        return frozenset(self._db.scalars(select(passkey.c.staff).distinct()))


def _own(account: str, which: str) -> tuple[Any, ...]:
    return passkey.c.staff == account, passkey.c.id == which


def _passkey(row: Any) -> Passkey:
    return Passkey(
        row.id, row.staff, row.credential, row.public_key, row.counter, row.name, row.made_at, row.used_at
    )  # fmt: skip
