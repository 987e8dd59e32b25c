"""What a decision letter is written from: what is granted and given, what is refused and why, what the law tells."""

from dataclasses import replace
from datetime import date, timedelta

from portal.domain.case import Case
from portal.domain.decisions import Decision, ItemDecision, LetterKind, Outcome, letter_kind
from portal.domain.duties import erasure_task_due
from portal.domain.letters import Closing, FileLine, LetterFacts, Omission, OtherController
from portal.domain.moments import format_time, helsinki
from portal.domain.redaction_version import omitted
from portal.domain.rights import Right
from portal.domain.words import Words
from portal.services.correct_metadata import corrected_data
from portal.services.erasure_tasks import unconfirmed
from portal.services.item_names import item_name
from portal.services.letter_facts import available_until, base_facts
from portal.services.office import Office
from portal.services.omissions import given_version
from portal.services.ports import Recording, Work
from portal.services.reopen import corrected_of
from portal.services.retention_rules import in_force
from portal.services.search_proof import erased_on, search_text
from portal.services.tell_recipient import TOLD, named_besides, not_told_why, recipients, tells_recipients
from portal.services.transcribe import asks_transcript

_AUDIO = Words("puhelun äänitallenne", "ljudinspelning av samtalet", "audio recording of the call")
_TEXT = Words("puhelun sanatarkka tekstiversio", "ordagrann utskrift av samtalet", "verbatim transcript of the call")
_PACKAGE = Words("siirtopaketti, puhelu", "överföringspaket, samtal", "portability package, call")
_COLLECT = Words(
    "asiointipalvelusta tunnistautumalla", "i e-tjänsten efter identifiering", "in the service after identification"
)
_UNTIL = {
    "contested": Words(
        "tietojen paikkansapitävyys on varmistettu",
        "uppgifternas riktighet har kontrollerats",
        "the accuracy of the data has been verified",
    ),
    "unlawful": Words(
        "pyydät rajoituksen poistamista", "du ber att begränsningen upphör", "you ask for the restriction to be lifted"
    ),
    "claims": Words(
        "et enää tarvitse tietoja oikeudelliseen vaatimukseen",
        "du inte längre behöver uppgifterna för ett rättsligt anspråk",
        "you no longer need the data for a legal claim",
    ),
    "objected": Words(
        "vastustamistasi koskeva asia on ratkaistu",
        "din invändning har avgjorts",
        "your objection has been decided",
    ),
}
_GIVES = (Right.ACCESS, Right.PORTABILITY)


def copy_first(case: Case) -> bool:
    """Does the applicant want the copy before the erasure? Access is then answered first."""
    return case.right is Right.ERASURE and case.wishes.copy_first


def decided_kind(case: Case, decision: Decision) -> LetterKind:
    """The letter that is signed: an erasure after a copy begins with the letter that gives the copy."""
    kind = letter_kind(case.right, decision)
    return LetterKind.GRANT if kind is LetterKind.ERASED and copy_first(case) else kind


def copies_now(case: Case, kind: LetterKind) -> bool:
    """Is this the letter that gives the copies before the erasure? The other one tells of the erasure itself."""
    return copy_first(case) and kind in (LetterKind.GRANT, LetterKind.PART)


def gives_copies(case: Case) -> bool:
    """Does granting the case's request give the applicant files?"""
    return case.right in _GIVES or copy_first(case)


def decision_facts(
    office: Office, work: Work, case: Case, kind: LetterKind, decision: Decision, decided_by: str
) -> LetterFacts:
    """The facts of a decision letter of this kind, signed now."""
    facts = base_facts(office, case, kind)
    chosen = work.recordings.many([finding.recording for finding in case.chosen])
    granted = _granted(case, decision, chosen)
    first = granted[0] if granted else next(iter(chosen.values()), None)
    facts = replace(
        facts,
        items=decision.items,
        decided_by=decided_by,
        corrects=corrected_of(work, case),
        search=search_text(office, work, case),
        recipients_named=named_besides(facts.register, case),
        erased_on=erased_on(office, work, case, decision),
        held=bool(chosen),
        recording_class=first.recording_class if first else "customer_service",
        register=in_force(work, facts.register),
        erase_on=helsinki(first.purge_at).date() if first else None,
    )
    facts = _of_right(office, work, case, facts, granted)
    facts = _of_outcome(office, work, case, facts)
    if tells_recipients(kind, case, facts.register):
        facts = _recipients(case, facts)
    return _copy_now(office, case, facts) if granted and copies_now(case, kind) else facts


