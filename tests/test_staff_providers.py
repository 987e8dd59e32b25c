"""Staff providers are configured apart from the citizens', and what is wrong with one stops the start in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config import BadSettings, StaffProvider
from portal import wiring
from portal.domain.access import Role
from tests import make

RIGHT: dict[str, Any] = {
    "id": "work", "kind": "keycloak", "label": "Kaupungin tunnus", "issuer": "https://sso.example.fi/realms/city",
    "client_id": "kuuluu", "groups": {"/kuuluu/handlers": ["espoo:handler", "janakkala:handler"]},
}  # fmt: skip

Build = Callable[..., Any]


@pytest.fixture
def build(tmp_path: Path, sqlite_url: str, client_key: Path) -> Build:
    """The organisations of an office with this one, changed."""
    keys = tmp_path / "data"
    keys.mkdir()

    def made(**changes: Any) -> Any:
        settings = make.settings(tmp_path, sqlite_url, staff_providers=(StaffProvider(**RIGHT | changes),))
        return wiring._organisations(settings, dict.fromkeys(("espoo", "janakkala")))  # type: ignore[arg-type]  # the names count

    return made


def test_groups_give_roles_by_register(build: Build) -> None:
    found = build()["work"]
    assert (found.id, found.label) == ("work", "Kaupungin tunnus")
    assert found.roles_of(frozenset({"/kuuluu/handlers", "others"})) == {
        "espoo": {Role.HANDLER}, "janakkala": {Role.HANDLER},
    }  # fmt: skip
    assert found.roles_of(frozenset({"others"})) == {}


def test_several_groups_add_up(build: Build) -> None:
    found = build(groups={"a": ["espoo:handler"], "b": ["espoo:listener"]})["work"]
    assert found.roles_of(frozenset({"a", "b"})) == {"espoo": {Role.HANDLER, Role.LISTENER}}


def test_several_factors_are_demanded_unless_the_controller_says_otherwise(build: Build) -> None:
    assert build()["work"].provider.settings.mfa is True


def test_the_portal_makes_keys_of_its_own_and_keeps_them(build: Build, tmp_path: Path) -> None:
    first, again = (build()["work"].provider.public_keys(make.NOON) for _time in range(2))
    assert first == again
    (file,) = (tmp_path / "data").glob("client-staff-work.jwks")
    assert file.stat().st_mode & 0o077 == 0
    assert '"d"' not in json.dumps(list(first))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"groups": {"g": ["nowhere:handler"]}}, "no register:role"),
        ({"groups": {"g": ["espoo:king"]}}, "no register:role"),
        ({"groups": {"g": ["handler"]}}, "no register:role"),
        ({"issuer": "http://sso.example.fi"}, "issuer must be an https address"),
        ({"kind": "entra", "tenant": "common"}, "never common"),
        ({"kind": "entra", "tenant": "11111111-2222-3333-4444-555555555555"}, "wants client_secret_file"),
        ({"client_secret_file": "/nowhere/secret"}, "No such file"),
        ({"mfa_amr": []}, "neither mfa_amr nor mfa_acr"),
    ],
)
def test_what_is_wrong_stops_the_start_with_its_name(build: Build, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BadSettings, match="PORTAL_STAFF_PROVIDERS: work") as caught:
        build(**changes)
    assert why in str(caught.value)


@pytest.mark.parametrize("changes", [{"kind": "saml"}, {"groups": {}}, {"id": "Work"}, {"mfaa": False}])
def test_a_setting_that_is_misspelt_is_not_passed_over(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StaffProvider(**RIGHT | changes)


def test_a_client_that_serves_citizens_never_serves_staff(tmp_path: Path, sqlite_url: str) -> None:
    citizens = make.settings(tmp_path, sqlite_url).providers[0]
    shared = StaffProvider(**RIGHT | {"issuer": citizens.issuer, "client_id": citizens.client_id})
    with pytest.raises(ValidationError, match="wants a client of its own"):
        make.settings(tmp_path, sqlite_url, staff_providers=(shared,))


def test_each_provider_has_a_name_of_its_own(tmp_path: Path, sqlite_url: str) -> None:
    with pytest.raises(ValidationError, match="a different id for each"):
        make.settings(tmp_path, sqlite_url, staff_providers=(StaffProvider(**RIGHT), StaffProvider(**RIGHT)))


def test_production_wants_an_https_issuer(tmp_path: Path, sqlite_url: str) -> None:
    local = StaffProvider(**RIGHT | {"issuer": "http://127.0.0.1:1"})
    citizens = make.settings(tmp_path, sqlite_url).providers
    with pytest.raises(ValidationError, match="issuer wants an https address"):
        make.settings(
            tmp_path, sqlite_url, mode="production", staff_providers=(local,), providers=citizens,
            citizen_url="https://a.example", staff_url="https://b.example",
        )  # fmt: skip


def test_a_sign_in_form_may_lead_to_the_organisation(tmp_path: Path, sqlite_url: str) -> None:
    given = make.settings(tmp_path, sqlite_url, faces="staff", staff_providers=(StaffProvider(**RIGHT),))
    answer = wiring.create_app(given, wiring.build_office(given, make.Clock())).test_client().get("/fi/staff/sign-in")
    assert (
        "form-action 'self' http://127.0.0.1:8020 https://sso.example.fi;"
        in answer.headers["Content-Security-Policy"] + ";"
    )
    assert "Kaupungin tunnus" in answer.get_data(as_text=True)
