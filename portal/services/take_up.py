"""Take a case up, or over from a colleague."""

from portal.domain.access import Actor
from portal.domain.lifecycle import TakeUp
from portal.services.office import Office
from portal.services.step import opened, take_step


def take_up(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """Make the actor the case's handler. `seen` is the case's seq on the page that asked. NotNow when it moved."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), TakeUp(), actor)
