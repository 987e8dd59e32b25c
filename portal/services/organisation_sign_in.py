"""Staff sign-in by their organisation: once, in the browser that began it, with the roles that its groups give now.

The staff's session cookie does not travel with the provider's answer (SameSite=Strict), so a sign-in under way belongs
to an id of its own, kept ten minutes in another cookie; that id opens nothing. A refusal leaves no session, no new
account and no "signed in" event. The session's `auth_at` is when the person showed their means to the provider.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal.domain import events
from portal.domain.access import SYSTEM, Actor, ActorKind, Role
from portal.domain.identity import Cancelled, Refused, Unreachable
from portal.services.office import Office
from portal.services.ports import Account, Session, Work
from portal.services.ports.organisation import LoggedOut, Member, Organisation, Sent
from portal.services.staff_sign_in import LONGEST

BY = "organisation"
"""The member of a session's data that names the provider it came by."""

_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, repr=False)
class Leaving:
    """Where the browser goes, and the id that it keeps until it is back."""

    url: str
    browser: str


@dataclass(frozen=True, repr=False)
class Arrived:
    """Signed in: the new cookie's value, and where to go on."""

    cookie: str
    to: str | None
    language: str


@dataclass(frozen=True)
class Barred:
    """Nobody was signed in; `why`: cancelled | refused | no_access |
    other_person | unreachable | expired. `cause` is for the log.
    `stands`: the session that was to be renewed is still there."""

    why: str
    cause: str
    to: str | None
    language: str
    stands: bool = False


def begin(
    office: Office, session: Session | None, browser: str | None, provider: str, to: str | None, language: str
) -> Leaving | None:
    """Send the browser to the provider, or None when the provider cannot be reached. A session that stands in this
    browser ends when somebody comes in."""
    kept: dict[str, Any] = {"ends": session.key if session else None, "again": None, "data": {}, "ends_at": None}
    return _leave(office, browser, provider, False, kept | {"to": to, "language": language})


def begin_again(
    office: Office, session: Session, browser: str | None, provider: str, to: str | None, language: str
) -> Leaving | None:
    """Ask a signed-in colleague to show their means again now. What their session holds goes over into the new one;
    its absolute end stays."""
    kept = {"ends": session.key, "again": session.subject, "data": dict(session.data)}
    ends_at = session.ends_at.isoformat()
    return _leave(office, browser, provider, True, kept | {"ends_at": ends_at, "to": to, "language": language})


def _leave(office: Office, browser: str | None, provider: str, anew: bool, kept: dict[str, Any]) -> Leaving | None:
    now = office.now()
    sending = office.organisations[provider].provider.begin(kept["language"], anew, now)
    if isinstance(sending, Unreachable):
        return None
    if browser is None or not _BROWSER.fullmatch(browser):
        browser = secrets.token_urlsafe(32)
    with office.writing() as work:
        work.sessions.keep_pending(_owner(browser), sending.sent.state, kept | {"sent": asdict(sending.sent)}, now)
    return Leaving(sending.url, browser)


def finish(
    office: Office, browser: str | None, provider: str, params: list[tuple[str, str]], method: str
) -> Arrived | Barred:
    """Take the provider's answer back: once, in the browser that began it, at the provider that was asked."""
    now = office.now()
    states = [value for name, value in params if name == "state"]
    if browser is None or len(states) != 1:
        return Barred("expired", "no sign-in of this browser is under way", None, "fi")
    with office.writing() as work:
        kept = work.sessions.spend_pending(_owner(browser), states[0], now)
    if kept is None or kept.get("sent", {}).get("provider") != provider:
        return Barred("expired", "no such sign-in is under way at this provider", None, "fi")
    outcome = office.organisations[provider].provider.finish(params, method, Sent(**kept["sent"]), now)
    if isinstance(outcome, Member):
        return _enter(office, office.organisations[provider], outcome, kept, now)
    why = {Cancelled: "cancelled", Refused: "refused", Unreachable: "unreachable"}[type(outcome)]
    cause = outcome.reason if isinstance(outcome, Refused | Unreachable) else "cancelled"
    if isinstance(outcome, Refused):
        with office.writing() as work:
            _note_failure(work, provider, None, outcome.reason, now)
    return _barred(why, cause, kept)


def end_by_provider(office: Office, provider: str, token: str) -> bool:
    """The provider says that its session has ended: exactly the sessions it means end here. False: not believed."""
    now = office.now()
    told = office.organisations[provider].provider.logged_out(token, now)
    if not isinstance(told, LoggedOut):
        return False
    with office.writing() as work:
        if not work.organisation_accounts.hear(told.key, told.until, now):
            return False
        if _end_sessions(work, provider, told):
            work.trail.note("portal", SYSTEM, events.SignedOut("staff"), provider, now)
    return True


