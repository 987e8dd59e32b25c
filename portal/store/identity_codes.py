"""Personal identity codes and eIDAS identifiers, kept where the register's notice says so, sealed in the person's box.

The box is made with the person's own data key: with the key, the code is gone.
"""

from sqlalchemy import Connection, select

from portal.store.crypto import Box, Cipher
from portal.store.tables import identity_code, person


class IdentityCodes:
    """The identity codes of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def keep(self, register: str, owner: str, kind: str, value: str) -> None:
        """Keep a person's code, unless it is kept already."""
        if self._db.scalar(select(identity_code.c.person).where(identity_code.c.person == owner)):
            return
        sealed = self._box(register, owner).seal_json({"kind": kind, "value": value}, _where(register, owner))
        self._db.execute(identity_code.insert().values(person=owner, register=register, sealed=sealed))

    def get(self, register: str, owner: str) -> tuple[str, str] | None:
        """The kind and the code, where one is kept."""
        mine = (identity_code.c.person == owner, identity_code.c.register == register)
        sealed = self._db.scalar(select(identity_code.c.sealed).where(*mine))
        if sealed is None:
            return None
        found = self._box(register, owner).open_json(sealed, _where(register, owner))
        return found["kind"], found["value"]

    def _box(self, register: str, owner: str) -> Box:
        wrapped = self._db.execute(select(person.c.data_key).where(person.c.id == owner)).scalar_one()
        return self._cipher.data_box(register, owner, wrapped)


def _where(register: str, owner: str) -> str:
    return f"identity_code.sealed|{register}|{owner}"
