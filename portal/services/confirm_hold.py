"""Staff say what became of a hold that the portal cannot place itself: the operator was asked, and answered."""

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.retention import HoldOutcome
from portal.services.find_calls import renew_keeping
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.step import opened, record


def confirm_hold(office: Office, actor: Actor, ref: str, recording: str, *, kept: bool, note: str, seen: int) -> None:
    """Record that the operator keeps the recording, or that it was already gone there. Absent: it is no candidate."""
    outcome = HoldOutcome.HELD if kept else HoldOutcome.TOO_LATE
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.CONFIRM_HOLD, case.register)
        if recording not in {row.recording for row in work.recordings.candidates(case.id)}:
            raise Absent(recording)
        work.recordings.set_outcome(case.id, recording, outcome.value, note)
        case = record(office, work, case, events.HoldOutcomeRecorded(recording, outcome.value, note), actor)
        renew_keeping(work, case)
