"""Staff's part in the proof of a number: support it by comparison, read a code out, note others' use (art. 12(6))."""

from datetime import date

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.number_proof import CodeWay, Grade, How
from portal.domain.steps import ShareNumber, Step, SupportNumber, UnproveNumber
from portal.services.office import Office
from portal.services.prove_number import new_code, number_of, read_out_for
from portal.services.step import opened, record, take_step


def support_number(office: Office, actor: Actor, ref: str, call: int, how: How, note: str, seen: int) -> None:
    """Record that the number of a call is the applicant's, and on which facts. NotNow without facts, for a number
    proved by a code, and where a document's number stands instead of its kind."""
    _take(office, actor, ref, SupportNumber(call, how, note), seen)


def unprove_number(office: Office, actor: Actor, ref: str, call: int, why: str, seen: int) -> None:
    """Take a proof or a support back, with the reason."""
    _take(office, actor, ref, UnproveNumber(call, why), seen)


def share_number(office: Office, actor: Actor, ref: str, call: int, shared: bool, seen: int) -> None:
    """Note that others use the number too (only the parts with the person are given), or that they do not."""
    _take(office, actor, ref, ShareNumber(call, shared), seen)


def _take(office: Office, actor: Actor, ref: str, step: Step, seen: int) -> None:
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), step, actor)


def read_out(office: Office, actor: Actor, ref: str, call: int, seen: int) -> str:
    """A code to read out when the number is rung: shown once, good for ten minutes, typed by the applicant in the
    portal. NotNow where the number gets no code, or is proved."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.SUPPORT_NUMBER, case.register)
        number = number_of(case, call)
        if number is None or office.codes.way(number) is CodeWay.STAFF or not case.state.open:
            raise NotNow("state")
        if case.number(call).grade is Grade.PROVED:
            raise NotNow("number_proved")
        code = new_code()
        work.numbers.keep_code(read_out_for(case, number), code, office.now())
        record(office, work, case, events.NumberRung(call), actor)
    return code


def called_on(case: Case, call: int, recorded: date | None) -> date | None:
    """The day of a call: as recorded where staff chose the recording, else as the applicant stated it."""
    return recorded or next((one.day for one in case.calls if one.number == call), None)
