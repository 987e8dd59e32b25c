"""Keys, metadata and the start: what would be unsafe is refused before anybody signs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML as LibraryXml

from config import BadSettings, Settings
from portal import cli_saml, wiring
from portal.adapters.identity import saml_keys, saml_metadata
from portal.adapters.identity.saml_keys import BadKeys
from portal.adapters.identity.suomifi import SuomiFi, SuomiFiSettings
from portal.domain.identity import Begun, Identified
from tests import make
from tests.adapters.identity.saml.idp import LEVEL, SLO, SP, SSO, Answer, Idp, asked
from tests.adapters.identity.saml.parties import ACS, LOGOUT, suomifi

LOW = "http://ftn.ficora.fi/2017/loatest2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("keys")
    for name in ("ours", "newer"):
        saml_keys.make(made / name, "kuuluu.example", datetime.now(UTC))
    return made


@pytest.fixture(scope="module")
def idp(folder: Path) -> Idp:
    return Idp(folder, saml_keys.load(folder / "ours"), ACS, LOGOUT)


@pytest.fixture
def keys(folder: Path, tmp_path: Path) -> Path:
    """A copy of our keys that a test may spoil."""
    for file in (folder / "ours").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / file.name).chmod(0o600)
    return tmp_path


def weak(path: Path) -> None:
    key = generate_private_key(public_exponent=65537, key_size=1024)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


SPOILT: list[tuple[Callable[[Path], Any], str]] = [
    (lambda at: (at / "encryption.key").unlink(), "encryption.key is missing"),
    (lambda at: (at / "signing.crt").unlink(), "signing.crt is missing"),
    (lambda at: (at / "signing.key").chmod(0o644), "others may read the key"),
    (lambda at: weak(at / "signing.key"), "at least 2048 bits"),
    (lambda at: (at / "signing.key").write_text("x"), "not a private key"),
    (lambda at: (at / "signing.crt").write_text("x"), "not a certificate"),
    (lambda at: (at / "signing.key").write_bytes((at / "encryption.key").read_bytes()), "are one key"),
    (lambda at: (at / "signing.crt").write_bytes((at / "encryption.crt").read_bytes()), "of another key"),
    (lambda at: (at / "encryption-previous.key").write_text("x"), "previous.key"),
]


@pytest.mark.parametrize(("spoil", "why"), SPOILT, ids=[row[1] for row in SPOILT])
def test_keys_that_are_weak_shared_or_amiss_are_refused(keys: Path, spoil: Callable[[Path], Any], why: str) -> None:
    spoil(keys)
    with pytest.raises(BadKeys, match=why):
        saml_keys.load(keys)


def test_keys_are_made_once_and_only_for_us_to_read(folder: Path) -> None:
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in (folder / "ours").glob("*.key")} == {
        "signing.key": "0o600",
        "encryption.key": "0o600",
    }
    with pytest.raises(FileExistsError):
        saml_keys.make(folder / "ours", "kuuluu.example", datetime.now(UTC))
    assert CliRunner().invoke(cli_saml.saml, ["new-key", str(folder / "ours"), "--name", "x"]).exit_code == 1


def test_what_was_encrypted_for_the_previous_key_still_opens(folder: Path, keys: Path, idp: Idp) -> None:
    for name in ("encryption.key", "encryption.crt"):
        (keys / name).write_bytes((folder / "newer" / name).read_bytes())
    agreed = SuomiFiSettings(SP, ACS, LOGOUT, idp.metadata(), frozenset({LEVEL}), allow_temporary_codes=True)
    for previous, opens in ((False, False), (True, True)):
        if previous:
            (keys / "encryption-previous.key").write_bytes((folder / "ours" / "encryption.key").read_bytes())
            (keys / "encryption-previous.key").chmod(0o600)
        provider = SuomiFi(agreed, saml_keys.load(keys))
        begun = provider.begin("fi", "/", datetime.now(UTC))
        assert isinstance(begun, Begun)
        answer = idp.answer(asked(begun.url), Answer())
        outcome = provider.finish([("SAMLResponse", answer)], "POST", begun.pending, datetime.now(UTC))
        assert isinstance(outcome, Identified) == opens, outcome


def test_our_metadata_is_signed_and_says_what_we_demand(folder: Path, idp: Idp) -> None:
    keys = saml_keys.load(folder / "ours")
    agreed = SuomiFiSettings(SP, ACS, LOGOUT, idp.metadata(), frozenset({LEVEL}))
    made = saml_metadata.metadata(agreed, keys, "Puhelutallenteet", datetime.now(UTC))
    assert Utils.validate_metadata_sign(made, cert=keys.signing_certificate, raise_exceptions=True)
    assert not isinstance(LibraryXml.validate_xml(made, "saml-schema-metadata-2.0.xsd"), str)
    root = etree.fromstring(made.encode())
    names = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
    found = {
        one.get("use"): one.findtext(".//ds:X509Certificate", None, names)
        for one in root.iter(f"{{{names['md']}}}KeyDescriptor")
    }
    assert set(found) == {"signing", "encryption"}
    assert found["signing"] != found["encryption"]
    assert root.xpath("//md:SPSSODescriptor/@AuthnRequestsSigned | //md:SPSSODescriptor/@WantAssertionsSigned",
                      namespaces=names) == ["true", "true"]  # fmt: skip
    assert "PRIVATE" not in made


def test_the_command_prints_our_metadata(
    folder: Path, idp: Idp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make.settings(tmp_path, "sqlite:///", providers=(), suomifi=suomifi(tmp_path, folder / "ours", idp))
    monkeypatch.setattr(cli_saml, "load", lambda: found)
    printed = CliRunner().invoke(cli_saml.saml, ["metadata", "--name", "Puhelut"])
    assert printed.exit_code == 0, printed.output
    assert f'entityID="{SP}"' in printed.output


def production(tmp_path: Path, suomi: dict[str, Any], **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "mode": "production", "citizen_url": "https://puhelut.example.fi", "staff_url": "https://staff.example.fi",
        "providers": (), "suomifi": suomi, "ledger_dir": tmp_path / "ledger",
        "controller_keys_dir": tmp_path / "controller-keys", "manifest_keys": tmp_path / "manifest-keys.json",
    }  # fmt: skip
    return make.settings(tmp_path, "sqlite:///x", **(values | changes))


def test_right_settings_start_in_production(folder: Path, idp: Idp, tmp_path: Path) -> None:
    made = wiring.suomifi_of(production(tmp_path, suomifi(tmp_path, folder / "ours", idp, test=False)))
    assert made.settings.acs_url == "https://puhelut.example.fi/login/suomifi/acs"
    assert made.places == (SSO, SLO)


def _weak_certificate(idp: Idp) -> bytes:
    key = generate_private_key(public_exponent=65537, key_size=1024)
    made = saml_keys.self_signed(key, "idp.example", datetime.now(UTC)).public_bytes(Encoding.PEM).decode()
    return idp.metadata(certificate=made)


UNFIT: list[tuple[str, dict[str, Any], Callable[[Idp], bytes] | None, str]] = [
    ("test people", {"test": True}, None, "temporary personal identity codes"),
    ("test level", {"accepted": frozenset({LEVEL, LOW})}, None, "a test level is accepted"),
    ("unknown level", {"accepted": frozenset({"loa2"})}, None, "accepted must name levels"),
    ("http at the provider", {}, lambda idp: idp.metadata(sso="http://127.0.0.1:1/sso"), "not https"),
    ("http off this machine", {}, lambda idp: idp.metadata(slo="http://idp.example/slo"), "no usable singleLogout"),
    ("a weak key of the provider's", {}, _weak_certificate, "under 2048 bits"),
    ("the test environment", {}, lambda idp: idp.metadata().replace(b"https://idp.example/idp1", b"https://testi.x.fi/"),
     "a test environment"),
    ("metadata of another kind", {}, lambda _: b"<x/>", "must describe one identity provider"),
    ("metadata with an entity", {}, lambda idp: b'<!DOCTYPE x [<!ENTITY e "x">]>' + idp.metadata(), "document type"),
    ("no metadata", {"idp_metadata": Path("/nowhere.xml")}, None, "No such file"),
    ("no keys", {"keys_dir": Path("/nowhere")}, None, "signing.key is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "metadata", "why"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT])
def test_the_start_refuses_in_production(
    folder: Path, idp: Idp, tmp_path: Path, change: dict[str, Any], metadata: Callable[[Idp], bytes] | None, why: str
) -> None:
    values = suomifi(tmp_path, folder / "ours", idp, test=False)
    if metadata:
        values["idp_metadata"].write_bytes(metadata(idp))
    with pytest.raises(BadSettings, match=why):
        wiring.suomifi_of(production(tmp_path, values | change))


def test_a_broker_may_not_take_its_name(folder: Path, idp: Idp, tmp_path: Path) -> None:
    broker = make.settings(tmp_path, "sqlite:///x").providers[0].model_copy(update={"id": "suomifi"})
    found = make.settings(tmp_path, "sqlite:///x", suomifi=suomifi(tmp_path, folder / "ours", idp), providers=(broker,))
    with pytest.raises(BadSettings, match="taken"):
        wiring.suomifi_of(found)
