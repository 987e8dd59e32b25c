"""The step by which staff decide whether the applicant may act for another, and the gate that waits for it."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain import representation_events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.event import Event
from portal.domain.moments import helsinki
from portal.domain.representation import Mandate, Proof, asks_for_themselves, may_tell
from portal.domain.steps import NotNow, Step


@dataclass(frozen=True)
class CheckRepresentation(Step):
    """Staff say whether the applicant may act, by which documents, and why. `confirmed`: for a young person of 15 or
    over it was asked once more."""

    verdict: Mandate
    proofs: tuple[Proof, ...]
    reasons: str
    confirmed: bool = False


def check_representation(case: Case, step: CheckRepresentation, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """The case with the verdict. NotNow for the applicant's own matter, a verdict without reasons or, where the law
    gives a young person a word of their own, without confirmation."""
    acting = case.representative
    if acting is None or not acting.for_another:
        raise NotNow("own_matter")
    if not step.reasons.strip():
        raise NotNow("verdict_without_reasons")
    if step.verdict is Mandate.ALLOWED:
        if not step.proofs:
            raise NotNow("verdict_without_proof")
        if asks_for_themselves(acting, helsinki(now).date()) and not step.confirmed:
            raise NotNow("young_person_unconfirmed")
    checked = replace(
        acting, verdict=step.verdict, proofs=step.proofs, reasons=step.reasons, checked_by=actor.id, checked_at=now
    )
    event = representation_events.RepresentationChecked(step.verdict.value, tuple(step.proofs), step.reasons)
    return replace(case, representative=checked), event


def demand_mandate(case: Case) -> None:
    """NotNow while the case's decision would tell somebody else's matter to an applicant whose right to act staff have
    not allowed."""
    if case.decision and not may_tell(case.representative, case.decision):
        raise NotNow("mandate_unchecked")


def demand_allowed(case: Case) -> None:
    """NotNow for whatever touches another's recording outside a decision: a visit to hear it, corrected details."""
    acting = case.representative
    if acting and acting.for_another and acting.verdict is not Mandate.ALLOWED:
        raise NotNow("mandate_unchecked")
