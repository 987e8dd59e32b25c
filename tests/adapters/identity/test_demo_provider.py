"""Whole logins through the demo provider, with the real adapter over real HTTP."""

import re
import time
from datetime import UTC, datetime

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from portal.adapters.identity.oidc import OidcIdentities
from portal.demo.provider import DEMO_PEOPLE, DemoClient, create_provider
from portal.domain.identity import Assurance, Begun, Cancelled, Identified, PersonalIdentityCode, Refused
from tests.adapters.identity.conftest import Build
from tests.adapters.identity.peers import CALLBACK, CLIENT, asked, click, serving


def now() -> datetime:
    return datetime.now(UTC)


def begun(identities: OidcIdentities, language: str = "fi") -> Begun:
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
    assert who.subject_key == f"hetu:{person.code}"
    assert who.code is not None
    assert who.code.value == person.code
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


def test_a_portal_with_another_key_gets_nothing(demo_issuer: str, adapter: Build) -> None:
    identities = adapter(demo_issuer)
    stranger = OidcIdentities(identities.settings, RSAKey.generate_key(2048, private=True))
    start = begun(stranger)
    answer = click(start.url, person="1")
    assert stranger.finish(answer, "GET", start.pending, now()) == Refused("token endpoint: invalid_client")


def test_production_levels_keep_demo_people_out(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer, accepted=frozenset({Assurance.SUBSTANTIAL.value, Assurance.HIGH.value}))
    start = begun(identities)
    outcome = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
    assert outcome == Refused("ID token: acr")


def test_production_codes_keep_demo_people_out(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer, allow_temporary_codes=False)
    start = begun(identities)
    outcome = identities.finish(click(start.url, person="0"), "GET", start.pending, now())
    assert outcome == Refused("no such personal identity code")


def test_a_restarted_provider_with_new_keys_is_believed_at_once(adapter: Build, client_key: RSAKey) -> None:
    client = DemoClient(CLIENT, frozenset({CALLBACK}), {"keys": [client_key.as_dict(private=False)]})
    apps = []

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
    ],
)
def test_a_wrong_request_gets_a_page_and_no_redirect(
    name: str, value: str | None, adapter: Build, demo_issuer: str
) -> None:
    query: dict[str, str | None] = {**asked(begun(adapter(demo_issuer)).url), name: value}
    for send in (requests.get, requests.post):
        answer = send(f"{demo_issuer}/authorize", params=query, allow_redirects=False, timeout=5)
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize("form", [{}, {"person": "99"}, {"person": "-1"}, {"person": "²"}])
def test_a_wrong_button_signs_nobody_in(form: dict[str, str], adapter: Build, demo_issuer: str) -> None:
    answer = requests.post(begun(adapter(demo_issuer)).url, data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 400


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.given)
def test_demo_people_have_right_codes_that_no_real_person_has(person) -> None:  # type: ignore[no-untyped-def]
    code = PersonalIdentityCode.parse(person.code, allow_temporary=True, today=datetime.now(UTC).date())
    assert code.born == person.born
    assert person.code[7] == "9"


def test_what_we_send_is_what_brokers_ask_for(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    start = begun(identities, "sv")
    sent = asked(start.url)
    assert start.url.startswith(f"{demo_issuer}/authorize?")
    assert set(sent) == {
        "client_id", "response_type", "scope", "redirect_uri", "state", "nonce", "code_challenge",
        "code_challenge_method", "prompt", "max_age", "ui_locales", "acr_values",
    }  # fmt: skip
    assert (sent["prompt"], sent["max_age"], sent["ui_locales"]) == ("login", "0", "sv")
    assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
    assert sent["state"] == start.pending.state
    assert sent["nonce"] == start.pending.nonce
    assert start.pending.verifier not in start.url


def test_no_two_logins_share_a_secret(adapter: Build, demo_issuer: str) -> None:
    identities = adapter(demo_issuer)
    pending = [begun(identities).pending for _ in range(20)]
    for name in ("state", "nonce", "verifier"):
        assert len({getattr(one, name) for one in pending}) == 20
    assert all(len(one.state) >= 43 and len(one.nonce) >= 43 and len(one.verifier) >= 43 for one in pending)


def test_a_thousand_assertions_are_short_lived_and_each_its_own(adapter: Build, client_key: RSAKey) -> None:
    identities = adapter("http://127.0.0.1:1")
    ids = set()
    for _ in range(1000):
        text = identities._sign({"sub": CLIENT, "aud": "https://broker.example/token"}, 1_000_000, 120)
        token = jwt.decode(text, client_key)
        assert token.header == {"alg": "RS256", "kid": client_key.thumbprint(), "typ": "JWT"}
        assert token.claims["iss"] == token.claims["sub"] == CLIENT
        assert token.claims["exp"] - token.claims["iat"] == 120
        ids.add(token.claims["jti"])
    assert len(ids) == 1000
