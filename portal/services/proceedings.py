"""What an authority or a court asks or decides about a case, and what its applicant wrote after the answer.

An inquiry or a decision takes an answered case up again with a clock of its own; until the last proceeding has been
closed nothing of the case is released.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.events import MessagesRead
from portal.domain.lifecycle import CloseProceeding, NotNow, OpenProceeding
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.reopen import hold_again
from portal.services.settle import schedule
from portal.services.step import opened, record, take_step

SHOWN = 50
_TOLD = ("message_received", "complaint_told", "case_reopened")


@dataclass(frozen=True)
class AfterAnswer:
    """Something that an applicant wrote after the answer: `kind` is the event, `text` what they said, `seq` the event's
    number in the case; `read` when staff have marked it so."""

    case: Case
    kind: str
    at: datetime
    text: str
    seq: int = 0
    read: bool = False


def open_proceeding(office: Office, actor: Actor, ref: str, step: OpenProceeding, seen: int) -> None:
    """Record an inquiry or a court's decision; an answered case is in hand again, and its recordings are held anew.

    NotNow when the case moved, or the day to reply by is not to come.
    """
    if step.reply_by <= office.today():
        raise NotNow("no_time_to_reply")
    with office.writing() as work:
        hold_again(office, work, take_step(office, work, opened(work, ref, actor, seen), step, actor))


def close_proceeding(office: Office, actor: Actor, ref: str, step: CloseProceeding, seen: int) -> None:
    """Record how a complaint, an inquiry or a matter in court ended; after the last one the holds get their end."""
    with office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        schedule(office, work, case)


def after_answers(office: Office, actor: Actor) -> tuple[AfterAnswer, ...]:
    """The register's newest messages and complaints that came after an answer, newest first, at most fifty."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        lines = [line for kind in _TOLD for line in work.trail.page(actor.controller, None, SHOWN, kind)]
        refs = dict.fromkeys(line.ref for line in lines if line.ref)
        found = [one for ref in refs for one in _told(work, work.cases.open(ref, actor))]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))[:SHOWN]


def mark_read(office: Office, actor: Actor, ref: str, upto: int) -> None:
    """What the applicant wrote after the answer, up to the event number `upto`, has been read; marking it again changes
    nothing. What comes later is unread."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.TAKE_UP, case.register)
        if any(one.seq == upto and not one.read for one in _told(work, case)):
            record(office, work, case, MessagesRead(upto), actor)


def _told(work: Work, case: Case) -> tuple[AfterAnswer, ...]:
    """What the applicant of one case wrote after its first answer, newest first."""
    entries = work.cases.timeline(case)
    first = next((entry.seq for entry in entries if entry.action == "answer_given"), None)
    later = [entry for entry in entries if first is not None and entry.seq > first and entry.action in _TOLD]
    read = max((one.facts["upto"] for one in entries if one.action == "messages_read" and one.facts), default=0)
    return tuple(
        AfterAnswer(case, one.action, one.at, _text(one.facts or {}), one.seq, one.seq <= read)
        for one in reversed(later)
    )


def _text(facts: dict[str, Any]) -> str:
    return facts.get("text") or facts.get("body") or ""
