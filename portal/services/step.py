"""take_step: the only writer of state. Case, event and outbox go into the database together."""

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.events import Event
from portal.domain.lifecycle import NotNow, Record, Step, decide_step
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.queue_notification import queue_notification


def take_step(office: Office, work: Work, case: Case, step: Step, actor: Actor) -> Case:
    """Take `step` in the open unit `work`; returns the case as it is now.

    Raises Forbidden when the actor may not, NotNow when the case does not allow it or somebody else moved it.
    """
    now = office.now()
    after, event = decide_step(case, step, actor, now)
    work.cases.record(case, after, event, actor, now)
    if case.state.open and not after.state.open:
        work.outbox.add("settle", {"case": case.id}, f"settle:{case.id}:{after.seq}", now)
    queue_notification(office, work, after, event)
    return after


def record(office: Office, work: Work, case: Case, event: Event, actor: Actor) -> Case:
    """Record something that leaves the state alone."""
    return take_step(office, work, case, Record(event), actor)


def opened(work: Work, ref: str, actor: Actor, seen: int | None = None) -> Case:
    """The actor's case for writing. NotNow when the page that asks was made before the case last moved."""
    case = work.cases.open(ref, actor, lock=True)
    if seen is not None and seen != case.moves:
        raise NotNow("moved")
    return case
