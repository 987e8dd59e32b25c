"""Everything that is one controller's: counted, its data keys wrapped anew, and removed when its service ends
(art. 28(3)(g)).

Every table is removed by one of the rules, by the column that says whose its rows are, or left standing with its
reason; a test holds this against the schema.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, select, update

from portal.services.ports import Extent
from portal.store import tables as t
from portal.store.crypto import Cipher

LEFT = {
    "audit": "append-only proof: pseudonymous rows, whose payloads are removed and whose keys are destroyed",
    "tombstone": "append-only proof of what was deleted; it names nobody",
    "erasure_confirmation": "append-only proof of what an operator confirmed; it names nobody",
    "retention_rule": "append-only: which periods were in force; nothing personal",
    "arrival": "ends by itself within minutes",
    "login_session": "ends by itself within hours",
    "organisation_logout": "ends by itself within a day",
    "pending_login": "ends by itself within minutes",
    "number_code": "ends by itself within a day",
    "number_proof": "ends by itself within a day",
    "number_sent": "ends by itself within a day",
    "number_text": "ends by itself within a day",
    "slot": "which periodic work has run; nothing personal",
    "throttle": "ends by itself within a day",
}


class Controllers:
    """The controllers of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def extent(self, register: str) -> Extent:
        """Count what is theirs; nothing is opened."""
        cases, recording = t.cases, t.recording
        live = (recording.c.register == register, recording.c.state < 3)
        rows = sum(self._count(one, rule) for one, rule in self._theirs(register))
        return Extent(
            self._count(cases, cases.c.register == register),
            self._count(cases, (cases.c.register == register) & cases.c.done_at.is_(None)),
            self._count(recording, live[0] & live[1]),
            self._count(recording, live[0] & live[1] & (recording.c.hold_count > 0)),
            rows,
            len(self._accounts(register)),
        )

    def remove(self, register: str) -> int:
        """Delete every row that is theirs, in one transaction; returns how many. Repeating it is harmless."""
        return sum(self._db.execute(one.delete().where(rule)).rowcount for one, rule in self._theirs(register))

    def rewrap(self, register: str) -> int:
        """Wrap the data keys of their people and cases anew under the current master key; returns how many."""
        changed = 0
        for one in (t.person, t.cases):
            for row in self._db.execute(select(one.c.id, one.c.data_key).where(one.c.register == register)).all():
                wrapped = self._cipher.rewrapped(register, row.id, row.data_key)
                if wrapped:
                    self._db.execute(update(one).where(one.c.id == row.id).values(data_key=wrapped))
                    changed += 1
        return changed

    def _count(self, one: Table, rule: Any) -> int:
        return self._db.scalar(select(func.count()).select_from(one).where(rule)) or 0

    def _accounts(self, register: str) -> list[str]:
        """The staff accounts that have a role with this controller and with no other."""
        role = t.staff_role
        elsewhere = select(role.c.staff).where(role.c.register != register)
        query = select(role.c.staff).where(role.c.register == register, role.c.staff.not_in(elsewhere)).distinct()
        return list(self._db.scalars(query))

    def _theirs(self, register: str) -> Iterator[tuple[Table, Any]]:
        """Each table with the rule that says which of its rows are theirs, in the order in which they may go."""
        cases = select(t.cases.c.id).where(t.cases.c.register == register)
        recordings = select(t.recording.c.id).where(t.recording.c.register == register)
        chains = select(t.audit.c.chain).where(t.audit.c.register == register)
        accounts = self._accounts(register)
        jobs = self._jobs(register)
        for start in range(0, len(jobs), 500):
            yield t.job, t.job.c.id.in_(jobs[start : start + 500])
        yield t.audit_payload, t.audit_payload.c.chain.in_(chains)
        yield t.draft, t.draft.c.owner.in_(cases) | t.draft.c.owner.in_(accounts)
        for one in reversed(t.metadata.sorted_tables):  # what points at another goes before it
            if one.name in LEFT:
                continue
            if "register" in one.c:
                yield one, one.c.register == register
            elif "case_id" in one.c and "recording" in one.c:
                yield one, one.c.case_id.in_(cases) | one.c.recording.in_(recordings)
            elif "case_id" in one.c:
                yield one, one.c.case_id.in_(cases)
            elif "staff" in one.c:
                yield one, one.c.staff.in_(accounts)
            elif one is t.staff:
                yield one, one.c.id.in_(accounts)

    def _jobs(self, register: str) -> list[int]:
        """The jobs for their cases; those of a text message say no controller, and end within the day."""
        cases = set(self._db.scalars(select(t.cases.c.id).where(t.cases.c.register == register)))
        jobs = self._db.execute(select(t.job.c.id, t.job.c.args))
        return [row.id for row in jobs if row.args.get("case") in cases or row.args.get("register") == register]
