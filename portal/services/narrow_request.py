"""The applicant leaves calls out of the request; what was held for those calls alone is held no longer."""

from portal.domain import events
from portal.domain.access import SYSTEM, Actor
from portal.domain.lifecycle import Narrow
from portal.services.find_calls import renew_keeping
from portal.services.office import Office
from portal.services.step import opened, record, take_step


def narrow_request(office: Office, actor: Actor, ref: str, calls: tuple[int, ...]) -> None:
    """Keep the calls with these numbers. NotNow when that is none of them or all, or a decision is already proposed."""
    now = office.now()
    with office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor), Narrow(calls), actor)
        rows = work.recordings.candidates(case.id)
        wanted = {row.recording for row in rows if row.call in case.items}
        for recording in sorted({row.recording for row in rows} - wanted):
            for freed in work.recordings.release(case.id, now, recording_id=recording):
                case = record(office, work, case, events.HoldReleased(freed, "narrowed"), SYSTEM)
        renew_keeping(work, case)
