"""Tombstones: the chained proof that a recording was deleted; append-only in the database too (art. 5(2)).

What is in them says neither number nor name: a random id, a keyed digest of the place, size and hash of the audio,
the day of the call, why, whether the source confirmed, who and when.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from portal.services.ports import Erasure, Fault, Recording
from portal.store.crypto import Cipher
from portal.store.recording_states import GONE
from portal.store.tables import recording, tombstone
from portal.store.tables_duties import erasure_confirmation

_HELSINKI = ZoneInfo("Europe/Helsinki")
_TOLD = (
    "register", "recording", "locator_key", "sha256", "size", "call_day", "why", "verified", "actor", "at", "prev",
)  # fmt: skip
_CONFIRMS = ("register", "recording", "tombstone", "confirmed_on", "actor", "at", "prev")
_ONE_WRITER = text("SELECT pg_advisory_xact_lock(7310003)")


class Tombstones:
    """The tombstones of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def prepare(
        self, found: Recording, why: str, verified: bool, actor: str, now: datetime, objects: Sequence[str]
    ) -> Erasure:
        """What the ledger and the tombstone will say of a recording that is being deleted."""
        row = self._db.execute(select(recording).where(recording.c.id == found.id)).one()
        return Erasure(
            found.register, found.id, found.source, found.custody, row.locator_key, row.sha256, row.size,
            found.start.astimezone(_HELSINKI).date(), why, verified, actor, now, tuple(objects),
        )  # fmt: skip

    def write(self, erasure: Erasure) -> str:
        """Add the tombstone to the chain; returns its hash."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(_ONE_WRITER)  # SQLite has one writer anyway; two would both follow the same one
        last = self._db.scalar(select(tombstone.c.hash).order_by(tombstone.c.id.desc()).limit(1)) or ""
        values = {name: getattr(erasure, name) for name in _TOLD if name != "prev"} | {"prev": last}
        proof = _hash(values)
        self._db.execute(tombstone.insert().values(**values, hash=proof))
        return proof

    def confirm(self, recording_id: str, on: date, actor: str, now: datetime) -> str | None:
        """Add the operator's word that a recording is gone there too, to a chain of its own: a tombstone is never
        edited. Returns the tombstone's hash; None where none stands."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(_ONE_WRITER)
        stands = self._db.execute(select(tombstone).where(tombstone.c.recording == recording_id)).first()
        if stands is None:
            return None
        last = select(erasure_confirmation.c.hash).order_by(erasure_confirmation.c.id.desc()).limit(1)
        values = {
            "register": stands.register, "recording": recording_id, "tombstone": stands.hash, "confirmed_on": on,
            "actor": actor, "at": now, "prev": self._db.scalar(last) or "",
        }  # fmt: skip
        self._db.execute(erasure_confirmation.insert().values(**values, hash=_hash(values)))
        proof: str = stands.hash
        return proof

    def verified(self, recording_id: str) -> bool | None:
        """Is the recording gone at its source, by the source's own word or the operator's? None: no tombstone."""
        said = self._db.scalar(select(tombstone.c.verified).where(tombstone.c.recording == recording_id))
        later = select(erasure_confirmation.c.id).where(erasure_confirmation.c.recording == recording_id)
        return said if said is None or said else self._db.scalar(later) is not None

    def known(self, recordings: Sequence[str]) -> frozenset[str]:
        """Those of these recordings that have a tombstone."""
        query = select(tombstone.c.recording).where(tombstone.c.recording.in_(recordings))
        return frozenset(self._db.scalars(query))

    def remember(self, erasure: Erasure) -> None:
        """Say that a recording is gone which this database never knew, so that no source can load it again."""
        midnight = datetime.combine(erasure.call_day, time(), _HELSINKI)
        day = int(midnight.timestamp() * 1000)
        nothing = self._cipher.field(erasure.register).seal_json({}, f"recording.sealed|{erasure.recording}")
        self._db.execute(
            recording.insert().values(
                id=erasure.recording, register=erasure.register, source=erasure.source, custody=erasure.custody,
                locator_key=erasure.locator_key, call_key=erasure.recording, start_ms=day, end_ms=day, purge_at=day,
                withheld=True, direction="in", recording_class="customer_service", sealed=nothing, state=GONE,
                hold_count=0, restricted=False,
            )
        )  # fmt: skip
        self.write(erasure)

    def namesake(self, erasure: Erasure) -> str | None:
        """The recording that stands in this database for the erased one's place at its source."""
        place = (recording.c.source == erasure.source, recording.c.locator_key == erasure.locator_key)
        return self._db.scalar(select(recording.c.id).where(*place))

    def count(self) -> int:
        """How many there are."""
        return self._db.scalar(select(func.count()).select_from(tombstone)) or 0

    def all(self) -> Iterator[Erasure]:
        """Every tombstone, oldest first; of those whose recording's row is gone the source is not known."""
        query = (
            select(tombstone, recording.c.source, recording.c.custody)
            .outerjoin(recording, recording.c.id == tombstone.c.recording)
            .order_by(tombstone.c.id)
            .execution_options(yield_per=1000)
        )
        for row in self._db.execute(query):
            told: dict[str, Any] = {name: getattr(row, name) for name in _TOLD if name != "prev"}
            yield Erasure(source=row.source or "", custody=row.custody or "", **told)


def verify(connection: Connection) -> Fault | None:
    """Check the whole chain, and that what is gone has its tombstone; None when all is well."""
    prev = ""
    for row in connection.execute(select(tombstone).order_by(tombstone.c.id).execution_options(yield_per=1000)):
        if row.prev != prev:
            return Fault("tombstone", row.id, "does not follow the row before it")
        if row.hash != _hash({name: getattr(row, name) for name in _TOLD}):
            return Fault("tombstone", row.id, "was changed")
        prev = row.hash
    if fault := _verify_confirmations(connection):
        return fault
    buried = select(tombstone.c.id).where(tombstone.c.recording == recording.c.id).exists()
    lacking = connection.scalar(select(func.count()).select_from(recording).where(recording.c.state == GONE, ~buried))
    return Fault("tombstone", lacking, "recordings are gone without a tombstone") if lacking else None


def _verify_confirmations(connection: Connection) -> Fault | None:
    """The operators' words: whole, and each of a tombstone that stands as it was."""
    query = select(erasure_confirmation, tombstone.c.hash.label("stands")).outerjoin(
        tombstone, tombstone.c.recording == erasure_confirmation.c.recording
    )
    prev = ""
    for row in connection.execute(query.order_by(erasure_confirmation.c.id)):
        if row.prev != prev:
            return Fault("erasure_confirmation", row.id, "does not follow the row before it")
        if row.hash != _hash({name: getattr(row, name) for name in _CONFIRMS}) or row.stands != row.tombstone:
            return Fault("erasure_confirmation", row.id, "was changed")
        prev = row.hash
    return None


def _hash(values: dict[str, Any]) -> str:
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value