def _of_right(office: Office, work: Work, case: Case, facts: LetterFacts, granted: list[Recording]) -> LetterFacts:
    language, right = case.language, case.right
    if gives_copies(case) and granted:
        package = right is Right.PORTABILITY
        name, form = (_PACKAGE, "ZIP (MP3, JSON)") if package else (_AUDIO, "MP3")
        files = tuple(FileLine(f"{name[language]} {_when(one)}", form, _COLLECT[language]) for one in granted)
        if asks_transcript(case):
            files += tuple(FileLine(f"{_TEXT[language]} {_when(one)}", "TXT", _COLLECT[language]) for one in granted)
        facts = replace(facts, files=files, available_until=available_until(office, case))
        facts = replace(facts, omissions=_omissions(work, case, granted))
    if right is Right.RECTIFICATION:
        said = (case.wishes.correct or case.wishes.wrong,)  # stands beside the recording, where no index row was wrong
        corrected = corrected_data(work, case, {one.id for one in granted}) or said
        facts = replace(facts, corrected=corrected, statement_attached=bool(granted))
    if right is Right.ERASURE:
        facts = _erasure(office, work, case, facts, granted)
    if right is Right.WITHDRAWAL:  # recorded as it arrived, whenever the letter is written
        facts = replace(facts, done_on=case.received_on)
    if right in (Right.RESTRICTION, Right.OBJECTION):
        ground = case.wishes.ground or ("objected" if right is Right.OBJECTION else "contested")
        facts = replace(facts, restricted_until_event=_UNTIL[ground][language])
    return facts


def _erasure(office: Office, work: Work, case: Case, facts: LetterFacts, granted: list[Recording]) -> LetterFacts:
    """What is gone, and what an operator has been asked to erase and by when: never claimed before it is confirmed."""
    waits = unconfirmed(office, work, case, tuple(granted))
    names = {one.id: f"{_AUDIO[case.language]} {_when(one)}" for one in granted}
    due = max((task.due_on for task in waits.values() if task), default=erasure_task_due(office.today()))
    return replace(
        facts,
        erased=tuple(name for id, name in names.items() if id not in waits),
        erasure_asked=tuple(name for id, name in names.items() if id in waits),
        erasure_due=due if waits else None,
    )


def _omissions(work: Work, case: Case, granted: list[Recording]) -> tuple[Omission, ...]:
    """What each copy leaves out; the call is named where several are given."""
    found: list[Omission] = []
    for one in granted:
        version = given_version(work, case, one.id)
        call = _when(one) if len(granted) > 1 else ""
        found += [Omission(*cut, call) for cut in omitted(version)] if version else []
    return tuple(found)


def _of_outcome(office: Office, work: Work, case: Case, facts: LetterFacts) -> LetterFacts:
    """What closing for want of an answer, and another controller, need said."""
    if facts.items_with(Outcome.NO_REPLY):
        why = "; ".join(dict.fromkeys(item.reasons.assessment for item in facts.refused if item.reasons))
        asked = _asked_on(work, case)
        facts = replace(facts, closing=Closing(asked, why, office.today())) if asked else facts
    others = facts.items_with(Outcome.OTHER_CONTROLLER)
    public = facts.register.controller.sector.public
    named = dict.fromkeys(item.elsewhere for item in others if not (public and item.elsewhere_private))
    if named:
        on = office.today() if public else None
        facts = replace(facts, other_controller=OtherController("; ".join(named), on))
    return facts


def _asked_on(work: Work, case: Case) -> date | None:
    """The day of the last question, which is closed by now."""
    asked = [entry.at for entry in work.cases.timeline(case) if entry.action == "question_asked"]
    return helsinki(asked[-1]).date() if asked else None


def _recipients(case: Case, facts: LetterFacts) -> LetterFacts:
    """Article 19. Whoever has no state yet stands among the untold without a reason, so the letter lacks it."""
    lines = recipients(facts.register, case, case.language)
    return replace(
        facts,
        recipients_told=tuple(line.name for line in lines if line.state == TOLD),
        recipients_not_told=tuple(line.name for line in lines if line.state != TOLD),
        not_told_why=not_told_why(lines),
    )


def _copy_now(office: Office, case: Case, facts: LetterFacts) -> LetterFacts:
    """The first of two letters: the copies, and the day on which the recordings are erased after them. Where a part is
    refused, the same letter refuses it by the law of erasure."""
    until = facts.available_until or available_until(office, case)
    facts = replace(facts, erased=(), erasure_asked=(), held=False, erase_on=until + timedelta(days=1), copy_first=True)
    if facts.kind is LetterKind.PART:
        return facts
    return replace(facts, right=Right.ACCESS, items=tuple(_as_access(case, item) for item in facts.items))


def _as_access(case: Case, item: ItemDecision) -> ItemDecision:
    return replace(item, what=item_name(case, item.item, Right.ACCESS))


def _granted(case: Case, decision: Decision, chosen: dict[str, Recording]) -> list[Recording]:
    items = {item.item for item in decision.items if item.outcome in (Outcome.GRANTED, Outcome.PARTLY)}
    return [chosen[f.recording] for f in case.chosen if f.call in items and f.recording in chosen]


def _when(one: Recording) -> str:
    local = helsinki(one.start)
    return f"{local.day}.{local.month}.{local.year} {format_time(local)}"
