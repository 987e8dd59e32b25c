"""The copy first, then the erasure (arts. 15 and 17 asked together): nothing is erased before the copy's life has ended
or the applicant says that they have it. What was decided and signed is carried out here; nothing is decided."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case, State
from portal.domain.decisions import Decision, LetterKind, Outcome
from portal.domain.lifecycle import NotNow
from portal.services.acknowledge import AlreadyDone
from portal.services.decision_facts import copy_first, decision_facts
from portal.services.dispose import erase_by_decision
from portal.services.erasure_tasks import erased_when
from portal.services.issue_letter import frozen, issue
from portal.services.office import HELSINKI, Office
from portal.services.ports import Work
from portal.services.sign_letter import granted_recordings, signer
from portal.services.step import opened, record

_ANSWERED = (State.ANSWERED, State.CLOSED)


def may_keep(work: Work, case: Case) -> tuple[str, ...]:
    """The recordings whose copies the applicant may say they have, so that the erasure need not wait: those copies
    that are ready, in a case that is answered."""
    if not copy_first(case) or case.state not in _ANSWERED:
        return ()
    kept = _kept(work, case)
    copies = work.documents.copies(case.id, case.applicant.person)
    return tuple(copy.recording for copy in copies if copy.vault_object and copy.recording not in kept)


def waits_for_copy(office: Office, actor: Actor, ref: str) -> bool:
    """Is there a copy whose keeping the applicant may still confirm? Absent when the case is not theirs."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
        return bool(may_keep(work, case))


def keep_copy(office: Office, actor: Actor, ref: str) -> None:
    """The applicant has the copy: the recordings are erased now. NotNow where no copy is there to have."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
        recordings = may_keep(work, case)
        if not recordings:
            raise NotNow("state")
        for recording in recordings:
            case = record(office, work, case, events.CopyKept(recording), actor)
        key = f"erase_after_copy:{case.id}:kept:{case.seq}"
        work.outbox.add("erase_after_copy", {"case": case.id}, key, office.now())


def erase_after_copy(office: Office, case_id: str) -> None:
    """Erase what the signed decision erases once the copies are had or over, then issue the letter that tells it.

    Where it must wait (a copy lives, a dispute is open, another hold stands, the source is away) it looks again the
    next day. A case that is in hand again is left alone: its new decision comes first. Repeating it is harmless.
    """
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        if case.state not in _ANSWERED or not granted_recordings(case) or _told(work, case):
            return
        waits = case.disputed or _copy_lives(office, work, case)
    if waits or not _erased(office, case):
        _look_again(office, case)
        return
    tell_erased(office, case_id)


def tell_erased(office: Office, case_id: str) -> None:
    """Issue the letter that tells an answered case's erasure, once, when nothing of it waits for an operator; repeating
    it is harmless. A case that is not answered yet, or is in hand again, is told by its own answer."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        waits = any(task.confirmed_on is None for task in work.duties.erasures(case.register, case.id))
        if case.state not in _ANSWERED or not granted_recordings(case) or waits or _told(work, case):
            return
    _tell(office, case_id)


def _copy_lives(office: Office, work: Work, case: Case) -> bool:
    kept, today = _kept(work, case), office.today()
    copies = work.documents.copies(case.id, case.applicant.person)
    return any(copy.available_until >= today and copy.recording not in kept for copy in copies)


def _kept(work: Work, case: Case) -> set[str]:
    entries = work.cases.timeline(case)
    return {entry.facts["recording"] for entry in entries if entry.action == "copy_kept" and entry.facts}


def _erased(office: Office, case: Case) -> bool:
    """Erase every granted recording; False when one must wait."""
    hands = replace(SYSTEM, controller=case.register)
    try:
        for recording in granted_recordings(case):
            erase_by_decision(office, hands, case.ref, recording)
    except NotNow:
        return False
    return True


def _look_again(office: Office, case: Case) -> None:
    day = office.today() + timedelta(days=1)
    at = datetime.combine(day, time(0, 30), HELSINKI).astimezone(UTC)
    with office.writing() as work:
        work.outbox.add("erase_after_copy", {"case": case.id}, f"erase_after_copy:{case.id}:{day}", at)


def _tell(office: Office, case_id: str) -> None:
    """The letter that tells the erasure, in the name of who signed the decision; once."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        assert case.decision is not None, "granted recordings come of a decision"
        signed = [entry.actor for entry in work.cases.timeline(case) if entry.action == "answer_given"]
        erased = Decision(tuple(item for item in case.decision.items if item.outcome is Outcome.GRANTED))
        facts = decision_facts(office, work, case, LetterKind.ERASED, erased, signer(work, signed[-1]))
        days = [day for one in granted_recordings(case) if (day := work.recordings.erased_on(one))]
        confirmed = erased_when(work, case)
        days += [confirmed] if confirmed else []
        facts = replace(facts, done_on=max(days, default=office.today()))
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if _told(work, case):
            raise AlreadyDone
        issue(office, work, case, letter, SYSTEM)


def _told(work: Work, case: Case) -> bool:
    """Has the erasure been told since the case was last answered, and since an operator confirmed what it had?"""
    tasks = work.duties.erasures(case.register, case.id)
    since = max((at for at in (case.answered_at, *(task.confirmed_at for task in tasks)) if at), default=None)
    letters = work.documents.of_case(case.id)
    return any(one.kind == LetterKind.ERASED.value and since and one.issued_at >= since for one in letters)
