"""Rows to Cases and back. There is no get-by-id: `open` takes the actor, and "not yours" equals "absent"."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, cast, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from portal.domain.access import Actor, ActorKind
from portal.domain.case import Case, Leading, State, extended, leading
from portal.domain.decisions import Decision, ItemDecision, Reasons, needs_second
from portal.domain.events import Event
from portal.domain.lifecycle import NotNow
from portal.domain.rights import Right
from portal.services.ports import Absent, Entry, Keeping, QueueFilter, QueueRow, Repeated
from portal.store import audit_trail
from portal.store.audit_trail import case_chain
from portal.store.codec import from_plain, to_plain
from portal.store.crypto import Box, Cipher, name_words
from portal.store.prepared import Prepared
from portal.store.tables import act, audit, cases, counter, decision_item, search_token, staff

# Made once: every event of every case runs them.
_MOVE = cases.update().where(cases.c.id == bindparam("case"), cases.c.event_seq == bindparam("was"))
_PLACE = select(cases.c.data_key, cases.c.expires_on).where(cases.c.id == bindparam("case"))
_PLACE_LOCKED = _PLACE.with_for_update()


class CaseBook:
    """The cases of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._writes = connection.get_execution_options().get("write", False)
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def next_ref(self, register: str, year: int) -> str:
        """The next reference of the register and year, R-2026-00412; numbers are never used twice."""
        bumped = self._db.execute(
            self._insert(counter)
            .values(register=register, year=year, value=1)
            .on_conflict_do_update(index_elements=["register", "year"], set_={"value": counter.c.value + 1})
            .returning(counter.c.value)
        ).scalar_one()
        return f"R-{year}-{bumped:05d}"

    def of_submission(self, submission: str) -> str | None:
        """The reference of the case that this submission already made: a second click finds the first one's case."""
        return self._db.scalar(select(cases.c.ref).where(cases.c.submission == submission))

    def add(self, case: Case, submission: str, event: Event, actor: Actor, now: datetime) -> Case:
        """Write a new case with its first event. Repeated: this submission has made its case meanwhile."""
        wrapped, box = self._cipher.new_data_key(case.register, case.id)
        self._append(case, event, actor, now, box)
        values = self._row(case, box) | {
            "id": case.id, "register": case.register, "ref": case.ref, "submission": submission,
            "person": case.applicant.person, "received_at": case.received_at, "data_key": wrapped, "keeping": "none",
            "label": box.seal(case.applicant.name.encode(), f"cases.label|{case.id}"),
        }  # fmt: skip
        try:
            self._db.execute(cases.insert(), values)
        except IntegrityError as error:
            raise Repeated(case.ref) from error
        tokens = {self._cipher.token(case.register, "name", word) for word in name_words(_names(case))}
        rows = [
            {"register": case.register, "kind": "name", "token": token, "case_id": case.id} for token in sorted(tokens)
        ]
        numbers = {call.own_number for call in case.calls if call.own_number}
        rows += [
            {"register": case.register, "kind": "number", "token": token, "case_id": case.id}
            for token in sorted({self._cipher.token(case.register, "number", number) for number in numbers})
        ]
        self._db.execute(search_token.insert(), rows)
        return case

    def open(self, ref: str, actor: Actor, *, lock: bool = False) -> Case:
        """The case with this reference that this actor may see. Absent otherwise."""
        query = select(cases).where(cases.c.ref == ref)
        if actor.kind is ActorKind.CITIZEN:
            query = query.where(cases.c.register == actor.controller, cases.c.person == actor.id)
        elif actor.kind is ActorKind.STAFF or actor.controller != "*":
            query = query.where(cases.c.register == actor.controller)
        row = self._db.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise Absent(ref)
        return self._case(row)

    def open_for_system(self, case_id: str) -> Case:
        """A case by its id, for background work only; a writing unit keeps others from moving it meanwhile."""
        query = select(cases).where(cases.c.id == case_id)
        row = self._db.execute(query.with_for_update() if self._writes else query).first()
        if row is None:
            raise Absent(case_id)
        return self._case(row)

    def record(self, before: Case, after: Case, event: Event, actor: Actor, now: datetime) -> None:
        """Save `after` with its event. NotNow when somebody else moved the case since `before` was read."""
        place = self._place(before)
        box = self._cipher.data_box(before.register, before.id, place.data_key)
        if self._append(after, event, actor, now, box) != after.seq:
            raise NotNow("moved")
        if after.decision and (after.decision != before.decision or after.state != before.state):
            self._write_decision(after, after.decision, box)
        if after.acts != before.acts:
            self._write_acts(after)
        values = self._row(after, box) | {"sort_on": _sort_on(after, place.expires_on)}
        changed = self._db.execute(_MOVE, values | {"case": after.id, "was": before.seq})
        if changed.rowcount != 1:
            raise NotNow("moved")

    def _write_decision(self, case: Case, decision: Decision, box: Box) -> None:
        """The items beside the sealed body, where the database itself refuses a refusal without its reasons."""
        self._db.execute(decision_item.delete().where(decision_item.c.case_id == case.id))
        self._db.execute(decision_item.insert(), [_item(case, item, box) for item in decision.items])

    def _write_acts(self, case: Case) -> None:
        """The acts of two people, where the database itself refuses one that a single person would do."""
        self._db.execute(act.delete().where(act.c.case_id == case.id))
        rows = [
            {"case_id": case.id, "n": n, "kind": one.kind, "author": one.author, "approver": one.approver}
            for n, one in enumerate(case.acts, 1)
        ]
        if rows:
            self._db.execute(act.insert(), rows)

    def keep(self, case: Case, keeping: Keeping) -> None:
        """Store the recording's clock as an index of what the holds say."""
        self._db.execute(
            cases.update()
            .where(cases.c.id == case.id)
            .values(keeping=keeping.state, expires_on=keeping.expires_on, sort_on=_sort_on(case, keeping.expires_on))
        )

    def timeline(self, case: Case) -> tuple[Entry, ...]:
        """All events of the case, oldest first."""
        return audit_trail.read_chain(self._db, case_chain(case.id), self.box(case))

    def box(self, case: Case) -> Box:
        """The case's own box, for what belongs to it in other tables."""
        return self._cipher.data_box(case.register, case.id, self._place(case).data_key)

    def of_person(self, actor: Actor) -> tuple[Case, ...]:
        """A data subject's own cases in this register, newest first."""
        rows = self._db.execute(
            select(cases)
            .where(cases.c.person == actor.id, cases.c.register == actor.controller)
            .order_by(cases.c.received_at.desc())
        )
        return tuple(self._case(row) for row in rows)

    def open_ids(self, register: str) -> tuple[str, ...]:
        """The ids of the register's open cases, nearest clock first."""
        query = select(cases.c.id).where(cases.c.register == register, cases.c.done_at.is_(None))
        return tuple(self._db.scalars(query.order_by(cases.c.sort_on)))

    def awaiting(self, register: str) -> tuple[str, ...]:
        """The ids of the register's cases with an act that waits for a second person."""
        query = select(act.c.case_id).join(cases, cases.c.id == act.c.case_id)
        return tuple(self._db.scalars(query.where(act.c.approver.is_(None), cases.c.register == register).distinct()))

    def filed_since(self, person: str, since: datetime) -> int:
        """How many requests the person has filed since an instant (a limit of use, never of the right)."""
        found = self._db.scalar(
            select(func.count()).select_from(cases).where(cases.c.person == person, cases.c.received_at >= since)
        )
        return found or 0

    def earlier(self, case: Case, since: datetime) -> tuple[tuple[str, date, Right], ...]:
        """The same person's other requests since an instant, oldest first: reference, day of receipt, right."""
        rows = self._db.execute(
            select(cases)
            .where(cases.c.person == case.applicant.person, cases.c.received_at >= since, cases.c.id != case.id)
            .order_by(cases.c.received_at)
        )
        return tuple((one.ref, one.received_on, one.right) for one in map(self._case, rows))

    def _place(self, case: Case) -> Any:
        row = self._db.execute(_PLACE_LOCKED if self._writes else _PLACE, {"case": case.id}).first()
        if row is None:
            raise Absent(case.id)
        return row

    def _append(self, case: Case, event: Event, actor: Actor, now: datetime, box: Box) -> int:
        return audit_trail.append(self._db, case_chain(case.id), case.register, actor, event, case.id, now, box)

    def _row(self, case: Case, box: Box) -> dict[str, Any]:
        clock = leading(case)
        return {
            "state": case.state.value, "kind": case.right.value, "language": case.language.value,
            "handler": case.handler, "due_on": clock.due, "internal_due": clock.plan_on,
            "clock": _clock(case, clock),
            "sort_on": _sort_on(case, None), "event_seq": case.seq,
            "done_at": None if case.state.open else (case.answered_at or case.closed_at),
            "body": box.seal_json(to_plain(case), f"cases.body|{case.id}"),
            "author": case.author, "approver": case.approver,
            "second": case.decision is not None and needs_second(case.decision, case.right),
        }  # fmt: skip

    def _case(self, row: Any) -> Case:
        box = self._cipher.data_box(row.register, row.id, row.data_key)
        return from_plain(Case, box.open_json(row.body, f"cases.body|{row.id}"))


