"""Change one's own password: with the old one, not to one of the last five, not to the old one with a new ending."""

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.services import staff_sign_in, throttle
from portal.services.office import Office
from portal.services.ports import Account, Session


def change_password(
    office: Office, session: Session, account: Account, old: str, new: str, address: str | None = None
) -> str | None:
    """What is wrong (a code word), or None: then the password is new, and every session of the account has ended.

    Words: old_wrong | too_alike | used_before | those of the password rules. Raises Busy. The old password is guessed
    at no other speed than at sign-in.
    """
    now = office.now()
    with office.writing() as work:
        may = throttle.claim(work, now, address=address, login=account.login)
        former = work.staff.former_passwords(account.id)
    if not office.credentials.verify_password(account.password if may else None, old):
        return "old_wrong"
    with office.writing() as work:
        throttle.forgive(work, now, address=address, login=account.login)
    problem = office.credentials.password_problem(new, f"{account.login} {account.name}")
    if problem or office.credentials.too_alike(new, old):
        return problem or "too_alike"
    if used_before(office, former, new):
        return "used_before"
    hashed = office.credentials.hash_password(new)
    with office.writing() as work:
        work.staff.set_password(account.id, hashed, now)
        work.sessions.end_all_of(account.id)
        actor = Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
        work.trail.note("portal", actor, events.PasswordChanged(account.id), account.id, now)
    return None


def used_before(office: Office, former: tuple[str, ...], new: str) -> bool:
    """Is this one of the passwords behind these hashes?"""
    return any(office.credentials.verify_password(one, new) for one in former)


def stay_signed_in(office: Office, session: Session, account: Account) -> str:
    """A new session in place of the one in which the password was changed, as fresh as that one was; its cookie."""
    now = office.now()
    with office.writing() as work:
        work.sessions.end(session.key)
        return work.sessions.start("staff", account.id, session.data, session.ends_at, session.auth_at, now)


def enter(office: Office, session: Session, account: Account) -> str:
    """Both factors were right and the password has been changed: the full session's cookie."""
    with office.writing() as work:
        return staff_sign_in.start(work, session, account, str(session.data.get("method", "password")), office.now())
