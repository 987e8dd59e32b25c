"""Our signing key in its file."""

import json
from pathlib import Path

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from portal.adapters.identity.oidc import OidcIdentities, OidcSettings, ensure_client_key, public_jwks


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "client.json"
    key = ensure_client_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert ensure_client_key(file).thumbprint() == key.thumbprint() == key.kid
    assert [path.name for path in file.parent.iterdir()] == ["client.json"]


def test_the_public_half_holds_nothing_private(tmp_path: Path) -> None:
    key = ensure_client_key(tmp_path / "client.json")
    [member] = public_jwks(key)["keys"]
    assert set(member) == {"kty", "n", "e", "kid", "use", "alg"}
    assert member["kid"] == key.thumbprint()
    json.dumps(member)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    ensure_client_key(file)
    file.chmod(0o640)
    with pytest.raises(PermissionError, match=r"client\.json"):
        ensure_client_key(file)


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    with pytest.warns(SecurityWarning, match="2048"):
        short = RSAKey.generate_key(1024, private=True)
    file.write_text(json.dumps(short.as_dict(private=True)))
    file.chmod(0o600)
    with pytest.warns(SecurityWarning, match="2048"), pytest.raises(ValueError, match="2048"):
        ensure_client_key(file)


def test_an_adapter_needs_a_private_key(tmp_path: Path) -> None:
    key = ensure_client_key(tmp_path / "client.json")
    public = RSAKey.import_key(key.as_dict(private=False))
    level = frozenset({"http://ftn.ficora.fi/2017/loa2"})
    settings = OidcSettings("x", "https://broker.example", "c", "https://portal.example/cb", level)
    with pytest.raises(ValueError, match="private"):
        OidcIdentities(settings, public)