def _names(case: Case) -> str:
    """The names by which a case is searched: the applicant's, and of whom they act for."""
    return f"{case.applicant.name} {case.representative.for_name if case.representative else ''}"


def _item(case: Case, item: ItemDecision, box: Box) -> dict[str, Any]:
    """A row of decision_item; an empty text is no text."""
    reasons = item.reasons or Reasons("", "", "")
    texts = {"facts": reasons.facts.strip(), "assessment": reasons.assessment.strip()}
    where = f"{case.id}|{item.item}"
    sealed = {name: box.seal(text.encode(), f"decision_item.{name}|{where}") for name, text in texts.items() if text}
    row = {"case_id": case.id, "item": item.item, "outcome": item.outcome.value, "ground": reasons.ground or None}
    return row | {"facts": None, "assessment": None} | sealed


def _sort_on(case: Case, expires_on: date | None) -> date:
    """The nearer of the two clocks: the day to plan the answer on, and the day a recording could be lost."""
    planned = leading(case).plan_on
    return min(planned, expires_on) if expires_on else planned


def _clock(case: Case, clock: Leading) -> str:
    """What the queue says of the clock that leads: running, stopped or extended."""
    if clock.due is None:
        return "stopped"
    return "extended" if extended(case) and clock.law != "openness" else "running"