def provider_of(session: Session) -> str | None:
    """The provider a session came by, even if it is configured no longer; None for a local sign-in."""
    provider: str | None = session.data.get(BY)
    return provider


def _end_sessions(work: Work, provider: str, told: LoggedOut) -> int:
    if told.session is not None:
        return work.sessions.end_by_provider(told.session)
    accounts = work.organisation_accounts.of_subject(provider, told.subject or "")
    return sum(work.sessions.end_all_of(account) for account in accounts)


def _enter(
    office: Office, organisation: Organisation, member: Member, kept: dict[str, Any], now: datetime
) -> Arrived | Barred:
    roles = organisation.roles_of(member.groups)
    with office.writing() as work:
        known = work.organisation_accounts.find(member.identity)
        account = work.staff.by_id(known) if known else None
        obstacle = _obstacle(account, roles, kept["again"])
        if obstacle:
            if account and not account.disabled and not roles:
                _take_over(work, account, roles, now)
            _note_failure(work, organisation.id, account, obstacle[1], now)
            return _barred(*obstacle, kept)
        name = account.id if account else _add(work, organisation, member, roles, now)
        if account:
            work.organisation_accounts.refresh(account.id, member.name, member.subject)
            _take_over(work, account, roles, now)
        cookie = _start(work, organisation.id, name, member, kept, now)
        actor = Actor(ActorKind.STAFF, name, "portal", name=member.name)
        work.trail.note("portal", actor, events.SignedIn("staff", BY), name, now)
    return Arrived(cookie, kept["to"], kept["language"])


def _barred(why: str, cause: str, kept: dict[str, Any]) -> Barred:
    return Barred(why, cause, kept["to"], kept["language"], kept["again"] is not None)


def _obstacle(account: Account | None, roles: Mapping[str, object], again: str | None) -> tuple[str, str] | None:
    """Why somebody whom the organisation knows does not come in all the same: for the page, and for the log."""
    if account is not None and account.disabled:
        return "no_access", "the account is disabled"
    if not roles:
        return "no_access", "no group gives a role"
    if again is not None and (account is None or account.id != again):
        return "other_person", "another person than the one whose session it is"
    return None


def _add(
    work: Work, organisation: Organisation, member: Member, roles: Mapping[str, frozenset[Role]], now: datetime
) -> str:
    """A first entry makes the account, without password or factor of ours."""
    account = work.staff.add(f"{organisation.id}-{member.identity[:16]}", member.name, organisation.title, now)
    work.organisation_accounts.add(member.identity, organisation.id, member.subject, account)
    for register, held in roles.items():
        work.staff.set_roles(account, register, held)
        work.trail.note(register, SYSTEM, events.StaffAdded(account, tuple(sorted(held))), account, now)
    return account


def _take_over(work: Work, account: Account, roles: Mapping[str, frozenset[Role]], now: datetime) -> None:
    """The roles become what the groups give today, everywhere; when they change, every session of the account ends."""
    changed = {
        register: roles.get(register, frozenset())
        for register in sorted({*account.roles, *roles})
        if account.roles.get(register, frozenset()) != roles.get(register, frozenset())
    }
    for register, held in changed.items():
        work.staff.set_roles(account.id, register, held)
        event = events.StaffRolesChanged(account.id, tuple(sorted(held)))
        work.trail.note(register, SYSTEM, event, account.id, now)
    if changed:
        work.sessions.end_all_of(account.id)


def _start(work: Work, provider: str, account: str, member: Member, kept: dict[str, Any], now: datetime) -> str:
    """A new id; the session that stood in this browser, whosever it was, ends."""
    if kept["ends"]:
        work.sessions.end(kept["ends"])
    ends_at = datetime.fromisoformat(kept["ends_at"]) if kept["ends_at"] else now + LONGEST
    data = kept["data"] | {BY: provider}
    return work.sessions.start("staff", account, data, ends_at, member.authenticated_at, now, member.session)


def _note_failure(work: Work, provider: str, account: Account | None, cause: str, now: datetime) -> None:
    nobody = Actor(ActorKind.STAFF, account.id if account else "unknown", "portal")
    work.trail.note("portal", nobody, events.SignInFailed("staff", cause[:200]), provider, now)


def _owner(browser: str) -> str:
    """What a pending sign-in is bound to: the digest of the browser's id, apart from all session keys."""
    return hashlib.sha256(f"organisation|{browser}".encode()).hexdigest()
