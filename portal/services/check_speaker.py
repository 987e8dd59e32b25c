"""After listening, the listener says whether the speaker is the applicant, and what shows it."""

from portal.domain.access import Actor
from portal.domain.case import Verdict
from portal.domain.lifecycle import CheckSpeaker
from portal.services.listeners import answered, demand_hearing
from portal.services.office import Office
from portal.services.restricted_use import demand_unrestricted, refusals_kept
from portal.services.step import opened, take_step


@refusals_kept
def check_speaker(
    office: Office, actor: Actor, ref: str, recording: str, verdict: Verdict, how: str, seen: int
) -> None:
    """Record the verdict on a chosen recording; a release needs it. Whoever was asked to listen has answered by it.

    Forbidden for whom the register's notice does not let hear the recording."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        one = work.recordings.get(recording)
        if one is not None:
            demand_hearing(office, work, actor, case, one)
            demand_unrestricted(work, case, one, "play")
        after = take_step(office, work, case, CheckSpeaker(recording, verdict, how), actor)
        answered(office, work, after, recording, actor)
