"""A provider's answer that comes by a post from its own site, where the browser sends no cookie of ours along.

It is judged at once and kept, sealed, under a one-time handle; the browser is sent on to fetch it, and there, with
the cookie back, it counts only in the session that began (SAML bindings 3.5; RFC 6265bis on SameSite).
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from portal.domain.identity import PendingLogin
from portal.services import sign_in
from portal.services.office import Office
from portal.services.ports import Session
from portal.services.sign_in import Entered, NotEntered

WAITS = timedelta(minutes=2)


def receive(office: Office, provider: str, params: Sequence[tuple[str, str]]) -> str | NotEntered:
    """Judge an answer by its RelayState's pending sign-in, which is spent by it; returns the handle to fetch it by."""
    now = office.now()
    states = [value for name, value in params if name == "RelayState"]
    if len(states) != 1:
        return NotEntered("expired", "fi", "/", "not one relay state")
    with office.writing() as work:
        found = work.arrivals.answered(states[0], provider, now)
    if found is None:
        return NotEntered("expired", "fi", "/", "no such sign-in under way")
    session, kept = found
    outcome = office.identities[provider].finish(params, "POST", PendingLogin(**kept), now)
    handle = secrets.token_urlsafe(32)
    with office.writing() as work:
        work.arrivals.keep(session, handle, {"pending": kept, "outcome": sign_in.packed(outcome)}, now + WAITS)
    return handle


def fetch(office: Office, session: Session | None, provider: str, handle: str) -> Entered | NotEntered:
    """Take a kept answer: once, within two minutes, in the session that began the sign-in."""
    if session is None:
        return NotEntered("expired", "fi", "/", "no session")
    with office.writing() as work:
        found = work.arrivals.fetch(session.key, handle, office.now())
    if found is None or found["pending"]["provider"] != provider:
        return NotEntered("expired", "fi", "/", "no answer waits for this session")
    return sign_in.conclude(office, session, sign_in.unpacked(found["outcome"]), PendingLogin(**found["pending"]))
