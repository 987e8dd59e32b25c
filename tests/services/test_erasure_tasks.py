"""Erasure at an operator: ours goes at once, theirs is asked for, and nobody is told "gone" before it is confirmed."""

import pytest

from portal.domain.access import Forbidden
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.recording import Capability
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import hold_alarms
from portal.services.confirm_erasure import confirm_erasure, deny_erasure
from portal.services.erase_after_copy import keep_copy
from portal.services.erasure_tasks import asked_erasures
from portal.services.office import Office
from portal.services.ports import Absent
from portal.store import tombstones
from portal.store.engine import reading, writing
from tests import make
from tests.make import Clock
from tests.services.walk import Walk, walk

GRANTED = {"outcome": "granted"}


def erased_here(here: Office, custody: str = "operator", **wishes: bool) -> Walk:
    """A granted erasure of a recording that an operator holds, signed."""
    make.recorded(here, make.segment(), custody=custody)
    here.sources["fake-espoo"].operator = "Mallioperaattori"  # type: ignore[misc]  # a FakeSource
    wanted = make.request(Right.ERASURE, wishes=Wishes(**wishes))  # type: ignore[arg-type]  # flags alone
    return walk(here, wanted, found=0).taken().heard().proposed(**GRANTED).approved().signed()


def kinds(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [one.kind for one in work.documents.of_case(made.case.id) if one.kind != "ack"]


def letter_text(made: Walk, number: int) -> str:
    with made.office.reading() as work:
        letters = [one for one in work.documents.of_case(made.case.id) if one.kind == "erased"]
        return work.documents.html(made.case.id, letters[number].id, work.cases.box(made.case)) or ""


def confirmed(made: Walk, **changes: object) -> None:
    given = {"on": made.office.today(), "who": "service desk, by e-mail"} | changes
    confirm_erasure(
        made.office, made.handler, made.filed.ref, made.recordings[0], seen=made.case.moves,
        **given,  # type: ignore[arg-type]  # a day and words
    )  # fmt: skip


@pytest.mark.parametrize("custody", ["operator", "unreachable"])
def test_ours_goes_at_once_and_the_operator_is_asked(here: Office, custody: str) -> None:
    made = erased_here(here, custody)
    with here.reading() as work:
        one = work.recordings.many(made.recordings)[made.recordings[0]]
        assert (one.state, one.caller, one.vault_object) == (3, None, None)
        assert work.tombstones.verified(one.id) is False
    (asked,) = asked_erasures(here, made.handler, made.filed.ref)
    assert (asked.operator, asked.late, asked.task.locator != "") == ("Mallioperaattori", False, True)
    assert here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # the operator's, not ours to delete
    assert made.actions.count("erasure_asked") == 1


def test_the_letter_says_who_was_asked_and_by_when_and_the_next_one_that_it_is_gone(here: Office, clock: Clock) -> None:
    made = erased_here(here)
    first = letter_text(made, 0)
    assert "Pyysimme tallennusjärjestelmän ylläpitäjää poistamaan ne viimeistään" in first
    assert "Poistimme" not in first
    clock.move(minutes=1)
    confirmed(made)
    runner.drain(here)
    assert kinds(made) == ["erased", "erased"]
    assert "Poistimme" in letter_text(made, 1)
    assert "Pyysimme" not in letter_text(made, 1)
    runner.drain(here)
    assert kinds(made) == ["erased", "erased"]


def test_the_operators_word_stands_in_a_chain_beside_the_tombstone(here: Office) -> None:
    made = erased_here(here)
    confirmed(made)
    with here.reading() as work:
        assert work.tombstones.verified(made.recordings[0]) is True
        (task,) = work.duties.erasures("espoo", made.case.id)
    assert task.locator == ""  # what found it there is forgotten
    engine = here.book.engine  # type: ignore[attr-defined]  # a store.Book
    with reading(engine) as connection:
        assert tombstones.verify(connection) is None
    with pytest.raises(Exception, match="append-only"), writing(engine) as connection:
        connection.exec_driver_sql("UPDATE erasure_confirmation SET actor = 'another'")


def test_a_changed_confirmation_is_found(here: Office) -> None:
    made = erased_here(here)
    confirmed(made)
    engine = here.book.engine  # type: ignore[attr-defined]  # a store.Book
    with writing(engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER erasure_confirmation_update")
        connection.exec_driver_sql("UPDATE erasure_confirmation SET actor = 'another'")
    with reading(engine) as connection:
        fault = tombstones.verify(connection)
    assert fault is not None
    assert (fault.chain, fault.why) == ("erasure_confirmation", "was changed")


def test_an_erasure_is_confirmed_once_by_somebody_named_and_on_a_day_that_has_come(here: Office, clock: Clock) -> None:
    made = erased_here(here)
    with pytest.raises(NotNow):
        confirmed(made, who=" ")
    clock.move(days=-1)
    with pytest.raises(NotNow):
        confirmed(made, on=make.NOON.date())
    clock.move(days=1)
    with pytest.raises(Forbidden):
        confirm_erasure(
            here, made.listener, made.filed.ref, made.recordings[0], on=here.today(), who="x", seen=made.case.moves
        )
    confirmed(made)
    with pytest.raises(Absent):
        confirmed(made)


def test_a_late_or_denied_erasure_is_an_alarm(here: Office, clock: Clock) -> None:
    made = erased_here(here)
    hold_alarms.watch(here, "espoo")
    with here.reading() as work:
        assert work.duties.alarms("espoo") == ()
    deny_erasure(here, made.handler, made.filed.ref, made.recordings[0], why="next week", seen=made.case.moves)
    hold_alarms.watch(here, "espoo")
    with here.reading() as work:
        assert [one.code for one in work.duties.alarms("espoo")] == ["erasure_late"]
    confirmed(made)
    hold_alarms.watch(here, "espoo")
    with here.reading() as work:
        assert work.duties.alarms("espoo") == ()


def test_a_system_that_cannot_delete_is_asked_of_too(here: Office) -> None:
    source = here.sources["fake-espoo"]
    source.capabilities = source.capabilities - {Capability.DELETE}  # type: ignore[misc]  # a FakeSource
    made = erased_here(here, "ours")
    assert made.actions.count("erasure_asked") == 1
    assert source.files  # type: ignore[attr-defined]  # a FakeSource


def test_the_copy_first_then_the_operator_and_the_letter_last(here: Office, clock: Clock) -> None:
    made = erased_here(here, copy_first=True)
    runner.drain(here)
    assert kinds(made) == ["grant"]
    keep_copy(here, made.citizen, made.filed.ref)
    runner.drain(here)
    assert made.actions.count("erasure_asked") == 1
    assert kinds(made) == ["grant"]
    clock.move(minutes=1)
    confirmed(made)
    runner.drain(here)
    assert kinds(made) == ["grant", "erased"]
