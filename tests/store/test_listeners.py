"""Names in the recorder, supervisors and askings in the store, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from portal.domain.listeners import Standing
from portal.services.office import Office
from portal.services.ports.listeners import RecorderLink
from portal.services.withdraw_request import withdraw_request
from tests import make
from tests.services.walk import walk


def staff(office: Office, *logins: str) -> tuple[str, ...]:
    with office.writing() as work:
        return tuple(work.staff.add(login, login.title(), "", office.now()) for login in logins)


def link(office: Office, account: str, *names: str, above: tuple[str, ...] = (), register: str = "espoo") -> None:
    with office.writing() as work:
        work.listeners.link(register, account, RecorderLink(names, above))


def test_an_account_is_what_was_said_of_it_in_that_register(office: Office) -> None:
    aino, veikko = staff(office, "aino", "veikko")
    link(office, aino, "Neuvoja 11", "neuvoja 12", above=(veikko,))
    link(office, veikko, "Vastaava")
    with office.reading() as work:
        assert work.listeners.standing("espoo", aino) == Standing(own=frozenset({"neuvoja 11", "neuvoja 12"}))
        above = Standing(frozenset({"vastaava"}), frozenset({"neuvoja 11", "neuvoja 12"}), supervisor=True)
        assert work.listeners.standing("espoo", veikko) == above
        assert work.listeners.standings("espoo")[veikko] == above
        assert work.listeners.links("espoo")[aino] == RecorderLink(("Neuvoja 11", "neuvoja 12"), (veikko,))
        assert work.listeners.standing("janakkala", aino) == Standing()
        assert work.listeners.standings("janakkala") == {}


def test_what_is_said_later_stands_in_place_of_what_was_said_before(office: Office) -> None:
    aino, veikko = staff(office, "aino", "veikko")
    link(office, aino, "Neuvoja 11", above=(veikko,))
    link(office, aino, "Neuvoja 14")
    with office.reading() as work:
        assert work.listeners.standing("espoo", aino).own == {"neuvoja 14"}
        assert work.listeners.standing("espoo", veikko) == Standing()


def test_one_name_in_the_recorder_is_one_account(office: Office) -> None:
    aino, veikko = staff(office, "aino", "veikko")
    link(office, aino, "Neuvoja 11")
    with pytest.raises(DBAPIError):
        link(office, veikko, "NEUVOJA 11")
    link(office, veikko, "Neuvoja 11", register="janakkala")


def test_an_asking_is_open_until_one_of_those_asked_together_answers(office: Office) -> None:
    made = walk(office)
    (one,), case = made.recordings, made.case.id
    with office.writing() as work:
        work.listeners.ask(case, one, ("a", "b"), "h", office.now())
        work.listeners.ask(case, one, ("c",), "h", office.now() + timedelta(minutes=1))
        assert [asked.recording for asked in work.listeners.open_askings("espoo", "a")] == [one]
        assert work.listeners.open_askings("janakkala", "a") == ()
        assert work.listeners.answer(case, one, "a", office.now())
        assert not work.listeners.answer(case, one, "b", office.now())
        assert not work.listeners.answer(case, one, "stranger", office.now())
        assert [work.listeners.open_askings("espoo", who) for who in "ab"] == [(), ()]
        assert work.listeners.open_askings("espoo", "c")
        work.listeners.ask(case, one, ("a",), "h", office.now() + timedelta(minutes=2))
        assert work.listeners.open_askings("espoo", "a")


def test_a_case_that_has_ended_asks_nobody(office: Office) -> None:
    made = walk(office)
    with office.writing() as work:
        work.listeners.ask(made.case.id, made.recordings[0], ("a",), "h", office.now())
    withdraw_request(office, made.citizen, made.filed.ref)
    with office.reading() as work:
        assert work.listeners.open_askings("espoo", "a") == ()


def test_the_end_of_a_controllers_service_takes_names_and_askings_along(office: Office) -> None:
    made = walk(office)
    (aino,) = staff(office, "aino")
    link(office, aino, "Neuvoja 11", register="janakkala")
    with office.writing() as work:
        work.listeners.ask(made.case.id, made.recordings[0], (aino,), "h", office.now())
        work.controllers.remove("espoo")
        assert work.listeners.links("espoo") == {}
        assert work.listeners.askings(made.case.id) == ()
        assert work.listeners.links("janakkala")[aino].names == ("Neuvoja 11",)


def test_the_tests_own_clerks_are_agent_and_supervisor(office: Office) -> None:
    walk(office)
    make.heard_by(office, "later".ljust(32, "0"))
    with office.reading() as work:
        found = work.listeners.standings("espoo")
    assert found["listener".ljust(32, "0")].own == {"a. agentti"}
    assert found["later".ljust(32, "0")].supervised == {"a. agentti"}
