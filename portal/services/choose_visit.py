"""The applicant chooses one of the times offered for listening on site, beside the copy and never instead of it."""

from datetime import datetime

from portal.domain.access import Actor
from portal.domain.lifecycle import ChooseVisit
from portal.services.office import Office
from portal.services.step import opened, take_step


def choose_visit(office: Office, actor: Actor, ref: str, time: datetime) -> None:
    """Book the time (aware UTC), over an earlier choice. NotNow when it was not offered or has passed."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor), ChooseVisit(time), actor)
