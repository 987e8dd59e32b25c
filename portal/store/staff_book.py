"""Staff accounts, their roles per register, and one-time links."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, select, update

from portal.domain.access import Role
from portal.services.ports import Account, Session
from portal.store.crypto import Cipher
from portal.store.prepared import Prepared
from portal.store.sessions import digest, live
from portal.store.tables import login_session, past_password, staff, staff_link, staff_role

# An account with its roles, a row for each role; made once, because every page of staff runs it.
_WITH_ROLES = select(staff, staff_role.c.register, staff_role.c.role).outerjoin(
    staff_role, staff_role.c.staff == staff.c.id
)
_BY_ID = _WITH_ROLES.where(staff.c.id == bindparam("of"))
_NAMES = select(staff.c.id, staff.c.name).where(staff.c.id.in_(bindparam("these", expanding=True)))
_BY_LOGIN = _WITH_ROLES.where(staff.c.login == bindparam("of"))
_NEWEST = past_password.c.set_at.desc(), past_password.c.id
REMEMBERED = 5
"""How many of an account's passwords, the present one among them, may not be chosen again."""
_ENTERED = Prepared(
    select(login_session, *(column for column in staff.c if column.name != "created_at"), staff_role.c.register,
           staff_role.c.role)
    .outerjoin(staff, staff.c.id == login_session.c.subject)
    .outerjoin(staff_role, staff_role.c.staff == staff.c.id)
    .where(login_session.c.key == bindparam("of"), login_session.c.face == bindparam("at"))
)  # fmt: skip


