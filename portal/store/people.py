"""Data subjects: one row per register and identity, found by keyed token, made at the first request."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from portal.services.ports import Identity
from portal.store.crypto import Cipher
from portal.store.prepared import Prepared
from portal.store.tables import person

_FIND = Prepared(select(person.c.id).where(person.c.register == bindparam("of"), person.c.lookup == bindparam("token")))


class People:
    """The people of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def find(self, register: str, subject: str) -> str | None:
        """The person's id in this register, if they have filed here before."""
        token = self._cipher.token(register, "subject", subject)
        rows = _FIND.rows(self._db, {"of": register, "token": token})
        return rows[0].id if rows else None

    def find_or_add(self, register: str, identity: Identity, now: datetime) -> str:
        """The person's id in this register, made now if this is their first request here."""
        known = self.find(register, identity.subject)
        if known:
            return known
        new = uuid4().hex
        wrapped, box = self._cipher.new_data_key(register, new)
        born = identity.born.isoformat() if identity.born else None
        sealed = {"given": identity.given, "family": identity.family, "born": born}
        row = {
            "id": new, "register": register, "lookup": self._cipher.token(register, "subject", identity.subject),
            "data_key": wrapped, "sealed": box.seal_json(sealed, f"person.sealed|{new}"), "created_at": now,
        }  # fmt: skip
        try:
            with self._db.begin_nested():
                self._db.execute(person.insert().values(**row))
        except IntegrityError:  # the same person's other request was a moment faster
            return self.find(register, identity.subject) or new
        return new
