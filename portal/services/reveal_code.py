"""The personal identity code of an applicant: masked everywhere, shown whole once, for a reason that is recorded."""

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.identity import mask_identifier
from portal.services.office import Office
from portal.services.ports import Absent, Work
from portal.services.step import opened, record

LONGEST_REASON = 500


class NoReason(ValueError):
    """The code is shown for a reason only."""


def masked_code(work: Work, case: Case) -> str:
    """The code as it may be shown, empty where the register keeps none."""
    found = work.identity_codes.get(case.register, case.applicant.person)
    return mask_identifier(*found) if found else ""


def reveal_code(office: Office, actor: Actor, ref: str, reason: str) -> str:
    """The applicant's whole code, for staff who decide on the case; the reason is an event of the case.

    Raises NoReason without one, Absent where the register keeps no code.
    """
    if not reason.strip():
        raise NoReason
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.DECIDE, case.register)
        found = work.identity_codes.get(case.register, case.applicant.person)
        if found is None:
            raise Absent(ref)
        record(office, work, case, events.IdentityCodeRevealed(reason.strip()[:LONGEST_REASON]), actor)
    return found[1]
