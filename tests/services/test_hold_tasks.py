"""The task to ask an operator: its last day, who has it, whom to ask, and when it is late."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.access import Role
from portal.domain.rights import Right
from portal.services import lists
from portal.services.hold_tasks import hold_tasks
from portal.services.office import Office
from portal.services.take_up import take_up
from tests import make
from tests.make import Clock


@pytest.fixture
def asked(office: Office) -> str:
    """A case whose only recording nobody can reach, filed on Thursday 18.6.2026, the eve of Midsummer's eve."""
    make.recorded(office, make.segment(), custody="unreachable")
    office.sources["fake-espoo"].operator = "Telia"  # type: ignore[misc]  # a FakeSource
    return make.filed(office).ref


def test_the_task_is_due_on_the_next_working_day_and_late_after_it(office: Office, asked: str, clock: Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    view = lists.case_view(office, who.actor, asked)
    (task,) = hold_tasks(office, view).values()
    assert (task.due, task.late, task.operator) == (date(2026, 6, 22), False, "Telia")
    clock.move(days=5)
    assert hold_tasks(office, view)[1].late


def test_the_task_belongs_to_who_has_the_case_and_ends_with_its_answer(office: Office, asked: str) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    assert hold_tasks(office, lists.case_view(office, who.actor, asked))[1].handler == ""
    take_up(office, who.actor, asked, 0)
    view = lists.case_view(office, who.actor, asked)
    assert hold_tasks(office, view)[1].handler == view.handler != ""


def test_a_recording_that_goes_sooner_must_be_asked_for_sooner(office: Office) -> None:
    """Half a year after Saturday 20.12.2025 is Saturday 20.6.2026: before the next working day."""
    make.recorded(office, make.segment(start=datetime(2025, 12, 20, 12, 12, tzinfo=UTC)), custody="unreachable")
    who = make.clerk(office, "aino", Role.HANDLER)
    ref = make.filed(office, make.request(Right.ACCESS, make.call(day=date(2025, 12, 20)))).ref
    (task,) = hold_tasks(office, lists.case_view(office, who.actor, ref)).values()
    assert task.due == date(2026, 6, 19)
