"""A portal whose broker, keys or levels could not serve real people does not start in production."""

import json
from pathlib import Path
from typing import Any

import pytest

from config import BadSettings, Provider, Settings
from portal import wiring
from portal.adapters.identity import client_keys
from tests import make

LEVEL = "http://ftn.ficora.fi/2017/loa2"


def production(folder: Path, url: str, keys: Path | None, **changes: Any) -> Settings:
    """Settings that start in production but for what is changed."""
    agreed = {"id": "bank", "label": "Pankki", "preset": "telia", "issuer": "https://bank.example", "client_id": "k"}
    provider = Provider(**(agreed | {"accepted": frozenset({LEVEL})} | changes))
    demo = make.settings(folder, url, providers=(provider,), citizen_url="https://kuuluu.example/")
    if keys:
        file = client_keys.key_file(folder / "data", "bank")
        file.write_bytes(keys.read_bytes())
        file.chmod(0o600)
    return demo.model_copy(update={"mode": "production"})


def test_a_broker_with_keys_and_production_levels_starts(tmp_path: Path, sqlite_url: str, client_key: Path) -> None:
    found = wiring._identities(production(tmp_path, sqlite_url, client_key))
    assert list(found) == ["bank"]
    assert found["bank"].settings.redirect_uri == "https://kuuluu.example/login/bank/callback"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"preset": "demo"}, "the preset is for tests"),
        ({"test": True}, "temporary personal identity codes"),
        ({"accepted": frozenset({"http://ftn.ficora.fi/2017/loatest2"})}, "a test level is accepted"),
        ({"accepted": frozenset({LEVEL, "http://ftn.ficora.fi/2017/loatest3"})}, "a test level is accepted"),
        ({"accepted": frozenset({"loa2"})}, "accepted must name levels"),
        ({"issuer": "http://127.0.0.1:8020"}, "the issuer is not https"),
        ({"issuer": "http://bank.example"}, "issuer must be an https address"),
        ({"client_id": ""}, "client_id is empty"),
        ({"service_name": "Kuuluu <b>"}, "service_name"),
        ({"preset": "op"}, "entity_key: wanted"),
        ({"preset": "op", "entity_key": Path("/nonexistent/op.pem")}, r"op\.pem: not an entity key"),
    ],
)
def test_an_unfit_broker_stops_the_start_with_its_name(
    changes: dict[str, Any], reason: str, tmp_path: Path, sqlite_url: str, client_key: Path
) -> None:
    with pytest.raises(BadSettings, match=rf"PORTAL_PROVIDERS: bank: .*{reason}"):
        wiring._identities(production(tmp_path, sqlite_url, client_key, **changes))


def test_a_redirect_address_without_https_stops_the_start(tmp_path: Path, sqlite_url: str, client_key: Path) -> None:
    found = production(tmp_path, sqlite_url, client_key)
    plain = found.model_copy(update={"citizen_url": "http://127.0.0.1:8000/"})
    with pytest.raises(BadSettings, match="the redirect address is not https"):
        wiring._identities(plain)


def test_production_makes_no_keys_by_itself(tmp_path: Path, sqlite_url: str) -> None:
    with pytest.raises(BadSettings, match=r"client-bank\.jwks: there are no keys; make them with flask keys new"):
        wiring._identities(production(tmp_path, sqlite_url, None))


def test_missing_encryption_keys_and_one_key_for_both_uses_stop_the_start(
    tmp_path: Path, sqlite_url: str, client_key: Path
) -> None:
    found = production(tmp_path, sqlite_url, client_key)
    file = client_keys.key_file(tmp_path / "data", "bank")
    signing, opening = json.loads(file.read_text())["keys"]
    for members, reason in (
        ([signing], "one current encryption key"),
        ([signing, signing | {"use": "enc"}], "one key for two uses"),
        ([signing, opening | {"n": opening["n"][:170]}], "under 2048 bits"),
    ):
        file.write_text(json.dumps({"keys": members}))
        with pytest.raises(BadSettings, match=reason):
            wiring._identities(found)
