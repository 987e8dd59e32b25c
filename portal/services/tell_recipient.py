"""Article 19: each recipient of the data is told of a rectification, an erasure or a restriction, or it is said why
that is impossible; a letter that tells of the change cannot be signed while a recipient has no state."""

from dataclasses import dataclass

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.decisions import LetterKind, required_contents
from portal.domain.lifecycle import Tell
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services.office import Office
from portal.services.step import opened, take_step

TO_TELL, TOLD, IMPOSSIBLE = "to_tell", "told", "impossible"
TOLD_OF = (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION)
"""The rights whose exercise is told to the recipients."""


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
    """Record what a recipient was told: `state` told or impossible (which needs `why`, a clause). NotNow otherwise."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), Tell(recipient.strip(), state, why.strip()), actor)


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
