"""Signing in and out at an identity provider that we did not write: it verifies what we send, we what it sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal import wiring
from portal.adapters.identity import saml_keys, saml_metadata
from portal.adapters.identity.suomifi import SuomiFi, SuomiFiSettings
from portal.web.app import Portal
from tests import make
from tests.adapters.identity.saml.idp import LEVEL, SP
from tests.adapters.identity.saml.parties import ACS, AT, LOGOUT
from tests.adapters.identity.saml.peer import Peer, running_peer
from tests.web.client import Browser, Fetched


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> saml_keys.SamlKeys:
    folder = tmp_path_factory.mktemp("ours")
    saml_keys.make(folder, "kuuluu.example", datetime.now(UTC))
    return saml_keys.load(folder)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory, ours: saml_keys.SamlKeys) -> Iterator[Peer]:
    folder = tmp_path_factory.mktemp("peer")
    saml_keys.make(folder, "idp.example", datetime.now(UTC))
    with running_peer(saml_keys.load(folder)) as running:
        settings = agreed(running)
        running.meet(saml_metadata.metadata(settings, ours, "Kuuluu", datetime.now(UTC)))
        yield running


def agreed(peer: Peer) -> SuomiFiSettings:
    return SuomiFiSettings(SP, ACS, LOGOUT, peer.metadata, frozenset({LEVEL}), allow_temporary_codes=True)


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, peer: Peer, ours: saml_keys.SamlKeys) -> Portal:
    settings = make.settings(tmp_path, sqlite_url, faces="citizen", providers=())
    office = wiring.build_office(settings, lambda: datetime.now(UTC))
    made = wiring.create_app(settings, replace(office, identities={"suomifi": SuomiFi(agreed(peer), ours)}))
    made.testing = True
    return made


def begin(browser: Browser, at: str) -> str:
    """Press the portal's button; the address at the provider."""
    page = browser.get(f"{at}/sign-in", query_string={"to": f"{at}/cases"})
    form = page.tree.xpath('//form[contains(@action,"sign-in/suomifi")]')[0]
    token = form.xpath('./input[@name="csrf_token"]/@value')[0]
    return str(browser.client.post(form.get("action"), data={"csrf_token": token}).headers["Location"])


def enter(app: Portal, browser: Browser, fields: dict[str, str]) -> Fetched:
    """The provider's form, posted without our cookie, and on to where it leads."""
    answer = app.test_client().post("/login/suomifi/acs", data=fields)
    assert answer.status_code == 303
    return browser.get(answer.headers["Location"])


@pytest.mark.parametrize(("language", "button", "heading"), [("fi", "Tunnistaudu", "Omat pyynnöt"),
                                                             ("sv", "Identifiera dig", None)])  # fmt: skip
def test_a_person_enters_through_the_peer(
    app: Portal, peer: Peer, language: str, button: str, heading: str | None
) -> None:
    browser = Browser(app)
    page = enter(app, browser, peer.press(begin(browser, f"/{language}/espoo"), button))
    assert (page.status, page.tree.get("lang")) == (200, language)
    assert page.url.endswith(f"/{language}/espoo/cases")
    assert heading in (None, page.h1)
    assert "Eero Olavi Esimerkkilä &amp; Öhman" in page.body


def test_a_person_who_cancels_at_the_peer_reads_so(app: Portal, peer: Peer) -> None:
    browser = Browser(app)
    page = enter(app, browser, peer.press(begin(browser, "/sv/espoo"), "Avbryt"))
    assert (page.status, page.tree.get("lang")) == (400, "sv")
    assert browser.get(f"{AT}/cases").h1 == "Tunnistaudu"


def test_the_peer_believes_only_what_we_signed(app: Portal, peer: Peer) -> None:
    address = begin(Browser(app), AT)
    assert peer.visit(address).status_code == 200
    assert peer.visit(address.replace("RelayState=", "RelayState=x")).status_code == 400
    assert peer.visit(address.partition("&SigAlg")[0]).status_code == 400


def test_signing_out_here_signs_out_at_the_peer_and_comes_back(app: Portal, peer: Peer) -> None:
    browser = Browser(app)
    page = enter(app, browser, peer.press(begin(browser, AT), "Tunnistaudu"))
    token = page.tree.xpath('//form[contains(@action,"sign-out")]/input[@name="csrf_token"]/@value')[0]
    onward = browser.client.post(f"{AT}/sign-out", data={"csrf_token": token}).headers["Location"]
    back = peer.visit(onward)
    assert back.status_code == 303, back.text
    assert peer.heard() == {"heard": "LogoutRequest", "name": "_transient-eero", "index": "_session-7"}
    assert browser.get("/login/suomifi/logout?" + urlsplit(back.headers["Location"]).query).url.endswith("/signed-out")


def test_signing_out_at_the_peer_signs_out_here_and_is_answered(app: Portal, peer: Peer) -> None:
    browser = Browser(app)
    enter(app, browser, peer.press(begin(browser, AT), "Tunnistaudu"))
    word = peer.visit(f"{peer.address}/end").headers["Location"]
    answer = app.test_client().get("/login/suomifi/logout?" + urlsplit(word).query)
    assert browser.get(f"{AT}/cases").h1 == "Tunnistaudu"
    assert peer.visit(answer.headers["Location"]).status_code == 200
    heard = peer.heard()
    assert (heard["heard"], heard["relay"]) == ("LogoutResponse", "peer")
