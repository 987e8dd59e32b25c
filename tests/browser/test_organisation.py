"""In a real browser: a colleague returns from another site and is in, though the session's cookie is Strict.

The portal stands at 127.0.0.1 and the organisation at localhost: to a browser these are two sites.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from config import StaffProvider
from portal import wiring
from portal.adapters import clock
from portal.services.office import Office
from tests import make
from tests.web.staff.employer import CLIENT, Employer, organisation, serving


@pytest.fixture
def employer() -> Iterator[Employer]:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    with serving(Employer(key, key), "localhost") as running:
        running.reset(clock.now)
        yield running


@pytest.fixture
def staff(tmp_path: Path, sqlite_url: str, sqlite_office: Office, employer: Employer) -> Iterator[str]:
    """The staff's face at this address."""
    server = make_server("127.0.0.1", 0, lambda environ, start: [], threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    callback = f"{address}/staff-login/keycloak/callback"
    way = organisation("keycloak", employer.issuer, redirect_uri=callback)
    office = replace(sqlite_office, clock=clock.now, organisations={"keycloak": way})
    known = StaffProvider(
        id="keycloak", kind="keycloak", label="Keycloak-tunnus", issuer=employer.issuer, client_id=CLIENT,
        groups={"g": ("espoo:handler",)},
    )  # fmt: skip
    given = make.settings(tmp_path, sqlite_url, faces="staff", staff_url=address, staff_providers=(known,))
    server.app = wiring.create_app(given, office)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_colleague_comes_back_from_another_site_and_is_in(browser: Browser, staff: str, scripts: bool) -> None:
    context = browser.new_context(locale="fi-FI", java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{staff}/fi/staff/sign-in?to=/fi/staff/espoo/queue")
    page.get_by_role("button", name="Keycloak-tunnus").click()
    page.wait_for_url("**/fi/staff/commitment*")
    assert page.locator("h1").inner_text() == "Salassapitositoumus"
    cookies: dict[str, Any] = {one["name"]: one for one in context.cookies(staff)}
    assert cookies["kuuluu-staff"]["sameSite"] == "Strict"
    assert cookies["kuuluu-staff"]["expires"] == -1
    assert cookies["kuuluu-organisation"]["sameSite"] == "Lax"
    assert all(one["httpOnly"] for one in cookies.values())
    context.close()