_LINE = (
    cases.c.id, cases.c.ref, cases.c.label, cases.c.data_key, cases.c.state, cases.c.kind, cases.c.language,
    cases.c.handler, staff.c.name, cases.c.received_at, cases.c.due_on, cases.c.internal_due, cases.c.clock,
    cases.c.keeping, cases.c.expires_on, cases.c.sort_on,
)  # fmt: skip

_LINES = select(*_LINE).outerjoin(staff, staff.c.id == cases.c.handler)
_FIRST = (
    _LINES.where(cases.c.register == bindparam("of"), cases.c.done_at.is_(None))
    .order_by(cases.c.sort_on, cases.c.id)
    .limit(bindparam("size"))
)
"""The queue as it is opened; made once."""

Figures = dict[str, tuple[str, dict[tuple[str, str, str | None], int]]]
"""By register: what its open cases were as of when they were counted, and the figures."""

_NEWEST = Prepared(select(func.max(audit.c.id).label("event")).where(audit.c.register == bindparam("of")))
_SNAPSHOT = Prepared(select(cast(func.pg_current_snapshot(), String).label("snapshot")))
_FIGURES = (
    select(cases.c.state, cases.c.keeping, cases.c.handler, func.count())
    .where(cases.c.register == bindparam("of"), cases.c.done_at.is_(None))
    .group_by(cases.c.state, cases.c.keeping, cases.c.handler)
)


