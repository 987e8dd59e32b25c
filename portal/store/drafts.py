"""What was typed and not yet sent: a request being written, a decision being drafted. Kept a day, sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.store.crypto import Cipher
from portal.store.prepared import Prepared
from portal.store.tables import draft

_LOAD = Prepared(
    select(draft.c.sealed).where(
        draft.c.owner == bindparam("whose"), draft.c.kind == bindparam("what"), draft.c.key == bindparam("which")
    )
)


class Drafts:
    """The drafts of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def load(self, owner: str, kind: str, key: str) -> dict[str, Any] | None:
        """The draft, or None."""
        owner = self._owner(owner, kind)
        rows = _LOAD.rows(self._db, {"whose": owner, "what": kind, "which": key})
        return self._cipher.open_field("drafts", rows[0].sealed, f"draft|{owner}|{kind}|{key}") if rows else None

    def save(self, owner: str, kind: str, key: str, body: dict[str, Any], now: datetime) -> None:
        """Keep the draft, over an earlier one."""
        owner = self._owner(owner, kind)
        sealed = self._cipher.field("drafts").seal_json(body, f"draft|{owner}|{kind}|{key}")
        self._db.execute(
            self._insert(draft)
            .values(owner=owner, kind=kind, key=key, sealed=sealed, saved_at=now)
            .on_conflict_do_update(index_elements=["owner", "kind", "key"], set_={"sealed": sealed, "saved_at": now})
        )

    def drop(self, owner: str, kind: str, key: str) -> None:
        owner = self._owner(owner, kind)
        self._db.execute(delete(draft).where(draft.c.owner == owner, draft.c.kind == kind, draft.c.key == key))

    def _owner(self, owner: str, kind: str) -> str:
        """A citizen's draft is found by a keyed digest: whose it is follows from the identity, and the plain digest of
        an identity code can be guessed in a minute."""
        return self._cipher.token("drafts", "owner", owner) if kind == "request" else owner

    def sweep(self, kind: str, before: datetime) -> int:
        """Remove drafts of a kind last saved before an instant."""
        return self._db.execute(delete(draft).where(draft.c.kind == kind, draft.c.saved_at < before)).rowcount
