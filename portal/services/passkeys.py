"""Passkeys of staff: made, shown, named, removed. A challenge is one session's, good once and for five minutes.

A passkey with its user verified is two factors in one; so it signs in alone, follows a password, and renews a sign-in.
"""

from datetime import datetime, timedelta
from typing import Any

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.services import staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, NewPasskey, Passkey, Session, Work

LIFE = timedelta(minutes=5)
LONGEST_NAME = 60


def challenge(office: Office, session: Session, account: Account | None) -> dict[str, Any]:
    """Options (JSON) for using a passkey in this session: one of the account's, or with None whichever there is.

    Empty where no passkey can be used: the account has none, or the staff's address is a bare number.
    """
    now = office.now()
    if not office.passkeys.usable:
        return {}
    with office.writing() as work:
        known = [one.credential for one in work.passkeys.of(account.id)] if account else []
        if account and not known:
            return {}
        options, asked = office.passkeys.request(known)
        _keep(work, session, "use", account, asked, now)
    return options


def confirm(office: Office, session: Session, account: Account, answer: dict[str, Any]) -> bool:
    """Is this the answer of one of the account's passkeys to this session's challenge for it? Spends the challenge."""
    now = office.now()
    with office.writing() as work:
        right = _used(office, work, session, account, answer, now) is not None
        if not right:
            _note_failure(work, account, now)
    return right


def enter(office: Office, session: Session, answer: dict[str, Any]) -> str | None:
    """Sign in by a passkey alone; the new session's cookie, or None. An old password does not stand in its way."""
    now = office.now()
    with office.writing() as work:
        account = _used(office, work, session, None, answer, now)
        if account is None:
            _note_failure(work, None, now)
            return None
        return staff_sign_in.start(work, session, account, "passkey", now)


def second_factor(office: Office, session: Session, answer: dict[str, Any]) -> str | None:
    """The passkey after the password: as `staff_sign_in.second_factor`."""
    account = staff_sign_in.half_signed_in(office, session)
    if account is None or not confirm(office, session, account, answer):
        return None
    with office.writing() as work:
        return staff_sign_in.after_factors(office, work, session, account, "password+passkey")


def of(office: Office, account: Account) -> tuple[Passkey, ...]:
    """The account's passkeys, oldest first."""
    with office.reading() as work:
        return work.passkeys.of(account.id)


def offer(office: Office, session: Session, account: Account, *, anew: bool = False) -> dict[str, Any]:
    """Options (JSON) for making a new passkey for the account in this session; empty where there can be none.

    An authenticator that holds a passkey of the account makes no second one, unless the account begins `anew`.
    """
    if not office.passkeys.usable:
        return {}
    now = office.now()
    with office.writing() as work:
        known = [] if anew else [one.credential for one in work.passkeys.of(account.id)]
        options, asked = office.passkeys.creation(account.id, account.login, account.name, known)
        _keep(work, session, "make", account, asked, now)
    return options


def add(office: Office, session: Session, account: Account, answer: dict[str, Any], name: str) -> bool:
    """Keep a new passkey of the account; False when the answer does not hold or the passkey is known already."""
    now = office.now()
    with office.writing() as work:
        local = account.password is not None or bool(
            work.passkeys.of(account.id)
        )  # nobody goes round their organisation
        made = verified(office, work, session, account, answer) if local else None
        added = made is not None and work.passkeys.add(account.id, made, name[:LONGEST_NAME], now)
        if added:
            work.trail.note("portal", _actor(account), events.PasskeyAdded(account.id), account.id, now)
    return added


def verified(
    office: Office, work: Work, session: Session, account: Account, answer: dict[str, Any]
) -> NewPasskey | None:
    """The new passkey in an answer to this session's `offer`, which is spent."""
    shown = office.passkeys.shown(answer)
    if shown is None or not _spend(work, session, "make", account.id, shown.challenge, office.now()):
        return None
    return office.passkeys.made(answer, shown.challenge)


def rename(office: Office, account: Account, passkey: str, name: str) -> bool:
    """Give a passkey of the account another name; False when it has no such passkey."""
    with office.writing() as work:
        return work.passkeys.rename(account.id, passkey, name[:LONGEST_NAME])


def remove(office: Office, account: Account, passkey: str) -> bool:
    """Remove a passkey; False when it is the only way in that is left, or is not the account's."""
    now = office.now()
    with office.writing() as work:
        left = [one for one in work.passkeys.of(account.id, lock=True) if one.id != passkey]
        removed = (bool(left) or account.factor is not None) and work.passkeys.remove(account.id, passkey)
        if removed:
            work.trail.note("portal", _actor(account), events.PasskeyRemoved(account.id), account.id, now)
    return removed


def _keep(work: Work, session: Session, purpose: str, account: Account | None, asked: str, now: datetime) -> None:
    pending = {"purpose": purpose, "account": account.id if account else None, "until": (now + LIFE).isoformat()}
    work.sessions.keep_pending(session.key, asked, pending, now)


def _spend(work: Work, session: Session, purpose: str, account: str | None, asked: str, now: datetime) -> bool:
    """Spend a challenge of this session; False when it was meant for something or somebody else, or is too old."""
    kept = work.sessions.spend_pending(session.key, asked, now)
    return (
        kept is not None
        and (kept.get("purpose"), kept.get("account")) == (purpose, account)
        and now < datetime.fromisoformat(kept["until"])
    )


def _used(
    office: Office, work: Work, session: Session, account: Account | None, answer: dict[str, Any], now: datetime
) -> Account | None:
    """The account whose passkey answered: the one that was asked, or with None the one that the answer names."""
    shown = office.passkeys.shown(answer)
    if shown is None or not _spend(work, session, "use", account.id if account else None, shown.challenge, now):
        return None
    whose = account.id if account else shown.account
    found = work.passkeys.by_credential(shown.credential)
    if found is None or found.account != whose or shown.account not in (whose, None):
        return None
    counter = office.passkeys.counter(answer, shown.challenge, found)
    holder = work.staff.by_id(found.account)
    if counter is None or holder is None or holder.disabled or not work.passkeys.used(found, counter, now):
        return None
    return holder


def _note_failure(work: Work, account: Account | None, now: datetime) -> None:
    nobody = Actor(ActorKind.STAFF, account.id if account else "unknown", "portal")
    work.trail.note("portal", nobody, events.SignInFailed("staff", "passkey"), "staff", now)


def _actor(account: Account) -> Actor:
    return Actor(ActorKind.STAFF, account.id, "portal", name=account.name)
