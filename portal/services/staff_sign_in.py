"""Staff sign-in: password, then a second factor; a password without its factor grants nothing.

Unknown and known names look and take the same; wrong tries wait longer and longer, and nobody is ever locked out.
"""

from datetime import datetime, timedelta

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.services.office import Office
from portal.services.ports import Account, Session, Work

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
FACTOR_WITHIN = timedelta(minutes=10)
_FREE_TRIES = 3
_LONGEST_WAIT = timedelta(minutes=15)


def first_factor(office: Office, session: Session, login: str, password: str) -> bool:
    """Check the password; True: now ask for the second factor. The session remembers who, and is still nobody's."""
    now = office.now()
    with office.reading() as work:
        account = work.staff.by_login(login.strip().casefold())
    usable = account is not None and not account.disabled and account.factor is not None and not _waits(account, now)
    right = office.credentials.verify_password(account.password if account and usable else None, password)
    with office.writing() as work:
        if account and usable and right:
            session.data["staff"], session.data["until"] = account.id, (now + FACTOR_WITHIN).isoformat()
            work.sessions.save(session, now)
            return True
        if account and not _waits(account, now):  # tries during the wait neither count nor lengthen it
            work.staff.failed(account.id, account.failures + 1, _wait(account.failures + 1, now))
        work.trail.note("portal", _nobody(account), events.SignInFailed("staff", "password"), "staff", now)
    return False


def second_factor(office: Office, session: Session, code: str) -> str | None:
    """Check a one-time or recovery code; returns the new session's cookie, or None."""
    now = office.now()
    account = half_signed_in(office, session)
    if account is None or account.factor is None or _waits(account, now):
        return None
    step = office.credentials.check_totp(account.factor, code, now, account.factor_step)
    with office.writing() as work:
        spent = (
            work.staff.use_step(account.id, step)
            if step is not None
            else work.staff.use_recovery(account.id, office.credentials.hash_recovery(code))
        )
        if not spent:
            work.trail.note("portal", _nobody(account), events.SignInFailed("staff", "factor"), "staff", now)
            work.staff.failed(account.id, account.failures + 1, _wait(account.failures + 1, now))
            return None
        work.staff.failed(account.id, 0, None)
        work.sessions.end(session.key)
        cookie = work.sessions.start("staff", account.id, {}, now + LONGEST, now, now)
        actor = Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
        work.trail.note("portal", actor, events.SignedIn("staff", "password+code"), account.id, now)
    return cookie


def half_signed_in(office: Office, session: Session) -> Account | None:
    """The account whose password was right a moment ago in this session."""
    until = session.data.get("until")
    if not until or datetime.fromisoformat(until) <= office.now():
        return None
    with office.reading() as work:
        account = work.staff.by_id(session.data["staff"])
    return None if account is None or account.disabled else account


def enter(office: Office, cookie: str) -> tuple[Session | None, Account | None]:
    """The live session behind a cookie and the account behind the session, read at one moment."""
    with office.reading() as work:
        session, account = work.staff.entered(cookie, IDLE, office.now())
        return session, None if account is None or account.disabled else account


def account_of(office: Office, session: Session) -> Account | None:
    """The account behind a full session; None when it has been disabled meanwhile."""
    with office.reading() as work:
        return _account(work, session)


def _account(work: Work, session: Session) -> Account | None:
    account = work.staff.by_id(session.subject) if session.subject else None
    return None if account is None or account.disabled else account


def actor_of(account: Account, register: str) -> Actor:
    """The account's actor in one register, with the roles held there."""
    roles = account.roles.get(register, frozenset())
    return Actor(ActorKind.STAFF, account.id, register, roles, account.name)


def commit_to_confidentiality(office: Office, account: Account) -> None:
    """Record that the confidentiality commitment was accepted."""
    now = office.now()
    with office.writing() as work:
        work.staff.commit(account.id, now)
        actor = Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
        work.trail.note("portal", actor, events.CommitmentAccepted(account.id), account.id, now)


def _nobody(account: Account | None) -> Actor:
    return Actor(ActorKind.STAFF, account.id if account else "unknown", "portal")


def _wait(failures: int, now: datetime) -> datetime | None:
    if failures <= _FREE_TRIES:
        return None
    return now + min(timedelta(seconds=2 ** (failures - _FREE_TRIES)), _LONGEST_WAIT)


def _waits(account: Account, now: datetime) -> bool:
    return account.wait_until is not None and account.wait_until > now
