"""What follows when a case leaves the open states: its holds end, at once or when the remedy time has passed.

The day is derived anew each time it is asked for: a letter that came back, a complaint, an inquiry or a second answer
moves it, and a job that was queued for an earlier day then finds that its day has not come.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.case import Case, State
from portal.domain.decisions import LetterKind
from portal.domain.moments import helsinki
from portal.domain.retention import hold_until
from portal.domain.service_of_documents import received_on
from portal.domain.visits import VisitState, hold_until_visit
from portal.services.acknowledge import AlreadyDone
from portal.services.decide import DRAFT
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import appeal_ends, base_facts, sendings
from portal.services.office import HELSINKI, Office
from portal.services.ports import Work
from portal.services.release_rejected import schedule_rejected
from portal.services.step import record

UNSENT = timedelta(days=30)
"""How long the holds of an answer that nobody has received stand before they are looked at again."""


def settle(office: Office, case_id: str) -> None:
    """Withdrawn: release the holds now and confirm it by letter. Answered: release them when the time for remedies is
    over. The draft of the decision has done its work in both cases."""
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if case.state.open:  # taken up again before this job came to it
            return
        work.drafts.drop(case_id, DRAFT, case.ref)
        schedule(office, work, case)
        schedule_rejected(office, work, case)
    if case.state is State.WITHDRAWN:
        _confirm_withdrawal(office, case_id)


def schedule(office: Office, work: Work, case: Case) -> None:
    """Queue the end of the case's holds for its day; nothing while an answer is owed or a complaint, an inquiry or a
    matter in court is open. Repeating it is harmless."""
    at = _released_at(office, work, case)
    if at is not None:
        work.outbox.add("release", {"case": case.id}, f"release:{case.id}:{at.isoformat()}", at)


def release(office: Office, case_id: str) -> None:
    """Release the case's holds; ordinary retention applies again at once. Where their day has moved meanwhile, look
    again when it comes; what is disputed or in hand again is looked at when that has ended."""
    now = office.now()
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        at = _released_at(office, work, case)
        if at is None:
            return
        if at > now:
            schedule(office, work, case)
            return
        freed = work.recordings.release(case_id, now)
        if case.state is State.WITHDRAWN:  # nothing is contested any more, and the person has said so themselves
            freed = (*freed, *_unrestrict(office, work, case))
        for recording in freed:
            case = record(office, work, case, events.HoldReleased(recording, case.state.value), SYSTEM)


def _unrestrict(office: Office, work: Work, case: Case) -> tuple[str, ...]:
    """End the restrictions that the case began; those of other cases stand."""
    freed = work.recordings.release(case.id, office.now(), restriction=True)
    for recording in freed:
        work.recordings.restrict(recording, on=False)
    return freed


def _released_at(office: Office, work: Work, case: Case) -> datetime | None:
    """When the holds end; None while nothing may be released."""
    ended = case.answered_at or case.closed_at
    if case.state.open or case.disputed or ended is None:
        return None
    last = max((ended, *(one.closed_at for one in case.proceedings if one.closed_at)))
    return last if case.state is State.WITHDRAWN else _evening(_held_until(office, work, case, last))


def _held_until(office: Office, work: Work, case: Case, ended: datetime) -> date:
    """The day on which the holds end, counted from the answer or from the end of what was disputed after it; a letter
    that came back and was not sent again keeps them a month at a time."""
    day = helsinki(ended).date()
    sent = sendings(work, case)
    refused = case.decision is not None and any(item.refuses for item in case.decision.items)
    until = hold_until(day, refused=refused, appeal_ends=appeal_ends(office, case, day, sent))
    until = _visit_until(office, work, case, until)
    return max(until, office.today() + UNSENT) if sent and received_on(sent) is None else until


def _visit_until(office: Office, work: Work, case: Case, until: date) -> date:
    """A month from a visit that was attended or is booked; the last time offered, while that lies ahead."""
    seated = (VisitState.BOOKED, VisitState.ATTENDED)
    days = [hold_until_visit(helsinki(one.start).date()) for one in work.visits.of_case(case.id) if one.state in seated]
    offered = case.visit.times if case.visit else ()
    return max((until, *days, *(helsinki(one).date() for one in offered if one > office.now())))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), HELSINKI).astimezone(UTC)


def _confirm_withdrawal(office: Office, case_id: str) -> None:
    """The letter that confirms the withdrawal, once."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        if _confirmed(work, case):
            return
    on = helsinki(case.closed_at or office.now()).date()
    facts = replace(base_facts(office, case, LetterKind.REQUEST_WITHDRAWN), withdrawn_on=on)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if _confirmed(work, case):
            raise AlreadyDone
        issue(office, work, case, letter, SYSTEM)


def _confirmed(work: Work, case: Case) -> bool:
    return any(letter.kind == LetterKind.REQUEST_WITHDRAWN.value for letter in work.documents.of_case(case.id))
