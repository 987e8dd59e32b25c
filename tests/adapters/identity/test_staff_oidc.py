"""An organisation's provider: what can never be right is refused at once, and what we send is what was agreed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from portal.adapters.identity import client_keys
from portal.adapters.identity.staff_claims import StaffOidcSettings
from portal.adapters.identity.staff_oidc import StaffOidc, read_secret
from portal.domain.identity import Unreachable
from portal.services.ports.organisation import LoggedOut, Member, Sending
from tests.make import NOON
from tests.web.staff.employer import CLIENT, PERSON, SECRET, TENANT, Employer, asked, organisation, serving

RIGHT: dict[str, Any] = {
    "id": "work", "kind": "entra", "issuer": f"https://login.example/{TENANT}/v2.0", "client_id": "kuuluu",
    "redirect_uri": "https://staff.example/staff-login/work/callback", "tenant": TENANT,
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "http://login.example"}, {"issuer": "ftp://login.example"}, {"redirect_uri": "http://staff.example"},
        {"client_id": ""}, {"scope": "profile"}, {"groups_claim": ()}, {"groups_claim": ("",)}, {"tenant": None},
        {"tenant": "common"}, {"tenant": "organizations"}, {"mfa_amr": frozenset()},
    ],
    ids=str,
)  # fmt: skip
def test_settings_that_could_never_be_right_are_refused(changes: dict[str, Any]) -> None:
    StaffOidcSettings(**RIGHT)
    with pytest.raises(ValueError, match=r"issuer|redirect_uri|client_id|scope|groups_claim|tenant|mfa"):
        StaffOidcSettings(**RIGHT | changes)


@pytest.mark.parametrize(
    ("text", "mode"), [(SECRET, 0o644), ("short", 0o600), ("sécret of the tests", 0o600), ("", 0o600)]
)
def test_a_secret_that_others_may_read_or_guess_is_refused(tmp_path: Path, text: str, mode: int) -> None:
    file = tmp_path / "secret"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    with pytest.raises((OSError, ValueError)) as caught:
        read_secret(file)
    assert text == "" or text not in str(caught.value)


def test_a_secret_is_read_without_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n", encoding="utf-8")
    file.chmod(0o600)
    assert read_secret(file) == SECRET


@pytest.fixture(scope="module")
def employer() -> Any:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    with serving(Employer(key, key)) as running:
        running.reset(lambda: NOON)
        yield running


def address(provider: Any, anew: bool = False) -> dict[str, str]:
    sending = provider.begin("sv", anew, NOON)
    assert isinstance(sending, Sending)
    return asked(sending.url)


def test_levels_are_asked_for_in_each_presets_own_way(employer: Employer) -> None:
    keycloak = organisation("keycloak", employer.issuer, mfa_acr=frozenset({"gold", "silver"})).provider
    entra = organisation("entra", employer.issuer, mfa_acr=frozenset({"c1"})).provider
    assert address(keycloak)["acr_values"] == "gold silver"
    assert json.loads(address(entra)["claims"]) == {"id_token": {"acrs": {"essential": True, "values": ["c1"]}}}
    without = organisation("keycloak", employer.issuer, mfa=False, mfa_acr=frozenset({"gold"})).provider
    assert "acr_values" not in address(without)


def test_every_address_has_its_own_state_nonce_and_challenge(employer: Employer) -> None:
    provider = organisation("keycloak", employer.issuer).provider
    found = [address(provider) for _time in range(3)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({one[name] for one in found}) == 3
    assert {one["ui_locales"] for one in found} == {"sv"}
    assert "prompt" not in found[0]
    assert (address(provider, anew=True)["prompt"], address(provider, anew=True)["max_age"]) == ("login", "0")


def finished(employer: Employer, provider: Any) -> Any:
    sending = provider.begin("fi", False, NOON)
    assert isinstance(sending, Sending)
    employer.nonce = sending.sent.nonce
    return provider.finish([("code", "c"), ("state", sending.sent.state)], "GET", sending.sent, NOON)


def test_a_level_alone_is_proof_where_it_was_agreed(employer: Employer) -> None:
    employer.claims = {"amr": ["pwd"], "acr": "gold", "acrs": ["c2", "c1"]}
    agreed = {"keycloak": "gold", "entra": "c1"}
    for kind, level in agreed.items():
        provider = organisation(kind, employer.issuer, mfa_acr=frozenset({level})).provider
        assert isinstance(finished(employer, provider), Member), kind
    employer.claims = {}


def test_groups_may_stand_in_a_nested_claim(employer: Employer) -> None:
    employer.claims = {"groups": None, "realm_access": {"roles": ["kuuluu-handlers"]}}
    provider = organisation("keycloak", employer.issuer, groups_claim=("realm_access", "roles")).provider
    member = finished(employer, provider)
    assert isinstance(member, Member)
    assert member.groups == {"kuuluu-handlers"}
    employer.claims = {}


def test_entra_is_the_same_person_under_another_subject_and_keycloak_is_not(employer: Employer) -> None:
    found = {}
    for kind in ("entra", "keycloak"):
        for subject in ("first", "second"):
            employer.claims = {"sub": subject}
            found[kind, subject] = finished(employer, organisation(kind, employer.issuer).provider)
    employer.claims = {}
    assert found["entra", "first"].identity == found["entra", "second"].identity
    assert found["keycloak", "first"].identity != found["keycloak", "second"].identity
    assert not {PERSON, TENANT, "first", "second"} & set(vars(found["entra", "first"]).values())


def test_we_prove_ourselves_by_a_key_whose_assertion_is_short_and_new_each_time(
    tmp_path: Path, employer: Employer
) -> None:
    keys = tmp_path / "client-staff-work.jwks"
    client_keys.make(keys, int(NOON.timestamp()))
    settings = organisation("keycloak", employer.issuer).provider.settings  # type: ignore[attr-defined]  # StaffOidc's
    provider = StaffOidc(settings, keys)
    employer.forms.clear()
    employer.authorisations.clear()
    assert isinstance(finished(employer, provider), Member)
    assert isinstance(finished(employer, provider), Member)
    (shown,) = provider.public_keys(NOON)
    assert shown.keys() == {"kty", "use", "alg", "kid", "n", "e"}
    tokens = [
        jwt.decode(form["client_assertion"], RSAKey.import_key(dict(shown)), algorithms=["RS256"])
        for form in employer.forms
    ]
    assert {token.header["kid"] for token in tokens} == {shown["kid"]}
    for claims in (token.claims for token in tokens):
        assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, f"{employer.issuer}/token_endpoint")
        assert claims["exp"] - claims["iat"] == 120
    assert len({token.claims["jti"] for token in tokens}) == 2
    assert employer.authorisations == [None, None]


def test_a_secret_has_no_public_key(employer: Employer) -> None:
    assert organisation("keycloak", employer.issuer).provider.public_keys(NOON) == ()


def test_a_logout_says_whom_it_means_in_digests(employer: Employer) -> None:
    provider = organisation("keycloak", employer.issuer).provider
    employer.claims = {}
    member, told = finished(employer, provider), provider.logged_out(employer.logout_token(), NOON)
    assert isinstance(told, LoggedOut)
    assert (told.session, told.subject) == (member.session, member.subject)
    assert told.until - NOON > timedelta(seconds=300 + 30)
    assert all(len(one or "") == 64 for one in (told.key, told.session, told.subject))


def test_a_provider_that_is_away_is_unreachable_and_no_fault() -> None:
    provider = organisation("keycloak", "http://127.0.0.1:9").provider
    assert isinstance(provider.begin("fi", False, NOON), Unreachable)
