"""Prove that a number is one's own by a code: ask for it, type it, and the proof stands on the case (art. 12(6)).

An answer never tells whether a message went: a limit that others used up would tell of others. What is not sent has a
code that nothing typed can be, so that all that follows is the same.
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.matching import CallDescription
from portal.domain.number_proof import DIGITS, PROOF_KEPT, CodeWay, How, Limit, limit_reached
from portal.domain.steps import ProveNumber
from portal.domain.words import Language, Words
from portal.services.office import Office
from portal.services.ports import CodeFor, Tried, Work
from portal.services.step import opened, take_step

log = logging.getLogger("portal.numbers")

_TEXT = Words(
    "Koodisi on {code}. Se on voimassa 10 minuuttia. Älä kerro koodia kenellekään.",
    "Din kod är {code}. Den gäller i 10 minuter. Berätta inte koden för någon.",
    "Your code is {code}. It is valid for 10 minutes. Tell it to nobody.",
)


@dataclass(frozen=True)
class Asker:
    """Who asks for a code, and from where: person by subject key, the session's key, the network address."""

    register: str
    subject: str
    session: str
    address: str

    def code_for(self, number: str) -> CodeFor:
        """This person's code for a number, in this session alone."""
        return CodeFor(self.register, number, self.subject, self.session)


@dataclass(frozen=True)
class OwnNumber:
    """One own number of a request: the calls made from it, how a code reaches it, when it was proved, and whether a
    code that was asked for can be typed now."""

    number: str
    calls: tuple[int, ...]
    way: CodeWay
    proved_at: datetime | None
    waits: bool


def own_numbers(office: Office, asker: Asker, calls: Iterable[CallDescription]) -> tuple[OwnNumber, ...]:
    """The different own numbers of the calls, in their order."""
    by_number: dict[str, tuple[int, ...]] = {}
    for call in calls:
        if call.own_number:
            by_number[call.own_number] = (*by_number.get(call.own_number, ()), call.number)
    now = office.now()
    with office.reading() as work:
        return tuple(
            OwnNumber(
                number,
                numbers,
                office.codes.way(number),
                work.numbers.proved(asker.register, asker.subject, number, now - PROOF_KEPT),
                work.numbers.waits(asker.code_for(number), now),
            )
            for number, numbers in by_number.items()
        )


def ask_code(office: Office, asker: Asker, number: str, language: Language) -> None:
    """Send a code to the number by text message, unless a limit stops it; it looks the same either way."""
    if office.codes.way(number) is not CodeWay.TEXT:
        return
    now, code_for = office.now(), asker.code_for(number)
    with office.writing() as work:
        work.numbers.one_by_one()
        sent = work.numbers.sent(number, asker.subject, asker.address, now)
        reached = limit_reached(sent, office.codes.budget)
        if reached is None:
            code = new_code()
            work.numbers.keep_code(code_for, code, now)
            work.numbers.note_sent(number, asker.subject, asker.address, now)
            text_id = work.numbers.keep_text(number, _TEXT[language].format(code=code), now)
            work.outbox.add("send_code", {"text": text_id}, f"send_code:{text_id}", now)
        elif not work.numbers.waits(code_for, now):  # an earlier code may still be on its way
            work.numbers.keep_code(code_for, None, now)
    if reached is Limit.BUDGET:
        log.error("the day's text messages are used up")


def new_code() -> str:
    """Six digits that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def type_code(office: Office, asker: Asker, number: str, typed: str) -> Tried:
    """Type the code before the request is sent; the right one proves the number for a day."""
    now = office.now()
    with office.writing() as work:
        tried = work.numbers.try_code(asker.code_for(number), typed, now)
        if tried is Tried.RIGHT:
            work.numbers.prove(asker.register, asker.subject, number, now)
    return tried


def keep_proofs(office: Office, work: Work, case: Case, subject: str, actor: Actor) -> Case:
    """The case being filed, with the proofs that its applicant has given of its numbers."""
    for call in case.calls:
        at = call.own_number and work.numbers.proved(case.register, subject, call.own_number, office.now() - PROOF_KEPT)
        if at:
            case = take_step(office, work, case, ProveNumber(call.number, How.TEXT, at), actor)
    return case


def type_code_on_case(office: Office, actor: Actor, asker: Asker, ref: str, call: int, typed: str) -> Tried:
    """Type the code of a filed request's call: one sent to this session, or one that staff read out. The right one
    proves every call made from that number. Absent for a case of others, NotNow when the case is closed."""
    now = office.now()
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.PROVE_NUMBER, case.register, case.applicant.person)
        number = number_of(case, call)
        if number is None:
            return Tried.EXPIRED
        tried, how = _try_both(work, case, asker, number, typed, now)
        if tried is Tried.RIGHT:
            for one in case.calls:
                if one.own_number == number:
                    case = take_step(office, work, case, ProveNumber(one.number, how, now), actor)
    return tried


def _try_both(work: Work, case: Case, asker: Asker, number: str, typed: str, now: datetime) -> tuple[Tried, How]:
    answers: list[Tried] = []
    for code_for, how in ((asker.code_for(number), How.TEXT), (read_out_for(case, number), How.READ_OUT)):
        tried = work.numbers.try_code(code_for, typed, now)
        if tried is Tried.RIGHT:
            return tried, how
        answers.append(tried)
    order = (Tried.WRONG, Tried.SPENT, Tried.EXPIRED)
    return min(answers, key=order.index), How.TEXT


def read_out_for(case: Case, number: str) -> CodeFor:
    """The code that staff read out: of the case's applicant, on this case, in whichever session they type it."""
    return CodeFor(case.register, number, case.applicant.person, case.id)


def number_of(case: Case, call: int) -> str | None:
    """The own number that the applicant gave for a call."""
    return next((one.own_number for one in case.calls if one.number == call), None)


def texts_left(office: Office) -> Iterator[str]:
    """What is to be said of the text messages: how many of the day's have gone, and that they are used up."""
    if office.codes.texts is None:
        yield "none (PORTAL_SMS): staff compare the numbers, or ring them"
        return
    with office.reading() as work:
        gone = work.numbers.sent("", "", "", office.now()).total_day
    yield f"{gone} of {office.codes.budget} sent in a day{', NO MORE GO' if gone >= office.codes.budget else ''}"
