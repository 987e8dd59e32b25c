"""The canary: marked values go through filing, failed sign-ins and failing jobs, and no log line sings of them."""

import ast
import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.adapters import log
from portal.domain.access import Role
from portal.domain.case import Address, Wishes
from portal.domain.rights import Right
from portal.jobs import periodic, runner
from portal.services import staff_sign_in
from portal.services.office import Office
from portal.services.ports import Absent, Session
from portal.services.sign_in import finish_sign_in
from tests import make

PORTAL = Path(__file__).parents[2] / "portal"
MARKS = ("Kanarialintu", "401234567", "131052-902N", "salasana-Kanarialintu", "R-2026-", "Esimerkkikuja")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Everything that goes out through the portal's logging, down to the smallest level."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    log.start("INFO")
    root.setLevel(logging.DEBUG)
    yield stream.getvalue
    root.handlers[:], root.level = handlers, level


def a_session(office: Office) -> Session:
    return Session("key", "staff", None, office.now(), office.now(), office.now(), None)


def test_nothing_that_a_person_gave_reaches_a_log(
    sqlite_office: Office, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = sqlite_office
    who = make.identified("Tuulikki Kanarialintu")
    request = make.request(
        Right.RECTIFICATION, wishes=Wishes(wrong="Kanarialintu"), address=Address("Esimerkkikuja 4", "02100", "Espoo")
    )
    make.recorded(office, make.segment())
    filed = make.filed(office, request, who)
    make.clerk(office, "anni", Role.HANDLER)
    staff_sign_in.first_factor(office, a_session(office), "Kanarialintu", "salasana-Kanarialintu")
    staff_sign_in.first_factor(office, a_session(office), "anni", "salasana-Kanarialintu")
    finish_sign_in(office, a_session(office), "demo", [("state", "Kanarialintu"), ("code", "131052-902N")], "GET")

    def fall(_office: Office, _args: object) -> None:
        raise ValueError(f"Tuulikki Kanarialintu 131052-902N {make.NUMBER} {filed.ref}")

    monkeypatch.setitem(runner.TASKS, "acknowledge", fall)
    runner.drain(office)
    monkeypatch.setattr(periodic.harvest, "harvest", fall)
    periodic.tick(office, "worker")
    with office.reading() as work, pytest.raises(Absent):
        work.cases.open("R-2026-77777", make.citizen(filed))
    lines = logged()
    assert "job failed" in lines
    assert "ValueError" in lines
    assert "periodic work failed" in lines
    assert [mark for mark in MARKS if mark in lines] == []


def test_what_a_library_or_a_traceback_says_is_cut_to_its_name(logged: Callable[[], str]) -> None:
    try:
        raise KeyError("Kanarialintu")
    except KeyError:
        logging.getLogger("urllib3.connectionpool").exception("GET /?code=131052-902N for %s", "Kanarialintu")
        logging.getLogger("portal").exception("Exception on /fi/espoo/cases/R-2026-00001")
        logging.getLogger("portal.worker").error("job failed", exc_info=True, extra={"name_of": "Kanarialintu"})
    lines = [json.loads(line) for line in logged().splitlines()]
    assert [line["event"] for line in lines] == ["urllib3.connectionpool", "portal", "job failed"]
    assert {line["fault"] for line in lines} == {"KeyError"}
    assert all(set(line) <= log.ALLOWED for line in lines)
    assert [mark for mark in MARKS if mark in logged()] == []


def test_our_own_log_lines_are_constant_texts() -> None:
    spoken = {
        f"{file.relative_to(PORTAL)}:{node.lineno}"
        for file in PORTAL.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "logger")
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
        and not isinstance(node.args[0], ast.Constant)
    }
    assert spoken == set()


def test_values_that_hold_secrets_do_not_show_them(sqlite_office: Office) -> None:
    clerk = make.clerk(sqlite_office, "anni", Role.HANDLER)
    with sqlite_office.reading() as work:
        account = work.staff.by_login("anni")
    shown = f"{make.identified()!r} {account!r} {a_session(sqlite_office)!r}"
    assert clerk.secret not in shown
    assert "131052-902N" not in shown
    assert "argon2" not in shown
