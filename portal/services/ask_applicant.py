"""Ask the applicant for further information, once and for everything, with the letter that asks."""

from datetime import date

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.events import QuestionAsked
from portal.domain.letters import Ask as Asked
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import Ask, NotNow, decide_step
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import ask_facts
from portal.services.office import Office
from portal.services.step import opened, take_step


def ask_applicant(office: Office, actor: Actor, ref: str, step: Ask, seen: int) -> None:
    """Send the question. The clock stops only when the law's conditions are met (art. 12(6), recital 63)."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
    if case.moves != seen:
        raise NotNow("moved")
    with frozen(office, case.register, question_facts(office, case, step, actor)) as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        issue(office, work, case, letter, actor)


def why_no_pause(office: Office, case: Case, step: Ask, actor: Actor) -> str:
    """Why the question would not stop the clock if it were asked now, as a code; empty when it would."""
    _after, event = decide_step(case, step, actor, office.now())
    assert isinstance(event, QuestionAsked)
    return "" if event.counts else event.why_not


def question_facts(office: Office, case: Case, step: Ask, actor: Actor) -> LetterFacts:
    """The letter's facts as they will be if the question is asked now; also for its preview."""
    demand(actor, Action.ASK, case.register)
    after, _event = decide_step(case, step, actor, office.now())
    today: date = office.today()
    stops = bool(after.pauses) and after.pauses != case.pauses and after.pauses[-1].counts
    asked = Asked(step.kind, step.what, step.why, step.answer_by, today, today if stops else None)
    return ask_facts(office, case, asked)
