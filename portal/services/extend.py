"""Extend the time limit by two further months, with individual reasons and a notice in time (art. 12(3))."""

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import Extend, NotNow, decide_step
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import extension_facts
from portal.services.office import Office
from portal.services.step import opened, take_step


def extend(office: Office, actor: Actor, ref: str, step: Extend, seen: int) -> None:
    """Issue the notice and move the date. NotNow after the statutory date, or when it was extended before."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
    if case.moves != seen:
        raise NotNow("moved")
    with frozen(office, case.register, notice_facts(office, case, step, actor)) as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        issue(office, work, case, letter, actor)


def barred(office: Office, case: Case, actor: Actor) -> str | None:
    """Why the limit cannot be extended now, as the code of NotNow; None when it can."""
    try:
        decide_step(case, Extend("", ""), actor, office.now())
    except NotNow as refused:
        return refused.code
    return None


def notice_facts(office: Office, case: Case, step: Extend, actor: Actor) -> LetterFacts:
    """The notice's facts as they will be if the limit is extended now; also for its preview."""
    after, _event = decide_step(case, step, actor, office.now())
    return extension_facts(office, after, step.text)
