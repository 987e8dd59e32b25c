"""Sign and send: the decision takes effect, its letter is frozen, and the answer is there for the applicant."""

from datetime import UTC, datetime, time, timedelta

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case, State
from portal.domain.decisions import Decision, Outcome, letter_kind
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow, Sign
from portal.domain.retention import HoldReason, hold_review_on
from portal.domain.rights import Right
from portal.services.correct_metadata import undo_refused
from portal.services.decision_facts import copy_first, decided_kind, decision_facts, gives_copies
from portal.services.dispose import erase_by_decision
from portal.services.grants import queue_reminder
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import available_until
from portal.services.office import HELSINKI, Office
from portal.services.omissions import unredacted
from portal.services.ports import Work
from portal.services.restricted_use import demand_unrestricted, refusals_kept
from portal.services.step import opened, record, take_step
from portal.services.tell_recipient import tells_recipients, untold
from portal.services.transcribe import untranscribed


@refusals_kept
def sign_letter(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """Give the approved decision. An erasure is carried out first, so that its letter tells what has been done; where
    the applicant wants the copy first, this gives the copy and the erasure follows (erase_after_copy).

    Raises NotNow when the case moved, is not approved, a recipient has not been told, a transcript that was asked for
    is not complete, what the copy leaves out is not approved, or another hold stands in the way of an erasure.
    """
    with office.reading() as work:
        case = work.cases.open(ref, actor)
    demand(actor, Action.SIGN, case.register)
    if case.state is not State.APPROVED or case.decision is None or case.moves != seen:
        raise NotNow("moved")
    if must_tell(office, case, case.decision):
        raise NotNow("recipients_untold")
    if case.right is Right.ERASURE and not copy_first(case):
        with office.reading() as work:
            facts = signing_facts(office, work, case, actor)
        office.letters.write(facts, office.now())  # a letter that lacks something stops here, before anything is gone
        for recording in granted_recordings(case):
            erase_by_decision(office, actor, ref, recording)
    with office.reading() as work:
        facts = signing_facts(office, work, work.cases.open(ref, actor), actor)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = opened(work, ref, actor, seen)
        if untranscribed(work, case, case.decision):
            raise NotNow("transcript_missing")
        for _item, why in unredacted(work, case, case.decision):
            raise NotNow(why)
        case = _take_effect(office, work, case, actor)
        case = issue(office, work, case, letter, actor)
        case = take_step(office, work, case, Sign(facts.kind.value, facts.available_until), actor)
        if facts.available_until:
            queue_reminder(office, work, case, facts.available_until)


def must_tell(office: Office, case: Case, decision: Decision) -> tuple[str, ...]:
    """The recipients that must be told, or be said to be impossible to tell, before the decision's letter is signed
    (art. 19), by code."""
    register = office.registers[case.register]
    return untold(register, case) if tells_recipients(letter_kind(case.right, decision), case, register) else ()


def signing_facts(office: Office, work: Work, case: Case, actor: Actor) -> LetterFacts:
    """The letter's facts if `actor` signs now; also for the page that shows it before signing."""
    if case.decision is None:
        raise NotNow("state")
    kind = decided_kind(case, case.decision)
    return decision_facts(office, work, case, kind, case.decision, signer(work, actor.id) or actor.name)


def signer(work: Work, account_id: str) -> str:
    """A staff member as a letter names them: name and title; empty when there is no such account."""
    account = work.staff.by_id(account_id)
    return ", ".join(part for part in (account.name, account.title) if part) if account else ""


def granted_recordings(case: Case) -> tuple[str, ...]:
    """The recordings of the items that are granted, wholly or in part."""
    items = case.decision.items if case.decision else ()
    granted = {item.item for item in items if item.outcome in (Outcome.GRANTED, Outcome.PARTLY)}
    return tuple(finding.recording for finding in case.chosen if finding.call in granted)


def _take_effect(office: Office, work: Work, case: Case, actor: Actor) -> Case:
    recordings = granted_recordings(case)
    case = undo_refused(office, work, case, recordings, actor)
    for recording in recordings:
        if gives_copies(case):
            one = work.recordings.get(recording)
            if one is not None:
                demand_unrestricted(work, case, one, "copy")
            _deliver(office, work, case, recording)
        elif case.right in (Right.RESTRICTION, Right.OBJECTION):
            case = _restrict(office, work, case, recording, actor)
        elif case.right is Right.RECTIFICATION:
            text = case.wishes.correct or case.wishes.wrong
            work.recordings.attach(recording, case.id, case.register, text, office.now())
            case = record(office, work, case, events.StatementAttached(recording), actor)
    if recordings and copy_first(case):
        day = available_until(office, case) + timedelta(days=1)
        at = datetime.combine(day, time(0, 30), HELSINKI).astimezone(UTC)
        work.outbox.add("erase_after_copy", {"case": case.id}, f"erase_after_copy:{case.id}:{day}", at)
    return case


def _deliver(office: Office, work: Work, case: Case, recording: str) -> None:
    before = {copy.recording: copy.vault_object for copy in work.documents.copies(case.id, case.applicant.person)}
    work.documents.deliver(case.id, recording, case.applicant.person, available_until(office, case))
    args = {"case": case.id, "recording": recording}
    replaced = before.get(recording)
    if replaced and work.redactions.versions(case.id, recording, work.cases.box(case)):
        work.documents.forget_copy(replaced)  # what a second answer leaves out may differ
        args["replaces"] = replaced
    work.outbox.add("make_copy", args, f"make_copy:{case.id}:{recording}:{case.seq}", office.now())


def _restrict(office: Office, work: Work, case: Case, recording: str, actor: Actor) -> Case:
    """Art. 18: marked, and held so that retention cannot take it, in one unit."""
    review = hold_review_on(office.today(), office.registers[case.register])
    reason = HoldReason.RESTRICTION.value
    if not work.recordings.hold(recording, reason, case.id, actor.id, review, office.now()):
        raise NotNow("recording_gone")
    work.recordings.restrict(recording, on=True)
    return record(office, work, case, events.RecordingRestricted(recording), actor)
