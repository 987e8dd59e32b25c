"""Article 19: each recipient of the data is told of a rectification, an erasure or a restriction, or it is said why
that is impossible; a letter that tells of the change cannot be signed while a recipient has no state."""

from dataclasses import dataclass

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.decisions import LetterKind, required_contents
from portal.domain.lifecycle import NotNow, Tell
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services.office import Office
from portal.services.step import opened, take_step

TO_TELL, TOLD, IMPOSSIBLE, MISTAKEN = "to_tell", "told", "impossible", "mistaken"
TOLD_OF = (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION)
"""The rights whose exercise is told to the recipients."""
NAMED_IN = Right.ACCESS
"""The right whose letter names every recipient (art. 15(1)(c))."""


@dataclass(frozen=True)
class RecipientLine:
    """A recipient of the case's data: `code` is the register's, or the name of one that the register does not know;
    `kind` is processor, authority or other; `state` is to_tell, told or impossible, the latter with `why`."""

    code: str
    name: str
    kind: str
    state: str
    why: str


def tell_recipient(office: Office, actor: Actor, ref: str, recipient: str, state: str, why: str, seen: int) -> None:
    """Record what a recipient was told: `state` told or impossible (which needs `why`, a clause). NotNow otherwise.

    In a request for access nobody is told anything: `told` then names one to whom the recording was given, besides
    the register's recipients, for the letter (art. 15(1)(c)); `mistaken` takes a name back.
    """
    recipient = recipient.strip()
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        known = recipient in {one.code for one in office.registers[case.register].recipients}
        if case.right not in TOLD_OF and (case.right is not NAMED_IN or known or state == IMPOSSIBLE):
            raise NotNow("state")
        take_step(office, work, case, Tell(recipient, state, why.strip()), actor)


def recipients(register: Register, case: Case, language: Language) -> tuple[RecipientLine, ...]:
    """Every recipient of the register, then those that staff named for this case, each with its state."""
    said = {one.recipient: one for one in case.told}
    known = {one.code: (one.name[language], one.kind) for one in register.recipients}
    known |= {code: (code, "other") for code in said if code not in known}
    return tuple(
        RecipientLine(code, name, kind, said[code].state, said[code].why)
        if code in said
        else RecipientLine(code, name, kind, TO_TELL, "")
        for code, (name, kind) in known.items()
    )


def named_besides(register: Register, case: Case) -> tuple[str, ...]:
    """Those to whom the case's data were given besides the register's recipients, as staff named them."""
    known = {one.code for one in register.recipients}
    return tuple(one.recipient for one in case.told if one.recipient not in known)


def untold(register: Register, case: Case) -> tuple[str, ...]:
    """The recipients that have no state yet, by code."""
    return tuple(line.code for line in recipients(register, case, case.language) if line.state == TO_TELL)


def tells_recipients(kind: LetterKind, case: Case, register: Register) -> bool:
    """Does a letter of this kind say what the recipients were told (S17)?"""
    return "S17" in required_contents(kind, register.controller.sector, case.right)


def not_told_why(lines: tuple[RecipientLine, ...]) -> str:
    """Why some were not told, as one clause: each with its name where the reasons differ; empty while one has none."""
    silent = [line for line in lines if line.state != TOLD]
    if not all(line.why for line in silent):
        return ""
    reasons = dict.fromkeys(line.why for line in silent)
    return next(iter(reasons), "") if len(reasons) < 2 else "; ".join(f"{line.name}: {line.why}" for line in silent)
