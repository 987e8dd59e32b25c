"""Staff accounts: made without credentials, opened by a one-time link, roles per register."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, ActorKind, Forbidden, Role, demand
from portal.services import passkeys
from portal.services.change_password import used_before
from portal.services.office import Office
from portal.services.ports import Account, Session

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
        work.trail.note("portal", SYSTEM, events.LinkIssued(account), account, now)
    return token


def new_link(office: Office, login: str) -> str | None:
    """A one-time link for somebody who cannot get in; earlier links end. None: no such account, it is disabled, or
    its person comes by the organisation's sign-in, which no way of ours goes round.

    What the account opens with stays as it is until the link is used. Command line only.
    """
    now = office.now()
    token, key = office.credentials.new_link_token()
    with office.writing() as work:
        account = work.staff.by_login(login.strip().casefold())
        if account is None or account.disabled or work.organisation_accounts.provider_of(account.id):
            return None
        work.staff.add_link(account.id, key, now + LINK_LIFE)
        work.trail.note("portal", SYSTEM, events.LinkIssued(account.id), account.id, now)
    return token


def compromised(office: Office, login: str) -> bool:
    """Somebody else may know the password: it must be changed at the next sign-in, and every session ends."""
    now = office.now()
    with office.writing() as work:
        account = work.staff.by_login(login.strip().casefold())
        if account is None:
            return False
        work.staff.compromised(account.id, now)
        work.sessions.end_all_of(account.id)
        work.trail.note("portal", SYSTEM, events.PasswordCompromised(account.id), account.id, now)
    return True


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
    """Spend the link: set password and one-time codes. Returns the recovery codes, or what is wrong (a code word).

    Nothing that opened the account before opens it any more, passkeys included: whoever needs a link has lost
    something. Words: link_used | code_wrong | used_before | and those of the password rules. Raises Busy.
    """
    now = office.now()
    account = of_link(office, token)
    if account is None:
        return "link_used"
    problem = office.credentials.password_problem(password, f"{account.login} {account.name}")
    if problem:
        return problem
    with office.reading() as work:
        former = work.staff.former_passwords(account.id)
    if used_before(office, former, password):
        return "used_before"
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
        work.passkeys.remove_all(account.id)
        work.sessions.end_all_of(account.id)
        work.trail.note("portal", SYSTEM, events.CredentialsSet(account.id), account.id, now)
    return codes


def set_passkey(office: Office, session: Session, token: str, answer: dict[str, Any], name: str) -> str | None:
    """Spend the link with a passkey instead, made in this session: the account then has no password.

    Nothing else opens the account any more, as above. What is wrong (link_used | refused), or None.
    """
    now = office.now()
    account = of_link(office, token)
    if account is None:
        return "link_used"
    with office.writing() as work:
        made = passkeys.verified(office, work, session, account, answer)
        if made is None or work.passkeys.by_credential(made.credential):
            return "refused"
        if not work.staff.spend_link(office.credentials.hash_link_token(token), now):
            return "link_used"
        work.passkeys.remove_all(account.id)
        work.passkeys.add(account.id, made, name[: passkeys.LONGEST_NAME], now)
        work.staff.drop_password(account.id)
        work.sessions.end_all_of(account.id)
        work.trail.note("portal", SYSTEM, events.CredentialsSet(account.id), account.id, now)
    return None


def renew_recovery_codes(office: Office, account: Account) -> tuple[str, ...]:
    """Ten new recovery codes in place of all earlier ones; shown once. Only for an account with one-time codes."""
    now = office.now()
    codes = tuple(office.credentials.new_recovery_codes())
    with office.writing() as work:
        work.staff.set_recovery(account.id, tuple(office.credentials.hash_recovery(code) for code in codes))
        actor = Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
        work.trail.note("portal", actor, events.RecoveryCodesRenewed(account.id), account.id, now)
    return codes
