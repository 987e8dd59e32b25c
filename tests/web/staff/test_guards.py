"""Nobody gets in without a session, and nobody learns what they may not see."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import wiring
from portal.domain.access import Role
from portal.services.office import Office
from portal.web.app import Portal
from portal.web.pages import pages_of
from tests import make
from tests.web.client import words
from tests.web.staff.desk import address, at_desk

VALUES = {
    "<lang>": "fi", "<controller>": "espoo", "<ref>": "R-2026-00001", "<recording>": "0" * 32, "<document>": "0" * 32,
    "<token>": "nobody-has-this-token",
}  # fmt: skip


def staff_routes() -> Iterator[tuple[str, str]]:
    for page in pages_of("staff"):
        for rule, _endpoint, _view, guard, methods in page._routes:
            if guard.name.startswith("STAFF"):
                for name, value in VALUES.items():
                    rule = rule.replace(name, value)
                rule = re.sub(r"<int:\w+>", "1", rule)
                yield from ((rule, method) for method in methods)


def test_without_a_session_every_staff_page_leads_to_sign_in(tmp_path: Path, sqlite_url: str, office: Office) -> None:
    app = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office)
    app.config["WTF_CSRF_ENABLED"] = False
    routes = sorted(staff_routes())
    assert len(routes) > 30
    for path, method in routes:
        answer = app.test_client().open(path, method=method)
        assert answer.status_code == 303, (path, method)
        assert "/staff/sign-in" in answer.headers["Location"], (path, method)


@pytest.mark.parametrize("page", ["queue", "cases/{ref}", "cases/{ref}/decision", "cases/{ref}/calls", "approvals"])
def test_an_administrator_sees_the_page_of_absent_things(app: Portal, office: Office, page: str) -> None:
    ref = make.filed(office).ref
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    assert desk.get(address(page, ref)).status == 404


def test_a_handler_may_not_listen(app: Portal, office: Office) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    assert desk.get(address(f"cases/{ref}/listen/{recording}")).status == 404
    assert desk.get(address(f"cases/{ref}/audio/{recording}")).status == 404


def test_another_controllers_case_looks_like_no_case_at_all(app: Portal, office: Office) -> None:
    theirs = make.filed(office, register="janakkala").ref
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    foreign, absent = desk.get(address("cases/{ref}", theirs)), desk.get(address("cases/R-2026-99999"))
    assert foreign.status == absent.status == 404
    assert words(foreign.tree.find(".//main")) == words(absent.tree.find(".//main"))


def test_roles_end_at_the_controllers_door(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    assert desk.get(address("queue", register="janakkala")).status == 404


def test_the_commitment_comes_before_anything_else(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER, committed=False))
    page = desk.get(address("queue"))
    assert page.h1 == "Salassapitositoumus"
    assert desk.press(page, "Hyväksyn sitoumuksen").h1 == "Kaikki avoimet"


@pytest.mark.parametrize(
    ("role", "heading"),
    [(Role.HANDLER, "Kaikki avoimet"), (Role.ADMINISTRATOR, "Lähteet"), (Role.AUDITOR, "Lokihaku")],
)
def test_staff_of_one_controller_land_at_their_work(app: Portal, office: Office, role: Role, heading: str) -> None:
    assert at_desk(app, office, make.clerk(office, "aino", role)).get("/fi/staff/").h1 == heading


def test_signing_out_ends_the_session(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.press(desk.get(address("queue")), "Kirjaudu ulos")
    assert page.h1 == "Olet kirjautunut ulos"
    assert "oma istunto voi olla vielä auki" in page.text
    assert desk.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_staying_signed_in_tells_the_script_the_new_end(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    token = desk.get(address("queue")).value("csrf_token")
    answer = desk.client.post("/fi/staff/stay", data={"csrf_token": token}, headers={"Accept": "application/json"})
    assert answer.json == {"session_ends": "2026-06-18T09:15:00+00:00"}
