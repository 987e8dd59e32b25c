"""Who acts on the command line where two people must: an account proves itself by its password and its code."""

from portal.domain import events
from portal.domain.access import Actor, ActorKind, Forbidden
from portal.services import password_age, throttle
from portal.services.office import Office


def prove_staff(office: Office, register: str, login: str, password: str, code: str) -> Actor:
    """The staff member of these credentials, acting in `register`. Forbidden when anything is wrong: it is not said
    what, the try is counted as on the sign-in page, and it stands in the trail."""
    now, login = office.now(), login.strip().casefold()
    with office.writing() as work:
        may = throttle.claim(work, now, login=login)
        account = work.staff.by_login(login)
    usable = may and account is not None and not account.disabled and account.factor is not None
    right = office.credentials.verify_password(account.password if account and usable else None, password)
    with office.writing() as work:
        step = None
        if account and account.factor and usable and right and not password_age.must_change(office, account):
            step = office.credentials.check_totp(account.factor, code, now, None)
        if account and step is not None and work.staff.use_step(account.id, step):
            throttle.forgive(work, now, login=login)
            actor = Actor(ActorKind.STAFF, account.id, register, account.roles.get(register, frozenset()), account.name)
            work.trail.note("portal", actor, events.SignedIn("command_line", "password+code"), account.id, now)
            return actor
        nobody = Actor(ActorKind.STAFF, account.id if account else "unknown", "portal")
        work.trail.note("portal", nobody, events.SignInFailed("command_line", "password"), "staff", now)
    raise Forbidden("command_line")
