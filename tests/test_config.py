"""A setting that is missing or weak stops the start, with its name and what it wants."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import config
from portal import wiring
from portal.adapters.vault.keys import KeyRing
from tests import make

PROVIDER = {
    "id": "bank", "label": "Bank", "preset": "telia", "issuer": "https://id.example.fi", "client_id": "kuuluu",
    "accepted": ["http://ftn.ficora.fi/2017/loa2"],
}  # fmt: skip
RIGHT = {
    "DATABASE_URL": "postgresql://kuuluu@db/kuuluu",
    "DATA_DIR": "/var/lib/kuuluu",
    "KEYS_FILE": "/etc/kuuluu/keys.json",
    "CONTROLLER_KEYS_DIR": "/var/lib/kuuluu-keys",
    "LEDGER_DIR": "/var/lib/kuuluu-ledger",
    "MANIFEST_KEYS": "/etc/kuuluu/manifest-keys.json",
    "CITIZEN_URL": "https://kuuluu.example.fi",
    "STAFF_URL": "https://kuuluu-staff.example.fi",
    "PROVIDERS": json.dumps([PROVIDER]),
}


def start(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> config.Settings:
    """Load the settings of a production start with some of them changed or left out."""
    for name in list(os.environ):
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)
    for name, value in (RIGHT | changes).items():
        if value is not None:
            monkeypatch.setenv(f"PORTAL_{name}", value)
    return config.load()


def provider(**changes: Any) -> str:
    return json.dumps([PROVIDER | changes])


def test_right_settings_start_and_are_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = start(monkeypatch)
    assert found.secure
    assert found.database_url == "postgresql+psycopg://kuuluu@db/kuuluu"
    with pytest.raises(Exception, match="frozen"):
        found.mode = "demo"  # type: ignore[misc]  # that is what is tried


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "DATA_DIR", "KEYS_FILE", "CITIZEN_URL", "STAFF_URL", "PROVIDERS", "MANIFEST_KEYS"]
)
def test_a_missing_setting_stops_the_start_with_its_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(config.BadSettings, match=f"PORTAL_{name}"):
        start(monkeypatch, **{name: None})


@pytest.mark.parametrize(
    ("name", "value", "wants"),
    [
        ("CITIZEN_URL", "http://kuuluu.example.fi", "https"),
        ("STAFF_URL", "http://kuuluu.example.fi", "https"),
        ("CITIZEN_URL", "kuuluu", "URL"),
        ("DATABASE_URL", "mysql://x", "sqlite:///PATH or postgresql"),
        ("MODE", "test", "production"),
        ("FACES", "admin", "citizen"),
        ("PROXY_HOPS", "9", "less than or equal to 5"),
        ("KEYS", '{"kind": "command"}', "the program and its arguments"),
        ("LEDGER_DIR", "/var/lib/kuuluu/ledger", "outside PORTAL_DATA_DIR"),
        ("CONTROLLER_KEYS_DIR", "/var/lib/kuuluu", "outside PORTAL_DATA_DIR"),
        ("PROVIDERS", "[]", "at least one"),
        ("PROVIDERS", provider(test=True), "test provider"),
        ("PROVIDERS", provider(preset="demo"), "test provider"),
        ("PROVIDERS", provider(preset="plain"), "telia"),
        ("PROVIDERS", provider(scope="openid"), "not permitted"),
        ("PROVIDERS", provider(accepted=["http://ftn.ficora.fi/2017/loatest2"]), "test provider"),
        ("PROVIDERS", provider(accepted=["http://ftn.ficora.fi/2017/LOATEST3"]), "test provider"),
        ("PROVIDERS", provider(issuer="http://id.example.fi"), "https"),
        ("PROVIDERS", provider(accepted=[]), "at least one level"),
    ],
)
def test_a_weak_setting_stops_the_start_with_its_name_and_what_it_wants(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wants: str
) -> None:
    with pytest.raises(config.BadSettings) as stopped:
        start(monkeypatch, **{name: value})
    assert f"PORTAL_{name}" in str(stopped.value)
    assert wants in str(stopped.value)


def test_a_refused_setting_is_not_repeated_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(config.BadSettings) as stopped:
        start(monkeypatch, DATABASE_URL="mysql://user:hunter2@db/x")
    assert "hunter2" not in str(stopped.value)


def test_a_missing_key_ring_stops_the_start(tmp_path: Path, sqlite_url: str) -> None:
    settings = make.settings(tmp_path, sqlite_url, keys_file=tmp_path / "none.json")
    with pytest.raises(config.BadSettings, match="PORTAL_KEYS_FILE"):
        wiring.build_office(settings)


def test_a_key_ring_that_others_can_read_stops_the_start(tmp_path: Path, sqlite_url: str) -> None:
    ring = tmp_path / "open.json"
    KeyRing.create(ring)
    ring.chmod(0o644)
    with pytest.raises(config.BadSettings, match=r"PORTAL_KEYS_FILE.*0600"):
        wiring.build_office(make.settings(tmp_path, sqlite_url, keys_file=ring))


def test_a_database_of_another_version_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(config.BadSettings, match=r"PORTAL_DATABASE_URL.*flask db upgrade"):
        wiring.create_app(make.settings(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}"))


def test_production_does_not_start_with_texts_that_no_lawyer_has_approved(tmp_path: Path, sqlite_url: str) -> None:
    demo = make.settings(tmp_path, sqlite_url)
    wiring.build_office(demo)
    with pytest.raises(config.BadSettings, match=r"letters\.sv: S05b.*V17"):
        wiring.build_office(demo.model_copy(update={"mode": "production"}))


def test_a_record_of_approvals_that_cannot_be_read_stops_the_start(tmp_path: Path, sqlite_url: str) -> None:
    record = tmp_path / "approvals.toml"
    record.write_text("[[approval]]\nstatement = 'S99'\n", encoding="utf-8")
    with pytest.raises(config.BadSettings, match=r"PORTAL_TEXT_APPROVALS.*S99"):
        wiring.build_office(make.settings(tmp_path, sqlite_url, text_approvals=record))


@pytest.mark.parametrize("name", ["SEAL_KEY", "SEAL_CERTIFICATE"])
def test_half_a_seal_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(config.BadSettings, match="PORTAL_SEAL_KEY and PORTAL_SEAL_CERTIFICATE"):
        start(monkeypatch, **{name: "/etc/kuuluu/seal.pem"})


def test_a_seal_whose_files_cannot_be_read_stops_the_start(tmp_path: Path, sqlite_url: str) -> None:
    absent = make.settings(tmp_path, sqlite_url, seal_key=tmp_path / "k", seal_certificate=tmp_path / "c")
    with pytest.raises(config.BadSettings, match="PORTAL_SEAL_KEY"):
        wiring.build_office(absent)


def test_codes_by_text_message_are_off_until_a_gateway_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sms = start(monkeypatch).sms
    assert (sms.kind, sms.countries, sms.budget) == ("none", frozenset({358}), 500)


@pytest.mark.parametrize(
    ("sms", "wants"),
    [
        ({"kind": "console"}, "may not enter production"),
        ({"kind": "file"}, "folder"),
        ({"kind": "http", "url": "http://gateway.example", "token_file": "t", "key_file": "k"}, "https"),
        ({"kind": "http", "url": "https://gateway.example", "token_file": "t"}, "key_file"),
        (
            {"kind": "http", "url": "https://gateway.example", "token_file": "t", "key_file": "k",
             "body": {"to": ["{number}"]}},
            "{text}",
        ),
        ({"kind": "carrier pigeon"}, "PORTAL_SMS__KIND"),
        ({"kind": "none", "colour": "blue"}, "PORTAL_SMS__COLOUR"),
    ],
)  # fmt: skip
def test_a_gateway_that_cannot_work_or_would_show_codes_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, sms: dict[str, Any], wants: str
) -> None:
    with pytest.raises(config.BadSettings, match=wants):
        start(monkeypatch, SMS=json.dumps(sms))
