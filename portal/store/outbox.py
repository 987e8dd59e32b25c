"""Jobs: outbox, dead-letter list and what staff see, in the business database.

A job is written in the unit that made the change, so a rollback leaves none. `start` takes the job for a while and
counts starts in a transaction of its own, so that a job that kills its worker does not kill it for ever.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.services.ports import Job
from portal.store.tables import job, slot

_TRIES = 5
_LEASE = timedelta(minutes=1)


class Outbox:
    """The jobs of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def add(self, task: str, args: dict[str, Any], dedupe: str, run_at: datetime, tries: int = _TRIES) -> None:
        """Queue a job; the same `dedupe` twice is one job. The tries come ever more seldom: five take three quarters
        of an hour, eight two days."""
        self._db.execute(
            self._insert(job).on_conflict_do_nothing(),
            {
                "task": task, "args": args, "dedupe": dedupe, "run_at": run_at, "state": "queued", "starts": 0,
                "attempts": 0, "max_attempts": tries,
            },
        )  # fmt: skip

    def once(self, name: str, when: str) -> bool:
        """Is this the first to take the slot `name` at `when`? Leaderless periodic work."""
        taken = self._db.execute(
            self._insert(slot).values(name=name, slot=when).on_conflict_do_nothing().returning(slot.c.name)
        ).first()
        return taken is not None

    def next_ready(self, now: datetime, only: Collection[str] = (), but: Collection[str] = ()) -> int | None:
        """The id of the oldest job that is due: of the tasks `only`, or of any other than `but`."""
        due = select(job.c.id).where(job.c.state == "queued", job.c.run_at <= now)
        due = due.where(job.c.task.in_(only)) if only else due.where(job.c.task.not_in(but)) if but else due
        return self._db.scalar(due.order_by(job.c.run_at, job.c.id).limit(1))

    def start(self, job_id: int, now: datetime) -> Job | None:
        """Take a due job and count the start; until its lease has run out no other worker starts it.

        None when the job is not due, or has killed its worker too often (it is dead then).
        """
        row = self._db.execute(
            job.update()
            .where(job.c.id == job_id, job.c.state == "queued", job.c.run_at <= now)
            .values(starts=job.c.starts + 1, run_at=now + _LEASE)
            .returning(job)
        ).first()
        if row is None:
            return None
        if row.starts > 3 * row.max_attempts:
            self._db.execute(job.update().where(job.c.id == job_id).values(state="dead", last_error="WorkerLost"))
            return None
        return _job(row)

    def done(self, job_id: int, now: datetime) -> None:
        self._db.execute(
            job.update().where(job.c.id == job_id).values(state="done", done_at=now, attempts=job.c.attempts + 1)
        )

    def failed(self, found: Job, error: str, now: datetime) -> None:
        """Count a failed attempt: later again, or dead when the tries are used up."""
        tries = found.attempts + 1
        state = "dead" if tries >= found.max_attempts else "queued"
        later = now + timedelta(seconds=30 * 4 ** (tries - 1))
        self._db.execute(
            job.update()
            .where(job.c.id == found.id, job.c.state == "queued")
            .values(state=state, attempts=tries, run_at=later, last_error=error[:60])
        )

    def retry(self, job_id: int, now: datetime) -> bool:
        """Queue a dead job again."""
        changed = self._db.execute(
            job.update()
            .where(job.c.id == job_id, job.c.state == "dead")
            .values(state="queued", attempts=0, starts=0, run_at=now)
        )
        return changed.rowcount == 1

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""
        rows = self._db.execute(select(job.c.state, func.count()).group_by(job.c.state))
        return {row[0]: row[1] for row in rows}

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest due job waits: the worker's lag."""
        waiting = select(func.min(job.c.run_at)).where(job.c.state == "queued", job.c.run_at <= now)
        since: datetime | None = self._db.scalar(waiting)
        return since

    def dead(self) -> tuple[Job, ...]:
        return tuple(_job(row) for row in self._db.execute(select(job).where(job.c.state == "dead").order_by(job.c.id)))


def _job(row: Any) -> Job:
    return Job(
        row.id, row.task, row.args, row.starts, row.attempts, row.max_attempts, row.state, row.last_error, row.run_at
    )
