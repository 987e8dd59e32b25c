"""What a letter is written from: the facts of a case for one kind of letter."""

from dataclasses import replace
from datetime import date

from portal.domain.calendar_fi import FI_150_1930
from portal.domain.case import Case, deadline
from portal.domain.decisions import Decision, LetterKind, Outcome
from portal.domain.letters import Ask, CallLine, FileLine, LetterFacts
from portal.domain.matching import CallDescription
from portal.domain.moments import format_time, helsinki
from portal.domain.phone import mask, national
from portal.domain.register import Register
from portal.domain.retention import download_until, erase_on
from portal.domain.rights import Right
from portal.domain.words import Language, Words
from portal.services.office import Office
from portal.services.ports import Recording, Work

_APPEAL_DAYS = 30
_REF = 12
"""Characters of the identification's reference that a letter prints."""

_SERVED_ELECTRONICALLY = 3
_NOT_KNOWN = Words("ajankohta ei tiedossa", "tidpunkten är inte känd", "time not known")
_AUDIO = Words("puhelun äänitallenne", "ljudinspelning av samtalet", "audio recording of the call")
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


def base_facts(office: Office, case: Case, kind: LetterKind) -> LetterFacts:
    """What every letter of the case holds."""
    register = office.registers[case.register]
    due = deadline(case, register.service_target_days)
    return LetterFacts(
        kind=kind,
        language=case.language,
        register=register,
        case_no=case.ref,
        right=case.right,
        received_at=case.received_at,
        letter_date=office.today(),
        recipient=address_rows(case),
        identified_at=case.evidence.at,
        identified_ref=case.evidence.transaction[:_REF],
        calls=tuple(call_line(register, call, case.language) for call in case.calls),
        due=due.effective_due or due.internal_due,
        target=due.service_target_nominal,
        extended_due=due.extended_due if case.extension else None,
    )


def address_rows(case: Case) -> tuple[str, ...]:
    """The rows in the envelope's window: the name, and the address where the person gave one."""
    if case.applicant.address is None:
        return (case.applicant.name,)
    address = case.applicant.address
    return (case.applicant.name, address.street, f"{address.postcode} {address.town.upper()}")


def call_line(register: Register, call: CallDescription, language: Language) -> CallLine:
    """A call in the applicant's words, the own number masked."""
    names = {number.e164: number.name[language] for number in register.service_numbers}
    called = None
    if call.service_number:
        shown = national(call.service_number) if call.service_number.startswith("+") else call.service_number
        named = names.get(call.service_number)
        called = f"{shown} ({named})" if named else shown
    return CallLine(
        day=call.day,
        time=format_time(call.time) if call.time else None,
        called=called,
        own_masked=mask(call.own_number) if call.own_number else None,
        text="" if call.day else _NOT_KNOWN[language],
    )


def ack_facts(office: Office, work: Work, case: Case) -> LetterFacts:
    """S04 (preserved) is printed only when the recording systems accepted every hold themselves."""
    facts = base_facts(office, case, LetterKind.ACK)
    return replace(facts, preserved=preserved(office, case.register), letter_date=case.received_on)


def preserved(office: Office, register: str) -> bool:
    """May we say that nothing will be erased? Only where every source of the register is in our own hands.

    The same for every case of the register, so that it says nothing about whether a recording exists.
    """
    return all(source.custody == "ours" for source in office.sources.values() if source.register == register)


def ask_facts(office: Office, case: Case, ask: Ask) -> LetterFacts:
    """A request for further information."""
    facts = base_facts(office, case, LetterKind.ASK)
    return replace(facts, ask=ask, preserved=preserved(office, case.register))


def extension_facts(office: Office, case: Case, reason: str) -> LetterFacts:
    """`case` as it is after the extension."""
    facts = base_facts(office, case, LetterKind.EXTEND)
    return replace(
        facts,
        extension_reason=reason,
        extended_due=deadline(case).extended_due,
        preserved=preserved(office, case.register),
    )


def appeal_ends(office: Office, case: Case, signed_on: date) -> date | None:
    """The end of a public controller's appeal period: thirty days from electronic service on the third day."""
    if not office.registers[case.register].controller.sector.public:
        return None
    return FI_150_1930.roll_forward(date.fromordinal(signed_on.toordinal() + _SERVED_ELECTRONICALLY + _APPEAL_DAYS))


def available_until(office: Office, case: Case) -> date:
    """The last day of the delivered files' life."""
    today = office.today()
    return download_until(today, office.registers[case.register], appeal_ends(office, case, today))


def decision_facts(
    office: Office, work: Work, case: Case, kind: LetterKind, decision: Decision, decided_by: str
) -> LetterFacts:
    """The facts of a decision letter: what is granted and given, what is refused and why, what the law tells."""
    facts = base_facts(office, case, kind)
    chosen = work.recordings.many([finding.recording for finding in case.chosen])
    granted = _granted(case, decision, chosen)
    first = granted[0] if granted else next(iter(chosen.values()), None)
    language = case.language
    facts = replace(
        facts,
        items=decision.items,
        decided_by=decided_by,
        search=search_text(office, case),
        held=bool(chosen),
        recording_class=first.recording_class if first else "customer_service",
        erase_on=_erase_on(office, first) if first else None,
        recipients_not_told=(),
    )
    if case.right in (Right.ACCESS, Right.PORTABILITY) and granted:
        files = tuple(FileLine(f"{_AUDIO[language]} {_when(one)}", "MP3", _COLLECT[language]) for one in granted)
        facts = replace(facts, files=files, available_until=available_until(office, case))
    if case.right is Right.RECTIFICATION:
        facts = replace(facts, corrected=(case.wishes.correct or case.wishes.wrong,), statement_attached=True)
    if case.right is Right.ERASURE:
        facts = replace(facts, erased=tuple(f"{_AUDIO[language]} {_when(one)}" for one in granted))
    if case.right in (Right.RESTRICTION, Right.OBJECTION):
        facts = replace(facts, restricted_until_event=_UNTIL[case.wishes.ground or "contested"][language])
    return facts


def search_text(office: Office, case: Case) -> str:
    """What was searched with, as the letter of a fruitless search says it."""
    register = office.registers[case.register]
    lines = []
    for call in case.calls:
        line = call_line(register, call, case.language)
        parts = [line.text, _day(line), line.called or "", line.own_masked or ""]
        lines.append(", ".join(part for part in parts if part))
    return "; ".join(lines)


def _day(line: CallLine) -> str:
    if line.day is None:
        return ""
    day = f"{line.day.day}.{line.day.month}.{line.day.year}"
    return f"{day} {line.time}" if line.time else day


def _granted(case: Case, decision: Decision, chosen: dict[str, Recording]) -> list[Recording]:
    items = {item.item for item in decision.items if item.outcome in (Outcome.GRANTED, Outcome.PARTLY)}
    return [chosen[f.recording] for f in case.chosen if f.call in items and f.recording in chosen]


def _erase_on(office: Office, one: Recording) -> date:
    return erase_on(one.end, office.registers[one.register].rule(one.recording_class))


def _when(one: Recording) -> str:
    local = helsinki(one.start)
    return f"{local.day}.{local.month}.{local.year} {format_time(local)}"
