"""After listening, the listener says whether the speaker is the applicant, and what shows it."""

from portal.domain.access import Actor
from portal.domain.case import Verdict
from portal.domain.lifecycle import CheckSpeaker
from portal.services.office import Office
from portal.services.step import opened, take_step


def check_speaker(
    office: Office, actor: Actor, ref: str, recording: str, verdict: Verdict, how: str, seen: int
) -> None:
    """Record the verdict on a chosen recording; a release needs it."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), CheckSpeaker(recording, verdict, how), actor)