class StaffBook:
    """The staff accounts of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, login: str, name: str, title: str, now: datetime) -> str:
        """A new account without credentials; it opens by a one-time link."""
        new = uuid4().hex
        self._db.execute(
            staff.insert().values(id=new, login=login, name=name, title=title, recovery=[], created_at=now)
        )
        return new

    def by_login(self, login: str) -> Account | None:
        return self._one(self._db.execute(_BY_LOGIN, {"of": login}).all())

    def by_id(self, account: str) -> Account | None:
        return self._one(self._db.execute(_BY_ID, {"of": account}).all())

    def entered(self, cookie: str, idle: timedelta, now: datetime) -> tuple[Session | None, Account | None]:
        """The live session of staff behind a cookie and its account with all roles, read by one statement."""
        rows = _ENTERED.rows(self._db, {"of": digest(cookie), "at": "staff"})
        session = live(rows[0], self._cipher, idle, now) if rows else None
        return session, self._one(rows) if session and rows[0].id else None

    def everyone(self, register: str | None = None) -> tuple[Account, ...]:
        """All accounts, or those with a role in a register, by name."""
        query = select(staff.c.id).order_by(staff.c.name)
        if register:
            query = query.where(staff.c.id.in_(select(staff_role.c.staff).where(staff_role.c.register == register)))
        found = (self.by_id(account) for account in self._db.scalars(query).all())
        return tuple(account for account in found if account)

    def names(self, ids: set[str]) -> dict[str, str]:
        """Names of accounts by id."""
        if not ids:
            return {}
        rows = self._db.execute(_NAMES, {"these": sorted(ids)})
        return {row.id: row.name for row in rows}

    def set_roles(self, account: str, register: str, roles: frozenset[Role]) -> None:
        self._db.execute(delete(staff_role).where(staff_role.c.staff == account, staff_role.c.register == register))
        if roles:
            rows = [{"staff": account, "register": register, "role": role.value} for role in sorted(roles)]
            self._db.execute(staff_role.insert(), rows)

    def set_password(self, account: str, hashed: str, now: datetime) -> None:
        """A new password, which ends the suspicion about the old one; the last five are remembered."""
        self._change(account, password=hashed, password_at=now, compromised_at=None)
        self._db.execute(past_password.insert().values(id=uuid4().hex, staff=account, hashed=hashed, set_at=now))
        mine = select(past_password.c.id).where(past_password.c.staff == account).order_by(*_NEWEST)
        oldest = list(self._db.scalars(mine))[REMEMBERED:]
        self._db.execute(delete(past_password).where(past_password.c.id.in_(oldest)))

    def former_passwords(self, account: str) -> tuple[str, ...]:
        """The hashes of the account's last five passwords, the present one first."""
        query = select(past_password.c.hashed).where(past_password.c.staff == account).order_by(*_NEWEST)
        return tuple(self._db.scalars(query))

    def drop_password(self, account: str) -> None:
        """The account has no password and no one-time codes from now on."""
        self._change(account, password=None, password_at=None, compromised_at=None)
        self._change(account, factor_sealed=None, factor_step=None, recovery=[])

    def set_recovery(self, account: str, recovery: tuple[str, ...]) -> None:
        """Other hashed recovery codes in place of all earlier ones."""
        self._change(account, recovery=list(recovery))

    def compromised(self, account: str, now: datetime) -> None:
        """Somebody else may know the password: it must be changed."""
        self._change(account, compromised_at=now)

    def set_factor(self, account: str, secret: str, recovery: tuple[str, ...], step: int) -> None:
        """Store the one-time-code secret (sealed), the hashed recovery codes, and the step already used."""
        sealed = self._cipher.field("staff").seal_json(secret, f"staff.factor|{account}")
        self._change(account, factor_sealed=sealed, recovery=list(recovery), factor_step=step)

    def use_step(self, account: str, step: int) -> bool:
        """Spend a one-time code's step; False when it, or a later one, was spent already."""
        changed = self._db.execute(
            update(staff)
            .where(staff.c.id == account, (staff.c.factor_step.is_(None)) | (staff.c.factor_step < step))
            .values(factor_step=step)
        )
        return changed.rowcount == 1

    def use_recovery(self, account: str, hashed: str) -> bool:
        """Spend a recovery code."""
        found = self._db.execute(select(staff.c.recovery).where(staff.c.id == account).with_for_update()).scalar()
        if not found or hashed not in found:
            return False
        self._change(account, recovery=[code for code in found if code != hashed])
        return True

    def commit(self, account: str, now: datetime) -> None:
        """The confidentiality commitment was accepted."""
        self._change(account, committed_at=now)

    def disable(self, account: str, now: datetime | None) -> None:
        self._change(account, disabled_at=now)

    def add_link(self, account: str, key: str, expires_at: datetime) -> None:
        """A one-time link by the digest of its token; earlier unused links of the account end."""
        self._db.execute(delete(staff_link).where(staff_link.c.staff == account, staff_link.c.used_at.is_(None)))
        self._db.execute(staff_link.insert().values(key=key, staff=account, expires_at=expires_at))

    def of_link(self, key: str, now: datetime) -> Account | None:
        """The account of a live one-time link."""
        account = self._db.scalar(
            select(staff_link.c.staff).where(
                staff_link.c.key == key, staff_link.c.used_at.is_(None), staff_link.c.expires_at > now
            )
        )
        return self.by_id(account) if account else None

    def spend_link(self, key: str, now: datetime) -> bool:
        changed = self._db.execute(
            update(staff_link)
            .where(staff_link.c.key == key, staff_link.c.used_at.is_(None), staff_link.c.expires_at > now)
            .values(used_at=now)
        )
        return changed.rowcount == 1

    def _change(self, account: str, **values: object) -> None:
        self._db.execute(update(staff).where(staff.c.id == account).values(**values))

    def _one(self, rows: Sequence[Any]) -> Account | None:
        if not rows:
            return None
        row = rows[0]
        roles: dict[str, set[Role]] = {}
        for found in rows:
            if found.register is not None:
                roles.setdefault(found.register, set()).add(Role(found.role))
        factor = (
            self._cipher.open_field("staff", row.factor_sealed, f"staff.factor|{row.id}") if row.factor_sealed else None
        )
        return Account(
            row.id, row.login, row.name, row.title, row.password, factor, row.factor_step, tuple(row.recovery),
            row.committed_at is not None, row.disabled_at is not None, row.compromised_at is not None, row.password_at,
            {register: frozenset(held) for register, held in roles.items()},
        )  # fmt: skip
