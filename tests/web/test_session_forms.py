"""Every form carries its session's token: without it no route that changes anything does anything."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from portal.web.pages import pages_of
from tests import make
from tests.web.client import entered

FROM_OUTSIDE = {"citizen.saml.answer", "staff.organisation.logout", "staff.push.receive"}
"""What other machines send, believed for its signature alone."""


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    """Both faces."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="both"), office)
    made.testing = True
    return made


def forms(app: Portal) -> list[tuple[str, str]]:
    """Endpoint and an address of every route that takes a form."""
    values = {"lang": "fi", "controller": "espoo", "provider": "demo"}
    return [
        (endpoint, re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), rule))
        for rule, endpoint, methods, _guard in app.ledger
        if "POST" in methods.split(",")
    ]


@pytest.mark.parametrize("token", [None, "", "made-elsewhere"])
def test_no_route_takes_a_form_without_its_token(app: Portal, office: Office, token: str | None) -> None:
    citizen = entered(app, office, make.identified())
    with office.writing() as work:
        now = office.now()
        account = work.staff.add("aino", "Aino Testi", "käsittelijä", now)
        cookie = work.sessions.start("staff", account, {}, now + timedelta(hours=1), now, now)
    citizen.client.set_cookie("kuuluu-staff", cookie)
    given = {} if token is None else {"csrf_token": token}
    found = {endpoint: citizen.client.post(path, data=given).status_code for endpoint, path in forms(app)}
    assert len(found) > 60
    assert {endpoint for endpoint, status in found.items() if status != 400} <= FROM_OUTSIDE


def test_only_what_other_machines_send_needs_no_token() -> None:
    exempt = {f"{page.name}.{view.__name__}" for page in pages_of("both") for view in page.without_token}
    assert exempt == FROM_OUTSIDE
