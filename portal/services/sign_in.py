"""Citizens' sign-in: send to the provider, take the answer back once, keep the identity in the session only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.domain.identity import (
    Assurance,
    Cancelled,
    Identified,
    PendingLogin,
    PersonalIdentityCode,
    Refused,
    Unreachable,
)
from portal.services.drafts import owner_of
from portal.services.office import Office
from portal.services.ports import Session

IDLE = timedelta(minutes=15)
LONGEST = timedelta(minutes=60)
BEFORE_SIGN_IN = timedelta(minutes=30)


@dataclass(frozen=True)
class Entered:
    """Signed in: the new cookie's value, and where to go on (an endpoint's path kept with the pending sign-in)."""

    cookie: str
    return_to: str
    language: str


@dataclass(frozen=True)
class NotEntered:
    """Nobody was signed in; `why`: cancelled | refused | unreachable | expired."""

    why: str
    language: str
    return_to: str


def open_session(office: Office, cookie: str, face: str, idle: timedelta = IDLE) -> Session | None:
    """The live session behind a cookie."""
    with office.reading() as work:
        return work.sessions.open(cookie, face, idle, office.now())


def open_with_draft(office: Office, cookie: str, register: str) -> tuple[Session | None, dict[str, Any] | None]:
    """A citizen's live session and the request they are writing at a register, read at one moment."""
    with office.reading() as work:
        session = work.sessions.open(cookie, "citizen", IDLE, office.now())
        kept = session.data.get("identity") if session else None
        return session, work.drafts.load(owner_of(kept["subject_key"]), "request", register) if kept else None


def start_anonymous(office: Office, face: str, data: dict[str, Any]) -> str:
    """A session before sign-in: it holds the form's token, nothing personal; worthless afterwards."""
    now = office.now()
    with office.writing() as work:
        return work.sessions.start(face, None, data, now + BEFORE_SIGN_IN, None, now)


def begin_sign_in(office: Office, session: Session, provider: str, language: str, return_to: str) -> str | None:
    """The provider's address to go to, or None when the provider cannot be reached."""
    now = office.now()
    begun = office.identities[provider].begin(language, return_to, now)
    if isinstance(begun, Unreachable):
        return None
    pending = begun.pending
    kept = {name: getattr(pending, name) for name in pending.__dataclass_fields__}
    with office.writing() as work:
        work.sessions.keep_pending(session.key, pending.state, kept, now)
    return begun.url


def finish_sign_in(
    office: Office, session: Session | None, provider: str, params: list[tuple[str, str]], method: str
) -> Entered | NotEntered:
    """Take the provider's answer back: once, in the browser that began it, at the provider that was asked."""
    now = office.now()
    states = [value for name, value in params if name == "state"]
    if session is None or len(states) != 1:
        return NotEntered("expired", "fi", "/")
    with office.writing() as work:
        kept = work.sessions.spend_pending(session.key, states[0], now)
    if kept is None or kept["provider"] != provider:
        return NotEntered("expired", "fi", "/")
    pending = PendingLogin(**kept)
    outcome = office.identities[provider].finish(params, method, pending, now)
    if isinstance(outcome, Identified):
        return _entered(office, session, outcome, pending, now)
    why = {Cancelled: "cancelled", Refused: "refused", Unreachable: "unreachable"}[type(outcome)]
    if isinstance(outcome, Refused):
        _note_failure(office, provider, outcome.reason, now)
    return NotEntered(why, pending.language, pending.return_to)


def sign_out(office: Office, session: Session) -> None:
    """End the session everywhere at once."""
    with office.writing() as work:
        work.sessions.end(session.key)


def extend_session(office: Office, session: Session) -> None:
    """Stay signed in: the idle time starts anew, the absolute end stays."""
    with office.writing() as work:
        work.sessions.seen(session.key, office.now())


def identity_of(session: Session) -> Identified | None:
    """Who this citizen's session belongs to."""
    kept = session.data.get("identity")
    return _identified(kept) if kept else None


def person_of(office: Office, register: str, identified: Identified) -> Actor:
    """The actor this identity is in a register; before the first request an actor who owns nothing."""
    with office.reading() as work:
        person = work.people.find(register, identified.subject_key)
    return Actor(ActorKind.CITIZEN, person or "nobody", register, name=f"{identified.given} {identified.family}")


def _entered(office: Office, session: Session, identified: Identified, pending: PendingLogin, now: datetime) -> Entered:
    """A new id at sign-in: what was known before is worthless, and the last person's session ends."""
    data = {"identity": _kept(identified)}
    with office.writing() as work:
        work.sessions.end(session.key)
        cookie = work.sessions.start("citizen", None, data, now + LONGEST, identified.authenticated_at, now)
    return Entered(cookie, pending.return_to, pending.language)


def _note_failure(office: Office, provider: str, reason: str, now: datetime) -> None:
    nobody = Actor(ActorKind.SYSTEM, "system", "*")
    with office.writing() as work:
        work.trail.note("portal", nobody, events.SignInFailed("citizen", reason[:200]), provider, now)


def _kept(identified: Identified) -> dict[str, Any]:
    return {
        "subject_key": identified.subject_key,
        "code": identified.code.value if identified.code else None,
        "given": identified.given,
        "family": identified.family,
        "born": identified.born.isoformat() if identified.born else None,
        "level": identified.level.value,
        "method": identified.method,
        "at": identified.authenticated_at.astimezone(UTC).isoformat(),
        "provider": identified.provider,
        "transaction": identified.transaction,
    }


def _identified(kept: dict[str, Any]) -> Identified:
    return Identified(
        subject_key=kept["subject_key"],
        code=PersonalIdentityCode(kept["code"]) if kept["code"] else None,
        given=kept["given"],
        family=kept["family"],
        born=datetime.fromisoformat(kept["born"]).date() if kept["born"] else None,
        level=Assurance(kept["level"]),
        method=kept["method"],
        authenticated_at=datetime.fromisoformat(kept["at"]),
        provider=kept["provider"],
        transaction=kept["transaction"],
    )
