"""What an operator erases for us (arts. 17(1), 28(3)(g)): where a system's recordings are not ours to delete, the
operator is asked, and its word is awaited before anybody is told that the recording is gone."""

from dataclasses import dataclass
from datetime import date

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.duties import erasure_alarm
from portal.domain.recording import Capability
from portal.services.office import Office
from portal.services.ports import Recording, Work
from portal.services.ports.duties import ErasureTask


@dataclass(frozen=True)
class AskedErasure:
    """An open task as the case's pages show it: whom to ask and who does it (empty: nobody is
    named), and the recording that is meant."""

    task: ErasureTask
    recording: Recording | None
    operator: str
    handler: str
    late: bool


def operator_erases(office: Office, one: Recording) -> bool:
    """Is the original somebody else's to delete: held by an operator, or in a system that cannot delete?"""
    source = office.sources.get(one.source)
    return one.custody != "ours" or (source is not None and Capability.DELETE not in source.capabilities)


def unconfirmed(
    office: Office, work: Work, case: Case, recordings: tuple[Recording, ...]
) -> dict[str, ErasureTask | None]:
    """Those of the recordings whose erasure an operator has not confirmed, by id: with its task, or None before it is
    opened."""
    tasks = {task.recording: task for task in work.duties.erasures(case.register, case.id)}
    waits = {id: task for id, task in tasks.items() if task.confirmed_on is None}
    new = {one.id for one in recordings if one.id not in tasks and operator_erases(office, one)}
    return {one.id: waits.get(one.id) for one in recordings if one.id in waits or one.id in new}


def erased_when(work: Work, case: Case) -> date | None:
    """The last day on which an operator confirmed an erasure of the case."""
    tasks = work.duties.erasures(case.register, case.id)
    return max((task.confirmed_on for task in tasks if task.confirmed_on), default=None)


def asked_erasures(office: Office, actor: Actor, ref: str) -> tuple[AskedErasure, ...]:
    """The case's erasures that no operator has confirmed yet, the soonest due first."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        tasks = [task for task in work.duties.erasures(case.register, case.id) if task.confirmed_on is None]
        known = work.recordings.many([task.recording for task in tasks]) if tasks else {}
        names = work.staff.names({case.handler}) if tasks and case.handler else {}
    return tuple(
        AskedErasure(
            task,
            known.get(task.recording),
            _operator(office, task.source),
            names.get(case.handler or "", ""),
            task.denied_on is not None or erasure_alarm(task.due_on, office.today()) is not None,
        )
        for task in tasks
    )


def _operator(office: Office, source: str) -> str:
    found = office.sources.get(source)
    return found.operator if found else ""
