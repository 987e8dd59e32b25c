"""What staff must get from the operator where the portal cannot hold a recording itself: by when, who, and whom to ask.

For a system whose recordings we cannot reach, asking is the real process, not an exception: the recorder's own purge
goes on until somebody has agreed otherwise. The outcome is recorded by confirm_hold.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.calendar_fi import FI_150_1930
from portal.domain.moments import helsinki
from portal.services.lists import CaseView
from portal.services.office import Office

_WAITING = ("task", "asked")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HoldTask:
    """Ask the operator to keep one recording. `due`: the last day for it; `handler` is who has the case, empty while
    nobody has taken it up; `operator` is who is asked, empty where the source names nobody."""

    due: date
    late: bool
    handler: str
    operator: str


def hold_tasks(office: Office, view: CaseView) -> dict[int, HoldTask]:
    """The open tasks of a case, by the candidate's place: due the working day after the recording was found, and
    before the recorder would delete it."""
    found = {}
    for one in view.candidates:
        if one.recording is None or one.outcome not in _WAITING:
            continue
        due = _due(view, one.recording.id, helsinki(one.recording.purge_at).date())
        source = office.sources.get(one.recording.source)
        found[one.place] = HoldTask(due, office.today() > due, view.handler, source.operator if source else "")
    return found


def _due(view: CaseView, recording: str, goes: date) -> date:
    asked = [helsinki(moment.at).date() for moment in view.timeline if moment.facts.get("recording") == recording]
    begun = min(asked, default=view.case.received_on)
    return max(begun, min(FI_150_1930.roll_forward(begun + _DAY), goes - _DAY))
