"""Whole logins at an independent, certified provider set up as a Finnish broker, through the real callback.

It refuses plain parameters, foreign signatures, missing PKCE and replayed assertions: who comes in through it has
shown that we send these rightly (OpenID Connect Core, RFC 7523, RFC 7636, RFC 9101).
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import ClientKeys
from portal.domain.identity import Assurance, Identified
from portal.services import sign_in
from tests.adapters.identity.broker import Broker, running_broker
from tests.adapters.identity.door import AT, ENTERED, NOTHING, Door, Visitor, portal_at, refused_page


@pytest.fixture(scope="module")
def broker(our_public: dict[str, Any]) -> Iterator[Broker]:
    with running_broker(our_public) as running:
        yield running


@pytest.fixture
def door(tmp_path: Path, sqlite_template: Path, client_key: Path, broker: Broker) -> Iterator[Door]:
    with portal_at(tmp_path, sqlite_template, client_key, broker.issuer, service_name="Kuuluu") as made:
        yield made


def who(visitor: Visitor) -> Identified:
    """Whoever this browser's session belongs to."""
    cookie = visitor.client.get_cookie("kuuluu")
    assert cookie is not None
    session = sign_in.open_session(visitor.door.office, cookie.value, "citizen")
    assert session is not None
    found = sign_in.identity_of(session)
    assert found is not None
    return found


def enter(door: Door, broker: Broker) -> Visitor:
    """Eero, come in."""
    visitor = door.visitor()
    assert visitor.begin().status_code == ENTERED
    params, _page = broker.press(visitor.address, person="eero")
    assert visitor.back(params).status_code == ENTERED
    return visitor


@pytest.mark.parametrize(("language", "heading"), [("fi", "Tunnistaudu"), ("sv", "Identifiera dig")])
def test_a_person_comes_in_in_their_language(language: str, heading: str, door: Door, broker: Broker) -> None:
    visitor = door.visitor(language)
    visitor.begin()
    params, page = broker.press(visitor.address, person="maj")
    assert f"<h1>{heading}</h1>" in page
    assert "<p>Kuuluu</p>" in page, "the broker knows which service asks"
    answer = visitor.back(params)
    assert (answer.status_code, answer.headers["Location"]) == (ENTERED, f"/{language}/{AT}/request/right")
    found = who(visitor)
    assert (found.given, found.family, found.subject_key) == ("Maj-Lis", "Provström", "hetu:220761-924C")
    assert (found.level, found.method) == (Assurance.TEST_SUBSTANTIAL, "urn:bank:one")
    assert visitor.inside


def test_the_names_of_telias_claims_are_understood(
    tmp_path: Path, sqlite_template: Path, client_key: Path, broker: Broker
) -> None:
    with portal_at(tmp_path, sqlite_template, client_key, broker.issuer, preset="telia") as door:
        assert who(enter(door, broker)).subject_key == "hetu:040387-913W"


def test_a_person_who_turns_back_is_not_in(door: Door, broker: Broker) -> None:
    visitor = door.visitor("sv")
    visitor.begin()
    params, _page = broker.press(visitor.address, cancel="1")
    page, _reference = refused_page(visitor.back(params), "sv")
    assert page.status == 400
    assert not visitor.inside
    assert door.traces() == NOTHING


def test_a_person_below_the_level_is_not_in(door: Door, broker: Broker) -> None:
    visitor = door.visitor()
    visitor.begin()
    params, _page = broker.press(visitor.address, person="eero", low="1")
    page, _reference = refused_page(visitor.back(params), "fi")
    assert (page.status, page.h1) == (400, "Tunnistautumistapa ei riitä")
    assert door.traces() == NOTHING


@pytest.mark.parametrize("content", ["A128GCM", "A128CBC-HS256"])
def test_both_content_encryptions_are_read(content: str, door: Door, broker: Broker) -> None:
    broker.change(enc=content)
    assert enter(door, broker).inside


def test_the_second_person_at_one_browser_is_asked_anew(door: Door, broker: Broker) -> None:
    with requests.Session() as shared:
        for person, name in (("eero", "Eero"), ("maj", "Maj-Lis")):
            visitor = door.visitor()
            visitor.begin()
            params, _page = broker.press(visitor.address, shared, person=person)
            assert visitor.back(params).status_code == ENTERED
            assert who(visitor).given == name


def test_an_answer_counts_once(door: Door, broker: Broker) -> None:
    visitor = door.visitor()
    visitor.begin()
    params, _page = broker.press(visitor.address, person="eero")
    assert visitor.back(params).status_code == ENTERED
    assert visitor.back(params).status_code == 400
    assert visitor.inside, "the session that was won stays"


def test_the_broker_changes_its_keys_while_the_portal_runs(door: Door, broker: Broker) -> None:
    for _generation in range(2):
        assert enter(door, broker).inside
        broker.change(rotate=True)
        door.clock.by += timedelta(seconds=11)  # an unknown key asks anew at most every ten seconds
    assert enter(door, broker).inside


def test_we_change_our_keys_while_the_portal_runs(door: Door, broker: Broker, tmp_path: Path) -> None:
    file = client_keys.key_file(tmp_path / "data", "demo")
    now = int(door.clock().timestamp())

    def published() -> dict[str, Any]:
        return client_keys.publish(file, now)

    old = ClientKeys(file).signing().kid
    client_keys.rotate(file, now)
    assert enter(door, broker).inside, "the broker knows nothing yet"
    broker.change(jwks=published())
    assert enter(door, broker).inside, "encrypted for the new key, signed by the old"
    now += client_keys.DAY
    client_keys.rotate(file, now)
    assert ClientKeys(file).signing().kid != old
    assert enter(door, broker).inside, "signed by the new"
    broker.change(jwks=published())
    assert enter(door, broker).inside


def test_a_portal_whose_key_the_broker_does_not_know_is_not_let_begin(
    door: Door, broker: Broker, tmp_path: Path
) -> None:
    file = client_keys.key_file(tmp_path / "data", "demo")
    client_keys.rotate(file, int(door.clock().timestamp()), compromised=True)
    visitor = door.visitor()
    visitor.begin()
    answer = requests.get(visitor.address, timeout=10, allow_redirects=False)
    page, _reference = refused_page(visitor.back(urlsplit(answer.headers["Location"]).query), "fi")
    assert (page.status, page.h1) == (400, "Tunnistautuminen ei onnistunut")
    assert door.traces() == NOTHING


def test_parameters_outside_the_request_object_are_not_enough(door: Door, broker: Broker) -> None:
    visitor = door.visitor()
    visitor.begin()
    plain = {
        name: str(visitor.asked[name]) for name in visitor.asked if name not in ("iss", "aud", "exp", "iat", "jti")
    }
    answer = requests.get(f"{broker.issuer}/auth", params=plain, timeout=10, allow_redirects=False)
    assert "code=" not in answer.headers.get("Location", "")
    assert answer.status_code == 400 or "error=" in answer.headers["Location"]
