"""Whole logins through the demo provider, with the real adapter over real HTTP."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from joserfc import jwt

from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.ftn import FtnIdentities
from portal.demo.dialect import DemoClient
from portal.demo.people import DEMO_PEOPLE
from portal.demo.provider import create_provider
from portal.domain.identity import Assurance, Begun, Cancelled, Identified, PersonalIdentityCode, Refused
from tests.adapters.identity.conftest import Build
from tests.adapters.identity.peers import CALLBACK, CLIENT, asked, click, serving


def now() -> datetime:
    return datetime.now(UTC)


def begun(identities: FtnIdentities, language: str = "fi") -> Begun:
    start = identities.begin(language, "my-requests", now())
    assert isinstance(start, Begun)
    return start


@pytest.mark.parametrize("number", range(len(DEMO_PEOPLE)))
def test_each_person_arrives_as_themselves(number: int, adapter: Build, demo_issuer: str) -> None:
    identities, person = adapter(demo_issuer), DEMO_PEOPLE[number]
    start = begun(identities)
    who = identities.finish(click(start.url, person=str(number)), "GET", start.pending, now())
    assert isinstance(who, Identified), who
    assert (who.given, who.family, who.born) == (person.given, person.family, person.born)
    assert who.subject_key == (f"eidas:{person.foreign}" if person.foreign else f"hetu:{person.code}")
    assert who.code == (None if person.foreign else PersonalIdentityCode(person.code))
    assert (who.level, who.method, who.provider) == (Assurance.TEST_SUBSTANTIAL, "urn:kuuluu:demo", "demo")
    assert abs(who.authenticated_at.timestamp() - time.time()) < 5
    assert who.authenticated_at.tzinfo is UTC
    assert re.fullmatch(r"[0-9a-f]{64}", who.transaction)


def test_two_logins_leave_different_evidence(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    seen = set()
    for _ in range(2):
        start = begun(identities)
        who = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
        assert isinstance(who, Identified)
        seen.add(who.transaction)
    assert len(seen) == 2


def test_cancelling_comes_back_as_cancelled_with_its_state_and_issuer(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    start = begun(identities)
    answer = click(start.url, cancel="1")
    assert dict(answer)["state"] == start.pending.state
    assert dict(answer)["iss"] == demo_issuer
    assert identities.finish(answer, "GET", start.pending, now()) == Cancelled()


def test_a_code_works_once(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    start = begun(identities)
    answer = click(start.url, person="1")
    assert isinstance(identities.finish(answer, "GET", start.pending, now()), Identified)
    assert identities.finish(answer, "GET", start.pending, now()) == Refused("token endpoint: invalid_grant")


def test_another_verifier_gets_nothing(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    mine, other = begun(identities), begun(identities)
    answer = [(k, other.pending.state if k == "state" else v) for k, v in click(mine.url, person="1")]
    assert identities.finish(answer, "GET", other.pending, now()) == Refused("token endpoint: invalid_grant")


def test_a_portal_with_another_key_is_not_let_begin(demo_issuer: str, adapter: Build, tmp_path: Path) -> None:
    client_keys.make(tmp_path / "k.jwks", 0)
    start = begun(adapter(demo_issuer, keys=ClientKeys(tmp_path / "k.jwks")))
    assert requests.get(start.url, timeout=5).status_code == 400


def test_production_levels_keep_demo_people_out(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer, accepted=frozenset({Assurance.SUBSTANTIAL.value, Assurance.HIGH.value}))
    start = begun(identities)
    outcome = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
    assert outcome == Refused("ID token: acr", "level")


def test_production_codes_keep_demo_people_out(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer, allow_temporary_codes=False)
    start = begun(identities)
    outcome = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
    assert outcome == Refused("no such personal identity code", "identifier")


def test_a_restarted_provider_with_new_keys_is_believed_at_once(adapter: Build, our_public: dict[str, Any]) -> None:
    client = DemoClient(CLIENT, frozenset({CALLBACK}), our_public)
    apps: list[Any] = []

    def make(port: int):  # type: ignore[no-untyped-def]  # WSGI
        apps.extend(create_provider(port, [client]) for _ in range(2))
        return lambda environ, start: apps[0](environ, start)

    with serving(make) as issuer:
        identities = adapter(issuer)
        for _ in range(2):
            start = begun(identities)
            who = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
            assert isinstance(who, Identified), who
            apps.reverse()


@pytest.mark.parametrize(
    ("language", "banner"),
    [
        ("fi", "DEMO – ei oikeaa tunnistautumista"),
        ("sv", "DEMO – ingen riktig identifiering"),
        ("en", "DEMO – not a real identification"),
    ],
)
def test_the_page_says_in_the_visitors_language_that_it_proves_nothing(
    language: str, banner: str, adapter: Build, demo_issuer: str
) -> None:
    page = requests.get(begun(adapter(demo_issuer), language).url, timeout=5)
    assert f'<html lang="{language}">' in page.text
    assert banner in page.text
    assert page.text.count("<h1>") == 1
    assert "O&#39;Testinen" in page.text


def test_the_page_shows_no_identity_code_and_sets_no_cookie(adapter: Build, demo_issuer: str) -> None:
    page = requests.get(begun(adapter(demo_issuer)).url, timeout=5)
    assert not any(person.code in page.text for person in DEMO_PEOPLE)
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"


def test_the_page_runs_nothing_and_may_send_its_form_back_to_the_portal(adapter: Build, demo_issuer: str) -> None:
    page = requests.get(begun(adapter(demo_issuer)).url, timeout=5)
    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"style-src 'nonce-([^']+)'", policy)
    assert nonce
    assert f'<style nonce="{nonce[1]}">' in page.text
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8000;" in policy


def resigned(url: str, keys: ClientKeys, **changes: Any) -> str:
    """The same address, other words in our request object."""
    sent = asked(url)
    claims = jwt.decode(sent["request"], keys.signing()).claims | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": "RS256", "kid": keys.signing().kid}
    query = sent | {"request": jwt.encode(header, claims, keys.signing(), ["RS256"])}
    return f"{url.partition('?')[0]}?{urlencode(query)}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "stranger"),
        ("redirect_uri", "http://127.0.0.1:9/elsewhere"),
        ("redirect_uri", None),
        ("response_type", "token"),
        ("code_challenge", None),
        ("code_challenge_method", "plain"),
        ("code_challenge_method", None),
        ("nonce", None),
        ("aud", "https://other.example"),
        ("exp", 1_700_000_000),
        ("exp", None),
        ("jti", None),
    ],
)
def test_a_wrong_request_gets_a_page_and_no_redirect(
    name: str, value: Any, adapter: Build, our_keys: ClientKeys, demo_issuer: str
) -> None:
    url = resigned(begun(adapter(demo_issuer)).url, our_keys, **{name: value})
    for send in (requests.get, requests.post):
        answer = send(url, allow_redirects=False, timeout=5)
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_words_beside_the_request_object_change_nothing(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    start = begun(identities)
    answer = click(f"{start.url}&nonce=other&redirect_uri=http://127.0.0.1:9/&state=other", person="0")
    assert isinstance(identities.finish(answer, "GET", start.pending, now()), Identified)


@pytest.mark.parametrize("url", ["{0}/authorize?client_id=kuuluu-test&response_type=code&scope=openid",
                                 "{0}/authorize?client_id=kuuluu-test&request=e30.e30.x"])  # fmt: skip
def test_a_request_that_is_not_signed_gets_a_page(url: str, demo_issuer: str) -> None:
    assert requests.get(url.format(demo_issuer), timeout=5).status_code == 400


@pytest.mark.parametrize("form", [{}, {"person": "99"}, {"person": "-1"}, {"person": "²"}])
def test_a_wrong_button_signs_nobody_in(form: dict[str, str], adapter: Build, demo_issuer: str) -> None:
    answer = requests.post(begun(adapter(demo_issuer)).url, data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize("person", [one for one in DEMO_PEOPLE if not one.foreign], ids=lambda person: person.given)
def test_demo_people_have_right_codes_that_no_real_person_has(person) -> None:  # type: ignore[no-untyped-def]
    code = PersonalIdentityCode.parse(person.code, allow_temporary=True, today=datetime.now(UTC).date())
    assert code.born == person.born
    assert person.code[7] == "9"
