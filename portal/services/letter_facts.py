"""What a letter is written from: the facts of a case for one kind of letter."""

from dataclasses import replace
from datetime import date

from portal.domain.case import Case, Route, deadline, openness, renewed
from portal.domain.decisions import NOTICE_KINDS, LetterKind
from portal.domain.dispatch import Obstacle, Way, obstacle
from portal.domain.letters import Ask, CallLine, LetterFacts
from portal.domain.matching import CallDescription
from portal.domain.moments import format_time, helsinki
from portal.domain.phone import mask, national
from portal.domain.register import Register
from portal.domain.retention import download_until
from portal.domain.service_of_documents import Channel, Sending, appeal_until, received_on
from portal.domain.words import Language, Words
from portal.services.office import Office
from portal.services.ports import Work

_REF = 12
"""Characters of the identification's reference that a letter prints."""

_NOT_KNOWN = Words("ajankohta ei tiedossa", "tidpunkten är inte känd", "time not known")


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
        recipient=address_rows(office, case),
        for_whom=case.representative.for_name if case.representative else "",
        identified_at=case.evidence.at,
        identified_ref=case.evidence.transaction[:_REF],
        calls=tuple(call_line(register, call, case.language) for call in case.calls),
        due=due.effective_due or due.internal_due,
        target=due.service_target_nominal,
        extended_due=due.extended_due if case.extension else None,
    )


def address_rows(office: Office, case: Case) -> tuple[str, ...]:
    """The rows in the envelope's window: the name, and the address where the letter can be posted to one.

    An address that does not fit whole, or may not be disclosed, is left out and never cut."""
    return (case.applicant.name,) if postal_obstacle(office, case) else _rows(case)


def postal_obstacle(office: Office, case: Case) -> Obstacle | None:
    """What stops the case's letters from being posted to the address that is known; None when nothing does."""
    chosen = case.dispatch
    return obstacle(
        _rows(case),
        has_address=case.applicant.address is not None,
        protected=bool(chosen and chosen.protected and chosen.way is not Way.POST),
        envelope=office.registers[case.register].envelope,
    )


def _rows(case: Case) -> tuple[str, ...]:
    address = case.applicant.address
    if address is None:
        return (case.applicant.name,)
    rows = (case.applicant.name, address.addition, address.street, f"{address.postcode} {address.town.upper()}")
    return tuple(row for row in rows if row)


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
    """A request for further information. Where the Openness Act's limit runs too, or alone, the letter tells its day,
    as it is counted and not moved over holidays: a question never stops it."""
    facts = base_facts(office, case, LetterKind.ASK)
    other = openness(case) if not case.reopened and (ask.pause_from or case.route is Route.OPENNESS) else None
    day = other.nominal if other else None
    return replace(facts, ask=ask, openness_due=day, preserved=preserved(office, case.register))


def extension_facts(office: Office, case: Case, reason: str) -> LetterFacts:
    """`case` as it is after the extension."""
    facts = base_facts(office, case, LetterKind.EXTEND)
    return replace(
        facts,
        extension_reason=reason,
        extended_due=(renewed(case) or deadline(case)).extended_due,
        preserved=preserved(office, case.register),
    )


def appeal_ends(office: Office, case: Case, signed_on: date, sent: tuple[Sending, ...] = ()) -> date | None:
    """The end of a public controller's appeal period, from how the answer was `sent`; before anything was, from how
    it will be. None: a private controller, or an answer that nobody has received."""
    if not office.registers[case.register].controller.sector.public:
        return None
    channel = Channel.LETTER if case.way is Way.POST else Channel.ELECTRONIC
    received = received_on(sent or (Sending(channel, signed_on),))
    return appeal_until(received) if received else None


def sendings(work: Work, case: Case) -> tuple[Sending, ...]:
    """How the case's answer was sent, in order: made available, posted, come back, sent again."""
    found: list[Sending] = []
    answers = {letter.id for letter in work.documents.of_case(case.id) if LetterKind(letter.kind) not in NOTICE_KINDS}
    for entry in work.cases.timeline(case):
        facts, day = entry.facts or {}, helsinki(entry.at).date()
        if entry.action == "answer_given":
            found.append(Sending(Channel.ELECTRONIC, day))
        elif entry.action == "letter_posted" and facts["document"] in answers:
            found.append(Sending(Channel.LETTER, date.fromisoformat(facts["posted_on"])))
        elif entry.action == "letter_returned" and facts["document"] in answers:
            found[-1] = replace(found[-1], returned=True)
        elif entry.action == "dispatch_chosen" and found and found[-1].returned and facts["way"] != Way.POST:
            found.append(Sending(Channel.ELECTRONIC, day))
    return tuple(found)


def available_until(office: Office, case: Case) -> date:
    """The last day of the delivered files' life."""
    today = office.today()
    return download_until(today, office.registers[case.register], appeal_ends(office, case, today))
