"""A person's own sessions: how fresh their proof is, which of them stand, and what was typed when one had ended.

What arrives too late, or before the proof that it asks for, waits a day under the person's own key; nobody else's
sign-in at the same browser finds it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.domain import events
from portal.domain.access import Action, Actor, ActorKind, demand
from portal.services import sign_in
from portal.services.drafts import LATE, owner_of
from portal.services.office import Office
from portal.services.ports import Absent, Account, Session

FRESH = {"citizen": timedelta(minutes=15), "staff": timedelta(minutes=10)}
"""How old a proof of identity may be for what asks for a fresh one, by face."""
MOST = 64 * 1024
"""The largest form that waits, in bytes."""
_STAFF = "staff"


@dataclass(frozen=True)
class Standing:
    """One live session as its owner sees it. `handle` names it in a form and opens nothing."""

    handle: str
    started: datetime
    seen: datetime
    browser: str
    this: bool


def is_fresh(session: Session, now: datetime) -> bool:
    """Did the person show who they are within the time that their face's acts ask for?"""
    return session.auth_at is not None and now - session.auth_at <= FRESH[session.face]


def confirmed(office: Office, session: Session, account: Account, method: str) -> str | None:
    """A second factor was right just now: a new id for the session, everything in it kept. None: it has ended."""
    now = office.now()
    with office.writing() as work:
        cookie = work.sessions.renew(session, now, now)
        if cookie:
            work.trail.note("portal", _actor(account), events.FactorConfirmed(method), account.id, now)
    return cookie


def sessions_of(office: Office, account: Account, current: Session) -> tuple[Standing, ...]:
    """The account's live sessions, the one seen last first."""
    with office.reading() as work:
        found = work.sessions.of_subject(account.id, _STAFF, office.staff_idle, office.now())
    return tuple(
        Standing(_handle(one), one.created_at, one.seen_at, str(one.data.get("browser", "")), one.key == current.key)
        for one in found
    )


def end_one(office: Office, account: Account, handle: str) -> None:
    """End one of the account's own sessions. Absent where none of them has this handle."""
    now = office.now()
    with office.writing() as work:
        mine = work.sessions.of_subject(account.id, _STAFF, office.staff_idle, now)
        key = next((one.key for one in mine if _handle(one) == handle), None)
        if key is None:
            raise Absent("session")
        work.sessions.end(key)
        work.trail.note("portal", _actor(account), events.SessionsEnded(account.id, 1), account.id, now)


def end_all(office: Office, account: Account) -> int:
    """End every session of one's own, this one too."""
    now = office.now()
    with office.writing() as work:
        number = work.sessions.end_all_of(account.id)
        work.trail.note("portal", _actor(account), events.SessionsEnded(account.id, number), account.id, now)
    return number


def end_sessions(office: Office, actor: Actor, account: str) -> int:
    """An administrator ends all sessions of a colleague who has a role in the same register. Absent: no such
    colleague; Forbidden: no administrator."""
    demand(actor, Action.MANAGE_STAFF, actor.controller)
    now = office.now()
    with office.writing() as work:
        colleague = work.staff.by_id(account)
        if colleague is None or not colleague.roles.get(actor.controller):
            raise Absent("account")
        number = work.sessions.end_all_of(account)
        work.trail.note(actor.controller, actor, events.SessionsEnded(account, number), account, now)
    return number


def ended_session(office: Office, cookie: str, face: str) -> Session | None:
    """The session of a cookie if it has ended by time not long ago; it is closed for good now."""
    with office.reading() as work:
        found = work.sessions.ended(cookie, face, idle_of(office, face), office.now())
    if found and found.ends_at > found.created_at:
        with office.writing() as work:
            work.sessions.close(found.key)
    return found


def idle_of(office: Office, face: str) -> timedelta:
    """How long a session of a face lasts without a visit."""
    return sign_in.IDLE if face == "citizen" else office.staff_idle


def keep_late(office: Office, session: Session, key: str, form: dict[str, Any]) -> None:
    """Let a form wait a day for the person of this session. `key`: the register, or the face of staff."""
    with office.writing() as work:
        work.drafts.save(_owner(session), LATE, key, form, office.now())


def late_form(office: Office, session: Session, key: str) -> dict[str, Any] | None:
    """The form that waits for the person of this session."""
    with office.reading() as work:
        return work.drafts.load(_owner(session), LATE, key)


def drop_late(office: Office, session: Session, key: str) -> None:
    """It was sent after all, or is not wanted."""
    with office.writing() as work:
        work.drafts.drop(_owner(session), LATE, key)


def _owner(session: Session) -> str:
    if session.face == "citizen":
        return owner_of(session.data["identity"]["subject_key"])
    return str(session.subject)


def _handle(session: Session) -> str:
    return session.key[:16]


def _actor(account: Account) -> Actor:
    return Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
