"""Who may hear what: the names of accounts in the recorder, their supervisors, and who has been asked to listen."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.listeners import Standing, recorder_key
from portal.services.ports.listeners import Asking, RecorderLink
from portal.store.tables import asking, cases, recorder_name, supervision

_ASKED = select(cases.c.ref, asking).join(cases, cases.c.id == asking.c.case_id)


class Listeners:
    """Who may hear what, in one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def standing(self, register: str, account: str) -> Standing:
        """What the account is in the register."""
        theirs = select(supervision.c.staff).where(
            supervision.c.register == register, supervision.c.supervisor == account
        )
        agents = set(self._db.scalars(theirs))
        known = recorder_name.c.staff.in_(agents | {account}), recorder_name.c.register == register
        rows = self._db.execute(select(recorder_name.c.staff, recorder_name.c.name_key).where(*known)).all()
        return Standing(
            frozenset(row.name_key for row in rows if row.staff == account),
            frozenset(row.name_key for row in rows if row.staff in agents),
            bool(agents),
        )

    def standings(self, register: str) -> Mapping[str, Standing]:
        """What every account is that the recorder knows or that supervises somebody, by account."""
        own: dict[str, set[str]] = defaultdict(set)
        for row in self._db.execute(select(recorder_name).where(recorder_name.c.register == register)):
            own[row.staff].add(row.name_key)
        agents: dict[str, set[str]] = defaultdict(set)
        for row in self._db.execute(select(supervision).where(supervision.c.register == register)):
            agents[row.supervisor].add(row.staff)
        return {
            account: Standing(
                frozenset(own.get(account, ())),
                frozenset(key for agent in agents.get(account, ()) for key in own.get(agent, ())),
                account in agents,
            )
            for account in own.keys() | agents.keys()
        }

    def links(self, register: str) -> Mapping[str, RecorderLink]:
        """What was typed of each account."""
        names: dict[str, list[str]] = defaultdict(list)
        for row in self._db.execute(
            select(recorder_name).where(recorder_name.c.register == register).order_by(recorder_name.c.name)
        ):
            names[row.staff].append(row.name)
        above: dict[str, list[str]] = defaultdict(list)
        for row in self._db.execute(
            select(supervision).where(supervision.c.register == register).order_by(supervision.c.supervisor)
        ):
            above[row.staff].append(row.supervisor)
        known = names.keys() | above.keys()
        return {one: RecorderLink(tuple(names.get(one, ())), tuple(above.get(one, ()))) for one in known}

    def link(self, register: str, account: str, link: RecorderLink) -> None:
        """Names and supervisors in place of all earlier ones."""
        self._db.execute(
            delete(recorder_name).where(recorder_name.c.register == register, recorder_name.c.staff == account)
        )
        self._db.execute(delete(supervision).where(supervision.c.register == register, supervision.c.staff == account))
        mine = {"register": register, "staff": account}
        if link.names:
            rows = [mine | {"name": name, "name_key": recorder_key(name)} for name in link.names]
            self._db.execute(recorder_name.insert(), rows)
        if link.supervisors:
            self._db.execute(supervision.insert(), [mine | {"supervisor": one} for one in link.supervisors])

    def ask(self, case_id: str, recording: str, of: tuple[str, ...], by: str, now: datetime) -> None:
        """Ask these accounts; whoever was asked before is asked anew."""
        asked = {"asked_by": by, "asked_at": now, "answered_at": None}
        for account in of:
            self._db.execute(
                self._insert(asking)
                .values(case_id=case_id, recording=recording, staff=account, **asked)
                .on_conflict_do_update(index_elements=["case_id", "recording", "staff"], set_=asked)
            )

    def askings(self, case_id: str) -> tuple[Asking, ...]:
        """Everybody who was asked in a case, the latest first."""
        newest = asking.c.asked_at.desc(), asking.c.staff
        return self._found(_ASKED.where(asking.c.case_id == case_id).order_by(*newest))

    def open_askings(self, register: str, account: str) -> tuple[Asking, ...]:
        """What the account has been asked and has not answered in the register's open cases, oldest first."""
        mine = asking.c.staff == account, asking.c.answered_at.is_(None)
        theirs = cases.c.register == register, cases.c.done_at.is_(None)
        return self._found(_ASKED.where(*mine, *theirs).order_by(asking.c.asked_at, asking.c.recording))

    def answer(self, case_id: str, recording: str, account: str, now: datetime) -> bool:
        """Close what the account was asked, and the same question to the others. False: it was not asked."""
        of = asking.c.case_id == case_id, asking.c.recording == recording, asking.c.answered_at.is_(None)
        at = self._db.scalar(select(asking.c.asked_at).where(*of, asking.c.staff == account))
        if at is None:
            return False
        self._db.execute(update(asking).where(*of, asking.c.asked_at == at).values(answered_at=now))
        return True

    def _found(self, query: Select[Any]) -> tuple[Asking, ...]:
        return tuple(
            Asking(row.ref, row.recording, row.staff, row.asked_by, row.asked_at, row.answered_at)
            for row in self._db.execute(query)
        )
