"""Remind the applicant, once, of a question that has waited two weeks; background work never closes a case."""

from portal.domain.access import SYSTEM
from portal.domain.acts import reminder_due
from portal.domain.case import State
from portal.domain.lifecycle import Remind
from portal.services.office import Office
from portal.services.ports import QueueFilter
from portal.services.step import take_step

_PAGE = 200


def remind(office: Office, register: str) -> int:
    """Remind in every case of the register whose open question has waited long enough; returns how many."""
    return sum(_remind(office, case_id) for case_id in _asked(office, register))


def _asked(office: Office, register: str) -> list[str]:
    found: list[str] = []
    after = None
    while True:
        with office.reading() as work:
            rows = work.queue.page(register, QueueFilter(state=State.ASKED.value), after, _PAGE)
        found += [row.id for row in rows]
        if len(rows) < _PAGE:
            return found
        after = (rows[-1].sort_on, rows[-1].id)


def _remind(office: Office, case_id: str) -> bool:
    """One case, looked at again in the unit that writes: the answer may have come meanwhile."""
    with office.reading() as work:
        if not reminder_due(work.cases.open_for_system(case_id), office.now()):
            return False
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        due = reminder_due(case, office.now())
        if due:
            take_step(office, work, case, Remind(), SYSTEM)
    return due