class Queue:
    """The open cases of a register, nearest clock first, by keyset."""

    def __init__(self, connection: Connection, cipher: Cipher, figures: Figures) -> None:
        self._db = connection
        self._cipher = cipher
        self._figures = figures

    def page(
        self, register: str, wanted: QueueFilter, after: tuple[date, str] | None, size: int
    ) -> tuple[QueueRow, ...]:
        """At most `size` lines after the key (sort_on, id) of the last line shown."""
        if after is None and wanted == QueueFilter():
            return tuple(self._line(register, row) for row in self._db.execute(_FIRST, {"of": register, "size": size}))
        query = _LINES.where(self._open(register, wanted)).order_by(cases.c.sort_on, cases.c.id).limit(size)
        if after:
            query = query.where(tuple_(cases.c.sort_on, cases.c.id) > after)
        return tuple(self._line(register, row) for row in self._db.execute(query))

    def counts(self, register: str) -> dict[tuple[str, str, str | None], int]:
        """How many open cases by (state, keeping, handler): one index scan gives every view's figure."""
        if self._db.get_execution_options().get("write", False):  # what a unit may yet roll back is nobody's figure
            return self._counted(register)
        as_of, known = self.as_of(register), self._figures.get(register)
        if known and known[0] == as_of:
            return known[1]
        found = self._counted(register)
        self._figures[register] = (as_of, found)
        return found

    def as_of(self, register: str) -> str:
        """A word for what the register's open cases are now: as long as it stands, so does all that the queue shows.

        Nothing of a case changes without an event, and an account keeps its name. SQLite writes one unit after
        another, so the newest event says it all; PostgreSQL numbers events before they commit, but every commit that
        comes to be seen changes the snapshot.
        """
        if self._db.dialect.name == "postgresql":
            return str(_SNAPSHOT.rows(self._db, {})[0].snapshot)
        return str(_NEWEST.rows(self._db, {"of": register})[0].event)

    def _counted(self, register: str) -> dict[tuple[str, str, str | None], int]:
        rows = self._db.execute(_FIGURES, {"of": register})
        return {(state, keeping, handler): n for state, keeping, handler, n in rows}

    def total(self, register: str, wanted: QueueFilter) -> int:
        """The exact number of open cases that fit."""
        return self._db.scalar(select(func.count()).select_from(cases).where(self._open(register, wanted))) or 0

    def _open(self, register: str, wanted: QueueFilter) -> Any:
        terms: list[Any] = [cases.c.register == register, cases.c.done_at.is_(None)]
        for column, value in (
            (cases.c.state, wanted.state), (cases.c.kind, wanted.right), (cases.c.handler, wanted.handler),
            (cases.c.language, wanted.language),
        ):  # fmt: skip
            if value:
                terms.append(column == value)
        if wanted.free:
            terms.append(cases.c.handler.is_(None))
        if wanted.keeping_in:
            terms.append(cases.c.keeping.in_(wanted.keeping_in))
        if wanted.due_by:
            terms.append(and_(cases.c.clock != "stopped", cases.c.sort_on <= wanted.due_by))
        if wanted.words:
            terms.append(self._found(register, wanted.words))
        return and_(*terms)

    def _found(self, register: str, words: str) -> Any:
        """Cases by reference, or by every word of a name; nothing sealed is opened for a search."""
        by_name = [
            cases.c.id.in_(
                select(search_token.c.case_id).where(
                    search_token.c.register == register, search_token.c.kind == kind, search_token.c.token == token
                )
            )
            for kind, token in self._tokens(register, words)
        ]
        by_ref = cases.c.ref == words.strip().upper()
        return or_(by_ref, and_(*by_name)) if by_name else by_ref

    def _tokens(self, register: str, words: str) -> list[tuple[str, str]]:
        if words.startswith("+"):
            return [("number", self._cipher.token(register, "number", words))]
        return [("name", self._cipher.token(register, "name", word)) for word in sorted(name_words(words))]

    def _line(self, register: str, row: Any) -> QueueRow:
        case, ref, label, key, state, right, language, handler, handler_name, *clocks = row
        name = _name(self._cipher, register, case, key, label)
        return QueueRow(case, ref, name, State(state), right, language, handler, handler_name or "", *clocks)


@lru_cache(maxsize=4096)
def _name(cipher: Cipher, register: str, case: str, key: bytes, label: bytes) -> str:
    """A sealed name, opened once while its row stays the same; without the row's own key there is no way to it."""
    return cipher.data_box(register, case, key).open(label, f"cases.label|{case}").decode()
