"""Invite the applicant to listen on site at a time of their choice, beside the copy (art. 15(3)), never instead."""

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow, OfferVisit, decide_step
from portal.domain.rights import Right
from portal.services.act_facts import visit_facts
from portal.services.issue_letter import frozen, issue
from portal.services.office import Office
from portal.services.step import opened, take_step


def offer_visit(office: Office, actor: Actor, ref: str, step: OfferVisit, seen: int) -> None:
    """Send the invitation. NotNow for another right than access, or with fewer than two times ahead."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
    if case.moves != seen:
        raise NotNow("moved")
    facts = invitation_facts(office, case, step, actor)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        issue(office, work, case, letter, actor)


def invitation_facts(office: Office, case: Case, step: OfferVisit, actor: Actor) -> LetterFacts:
    """The invitation's facts as they will be if it is sent now."""
    if case.right is not Right.ACCESS:
        raise NotNow("not_access")
    after, _event = decide_step(case, step, actor, office.now())
    assert after.visit is not None
    return visit_facts(office, case, after.visit)
