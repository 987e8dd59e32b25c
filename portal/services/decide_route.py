"""Decide at intake by which law a request is answered: data protection, the Openness Act (621/1999), or both."""

from portal.domain.access import Actor
from portal.domain.case import Route
from portal.domain.lifecycle import DecideRoute, NotNow
from portal.services.office import Office
from portal.services.step import opened, take_step


def decide_route(office: Office, actor: Actor, ref: str, step: DecideRoute, seen: int) -> None:
    """Decide the route, with its reason. NotNow without a reason, or where the Openness Act does not bind."""
    if not step.why.strip():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if step.route is not Route.DATA_PROTECTION and not office.registers[case.register].openness_act:
            raise NotNow("no_openness_act")
        take_step(office, work, case, step, actor)
