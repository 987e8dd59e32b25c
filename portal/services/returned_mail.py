"""A letter came back: its code leads to its case, where somebody chooses how it goes next."""

from dataclasses import dataclass
from datetime import date

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.letter_code import read_code
from portal.domain.lifecycle import NotNow
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.step import opened, record

REASONS = ("moved", "unknown", "not_collected", "other")
"""Why a letter comes back, as the post marks it."""


@dataclass(frozen=True)
class Returned:
    """The letter that came back, and its case."""

    ref: str
    document: str


def record_return(office: Office, actor: Actor, code: str, reason: str, on: date) -> Returned:
    """Record that the letter with this code came back on a day; it counts as received by nobody.

    Raises Absent for a code of no letter of the actor's register, NotNow when the letter was not posted, or later.
    """
    demand(actor, Action.POST_LETTER, actor.controller)
    known = read_code(code)
    if known is None or reason not in REASONS:
        raise Absent(code)
    with office.writing() as work:
        mail = work.mail.of_code(known)
        if mail is None or mail.register != actor.controller:
            raise Absent(code)
        case = opened(work, mail.ref, actor)
        letter = next(one for one in work.documents.of_case(case.id) if one.id == mail.document.id)
        if letter.posted_on is None or on < letter.posted_on:
            raise NotNow("not_posted")
        record(office, work, case, events.LetterReturned(letter.id, reason, on), actor)
        work.mail.returned(letter.id, on)
    return Returned(mail.ref, letter.id)
