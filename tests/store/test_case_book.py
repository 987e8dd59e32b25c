"""Cases in the store: who may open them, two who move one at once, and numbers that never repeat."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.lifecycle import NotNow, TakeUp, decide_step
from portal.services import take_up
from portal.services.office import Office
from portal.services.ports import Absent
from tests import make
from tests.store.raw import Raw

ANNI = Actor(ActorKind.STAFF, "a" * 32, "espoo", frozenset({Role.HANDLER}))
BERIT = Actor(ActorKind.STAFF, "b" * 32, "espoo", frozenset({Role.HANDLER}))


def test_another_persons_another_controllers_and_an_absent_reference_are_the_same(office: Office) -> None:
    filed = make.filed(office)
    stranger = make.citizen(make.filed(office, who=make.identified("Eero Esimerkki", "010190-900P")))
    elsewhere = replace(ANNI, controller="janakkala")
    answers = []
    for ref, actor in ((filed.ref, stranger), (filed.ref, elsewhere), ("R-2026-99999", stranger)):
        with office.reading() as work, pytest.raises(Absent) as refused:
            work.cases.open(ref, actor)
        answers.append((type(refused.value), refused.value.args == (ref,)))
    assert len(set(answers)) == 1


def test_the_owner_and_the_controllers_staff_open_the_same_case(office: Office) -> None:
    filed = make.filed(office)
    with office.reading() as work:
        assert work.cases.open(filed.ref, make.citizen(filed)) == work.cases.open(filed.ref, ANNI)


def test_the_same_person_is_another_one_in_another_register(office: Office) -> None:
    here, there = make.filed(office), make.filed(office, register="janakkala")
    assert here.person != there.person
    with office.reading() as work, pytest.raises(Absent):
        work.cases.open(there.ref, Actor(ActorKind.CITIZEN, here.person, "janakkala"))


def test_a_change_of_a_case_that_somebody_else_moved_is_not_now_and_leaves_no_event(office: Office, raw: Raw) -> None:
    filed = make.filed(office)
    with office.reading() as work:
        before = work.cases.open(filed.ref, ANNI)
    take_up.take_up(office, BERIT, filed.ref, before.moves)
    events = raw("SELECT count(*) AS n FROM audit")[0].n
    after, event = decide_step(before, TakeUp(), ANNI, office.now())
    with pytest.raises(NotNow, match="moved"), office.writing() as work:
        work.cases.record(before, after, event, ANNI, office.now())
    assert raw("SELECT count(*) AS n FROM audit")[0].n == events


def test_two_clerks_at_once_make_one_event(office: Office, raw: Raw) -> None:
    filed = make.filed(office)
    start = Barrier(2)

    def take(actor: Actor) -> str:
        start.wait()
        try:
            take_up.take_up(office, actor, filed.ref, 0)
        except NotNow as error:
            return error.code
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(take, (ANNI, BERIT)))
    assert outcomes == ["moved", "taken"]
    assert raw("SELECT count(*) AS n FROM audit WHERE action = 'taken_up'")[0].n == 1


def test_a_reading_unit_cannot_write(office: Office) -> None:
    with pytest.raises(Exception, match=r"(?i)readonly|read-only|query_only"), office.reading() as work:
        work.outbox.add("x", {}, "x", office.now())


def test_reference_numbers_stay_apart_when_many_file_at_once(office: Office) -> None:
    start = Barrier(6)

    def file(n: int) -> str:
        start.wait()
        return make.filed(office, who=make.identified(f"Eero Esimerkki{n}", f"01019{n}-900P")).ref

    with ThreadPoolExecutor(6) as pool:
        refs = list(pool.map(file, range(6)))
    assert sorted(refs) == [f"R-2026-{n:05d}" for n in range(1, 7)]


def test_reference_numbers_begin_anew_in_each_register_and_year(office: Office, clock: make.Clock) -> None:
    first, other = make.filed(office), make.filed(office, register="janakkala")
    clock.move(days=200)
    assert (first.ref, other.ref) == ("R-2026-00001", "R-2026-00001")
    assert make.filed(office).ref == "R-2027-00001"


def test_a_unit_that_fails_gives_its_reference_number_back(office: Office) -> None:
    with pytest.raises(KeyError), office.writing() as work:
        work.cases.open(work.cases.next_ref("espoo", 2026) and {}["no such thing"], ANNI)
    assert make.filed(office).ref == "R-2026-00001"


def test_a_person_filing_twice_at_once_is_one_person(office: Office) -> None:
    start = Barrier(3)

    def file(_n: int) -> str:
        start.wait()
        return make.filed(office).person

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(file, range(3)))) == 1
