"""Signing out at the provider too, in both directions. Our own session always ends first, whatever comes after.

What a browser brings back from the provider says nothing of its own: the way back is kept here under a one-time
word, and a logout that the provider asks for is found by its session's digest alone.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from portal.domain.identity import LogoutAsked, LogoutDone, Refused, SingleLogout
from portal.services.office import Office
from portal.services.ports import Session
from portal.services.sign_in import identity_of, note_failure, provider_key, sign_out

_WAY_BACK = timedelta(minutes=10)


@dataclass(frozen=True)
class WayBack:
    """The page to show after the provider has signed the person out: in which language, at which register."""

    language: str
    register: str


def leave(office: Office, session: Session, language: str, register: str) -> str | None:
    """End the session; then the address at which the provider's own ends, or None where it has none that we know."""
    sign_out(office, session)
    identity = identity_of(session)
    theirs = identity.session if identity else None
    provider = office.identities.get(identity.provider) if identity else None
    if theirs is None or not isinstance(provider, SingleLogout):
        return None
    relay = secrets.token_urlsafe(32)
    address, request = provider.logout(theirs, relay, language)
    back = {"request": request, "language": language, "register": register}
    with office.writing() as work:
        work.arrivals.keep("", relay, back, office.now() + _WAY_BACK)
    return address


def hear(office: Office, provider: str, query: str) -> str | WayBack | None:
    """What came to the logout address: the address of our answer to the provider's word, the way back after our own,
    or None for what must not be believed, which ends nothing."""
    party = office.identities[provider]
    if not isinstance(party, SingleLogout):
        return None
    heard = party.heard(query, office.now())
    if isinstance(heard, Refused):
        note_failure(office, provider, heard.reason, office.now())
        return None
    if isinstance(heard, LogoutDone):
        return _back(office, heard)
    return party.answer(heard, _ended(office, provider, heard))


def _ended(office: Office, provider: str, asked: LogoutAsked) -> bool:
    """End the session that stands on theirs. One that has ended already is ended, too."""
    with office.writing() as work:
        work.sessions.end_by_provider(provider_key(provider, asked))
    return True


def _back(office: Office, done: LogoutDone) -> WayBack | None:
    with office.writing() as work:
        kept = work.arrivals.fetch("", done.relay, office.now())
    if kept is None or kept["request"] != done.answer_to:
        return None
    return WayBack(kept["language"], kept["register"])
