"""The port of authorisations: may one person act for another person or an organisation in this matter?

Suomi.fi e-Authorizations answers this from the Population Information System (guardians), the register of mandates and
the Trade Register, for two identifiers and a matter: ALLOWED or DISALLOWED, and it does not tell why. An adapter for it
takes over `may` alone: it must ask within the time and size limits of every call out, answer ASK when the service is
away, refuses to say or does not know the matter, and log neither identifier. Without it staff look into every case.
"""

from datetime import datetime
from typing import Protocol

from portal.domain.representation import Mandate


class Mandates(Protocol):
    """Who may act for whom."""

    def may(self, actor_code: str, subject_code: str, matter: str, at: datetime) -> Mandate:
        """May the person `actor_code` act for `subject_code` in `matter` at an instant (aware UTC)?

        Both are identifiers with their kind, "hetu:…", "eidas:…" or "y:…" (a business id); `matter` is the right used,
        as in rights.Right. ASK means that a person must look into it. What is answered informs the verdict of staff
        and never replaces it: a child who may forbid the disclosure stands in no register.
        """
