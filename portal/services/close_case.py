"""Close an answered case."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Close
from portal.services.office import Office
from portal.services.step import opened, take_step


def close_case(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """End the handling of an answered case; its letters stay readable."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), Close(), actor)
