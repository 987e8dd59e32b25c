"""Citizens' sign-in: send to the provider, take the answer back once, keep the identity in the session only."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.domain import events
from portal.domain.access import Actor, ActorKind
from portal.domain.identity import (
    Announcing,
    Assurance,
    Cancelled,
    Identified,
    LogoutAsked,
    Outcome,
    PendingLogin,
    PersonalIdentityCode,
    ProviderSession,
    Refused,
    Unreachable,
)
from portal.services.drafts import LATE, owner_of
from portal.services.office import Office
from portal.services.ports import Session

IDLE = timedelta(minutes=15)
LONGEST = timedelta(minutes=60)
BEFORE_SIGN_IN = timedelta(minutes=30)
_FAILURES: dict[str, type[Cancelled | Refused | Unreachable]] = {
    kind.__name__: kind for kind in (Cancelled, Refused, Unreachable)
}


@dataclass(frozen=True)
class Entered:
    """Signed in: the new cookie's value, and where to go on (an endpoint's path kept with the pending sign-in)."""

    cookie: str
    return_to: str
    language: str


def _reference() -> str:
    """What a person may read out on the telephone, and an administrator finds in the log: eight random signs, none
    of which is taken for another."""
    signs = "".join(secrets.choice("23456789CFGHJKMPQRVWX") for _ in range(8))
    return f"{signs[:4]}-{signs[4:]}"


@dataclass(frozen=True)
class NotEntered:
    """Nobody was signed in; `why`: cancelled | expired | level | identifier | refused | unreachable. `cause` is the
    rule for the log, free of personal data; `notice` the provider's own words on interruptions."""

    why: str
    language: str
    return_to: str
    cause: str = ""
    notice: str | None = None
    reference: str = field(default_factory=_reference)


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


def notice_of(office: Office, provider: str, language: str) -> str | None:
    """What a provider says of interruptions, where it says such things."""
    found = office.identities[provider]
    return found.notice(language, office.now()) if isinstance(found, Announcing) else None


def begin_sign_in(office: Office, session: Session, provider: str, language: str, return_to: str) -> str | NotEntered:
    """The provider's address to go to, or why nobody can go there."""
    now = office.now()
    begun = office.identities[provider].begin(language, return_to, now)
    if isinstance(begun, Unreachable):
        notice = notice_of(office, provider, language)
        return NotEntered("unreachable", language, return_to, begun.reason, notice)
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
        return NotEntered("expired", "fi", "/", "no session" if session is None else "not one state")
    with office.writing() as work:
        kept = work.sessions.spend_pending(session.key, states[0], now)
    if kept is None or kept["provider"] != provider:
        return NotEntered("expired", "fi", "/", "no such sign-in under way" if kept is None else "another provider")
    pending = PendingLogin(**kept)
    return conclude(office, session, office.identities[provider].finish(params, method, pending, now), pending)


def conclude(office: Office, session: Session, outcome: Outcome, pending: PendingLogin) -> Entered | NotEntered:
    """What a provider's judged answer means in the session that began: a new session, or nobody signed in."""
    now, provider = office.now(), pending.provider
    if isinstance(outcome, Identified):
        return _entered(office, session, outcome, pending, now)
    if isinstance(outcome, Cancelled):
        return NotEntered("cancelled", pending.language, pending.return_to, "turned back at the provider")
    if isinstance(outcome, Unreachable):
        notice = notice_of(office, provider, pending.language)
        return NotEntered("unreachable", pending.language, pending.return_to, outcome.reason, notice)
    note_failure(office, provider, outcome.reason, now)
    why = "refused" if outcome.kind == "other" else outcome.kind
    return NotEntered(why, pending.language, pending.return_to, outcome.reason)


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
    """A new id at sign-in: what was known before is worthless, and the last person's session ends. A form of this
    person's that came too late is where they go on."""
    data = {"identity": _kept(identified)}
    theirs = provider_key(identified.provider, identified.session) if identified.session else None
    with office.writing() as work:
        work.sessions.end(session.key)
        cookie = work.sessions.start("citizen", None, data, now + LONGEST, identified.authenticated_at, now, theirs)
        register = "".join(pending.return_to.split("/")[2:3])
        late = work.drafts.load(owner_of(identified.subject_key), LATE, register) or {}
    return Entered(cookie, late.get("page", pending.return_to), pending.language)


def provider_key(provider: str, session: ProviderSession | LogoutAsked) -> str:
    """The digest by which a session of ours is found when the provider says that its own has ended (64 characters)."""
    return hashlib.sha256(json.dumps([provider, session.index, session.name]).encode()).hexdigest()


def packed(outcome: Outcome) -> dict[str, Any]:
    """A judged answer as JSON, to be sealed until its session fetches it."""
    fields = _kept(outcome) if isinstance(outcome, Identified) else asdict(outcome)
    return {type(outcome).__name__: fields}


def unpacked(packed: dict[str, Any]) -> Outcome:
    """The judged answer that was packed."""
    [(kind, fields)] = packed.items()
    return _identified(fields) if kind == "Identified" else _FAILURES[kind](**fields)


def note_failure(office: Office, provider: str, reason: str, now: datetime) -> None:
    """Record that an answer was refused, by whom it was given and why; never whom it spoke of."""
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
        "session": asdict(identified.session) if identified.session else None,
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
        session=ProviderSession(**kept["session"]) if kept.get("session") else None,
    )
