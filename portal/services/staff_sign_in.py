"""Staff sign-in: password, then a second factor; a password without its factor grants nothing.

Unknown and known names look and take the same; wrong tries wait longer and longer, and nobody is ever locked out.
"""

from datetime import datetime, timedelta

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.services import password_age, throttle
from portal.services.office import Office
from portal.services.ports import Account, Session, Work

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
FACTOR_WITHIN = timedelta(minutes=10)


def first_factor(office: Office, session: Session, login: str, password: str, address: str | None = None) -> bool:
    """Check the password; True: now ask for the second factor. The session remembers who, and is still nobody's.

    The try is counted against the user name as typed, whether it exists or not, and the network address. Raises Busy.
    """
    now, login = office.now(), login.strip().casefold()
    with office.writing() as work:
        may = throttle.claim(work, now, address=address, login=login)
        account = work.staff.by_login(login)
    usable = may and account is not None and not account.disabled and account.factor is not None
    right = office.credentials.verify_password(account.password if account and usable else None, password)
    with office.writing() as work:
        if account and usable and right:
            throttle.forgive(work, now, address=address, login=login)
            session.data["staff"], session.data["until"] = account.id, (now + FACTOR_WITHIN).isoformat()
            work.sessions.save(session, now)
            return True
        work.trail.note("portal", _nobody(account), events.SignInFailed("staff", "password"), "staff", now)
    return False


def second_factor(office: Office, session: Session, code: str) -> str | None:
    """Check a one-time or recovery code; returns the new session's cookie, or None.

    None also where both factors were right and the password must be changed first: see `password_due`.
    """
    account = half_signed_in(office, session)
    if account is None or not confirm_factor(office, session, account, code):
        return None
    with office.writing() as work:
        return after_factors(office, work, session, account, "password+code")


def confirm_factor(office: Office, session: Session, account: Account, code: str) -> bool:
    """Check a one-time or recovery code of an account that is signed in or half signed in, and spend it.

    Wrong ones are counted and waited for apart from passwords, so that nobody outside can make a colleague wait here.
    """
    now = office.now()
    with office.writing() as work:
        if not throttle.claim(work, now, factor=account.id):
            return False
        step = office.credentials.check_totp(account.factor, code, now, None) if account.factor else None
        spent = (
            work.staff.use_step(account.id, step)
            if step is not None
            else work.staff.use_recovery(account.id, office.credentials.hash_recovery(code))
        )
        if spent:
            throttle.forgive(work, now, factor=account.id)
        else:
            work.trail.note("portal", _nobody(account), events.SignInFailed("staff", "factor"), "staff", now)
    return spent


def after_factors(office: Office, work: Work, session: Session, account: Account, method: str) -> str | None:
    """Both factors were right: a new session's cookie, or None where the password must be changed first."""
    now = office.now()
    if not password_age.must_change(office, account):
        return start(work, session, account, method, now)
    session.data.pop("staff", None)
    session.data |= {"due": account.id, "method": method, "until": (now + FACTOR_WITHIN).isoformat()}
    work.sessions.save(session, now)
    return None


def start(work: Work, session: Session, account: Account, method: str, now: datetime) -> str:
    """A full session in place of the one before it, which is worthless from now on; returns its cookie."""
    work.sessions.end(session.key)
    cookie = work.sessions.start("staff", account.id, {}, now + LONGEST, now, now)
    actor = Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
    work.trail.note("portal", actor, events.SignedIn("staff", method), account.id, now)
    return cookie


def half_signed_in(office: Office, session: Session) -> Account | None:
    """The account whose password was right a moment ago in this session."""
    return _remembered(office, session, "staff")


def password_due(office: Office, session: Session) -> Account | None:
    """The account whose factors were both right a moment ago, and whose password must be changed before it enters."""
    return _remembered(office, session, "due")


def _remembered(office: Office, session: Session, key: str) -> Account | None:
    who, until = session.data.get(key), session.data.get("until")
    if not who or not until or datetime.fromisoformat(until) <= office.now():
        return None
    with office.reading() as work:
        account = work.staff.by_id(who)
    return None if account is None or account.disabled else account


def enter(office: Office, cookie: str) -> tuple[Session | None, Account | None]:
    """The live session behind a cookie and the account behind the session, read at one moment."""
    with office.reading() as work:
        session, account = work.staff.entered(cookie, office.staff_idle, office.now())
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
