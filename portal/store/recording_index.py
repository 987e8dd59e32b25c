"""The index of recorded calls: what was said when on which number, who holds it, and when it must go.

Holding, condemning and rescuing are single statements, so that no confirmed hold is ever lost to retention: the
purge and the hold test `hold_count` and `state` in the statement that changes them.
States: 0 live, 1 condemned (nothing touched yet, a hold still rescues), 2 deleting, 3 gone.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, bindparam, delete, func, literal_column, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.longer import LONGER
from portal.domain.recording import SegmentMeta
from portal.services.ports import Erasure, Recording, Search
from portal.store.crypto import Cipher
from portal.store.prepared import PreparedInsert
from portal.store.recording_search import by_number, by_service
from portal.store.recording_search import milliseconds as _ms
from portal.store.recording_states import CONDEMNED, DELETING, GONE, LIVE
from portal.store.tables import candidate, cases, hold, metadata, recording, statement, tombstone
from portal.store.tombstones import Tombstones

_HELSINKI = ZoneInfo("Europe/Helsinki")
_MADE = [one for one in metadata.sorted_tables if {"recording", "vault_object"} <= {column.name for column in one.c}]
"""What is made of recordings: every table that has both columns, so that a new one is not forgotten."""
_FORGOTTEN = ("lease", "lease_until", "caller_key", "other_key", "vault_object", "bars")
_STAY = ("restriction", *LONGER)  # what outlives its case
_UNHELD: Any = literal_column("hold_count = 0 AND state = 0")
# Hold, and rescue what was condemned, in one statement; made once because every filing runs it for each candidate.
_HOLD = (
    update(recording)
    .where(recording.c.id == bindparam("held"), recording.c.state.in_((LIVE, CONDEMNED)))
    .values(state=LIVE, hold_count=recording.c.hold_count + 1, lease=None, lease_until=None)
    .returning(recording.c.id)
)
_NEW = (
    "id", "register", "source", "custody", "locator_key", "call_key", "start_ms", "end_ms", "purge_at", "caller_key",
    "other_key", "withheld", "service", "direction", "recording_class", "sealed", "state", "hold_count", "restricted",
)  # fmt: skip
_INSERTS: dict[str, Any] = {"sqlite": sqlite_insert(recording), "postgresql": postgres_insert(recording)}
_KNOWN = ["source", "locator_key"]  # what makes a call the same one
_ADD = PreparedInsert({name: one.on_conflict_do_nothing(index_elements=_KNOWN) for name, one in _INSERTS.items()}, _NEW)
_RESTRICTING = (
    select(hold.c.id)
    .where(hold.c.recording == recording.c.id, hold.c.reason == "restriction", hold.c.released_at.is_(None))
    .exists()
)


class RecordingIndex:
    """The recordings of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    # --- filling -------------------------------------------------------------------------------------------------

    def load(
        self, register: str, source: str, custody: str, metas: Iterable[tuple[SegmentMeta, datetime]]
    ) -> tuple[str, ...]:
        """Add calls with the instant their retention ends; known ones (same source and place) are left as they are.

        Returns the ids of the new ones.
        """
        near = token_hex(6)  # random, but beside each other: of a million rows each lands in the index beside the last
        rows = [
            self._new_row(f"{near}{n:06x}{token_hex(7)}", register, source, custody, meta, purge_at)
            for n, (meta, purge_at) in enumerate(metas)
        ]
        if not rows:
            return ()
        added = _ADD.many(self._db, rows)
        ids = tuple(row["id"] for row in rows)
        if added == len(ids):
            return ids
        return tuple(self._db.scalars(select(recording.c.id).where(recording.c.id.in_(ids))))

    def _new_row(
        self, new: str, register: str, source: str, custody: str, meta: SegmentMeta, purge_at: datetime
    ) -> dict[str, Any]:
        sealed = {
            "locator": meta.locator, "caller": meta.caller, "other": meta.other_number, "queue": meta.queue,
            "agent": meta.agent,
        }  # fmt: skip
        return {
            "id": new, "register": register, "source": source, "custody": custody,
            "locator_key": self._cipher.token(register, "locator", meta.locator),
            "call_key": self._cipher.token(register, "call", meta.call_uid),
            "start_ms": _ms(meta.start), "end_ms": _ms(meta.end), "purge_at": _ms(purge_at),
            "caller_key": self._cipher.number_key(register, meta.caller) if meta.caller else None,
            "other_key": self._cipher.number_key(register, meta.other_number) if meta.other_number else None,
            "withheld": meta.withheld, "service": meta.service_number, "direction": meta.direction,
            "recording_class": meta.recording_class.value,
            "sealed": self._cipher.field(register).seal_json(sealed, f"recording.sealed|{new}"),
            "state": LIVE, "hold_count": 0, "restricted": False,
        }  # fmt: skip

    def stored(self, recording_id: str, vault_object: str, sha256: str, size: int, bars: tuple[int, ...]) -> None:
        """The recording's audio now lies in the vault; `bars` is its picture."""
        self._db.execute(
            update(recording)
            .where(recording.c.id == recording_id)
            .values(vault_object=vault_object, sha256=sha256, size=size, bars=list(bars))
        )

    # --- finding -------------------------------------------------------------------------------------------------

    def search(self, register: str, wanted: Search, limit: int = 50) -> tuple[Recording, ...]:
        """Recordings of the register that are not gone, by number or by service, in any of the windows.

        One whose deletion has begun is found too: that a hold came too late for it is an answer, "none" would be wrong.
        """
        if not wanted.windows or not (wanted.number or wanted.service):
            return ()
        if wanted.number:
            key = self._cipher.number_key(register, wanted.number)
            rows = by_number(self._db, register, key, wanted.windows, limit)
        else:
            rows = by_service(self._db, register, wanted.service or "", wanted.windows, limit)
        return tuple(self._recording(row) for row in rows)

    def get(self, recording_id: str) -> Recording | None:
        row = self._db.execute(select(recording).where(recording.c.id == recording_id)).first()
        return self._recording(row) if row else None

    def many(self, ids: Sequence[str]) -> dict[str, Recording]:
        rows = self._db.execute(select(recording).where(recording.c.id.in_(ids)))
        return {row.id: self._recording(row) for row in rows}

    # --- holding -------------------------------------------------------------------------------------------------

    def hold(self, recording_id: str, reason: str, case_id: str, by: str, review_on: date, now: datetime) -> bool:
        """Hold a recording, rescuing it if it was condemned. False: too late, its deletion has begun.

        Repeating the same hold changes nothing. Promise it to nobody before the unit has committed.
        """
        placed = self._db.execute(
            self._insert(hold)
            .on_conflict_do_nothing(
                index_elements=["recording", "reason", "case_id"], index_where=hold.c.released_at.is_(None)
            )
            .returning(hold.c.id),
            {
                "id": uuid4().hex, "recording": recording_id, "reason": reason, "case_id": case_id, "placed_by": by,
                "placed_at": now, "review_on": review_on,
            },
        ).first()  # fmt: skip
        if placed is None:
            return True
        if self._db.execute(_HOLD, {"held": recording_id}).first() is None:
            self._db.execute(hold.delete().where(hold.c.id == placed.id))
            return False
        return True

    def release(
        self, case_id: str, now: datetime, *, recording_id: str | None = None, restriction: bool = False
    ) -> tuple[str, ...]:
        """Release the open holds of a case (of one recording, or of all); returns the recordings released.

        The hold of a restriction stays, and ends alone: `restriction`, only after the notice of art. 18(3).
        """
        which = hold.c.reason == "restriction" if restriction else hold.c.reason.not_in(_STAY)
        query = update(hold).where(hold.c.case_id == case_id, hold.c.released_at.is_(None), which)
        query = query.values(released_at=now)
        if recording_id:
            query = query.where(hold.c.recording == recording_id)
        released = tuple(self._db.scalars(query.returning(hold.c.recording)))
        for freed in released:
            self._db.execute(
                update(recording)
                .where(recording.c.id == freed, recording.c.hold_count > 0)
                .values(hold_count=recording.c.hold_count - 1)
            )
        return released

    def restrict(self, recording_id: str, on: bool) -> None:
        """Art. 18: mark or unmark; the hold with reason `restriction` is placed beside, in the same unit.

        The mark stays while any case still restricts the recording.
        """
        kept = [] if on else [~_RESTRICTING]
        self._db.execute(update(recording).where(recording.c.id == recording_id, *kept).values(restricted=on))

    def holds_of(self, case_id: str) -> tuple[tuple[str, str], ...]:
        """The case's open holds: recording and reason."""
        query = select(hold.c.recording, hold.c.reason).where(hold.c.case_id == case_id, hold.c.released_at.is_(None))
        return tuple((row.recording, row.reason) for row in self._db.execute(query.order_by(hold.c.placed_at)))

    def restricted_for(self, recording_id: str) -> frozenset[str]:
        """The people at whose request the recording is restricted."""
        people = (
            select(cases.c.person)
            .join(hold, hold.c.case_id == cases.c.id)
            .where(hold.c.recording == recording_id, hold.c.reason == "restriction", hold.c.released_at.is_(None))
        )
        return frozenset(self._db.scalars(people))

    def miscounted(self) -> tuple[str, ...]:
        """Recordings whose hold_count is not the number of their open holds (must be none)."""
        opened = (
            select(func.count())
            .select_from(hold)
            .where(hold.c.recording == recording.c.id, hold.c.released_at.is_(None))
            .scalar_subquery()
        )
        return tuple(self._db.scalars(select(recording.c.id).where(recording.c.hold_count != opened)))

    # --- disposal (called by services/dispose only) --------------------------------------------------------------

    def due(self, register: str, now: datetime, limit: int = 500) -> tuple[Recording, ...]:
        """Live recordings without a hold whose retention has ended: what a dry run shows."""
        rows = self._db.execute(
            select(recording)
            .where(recording.c.register == register, recording.c.purge_at < _ms(now), _UNHELD)
            .order_by(recording.c.purge_at)
            .limit(limit)
        )
        return tuple(self._recording(row) for row in rows)

    def held_past_due(self, register: str, now: datetime) -> int:
        """How many recordings retention would take if no hold stood on them."""
        query = select(recording.c.id).where(
            recording.c.register == register, recording.c.purge_at < _ms(now), recording.c.state == LIVE,
            recording.c.hold_count > 0,
        )  # fmt: skip
        return len(self._db.execute(query).all())

    def condemn(self, register: str, now: datetime, worker: str, lease: timedelta, limit: int = 500) -> int:
        """Condemn what is due, in one statement; returns how many."""
        due = (
            select(recording.c.id)
            .where(recording.c.register == register, recording.c.purge_at < _ms(now), _UNHELD)
            .order_by(recording.c.purge_at)
            .limit(limit)
        )
        if self._db.dialect.name == "postgresql":
            due = due.with_for_update(skip_locked=True)
        taken = self._db.execute(
            update(recording)
            .where(recording.c.id.in_(due), _UNHELD)
            .values(state=CONDEMNED, lease=worker, lease_until=_ms(now + lease))
        )
        return taken.rowcount

    def condemn_one(self, recording_id: str, now: datetime, worker: str, lease: timedelta) -> bool:
        """Condemn one recording by decision; False while any hold stands on it."""
        taken = self._db.execute(
            update(recording)
            .where(recording.c.id == recording_id, _UNHELD)
            .values(state=CONDEMNED, lease=worker, lease_until=_ms(now + lease))
        )
        return taken.rowcount == 1

    def condemned(self, register: str, worker: str, now: datetime) -> tuple[Recording, ...]:
        """This worker's condemned recordings, and those of a worker whose lease ran out (taken over)."""
        self._db.execute(
            update(recording)
            .where(
                recording.c.register == register, recording.c.state.in_((CONDEMNED, DELETING)),
                recording.c.lease_until < _ms(now),
            )
            .values(lease=worker, lease_until=_ms(now + timedelta(minutes=10)))
        )  # fmt: skip
        rows = self._db.execute(
            select(recording).where(
                recording.c.register == register, recording.c.state.in_((CONDEMNED, DELETING)),
                recording.c.lease == worker,
            )
        )  # fmt: skip
        return tuple(self._recording(row) for row in rows)

    def start_deleting(self, recording_id: str, worker: str) -> bool:
        """The deleter is about to touch it. False: a hold rescued it meanwhile, leave it alone."""
        begun = self._db.execute(
            update(recording)
            .where(
                recording.c.id == recording_id, recording.c.lease == worker,
                or_(
                    and_(recording.c.state == CONDEMNED, literal_column("hold_count = 0")),
                    recording.c.state == DELETING,
                ),
            )
            .values(state=DELETING)
        )  # fmt: skip
        return begun.rowcount == 1

    def made_of(self, recording_id: str) -> tuple[str, ...]:
        """The vault objects of a recording and of everything made from it."""
        parts = [select(one.c.vault_object).where(one.c.recording == recording_id) for one in _MADE]
        parts.append(select(recording.c.vault_object).where(recording.c.id == recording_id))
        return tuple(sorted({found for found in self._db.scalars(union_all(*parts)) if found}))

    def gone(self, erasure: Erasure) -> str:
        """Deletion is done: write the tombstone, forget the rest. Returns the tombstone's hash."""
        proof = Tombstones(self._db, self._cipher).write(erasure)
        for one in _MADE:
            self._db.execute(update(one).where(one.c.recording == erasure.recording).values(vault_object=None))
        self._db.execute(delete(statement).where(statement.c.recording == erasure.recording))
        nothing = self._cipher.field(erasure.register).seal_json({}, f"recording.sealed|{erasure.recording}")
        self._db.execute(
            update(recording)
            .where(recording.c.id == erasure.recording)
            .values({"state": GONE, "sealed": nothing} | dict.fromkeys(_FORGOTTEN))
        )
        return proof

    def doom(self, recording_id: str, worker: str, now: datetime, lease: timedelta) -> bool:
        """Begin the deletion of what was erased before this database's time: no hold of then stands against it."""
        begun = self._db.execute(
            update(recording)
            .where(recording.c.id == recording_id, recording.c.state < GONE)
            .values(state=DELETING, lease=worker, lease_until=_ms(now + lease))
        )
        return begun.rowcount == 1

    def erased_on(self, recording_id: str) -> date | None:
        """The day a recording was deleted, from its tombstone."""
        at = self._db.scalar(select(tombstone.c.at).where(tombstone.c.recording == recording_id))
        return at.astimezone(_HELSINKI).date() if at else None

    # --- candidates of a case ------------------------------------------------------------------------------------

    def propose(
        self, case_id: str, found: str, call: int, score: float, fit: str, reasons: Any, outcome: str, now: datetime
    ) -> None:
        """Keep a candidate with its reasons and what became of its hold; a repeated one is brought up to date."""
        values = {"score": score, "fit": fit, "reasons": reasons, "outcome": outcome}
        adding = self._insert(candidate)
        self._db.execute(
            adding.on_conflict_do_update(
                index_elements=["case_id", "recording", "call"], set_={name: adding.excluded[name] for name in values}
            ),
            {"case_id": case_id, "recording": found, "call": call, "note": "", "found_at": now, **values},
        )

    def candidates(self, case_id: str) -> tuple[Any, ...]:
        """The case's candidates, best first, as stored (recording, call, score, fit, reasons, outcome, note)."""
        mine = select(candidate).where(candidate.c.case_id == case_id)
        return tuple(self._db.execute(mine.order_by(candidate.c.call, candidate.c.score.desc())))

    def set_outcome(self, case_id: str, recording_id: str, outcome: str, note: str) -> None:
        """A hold's outcome became known: copied, too late, or confirmed by the operator."""
        self._db.execute(
            update(candidate)
            .where(candidate.c.case_id == case_id, candidate.c.recording == recording_id)
            .values(outcome=outcome, note=note)
        )

    def open_cases_of(self, recording_id: str) -> tuple[str, ...]:
        """Ids of open cases that have this recording among their candidates."""
        return tuple(
            self._db.scalars(
                select(candidate.c.case_id)
                .join(cases, cases.c.id == candidate.c.case_id)
                .where(candidate.c.recording == recording_id, cases.c.done_at.is_(None))
                .distinct()
            )
        )

    # --- statements (art. 16) ------------------------------------------------------------------------------------

    def attach(self, recording_id: str, case_id: str, register: str, text: str, now: datetime) -> None:
        """Attach a correcting statement; shown wherever the recording is opened."""
        sealed = self._cipher.field(register).seal_json(text, f"statement|{recording_id}|{case_id}")
        self._db.execute(
            self._insert(statement)
            .values(recording=recording_id, case_id=case_id, added_at=now, sealed=sealed)
            .on_conflict_do_nothing()
        )

    def statements(self, recording_id: str, register: str) -> tuple[str, ...]:
        """The correcting statements attached to a recording, oldest first."""
        rows = self._db.execute(
            select(statement).where(statement.c.recording == recording_id).order_by(statement.c.added_at)
        )
        return tuple(
            self._cipher.open_field(register, row.sealed, f"statement|{recording_id}|{row.case_id}") for row in rows
        )

    def _recording(self, row: Any) -> Recording:
        opened = self._cipher.open_field(row.register, row.sealed, f"recording.sealed|{row.id}")
        return Recording(
            row.id, row.register, row.source, opened.get("locator", ""), _at(row.start_ms), _at(row.end_ms),
            _at(row.purge_at), opened.get("caller"), opened.get("other"), bool(row.withheld), row.service,
            opened.get("queue"), opened.get("agent"), row.direction, row.recording_class, row.custody, row.vault_object,
            row.sha256, row.state, row.hold_count, bool(row.restricted), tuple(row.bars or ()), row.call_key,
        )  # fmt: skip


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
