"""The second pair of eyes: approve a proposed decision, or return it with a reason."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Approve, Return
from portal.services.office import Office
from portal.services.step import opened, take_step


def approve(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """Approve. NotNow for the author's own decision."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), Approve(), actor)


def return_decision(office: Office, actor: Actor, ref: str, reason: str, seen: int) -> None:
    """Send the decision back to its author with a reason."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), Return(reason), actor)
