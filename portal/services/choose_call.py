"""Say of a candidate: this is the call, or this is not.

Where the law restricts at once (a restriction is asked, accuracy is contested, an objection is pending), the chosen
recording is restricted in the same unit, before anything is decided; it ends with a notice, or when the call turns out
to be another one.
"""

from portal.domain import events
from portal.domain.access import SYSTEM, Actor
from portal.domain.case import Case
from portal.domain.lifecycle import ChooseCall, NotNow, RejectCall
from portal.domain.retention import HoldReason, hold_review_on
from portal.domain.rights import Right
from portal.services.match_dossier import keep
from portal.services.office import Office
from portal.services.ports import Absent, Work
from portal.services.step import opened, record, take_step

RESTRICTS = (Right.RESTRICTION, Right.OBJECTION, Right.RECTIFICATION)
"""Art. 18(1)(a)-(d): asked for itself, an objection under art. 21(1), or accuracy that is contested."""


def choose_call(office: Office, actor: Actor, ref: str, recording: str, call: int, *, it_is: bool, seen: int) -> None:
    """Choose (or reject) a candidate recording for the request's call number `call`. Absent: it is no candidate."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if recording not in {row.recording for row in work.recordings.candidates(case.id)}:
            raise Absent(recording)
        step = ChooseCall(recording, call) if it_is else RejectCall(recording, call)
        case = take_step(office, work, case, step, actor)
        if it_is and case.right in RESTRICTS:
            case = _restrict_meanwhile(office, work, case, recording)
        elif not it_is:
            case = _unrestrict(office, work, case, recording)
        keep(office, work, case)


def _restrict_meanwhile(office: Office, work: Work, case: Case, recording: str) -> Case:
    """Marked and held; from now on it is only stored, and heard for this person's own cases."""
    review = hold_review_on(office.today(), office.registers[case.register])
    reason = HoldReason.RESTRICTION.value
    if not work.recordings.hold(recording, reason, case.id, SYSTEM.id, review, office.now()):
        raise NotNow("recording_gone")
    work.recordings.restrict(recording, on=True)
    return record(office, work, case, events.RestrictionBegun(recording), SYSTEM)


def _unrestrict(office: Office, work: Work, case: Case, recording: str) -> Case:
    """It was not the applicant's call, so no request restricts it: no notice is due to anybody."""
    if work.recordings.release(case.id, office.now(), recording_id=recording, restriction=True):
        work.recordings.restrict(recording, on=False)
        case = record(office, work, case, events.HoldReleased(recording, "not_the_call"), SYSTEM)
    return case
