"""The audit trail: append-only, hash-chained, one chain per case and sixteen per register for what has no case.

A row's hash covers its place, its instant, its actor and the hash of its salted payload; the payload itself stands
sealed in a side table, so that erasing a case's data key leaves a chain that still verifies.
"""

import hashlib
import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from portal.domain.access import Actor
from portal.domain.events import Event, kind_of
from portal.services.ports import Entry, Fault
from portal.store.codec import to_plain
from portal.store.crypto import Box
from portal.store.tables import audit, audit_payload, cases

_CHAINS = 16
# Made once and given their values when they run: built anew they cost more than the database's own work.
_LAST = select(audit.c.seq, audit.c.hash).where(audit.c.chain == bindparam("of")).order_by(audit.c.seq.desc()).limit(1)
_ROW, _PAYLOAD = audit.insert(), audit_payload.insert()


def case_chain(case_id: str) -> str:
    return f"case:{case_id}"


def register_chain(register: str) -> str:
    """One of the register's chains at random, so that sign-ins do not queue behind each other."""
    return f"reg:{register}:{random.randrange(_CHAINS)}"


def append(
    connection: Connection, chain: str, register: str, actor: Actor, event: Event, about: str, now: datetime, box: Box
) -> int:
    """Write one event at the end of its chain; returns its seq. Two writers of one chain: the second one fails."""
    last = connection.execute(_LAST, {"of": chain}).first()
    seq, prev = (last.seq + 1, last.hash) if last else (1, _digest(chain))
    salt, payload = os.urandom(16), json.dumps(to_plain(event), sort_keys=True, ensure_ascii=False)
    row = {
        "chain": chain, "seq": seq, "prev": prev, "at": now, "actor_kind": actor.kind.value, "actor": actor.id,
        "register": register, "action": kind_of(event), "object": about,
        "payload_hash": hashlib.sha256(salt + payload.encode()).hexdigest(),
    }  # fmt: skip
    connection.execute(_ROW, row | {"hash": _row_hash(row)})
    body = box.seal(payload.encode(), f"audit|{chain}|{seq}")
    connection.execute(_PAYLOAD, {"chain": chain, "seq": seq, "salt": salt, "body": body})
    return seq


def read_chain(connection: Connection, chain: str, box: Box) -> tuple[Entry, ...]:
    """A chain's entries, oldest first, with their payloads opened."""
    rows = connection.execute(
        select(audit, audit_payload.c.body)
        .outerjoin(audit_payload, (audit.c.chain == audit_payload.c.chain) & (audit.c.seq == audit_payload.c.seq))
        .where(audit.c.chain == chain)
        .order_by(audit.c.seq)
    )
    return tuple(
        Entry(
            row.seq, row.at, row.actor_kind, row.actor, row.action, row.object,
            box.open_json(row.body, f"audit|{chain}|{row.seq}") if row.body else None,
        )
        for row in rows
    )  # fmt: skip


def verify(connection: Connection) -> Fault | None:
    """Check every chain from its first row; None when all is whole."""
    heads: dict[str, tuple[int, str]] = {}
    for row in _rows(connection):
        seq, prev = heads.get(row["chain"], (0, _digest(row["chain"])))
        if row["seq"] != seq + 1:
            return Fault(row["chain"], row["seq"], "gap before this row")
        if row["prev"] != prev:
            return Fault(row["chain"], row["seq"], "does not follow the row before it")
        if row["hash"] != _row_hash(row):
            return Fault(row["chain"], row["seq"], "was changed")
        heads[row["chain"]] = (row["seq"], row["hash"])
    return _orphan(connection, heads)


def count(connection: Connection) -> int:
    """How many rows the trail has."""
    return connection.scalar(select(func.count()).select_from(audit)) or 0


def _orphan(connection: Connection, heads: dict[str, tuple[int, str]]) -> Fault | None:
    """A case whose chain is shorter than the case says: its tail was cut."""
    for case_id, seq in connection.execute(select(cases.c.id, cases.c.event_seq)):
        chain = case_chain(case_id)
        if heads.get(chain, (0, ""))[0] < seq:
            return Fault(chain, seq, "is missing from the end of the chain")
    return None


def _rows(connection: Connection) -> Iterator[dict[str, Any]]:
    query = select(audit).order_by(audit.c.chain, audit.c.seq).execution_options(yield_per=1000)
    for row in connection.execute(query):
        yield dict(row._mapping)


def _row_hash(row: dict[str, Any]) -> str:
    instant = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return _digest(
        json.dumps(
            [
                row["chain"], row["seq"], row["prev"], instant, row["actor_kind"], row["actor"], row["register"],
                row["action"], row["object"], row["payload_hash"],
            ],
            separators=(",", ":"), ensure_ascii=False,
        )
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
