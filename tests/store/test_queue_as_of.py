"""What was made of the queue is kept for as long as `as_of` stands: so it must not stand when anything changed."""

import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.lifecycle import TakeUp
from portal.services import confirm_hold, find_calls, take_up, withdraw_request
from portal.services.office import Office
from portal.services.ports import QueueFilter, Work
from portal.services.step import opened, take_step
from portal.store import staff_book
from tests import make
from tests.services.walk import Walk, walk

EVERY = QueueFilter()


def shown(office: Office) -> tuple[str, Any]:
    """The word, and all that the queue tells while it stands."""
    with office.reading() as work:
        rows, figures = work.queue.page("espoo", EVERY, None, 100), work.queue.counts("espoo")
        return work.queue.as_of("espoo"), (rows, figures)


@pytest.fixture
def watched(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office in which, after each writing unit, no word may stand for two different queues."""
    known: dict[str, Any] = {}
    real = office.book.writing

    @contextmanager
    def writing() -> Iterator[Work]:
        with real() as work:
            yield work
        as_of, queue = shown(office)
        assert known.setdefault(as_of, queue) == queue

    monkeypatch.setattr(office.book, "writing", writing)
    return office


def test_no_unit_on_a_cases_way_to_its_answer_changes_the_queue_unseen(watched: Office) -> None:
    made = walk(watched, found=2).taken().heard()
    find_calls.find_more(watched, made.handler, made.filed.ref, make.call())
    made.proposed(outcome="granted").approved().signed()
    assert shown(watched)[1][0] == ()


def test_no_unit_on_a_holds_way_to_its_outcome_changes_the_queue_unseen(watched: Office) -> None:
    make.recorded(watched, make.segment(), custody="unreachable")
    made = Walk(watched, make.filed(watched), "espoo").taken()
    row = shown(watched)[1][0][0]
    assert (row.keeping, row.expires_on is None) == ("task", False)
    handler = Actor(ActorKind.STAFF, made.handler.id, "espoo", frozenset({Role.HANDLER}))
    confirm_hold.confirm_hold(
        watched, handler, made.filed.ref, made.recordings[0], kept=True, note="", seen=made.case.moves
    )
    assert shown(watched)[1][0][0].keeping == "safe"
    withdraw_request.withdraw_request(watched, make.citizen(made.filed), made.filed.ref)
    assert shown(watched)[1][0] == ()


def test_no_change_of_an_account_changes_the_queue_unseen(watched: Office) -> None:
    who = make.clerk(watched, "aino", Role.HANDLER)
    ref = make.filed(watched).ref
    take_up.take_up(watched, who.actor, ref, 0)
    with watched.writing() as work:
        work.staff.set_roles(who.actor.id, "espoo", frozenset({Role.AUDITOR}))
    with watched.writing() as work:
        work.staff.disable(who.actor.id, watched.now())
    assert shown(watched)[1][0][0].handler_name == who.actor.name != ""


def test_an_account_keeps_the_name_it_was_made_with() -> None:
    changes = re.findall(r"_change\(account, ([^)]*)\)", inspect.getsource(staff_book))
    assert len(changes) >= 5
    assert not [one for one in changes if re.search(r"\bname=", one)]


@pytest.fixture
def postgres_office(tmp_path: Path, postgresql_url: str, clock: make.Clock) -> Iterator[Office]:
    """A real office on PostgreSQL, where two units can write at the same time."""
    made = make.office(tmp_path, postgresql_url, clock)
    yield made
    made.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book


def test_an_event_numbered_before_another_and_committed_after_it_is_seen(postgres_office: Office) -> None:
    slow_ref, quick_ref = make.filed(postgres_office).ref, make.filed(postgres_office).ref
    who = make.clerk(postgres_office, "aino", Role.HANDLER).actor
    with postgres_office.writing() as slow:
        take_step(postgres_office, slow, opened(slow, slow_ref, who), TakeUp(), who)
        take_up.take_up(postgres_office, who, quick_ref, 0)
        between = shown(postgres_office)
    after = shown(postgres_office)
    assert {row.ref: row.handler_name for row in between[1][0]} == {slow_ref: "", quick_ref: who.name}
    assert {row.ref: row.handler_name for row in after[1][0]} == {slow_ref: who.name, quick_ref: who.name}
    assert between[0] != after[0]
    assert between[1][1] != after[1][1]
