"""Look again at holds whose day of review has come: each is kept with a reason, or ended by two people (acts)."""

from dataclasses import dataclass

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.retention import hold_review_on
from portal.services.office import Office
from portal.services.ports import Absent, HoldToReview, Recording
from portal.services.step import opened, record


@dataclass(frozen=True)
class Review:
    """A hold to look at, the case that it stands for, and the recording that it keeps."""

    hold: HoldToReview
    case: Case
    recording: Recording | None


def holds_to_review(office: Office, actor: Actor) -> tuple[Review, ...]:
    """The holds of the actor's register whose day of review is today or past, the oldest first, at most a hundred."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        found = work.holds.to_review(actor.controller, office.today())
        cases = {one.case: work.cases.open_for_system(one.case) for one in found}
        known = work.recordings.many([one.recording for one in found]) if found else {}
    return tuple(Review(one, cases[one.case], known.get(one.recording)) for one in found)


def keep_hold(office: Office, actor: Actor, hold_id: str, reason: str) -> None:
    """Keep a hold until its next review, with a reason in the case's trail. Absent: it waits for no review here."""
    demand(actor, Action.CLOSE, actor.controller)
    with office.writing() as work:
        waiting = {one.id: one for one in work.holds.to_review(actor.controller, office.today())}
        if hold_id not in waiting:
            raise Absent(hold_id)
        one = waiting[hold_id]
        case = opened(work, work.cases.open_for_system(one.case).ref, actor)
        on = hold_review_on(office.today(), office.registers[case.register])
        if not work.holds.review_again(hold_id, on):
            raise Absent(hold_id)
        record(office, work, case, events.HoldKept(one.recording, reason, on), actor)
