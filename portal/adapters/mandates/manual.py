"""No register of authorisations: a person looks into every mandate."""

from datetime import datetime

from portal.domain.representation import Mandate


class ManualMandates:
    """The Mandates port where no authorisations register is in use."""

    def may(self, actor_code: str, subject_code: str, matter: str, at: datetime) -> Mandate:
        """Always ASK."""
        return Mandate.ASK
