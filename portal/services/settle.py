"""What follows when a case leaves the open states: its holds end, at once or when the remedy time has passed."""

from datetime import UTC, datetime, time

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.case import State
from portal.domain.retention import hold_until
from portal.services.decide import DRAFT
from portal.services.letter_facts import appeal_ends
from portal.services.office import HELSINKI, Office
from portal.services.step import record


def settle(office: Office, case_id: str) -> None:
    """Withdrawn: release the holds now. Answered: release them when the time for remedies is over.

    The draft of the decision has done its work in both cases.
    """
    now = office.now()
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        work.drafts.drop(case_id, DRAFT, case.ref)
        if case.state is State.WITHDRAWN:
            work.outbox.add("release", {"case": case_id}, f"release:{case_id}", now)
        elif case.answered_at:
            day = case.answered_at.astimezone(HELSINKI).date()
            refused = case.decision is not None and any(item.refuses for item in case.decision.items)
            until = hold_until(day, refused=refused, appeal_ends=appeal_ends(office, case, day))
            at = datetime.combine(until, time(23, 59), HELSINKI).astimezone(UTC)
            work.outbox.add("release", {"case": case_id}, f"release:{case_id}", at)


def release(office: Office, case_id: str) -> None:
    """Release the case's holds; ordinary retention applies again at once."""
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        for recording in work.recordings.release(case_id, office.now()):
            case = record(office, work, case, events.HoldReleased(recording, case.state.value), SYSTEM)
