"""The facts of the letters that tell of an act: an intended fee, the lifting of a restriction, an invitation."""

from dataclasses import replace

from portal.domain.access import Actor
from portal.domain.case import Act, Case, Visit
from portal.domain.decisions import ItemDecision, LetterKind, Outcome, Reasons
from portal.domain.letters import Corrected, Fee, LetterFacts, Lifting
from portal.domain.letters import Visit as Invitation
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.words import Language, Words
from portal.services.letter_facts import base_facts
from portal.services.office import Office
from portal.services.ports import Recording, Work

_FREE = Words("maksuton käsittely", "avgiftsfri behandling", "handling free of charge")
_AUDIO = Words("puhelun äänitallenne", "ljudinspelning av samtalet", "audio recording of the call")


def act_facts(office: Office, work: Work, case: Case, act: Act, actor: Actor) -> LetterFacts | None:
    """The letter that tells the applicant of the act when `actor` approves it; None where the act needs none."""
    if act.reply_by is None or act.kind not in ("fee", "lifting"):
        return None
    made = _fee(office, case, act) if act.kind == "fee" else _lifting(office, work, case, act)
    return replace(made, decided_by=_signer(work, actor))


def _fee(office: Office, case: Case, act: Act) -> LetterFacts:
    assert act.reply_by is not None
    lines = tuple((line.label, line.cents) for line in act.lines)
    reasons = Reasons(act.ground, act.facts, act.assessment)
    return replace(
        base_facts(office, case, LetterKind.FEE),
        fee=Fee(act.reason, act.cents, lines, act.reply_by),
        items=(ItemDecision(case.items[0], Outcome.REFUSED, reasons, _FREE[case.language]),),
    )


def _lifting(office: Office, work: Work, case: Case, act: Act) -> LetterFacts:
    assert act.on is not None
    assert act.reply_by is not None
    known = work.recordings.many(act.recordings)
    what = tuple(_named(known[one], case.language) for one in act.recordings if one in known)
    facts = base_facts(office, case, LetterKind.RESTRICTION_LIFTING)
    return replace(facts, lifting=Lifting(act.on, act.reason, what, act.reply_by))


def taken_back_facts(office: Office, work: Work, case: Case, act: Act, why: str, actor: Actor) -> LetterFacts | None:
    """The letter that tells that an announced lifting does not happen, and names the notice; None where nothing was
    announced. `why` is a clause."""
    if act.kind != "lifting" or act.approver is None:
        return None
    notices = [one for one in work.documents.of_case(case.id) if one.kind == LetterKind.RESTRICTION_LIFTING.value]
    made = _lifting(office, work, case, act)
    assert made.lifting is not None
    return replace(
        made,
        lifting=replace(made.lifting, reason=why, taken_back=True),
        corrects=Corrected(LetterKind.RESTRICTION_LIFTING, helsinki(notices[-1].issued_at).date()) if notices else None,
        decided_by=_signer(work, actor),
    )


def _signer(work: Work, actor: Actor) -> str:
    account = work.staff.by_id(actor.id)
    return ", ".join(part for part in (account.name, account.title) if part) if account else actor.name


def visit_facts(office: Office, case: Case, visit: Visit, access: str) -> LetterFacts:
    """The invitation to listen on site, with the place's accessibility notes and the identity documents that the
    register accepts."""
    documents = tuple(one.name[case.language] for one in office.registers[case.register].id_documents)
    invitation = Invitation(visit.place, visit.times, visit.minutes, documents, access)
    return replace(base_facts(office, case, LetterKind.VISIT), visit=invitation)


def _named(one: Recording, language: Language) -> str:
    local = helsinki(one.start)
    return f"{_AUDIO[language]} {format_date(local.date())} {format_time(local)}"
