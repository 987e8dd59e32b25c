"""What we send, member by member: what a broker's guide demands, and what no independent provider would notice."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt

from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.presets import PRESETS
from portal.domain.identity import Begun
from tests.adapters.identity.conftest import Build
from tests.adapters.identity.peers import CALLBACK, CLIENT, TEST_LEVEL, Hostile, asked


def begun(identities: Any, language: str = "fi") -> Begun:
    start = identities.begin(language, "my-requests", datetime.now(UTC))
    assert isinstance(start, Begun), start
    return start


def opened(start: Begun, keys: ClientKeys) -> tuple[dict[str, Any], dict[str, Any]]:
    token = jwt.decode(asked(start.url)["request"], keys.signing())
    return token.header, token.claims


def test_the_address_holds_the_request_object_and_three_words_beside_it(
    hostile: Hostile, adapter: Build, our_keys: ClientKeys
) -> None:
    start = begun(adapter(hostile.issuer))
    sent = asked(start.url)
    assert start.url.startswith(f"{hostile.issuer}/authorize?")
    assert set(sent) == {"client_id", "response_type", "scope", "request"}
    _, claims = opened(start, our_keys)
    assert {name: sent[name] for name in ("client_id", "response_type", "scope")} == {
        "client_id": claims["client_id"], "response_type": claims["response_type"], "scope": claims["scope"],
    }  # fmt: skip
    assert len(start.url) < 2800, "servers take addresses of a few kilobytes only"


def test_the_request_object_holds_what_telias_guide_demands(
    hostile: Hostile, adapter: Build, our_keys: ClientKeys
) -> None:
    start = begun(adapter(hostile.issuer, service_name="Kuuluu"), "sv")
    header, claims = opened(start, our_keys)
    assert header == {"alg": "RS256", "kid": our_keys.signing().thumbprint(), "typ": "oauth-authz-req+jwt"}
    fixed = {
        "iss": CLIENT, "aud": hostile.issuer, "client_id": CLIENT, "response_type": "code",
        "scope": "openid profile personal_identity_code", "redirect_uri": CALLBACK, "state": start.pending.state,
        "nonce": start.pending.nonce, "code_challenge_method": "S256", "prompt": "login", "max_age": 0,
        "ui_locales": "sv", "acr_values": TEST_LEVEL, "ftn_spname": "Kuuluu",
    }  # fmt: skip
    assert {name: claims[name] for name in fixed} == fixed
    assert set(claims) - set(fixed) == {"iat", "exp", "jti", "code_challenge"}
    assert claims["exp"] - claims["iat"] == 600
    assert abs(claims["iat"] - time.time()) < 5
    assert start.pending.verifier not in start.url


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_each_broker_is_asked_for_its_own_scope_in_a_request_object_of_its_own_type(
    name: str, hostile: Hostile, adapter: Build, our_keys: ClientKeys
) -> None:
    preset = PRESETS[name]
    changes = {"scope": preset.scope, "request_type": preset.request_type, "prompt": preset.prompt}
    header, claims = opened(begun(adapter(hostile.issuer, preset=changes)), our_keys)
    assert (header["typ"], claims["scope"], claims["prompt"]) == (preset.request_type, preset.scope, preset.prompt)
    assert "openid" in claims["scope"].split()
    assert "ftn_spname" not in claims


def test_no_two_logins_share_a_secret(hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = [begun(identities).pending for _ in range(20)]
    for name in ("state", "nonce", "verifier"):
        assert len({getattr(one, name) for one in pending}) == 20
    assert all(len(one.state) >= 43 and len(one.nonce) >= 43 and len(one.verifier) >= 43 for one in pending)


def test_a_thousand_assertions_are_for_the_token_endpoint_short_lived_and_each_its_own(
    adapter: Build, our_keys: ClientKeys
) -> None:
    identities, key = adapter("http://127.0.0.1:1"), our_keys.signing()
    prove = identities._proof("https://broker.example/token", 1_000_000)
    ids = set()
    for _ in range(1000):
        _, _, body = prove(None, "POST", "https://broker.example/token", {}, "")
        form = dict(part.split("=", 1) for part in body.split("&"))
        token = jwt.decode(form["client_assertion"], key)
        assert token.header == {"alg": "RS256", "kid": key.thumbprint(), "typ": "JWT"}
        assert set(token.claims) == {"iss", "sub", "aud", "iat", "exp", "jti"}
        assert token.claims["iss"] == token.claims["sub"] == CLIENT
        assert token.claims["aud"] == "https://broker.example/token"
        assert 0 < token.claims["exp"] - token.claims["iat"] <= 600
        ids.add(token.claims["jti"])
    assert len(ids) == 1000
