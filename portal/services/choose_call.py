"""Say of a candidate: this is the call, or this is not."""

from portal.domain.access import Actor
from portal.domain.lifecycle import ChooseCall, RejectCall
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.step import opened, take_step


def choose_call(office: Office, actor: Actor, ref: str, recording: str, call: int, *, it_is: bool, seen: int) -> None:
    """Choose (or reject) a candidate recording for the request's call number `call`. Absent: it is no candidate."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if recording not in {row.recording for row in work.recordings.candidates(case.id)}:
            raise Absent(recording)
        step = ChooseCall(recording, call) if it_is else RejectCall(recording, call)
        take_step(office, work, case, step, actor)
