"""Suomi.fi in a real browser: its answer comes from another site without our cookie, and still finds its session.

The provider stands at 127.0.0.1 and the portal at localhost: to a browser, two sites.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import request
from playwright.sync_api import BrowserContext, expect
from werkzeug.serving import make_server

from portal import wiring
from portal.adapters.identity import saml_keys, saml_metadata
from portal.adapters.identity.suomifi import SuomiFi, SuomiFiSettings
from tests import make
from tests.adapters.identity.saml.idp import LEVEL, SP
from tests.adapters.identity.saml.peer import Peer, running_peer
from tests.browser.portal import _free_port


@dataclass
class Dance:
    """Portal and provider, and which of the portal's addresses saw its cookie."""

    home: str
    peer: Peer
    cookies: list[tuple[str, bool]] = field(default_factory=list)


@pytest.fixture(scope="session")
def dance(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Dance]:
    """Both parties, running."""
    folder = tmp_path_factory.mktemp("suomifi")
    shutil.copyfile(sqlite_template, folder / "portal.db")
    for name in ("ours", "theirs"):
        saml_keys.make(folder / name, "kuuluu.example", datetime.now(UTC))
    ours, port = saml_keys.load(folder / "ours"), _free_port()
    home = f"http://localhost:{port}"
    acs, logout = f"{home}/login/suomifi/acs", f"{home}/login/suomifi/logout"
    with running_peer(saml_keys.load(folder / "theirs")) as peer:
        agreed = SuomiFiSettings(SP, acs, logout, peer.metadata, frozenset({LEVEL}), allow_temporary_codes=True)
        peer.meet(saml_metadata.metadata(agreed, ours, "Kuuluu", datetime.now(UTC)))
        settings = make.settings(folder, f"sqlite:///{folder / 'portal.db'}", faces="citizen", providers=())
        office = wiring.build_office(settings)
        app = wiring.create_app(settings, replace(office, identities={"suomifi": SuomiFi(agreed, ours)}))
        running = Dance(home, peer)
        app.before_request(lambda: running.cookies.append((request.path, "kuuluu" in request.cookies)))
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield running
        server.shutdown()


@pytest.fixture(scope="session")
def home_origins(dance: Dance) -> frozenset[str]:
    return frozenset(urlsplit(address).netloc for address in (dance.home, dance.peer.address))


@pytest.fixture(scope="session")
def base_url(dance: Dance) -> str:
    return dance.home


def test_the_answer_finds_its_session_though_its_post_had_no_cookie(
    dance: Dance, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(f"{dance.home}/fi/espoo/cases")
    page.get_by_role("button", name="suomifi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Suomi.fi")
    assert page.url.startswith(dance.peer.address)
    page.get_by_role("button", name="Tunnistaudu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Omat pyynnöt")
    seen = dict(dance.cookies)
    assert seen["/login/suomifi/acs"] is False
    assert seen["/login/suomifi/arrive"] is True
    page.get_by_role("button", name="Kirjaudu ulos").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Olet kirjautunut ulos")
    assert dance.peer.heard()["heard"] == "LogoutRequest"
    page.goto(f"{dance.home}/fi/espoo/cases")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tunnistaudu")
