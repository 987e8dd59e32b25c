"""Staff say what became of an erasure that an operator was asked for: it was confirmed, or it was not done.

Only the operator's word closes the task; the letter that tells the erasure follows by itself.
"""

from datetime import date

from portal.domain import duty_events
from portal.domain.access import Action, Actor, demand
from portal.domain.lifecycle import NotNow
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.step import opened, record


def confirm_erasure(office: Office, actor: Actor, ref: str, recording: str, *, on: date, who: str, seen: int) -> None:
    """The operator confirmed the erasure: by whom, and on which day it was done. Absent: there is no such open task;
    NotNow for a day to come, or without the words that say who confirmed it."""
    if not who.strip() or on > office.today():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.CONFIRM_HOLD, case.register)
        if not work.duties.confirm_erasure(case.id, recording, on, office.now()):
            raise Absent(recording)
        proof = work.tombstones.confirm(recording, on, actor.id, office.now())
        assert proof is not None, "a task is opened with its tombstone"
        case = record(office, work, case, duty_events.ErasureConfirmed(recording, on, who.strip(), proof), actor)
        if all(task.confirmed_on for task in work.duties.erasures(case.register, case.id)):
            work.outbox.add("tell_erased", {"case": case.id}, f"tell_erased:{case.id}:{case.seq}", office.now())


def deny_erasure(office: Office, actor: Actor, ref: str, recording: str, *, why: str, seen: int) -> None:
    """The operator has not erased it, or will not: the task stays open, and is an alarm at once."""
    if not why.strip():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.CONFIRM_HOLD, case.register)
        if not work.duties.deny_erasure(case.id, recording, office.today()):
            raise Absent(recording)
        record(office, work, case, duty_events.ErasureDenied(recording, why.strip()), actor)
