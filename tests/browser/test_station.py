"""The listening station in Chromium: the approved copy is heard, and nothing of it stays when the visit ends."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from portal import wiring
from portal.services import station
from portal.services.attend_visit import attend
from portal.services.office import Office
from tests import make, visiting
from tests.browser import people
from tests.browser.test_accessibility import check
from tests.make import Clock

AT = f"/fi/staff/{visiting.TE}/station"


@pytest.fixture
def seat(sqlite_office: Office, clock: Clock, sqlite_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """(host and port, the station's key): a visitor has been received, and the station is open."""
    made = visiting.visiting(sqlite_office)
    visiting.at_the_door(clock)
    attend(sqlite_office, made.clerk.actor, made.appointment, "passport")
    key = station.open_station(sqlite_office, made.clerk.actor, made.appointment, "").key
    app = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), sqlite_office)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.port}", key
    server.shutdown()


@pytest.fixture
def home_origins(seat: tuple[str, str]) -> frozenset[str]:
    return frozenset({seat[0]})


def test_a_visitor_hears_the_copy_and_leaves_nothing_behind(
    context: BrowserContext, page: Page, seat: tuple[str, str]
) -> None:
    host, key = seat
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    context.add_cookies([{"name": "kuuluu-station", "value": key, "domain": "127.0.0.1", "path": AT}])
    assert check(page, f"http://{host}{AT}") == []
    people.expect_heading(page, "Kuuntele puhelusi")
    people.hear(page)
    leave = page.get_by_role("button", name="Lopeta kuuntelu")
    leave.focus()
    page.keyboard.press("Enter")
    expect(page.locator("audio")).to_have_count(0)
    page.go_back()
    page.reload()
    expect(page.locator("audio")).to_have_count(0)
    assert [text for text in said if "Content Security Policy" in text] == []
