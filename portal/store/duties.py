"""Rows of retention's duties: what is at risk, which alarms stand, what operators were asked, what waits."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.services.ports.duties import ErasureTask, LongerHold, RiskyHold, StandingAlarm, Stuck
from portal.store.crypto import Cipher
from portal.store.recording_index import _at
from portal.store.recording_search import milliseconds as _ms
from portal.store.recording_states import GONE
from portal.store.tables import candidate, cases, hold, job, recording, slot
from portal.store.tables_duties import deletion_wait, erasure_task, hold_alarm, longer_hold

_LIVE = ("proposed", "approved")
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=10), timedelta(days=1)


class Duties:
    """The duties of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    # --- alarms --------------------------------------------------------------------------------------------------

    def risky(self, register: str) -> tuple[RiskyHold, ...]:
        """The unconfirmed and the late holds of the register's open cases."""
        rows = self._db.execute(
            select(candidate.c.case_id, candidate.c.recording, candidate.c.call, candidate.c.outcome,
                   candidate.c.found_at, recording.c.purge_at)
            .join(cases, cases.c.id == candidate.c.case_id)
            .join(recording, recording.c.id == candidate.c.recording)
            .where(cases.c.register == register, cases.c.done_at.is_(None),
                   cases.c.keeping.in_(("task", "asked", "gone")),
                   candidate.c.outcome.in_(("task", "asked", "too_late")))
        )  # fmt: skip
        return tuple(
            RiskyHold(row.case_id, row.recording, row.call, row.outcome, row.found_at, _at(row.purge_at))
            for row in rows
        )

    def failing(self, before: datetime) -> frozenset[tuple[str, str]]:
        """Case and recording of each copy that has failed, is dead, or was due before an instant and has not run."""
        late = and_(job.c.state == "queued", or_(job.c.attempts > 0, job.c.run_at < before))
        rows = self._db.execute(select(job.c.args).where(job.c.task == "secure", or_(late, job.c.state == "dead")))
        return frozenset((row.args["case"], row.args["recording"]) for row in rows)

    def over_held(self, register: str, before: date) -> tuple[tuple[str, str], ...]:
        """Case and recording of each open hold whose review day is before a day."""
        rows = self._db.execute(
            select(hold.c.case_id, hold.c.recording)
            .join(cases, cases.c.id == hold.c.case_id)
            .where(cases.c.register == register, hold.c.released_at.is_(None), hold.c.review_on < before)
            .distinct()
        )
        return tuple((row.case_id, row.recording) for row in rows)

    def alarms(self, register: str | None = None) -> tuple[StandingAlarm, ...]:
        """The standing alarms, the oldest first."""
        query = select(hold_alarm, cases.c.ref).join(cases, cases.c.id == hold_alarm.c.case_id)
        query = query.where(hold_alarm.c.ended_at.is_(None)).order_by(hold_alarm.c.raised_at, hold_alarm.c.id)
        if register:
            query = query.where(hold_alarm.c.register == register)
        return tuple(
            StandingAlarm(row.id, row.register, row.case_id, row.ref, row.recording, row.code, row.raised_at)
            for row in self._db.execute(query)
        )

    def raise_alarm(self, register: str, case: str, recording: str, code: str, now: datetime) -> bool:
        """Raise an alarm; False when one stands on this recording already."""
        values = {"id": uuid4().hex, "register": register, "case_id": case, "recording": recording, "code": code}
        raised = self._db.execute(
            self._insert(hold_alarm).values(raised_at=now, **values).on_conflict_do_nothing().returning(hold_alarm.c.id)
        )
        return raised.first() is not None

    def end_alarm(self, alarm: str, now: datetime) -> bool:
        """End an alarm; False when it has ended."""
        standing = (hold_alarm.c.id == alarm, hold_alarm.c.ended_at.is_(None))
        return self._db.execute(update(hold_alarm).where(*standing).values(ended_at=now)).rowcount == 1

    def last_slot(self, name: str) -> int | None:
        """The last slot that some worker took of a kind of periodic work."""
        found = self._db.scalar(select(func.max(slot.c.slot)).where(slot.c.name == name))
        return int(found) if found else None

    # --- erasures asked of operators -----------------------------------------------------------------------------

    def ask_erasure(
        self, register: str, case: str, recording: str, source: str, locator: str, due: date, now: datetime
    ) -> None:
        """Open the task of an operator's erasure; repeating it changes nothing."""
        sealed = self._cipher.field(register).seal_json({"locator": locator}, _place(case, recording))
        values = {"case_id": case, "recording": recording, "register": register, "source": source}
        self._db.execute(
            self._insert(erasure_task)
            .values(asked_at=now, due_on=due, sealed=sealed, **values)
            .on_conflict_do_nothing()
        )

    def erasures(self, register: str, case: str | None = None) -> tuple[ErasureTask, ...]:
        """The tasks of a case, or the register's that are not confirmed; the soonest due first."""
        query = select(erasure_task).where(erasure_task.c.register == register)
        query = query.where(erasure_task.c.case_id == case if case else erasure_task.c.confirmed_at.is_(None))
        return tuple(self._task(row) for row in self._db.execute(query.order_by(erasure_task.c.due_on)))

    def _task(self, row: Any) -> ErasureTask:
        place = _place(row.case_id, row.recording)
        opened = self._cipher.open_field(row.register, row.sealed, place) if row.sealed else {}
        return ErasureTask(
            row.case_id, row.recording, row.source, row.asked_at, row.due_on, row.denied_on, row.confirmed_at,
            row.confirmed_on, opened.get("locator", ""),
        )  # fmt: skip

    def confirm_erasure(self, case: str, recording: str, on: date, now: datetime) -> bool:
        """The operator confirmed it; False when there is no such open task. Its place there is forgotten."""
        return self._answer(case, recording, {"confirmed_at": now, "confirmed_on": on, "sealed": None})

    def deny_erasure(self, case: str, recording: str, on: date) -> bool:
        """The operator has not done it; False when there is no such open task."""
        return self._answer(case, recording, {"denied_on": on})

    def _answer(self, case: str, recording: str, values: dict[str, Any]) -> bool:
        one = (erasure_task.c.case_id == case, erasure_task.c.recording == recording)
        changed = self._db.execute(
            update(erasure_task).where(*one, erasure_task.c.confirmed_at.is_(None)).values(values)
        )
        return changed.rowcount == 1

    # --- longer retention ----------------------------------------------------------------------------------------

    def propose_longer(self, register: str, case: str, recording: str, reason: str, by: str, now: datetime) -> bool:
        """Propose longer retention; False when the same is proposed or in force."""
        values = {
            "id": uuid4().hex, "register": register, "case_id": case, "recording": recording, "reason": reason,
            "state": "proposed", "author": by, "proposed_at": now, "changed_at": now,
        }  # fmt: skip
        added = self._insert(longer_hold).values(**values).on_conflict_do_nothing().returning(longer_hold.c.id)
        return self._db.execute(added).first() is not None

    def longer(self, register: str, state: str) -> tuple[LongerHold, ...]:
        """The register's proposals or longer holds in a state, the oldest first."""
        return self._longer(longer_hold.c.register == register, longer_hold.c.state == state)

    def longer_of(self, recording: str) -> tuple[LongerHold, ...]:
        """What is proposed or in force for a recording."""
        return self._longer(longer_hold.c.recording == recording, longer_hold.c.state.in_(_LIVE))

    def _longer(self, *terms: Any) -> tuple[LongerHold, ...]:
        rows = self._db.execute(select(longer_hold).where(*terms).order_by(longer_hold.c.proposed_at))
        return tuple(
            LongerHold(row.id, row.case_id, row.recording, row.reason, row.state, row.author, row.approver,
                       row.proposed_at)
            for row in rows
        )  # fmt: skip

    def settle_longer(self, longer: str, before: str, after: str, approver: str | None, now: datetime) -> bool:
        """From one state to another; False when it is in another state by now."""
        told = {"state": after, "changed_at": now} | ({"approver": approver} if approver else {})
        one = (longer_hold.c.id == longer, longer_hold.c.state == before)
        return self._db.execute(update(longer_hold).where(*one).values(told)).rowcount == 1

    # --- deletions that wait -------------------------------------------------------------------------------------

    def wait(self, register: str, recording: str, source: str, now: datetime) -> bool:
        """A deletion did not go through: try again later, ever more seldom. True the first time."""
        tries = self._db.scalar(select(deletion_wait.c.tries).where(deletion_wait.c.recording == recording))
        later = min(_FIRST_WAIT * 2 ** min(tries or 0, 10), _LONGEST_WAIT)
        values = {"tries": (tries or 0) + 1, "next_at": now + later}
        self._db.execute(
            self._insert(deletion_wait)
            .values(recording=recording, register=register, source=source, since=now, **values)
            .on_conflict_do_update(index_elements=["recording"], set_=values)
        )
        return tries is None

    def waiting(self, register: str, now: datetime) -> frozenset[str]:
        """The recordings whose deletion is not to be tried yet."""
        query = select(deletion_wait.c.recording).where(
            deletion_wait.c.register == register, deletion_wait.c.next_at > now
        )
        return frozenset(self._db.scalars(query))

    def went_through(self, recording: str) -> None:
        """The deletion waits no longer."""
        self._db.execute(deletion_wait.delete().where(deletion_wait.c.recording == recording))

    def stuck(self, register: str | None = None) -> tuple[Stuck, ...]:
        """What waits at each source."""
        query = select(deletion_wait.c.source, func.count(), func.min(deletion_wait.c.since))
        if register:
            query = query.where(deletion_wait.c.register == register)
        rows = self._db.execute(query.group_by(deletion_wait.c.source).order_by(deletion_wait.c.source))
        return tuple(Stuck(source, number, since) for source, number, since in rows)

    # --- a dry run -----------------------------------------------------------------------------------------------

    def of_class(self, register: str, recording_class: str, before: datetime) -> tuple[int, int, int]:
        """Live recordings of a class: all, those of calls that ended before an instant, and those that are held."""
        every = func.count()
        row = self._db.execute(
            select(
                every, every.filter(recording.c.end_ms < _ms(before)), every.filter(recording.c.hold_count > 0)
            ).where(
                recording.c.register == register, recording.c.recording_class == recording_class,
                recording.c.state < GONE,
            )
        ).one()  # fmt: skip
        return row[0], row[1], row[2]


def _place(case: str, recording: str) -> str:
    return f"erasure_task.sealed|{case}|{recording}"
