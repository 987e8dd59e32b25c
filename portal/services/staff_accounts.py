"""Staff accounts: made without credentials, opened by a one-time link, roles per register."""

from dataclasses import dataclass
from datetime import timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, Forbidden, Role, demand
from portal.services.office import Office
from portal.services.ports import Account

LINK_LIFE = timedelta(hours=24)
ISSUER = "Kuuluu"


@dataclass(frozen=True)
class Enrolment:
    """What the page of a one-time link shows: the account, and the second factor to enrol."""

    account: Account
    secret: str
    qr_svg: str


def add_staff(office: Office, login: str, name: str, title: str, roles: dict[str, frozenset[Role]]) -> str:
    """A new account (or new roles for a known login) and a one-time link token, good for a day. Command line only."""
    now = office.now()
    login = login.strip().casefold()
    token, key = office.credentials.new_link_token()
    with office.writing() as work:
        known = work.staff.by_login(login)
        account = known.id if known else work.staff.add(login, name, title, now)
        for register, held in roles.items():
            work.staff.set_roles(account, register, held)
            work.trail.note(register, SYSTEM, events.StaffAdded(account, tuple(sorted(held))), account, now)
        work.staff.add_link(account, key, now + LINK_LIFE)
    return token


def set_roles(office: Office, actor: Actor, account: str, roles: frozenset[Role]) -> None:
    """Change a colleague's roles in the actor's register; their sessions end at once. Nobody changes their own."""
    demand(actor, Action.MANAGE_STAFF, actor.controller)
    if account == actor.id:
        raise Forbidden(Action.MANAGE_STAFF.value)
    now = office.now()
    with office.writing() as work:
        work.staff.set_roles(account, actor.controller, roles)
        work.sessions.end_all_of(account)
        event = events.StaffRolesChanged(account, tuple(sorted(roles)))
        work.trail.note(actor.controller, actor, event, account, now)


def disable(office: Office, login: str) -> bool:
    """Cut a leaver off at once: the account is disabled and every session of it ends."""
    now = office.now()
    with office.writing() as work:
        account = work.staff.by_login(login.strip().casefold())
        if account is None:
            return False
        work.staff.disable(account.id, now)
        work.sessions.end_all_of(account.id)
        work.trail.note("portal", SYSTEM, events.StaffDisabled(account.id), account.id, now)
    return True


def of_link(office: Office, token: str) -> Account | None:
    """The account of a live one-time link."""
    with office.reading() as work:
        return work.staff.of_link(office.credentials.hash_link_token(token), office.now())


def enrolment(office: Office, account: Account, secret: str | None) -> Enrolment:
    """The second factor to enrol; `secret` is the one shown before, kept in the session."""
    secret = secret or office.credentials.new_totp_secret()
    uri = office.credentials.totp_uri(secret, account.login, ISSUER)
    return Enrolment(account, secret, office.credentials.totp_qr_svg(uri))


def set_credentials(office: Office, token: str, password: str, secret: str, code: str) -> tuple[str, ...] | str:
    """Spend the link: set password and second factor. Returns the recovery codes, or what is wrong (a code word).

    Words: link_used | code_wrong | and those of the password rules.
    """
    now = office.now()
    account = of_link(office, token)
    if account is None:
        return "link_used"
    problem = office.credentials.password_problem(password, account.name)
    if problem:
        return problem
    step = office.credentials.check_totp(secret, code, now, None)
    if step is None:
        return "code_wrong"
    codes = tuple(office.credentials.new_recovery_codes())
    hashed = office.credentials.hash_password(password)
    with office.writing() as work:
        if not work.staff.spend_link(office.credentials.hash_link_token(token), now):
            return "link_used"
        work.staff.set_password(account.id, hashed, now)
        work.staff.set_factor(account.id, secret, tuple(office.credentials.hash_recovery(c) for c in codes), step)
        work.sessions.end_all_of(account.id)
        work.trail.note("portal", SYSTEM, events.CredentialsSet(account.id), account.id, now)
    return codes
