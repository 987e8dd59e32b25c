"""Acting for another: for whom a request is made, by what right, and what staff found of that right.

Strong identification proves who asks. Whether they may ask for somebody else is a decision of staff: for a child by
the guardianship, for an adult or an organisation by a mandate. The case keeps the ground and the type of each
document, never its number and never a copy. GDPR arts. 12(2), 12(6), recital 27; Patients' Act 785/1992 s. 9.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus

from portal.domain.decisions import Decision, Outcome

OWN_VOICE_FROM = 15
"""Years of age from which a young person asks for themselves, and a guardian's request is never a matter of course."""
ADULT = 18
_TELLS = frozenset({Outcome.GRANTED, Outcome.PARTLY, Outcome.NO_RECORDING})


class Kind(StrEnum):
    """For whom the applicant asks. ESTATE: the caller has died, so that the regulation itself no longer applies."""

    SELF = "self"
    CHILD = "child"
    MANDATE = "mandate"
    ORGANISATION = "organisation"
    ESTATE = "estate"


class Mandate(StrEnum):
    """May the one act for the other? ASK: not known, so that a person must look into it."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    ASK = "ask"


class Guardians(StrEnum):
    """What a guardian says of the custody of the child: theirs alone, of two who agree, or of two and asking alone."""

    SOLE = "sole"
    TOGETHER = "together"
    ALONE = "alone"


class Proof(StrEnum):
    """The type of a document that shows a right to act; its number and a copy of it are never kept."""

    MANDATE = "mandate"
    POPULATION = "population"
    CUSTODY = "custody"
    TRUSTEE = "trustee"
    TRADE_REGISTER = "trade_register"
    ESTATE_INVENTORY = "estate_inventory"
    OTHER = "other"


class BadBusinessId(ValueError):
    """Not a Finnish business id."""


@dataclass(frozen=True)
class Representative:
    """For whom the applicant acts and why they may. `ground` is in the applicant's words; `own_voice`: the applicant
    made the call themselves, about another's matter. `register` is what an authorisations register answered;
    `verdict`, with its proofs and reasons, is the decision of staff."""

    kind: Kind = Kind.SELF
    for_name: str = ""
    for_born: date | None = None
    business_id: str = ""
    guardians: Guardians | None = None
    ground: str = ""
    own_voice: bool = False
    on_site: bool = False
    register: Mandate = Mandate.ASK
    verdict: Mandate | None = None
    proofs: tuple[Proof, ...] = ()
    reasons: str = ""
    checked_by: str = ""
    checked_at: datetime | None = None

    @property
    def for_another(self) -> bool:
        """Is the request about somebody else's call?"""
        return self.kind is not Kind.SELF


def business_id(text: str) -> str:
    """A Finnish business id in its usual form, 1234567-8. Raises BadBusinessId; a lost hyphen is put back."""
    try:
        return str(ytunnus.format(ytunnus.validate(text)))
    except ValidationError as error:
        raise BadBusinessId("no such business id") from error


def age(born: date, today: date) -> int:
    """Full years of age on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def asks_for_themselves(acting: Representative, today: date) -> bool:
    """Is the child 15 or over, so that the guardian's right needs a decision with reasons and a confirmation?"""
    return acting.kind is Kind.CHILD and (acting.for_born is None or age(acting.for_born, today) >= OWN_VOICE_FROM)


def may_tell(acting: Representative | None, decision: Decision) -> bool:
    """May this decision be given to the applicant? What releases, erases or corrects somebody else's data, or tells
    that there are none, needs the verdict that the applicant may act for them. A refusal needs none."""
    if acting is None or not acting.for_another or not decision.outcomes & _TELLS:
        return True
    return acting.verdict is Mandate.ALLOWED
