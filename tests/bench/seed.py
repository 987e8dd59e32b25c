"""Large databases in seconds: bulk inserts of rows that the portal itself could have written.

What a measured page or statement reads is sealed for real; what none of them reads is random bytes of the usual length.
"""

import os
import random
import sqlite3
from collections.abc import Container, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, Table

from portal.services.office import Office
from portal.services.ports import Identity
from portal.store.crypto import Cipher
from portal.store.engine import writing
from portal.store.tables import audit, cases

REGISTER = "espoo"
BATCH = 20_000
_STATES = ("received", "received", "in_hand", "in_hand", "asked", "for_approval", "approved")
_KEEPING = ("safe", "safe", "safe", "copied", "none", "gone")
_BODY = os.urandom(1500)
_NOISE = os.urandom(150)


def open_cases(here: Office, count: int, handlers: tuple[str, ...]) -> None:
    """`count` open cases in one register, due in the next 60 days, with names to open and handlers to name."""
    engine, cipher, now = engine_of(here), _cipher(here), here.now()
    chance = random.Random(count)
    with here.writing() as work:
        person = work.people.find_or_add(REGISTER, Identity("bench:1", "Tuulikki", "Soittola", None), now)
    ids = [_id(chance) for _ in range(count)]
    _insert(engine, audit, (_birth(case, now) for case in ids))
    _insert(engine, cases, (_case(cipher, n, case, person, handlers, now, chance) for n, case in enumerate(ids)))
    _analyse(engine)


def recordings(here: Office, count: int, callers: int, opened: Container[int] | None = None) -> None:
    """`count` recordings of `callers` numbers, spread over the register's half year of retention.

    `opened`: the callers whose recordings will be opened; those of the others hold noise of the usual length, which
    makes ten million rows a matter of minutes. None: every row is sealed for real.
    """
    engine, cipher, now = engine_of(here), _cipher(here), here.now()
    keys = [cipher.number_key(REGISTER, number(n)) for n in range(callers)]
    first, box = int(now.timestamp()), cipher.field(REGISTER)
    rows = (_recording(box, n, keys, first, opened) for n in range(count))
    if engine.dialect.name == "postgresql":
        _copy_in(engine, rows)
    else:
        _write_in(engine, rows)
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


_COLUMNS = (
    "id", "register", "source", "locator_key", "call_key", "start_ms", "end_ms", "purge_at", "caller_key", "withheld",
    "service", "direction", "recording_class", "custody", "sealed", "state", "hold_count", "restricted",
)  # fmt: skip


def _recording(box: Any, n: int, keys: list[int], now: int, opened: Container[int] | None) -> tuple[Any, ...]:
    one, caller = f"{n:032x}", n % len(keys)
    ms = 1000 * (now - (n * 7919) % (170 * 86400))
    sealed = _NOISE
    if opened is None or caller in opened:
        told = {"locator": f"2026/{n}.wav", "caller": number(caller), "other": None, "queue": "Vaihde"}
        sealed = box.seal_json({**told, "agent": "A. Agentti"}, f"recording.sealed|{one}")
    return (
        one, REGISTER, "bench", one, one, ms, ms + 240_000, ms + 184 * 86_400_000, keys[caller], False,
        f"+35898{n % 40:05d}", "in", "customer_service", "ours", sealed, 0, 0, False,
    )  # fmt: skip


def _write_in(engine: Engine, rows: Iterator[tuple[Any, ...]]) -> None:
    """All rows by SQLite's own driver without a journal; the indexes are made afterwards, which is faster."""
    engine.dispose()
    marks = ", ".join("?" * len(_COLUMNS))
    made_by = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'recording' AND sql LIKE 'CREATE INDEX%'"
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as driver:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-524288", "locking_mode=EXCLUSIVE"):
            driver.execute(f"PRAGMA {setting}")
        indexes = driver.execute(made_by).fetchall()
        driver.execute("BEGIN")
        for name, _ in indexes:
            driver.execute(f"DROP INDEX {name}")
        driver.executemany(f"INSERT INTO recording ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)
        for _, made in indexes:
            driver.execute(made)
        driver.execute("COMMIT")


def _copy_in(engine: Engine, rows: Iterator[tuple[Any, ...]]) -> None:
    """All rows by COPY; the indexes are made afterwards, in sorts that fit into memory."""
    made_by = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'recording' AND indexname LIKE 'ix%'"
    with writing(engine) as db:
        driver: Any = db.connection.dbapi_connection
        with driver.cursor() as cursor:
            indexes = cursor.execute(made_by).fetchall()
            for name, _ in indexes:
                cursor.execute(f"DROP INDEX {name}")
            with cursor.copy(f"COPY recording ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            for _, made in indexes:
                cursor.execute(made)


def _insert(engine: Engine, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        with writing(engine) as db:
            db.execute(table.insert(), batch)


def _analyse(engine: Engine) -> None:
    with writing(engine) as db:
        db.exec_driver_sql("ANALYZE")


def engine_of(here: Office) -> Engine:
    """The office's own engine."""
    engine: Engine = here.book.engine  # type: ignore[attr-defined]  # the store's Book
    return engine


def _cipher(here: Office) -> Cipher:
    cipher: Cipher = here.book._cipher  # type: ignore[attr-defined]  # the store's Book
    return cipher


def _id(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"
