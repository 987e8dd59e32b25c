"""Large databases in seconds: bulk inserts of rows that the portal itself could have written.

What a measured page or statement reads is sealed for real; what none of them reads is random bytes of the usual length.
"""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table

from portal.services.office import Office
from portal.services.ports import Identity
from portal.store.crypto import Cipher
from portal.store.engine import writing
from portal.store.tables import audit, cases, recording

REGISTER = "espoo"
BATCH = 20_000
_STATES = ("received", "received", "in_hand", "in_hand", "asked", "for_approval", "approved")
_KEEPING = ("safe", "safe", "safe", "copied", "none", "gone")
_BODY = os.urandom(1500)


def open_cases(here: Office, count: int, handlers: tuple[str, ...]) -> None:
    """`count` open cases in one register, due in the next 60 days, with names to open and handlers to name."""
    engine, cipher, now = _engine(here), _cipher(here), here.now()
    chance = random.Random(count)
    with here.writing() as work:
        person = work.people.find_or_add(REGISTER, Identity("bench:1", "Tuulikki", "Soittola", None), now)
    ids = [_id(chance) for _ in range(count)]
    _insert(engine, audit, (_birth(case, now) for case in ids))
    _insert(engine, cases, (_case(cipher, n, case, person, handlers, now, chance) for n, case in enumerate(ids)))
    _analyse(engine)


def recordings(here: Office, count: int, callers: int) -> None:
    """`count` recordings of `callers` numbers, spread over the register's half year of retention."""
    engine, cipher, now = _engine(here), _cipher(here), here.now()
    keys = [cipher.number_key(REGISTER, number(n)) for n in range(callers)]
    _insert(engine, recording, (_recording(cipher, n, keys, now) for n in range(count)))
    _analyse(engine)


def number(n: int) -> str:
    """The n-th caller's number."""
    return f"+35850{n:07d}"


def call_instant(n: int, now: datetime) -> datetime:
    """When the n-th recording begins: anywhere in the last 170 days, the same on every run."""
    return now - timedelta(seconds=(n * 7919) % (170 * 86400))


def _birth(case: str, now: datetime) -> dict[str, Any]:
    """A case's first audit row, which the database demands; its hashes are not read here."""
    return {
        "chain": f"case:{case}", "seq": 1, "prev": "0" * 64, "at": now, "actor_kind": "citizen", "actor": "x" * 32,
        "register": REGISTER, "action": "request_received", "object": case, "payload_hash": "0" * 64, "hash": "0" * 64,
    }  # fmt: skip


def _case(
    cipher: Cipher, n: int, case: str, person: str, handlers: tuple[str, ...], now: datetime, chance: random.Random
) -> dict[str, Any]:
    wrapped, box = cipher.new_data_key(REGISTER, case)
    due = (now + timedelta(days=chance.randrange(60))).date()
    name = f"Soili Soittaja{n}"
    return {
        "id": case, "register": REGISTER, "ref": f"R-2026-{n:06d}", "submission": case, "state": chance.choice(_STATES),
        "kind": "access", "language": chance.choice(("fi", "fi", "sv")), "person": person,
        "handler": chance.choice((None, *handlers)), "received_at": now, "due_on": due,
        "internal_due": due - timedelta(days=3), "clock": "running", "expires_on": None,
        "keeping": chance.choice(_KEEPING), "sort_on": due - timedelta(days=3), "done_at": None, "event_seq": 1,
        "data_key": wrapped, "label": box.seal(name.encode(), f"cases.label|{case}"), "body": _BODY,
    }  # fmt: skip


def _recording(cipher: Cipher, n: int, keys: list[int], now: datetime) -> dict[str, Any]:
    one = UUID(int=n).hex
    start = call_instant(n, now)
    ms = int(start.timestamp() * 1000)
    caller = n % len(keys)
    sealed = {
        "locator": f"2026/{n}.wav",
        "caller": number(caller),
        "other": None,
        "queue": "Vaihde",
        "agent": "A. Agentti",
    }
    return {
        "id": one, "register": REGISTER, "source": "bench", "locator_key": one, "call_key": one, "start_ms": ms,
        "end_ms": ms + 240_000, "purge_at": ms + 184 * 86_400_000, "caller_key": keys[caller], "other_key": None,
        "withheld": False, "service": f"+35898{n % 40:05d}", "direction": "in", "recording_class": "customer_service",
        "custody": "ours", "sealed": cipher.field(REGISTER).seal_json(sealed, f"recording.sealed|{one}"),
        "vault_object": None, "sha256": None, "size": None, "state": 0, "hold_count": 0, "restricted": False,
        "lease": None, "lease_until": None,
    }  # fmt: skip


def _insert(engine: Engine, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        with writing(engine) as db:
            db.execute(table.insert(), batch)


def _analyse(engine: Engine) -> None:
    with writing(engine) as db:
        db.exec_driver_sql("ANALYZE")


def _engine(here: Office) -> Engine:
    engine: Engine = here.book.engine  # type: ignore[attr-defined]  # the store's Book
    return engine


def _cipher(here: Office) -> Cipher:
    cipher: Cipher = here.book._cipher  # type: ignore[attr-defined]  # the store's Book
    return cipher


def _id(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"
