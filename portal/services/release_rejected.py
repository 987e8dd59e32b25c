"""Let go what was held for a request and turned out to be another call: over-keeping is processing too (art. 5(1)(e)).

Only where another recording was found to be that call: where nothing was given, a court may yet want to see what was
searched, and the hold stands until the time for remedies is over (services/settle.py).
"""

from datetime import UTC, datetime, time, timedelta

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.case import Case, State
from portal.domain.moments import helsinki
from portal.services.office import HELSINKI, Office
from portal.services.ports import Work
from portal.services.step import record

_AFTER = (State.ANSWERED, State.CLOSED)


def schedule_rejected(office: Office, work: Work, case: Case) -> None:
    """Queue the release for the day after the answer; nothing where nothing was rejected. Repeating it is harmless."""
    if case.answered_at is None or not _another_call(case):
        return
    day = helsinki(case.answered_at).date() + timedelta(days=1)
    at = datetime.combine(day, time(0, 30), HELSINKI).astimezone(UTC)
    work.outbox.add("release_rejected", {"case": case.id}, f"release_rejected:{case.id}:{day}", at)


def release_rejected(office: Office, case_id: str) -> None:
    """Release the request's holds on what staff found to be another call, once the answer has been given; not while a
    complaint, an inquiry or a court is open, nor what somebody kept with a reason."""
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if case.state not in _AFTER or case.disputed:
            return
        kept = {entry.facts["recording"] for entry in work.cases.timeline(case)
                if entry.action == "hold_kept" and entry.facts}  # fmt: skip
        for recording in sorted(_another_call(case) - kept):
            for freed in work.recordings.release(case.id, office.now(), recording_id=recording):
                case = record(office, work, case, events.HoldReleased(freed, "not_the_call"), SYSTEM)


def _another_call(case: Case) -> set[str]:
    """The rejected recordings of the calls for which another one was chosen."""
    found = {finding.call for finding in case.chosen}
    kept = {finding.recording for finding in case.chosen}
    return {one.recording for one in case.findings if not one.chosen and one.call in found} - kept
