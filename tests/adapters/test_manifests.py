"""The keys that sign what was given: their file, their signature, and their change."""

import json
import stat
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from portal.adapters import manifests
from portal.adapters.manifests import ManifestKeyError

TOLD = b'{"case": "R-2026-00001"}'


def verified(token: str, keys: manifests.ManifestKeys) -> bytes:
    """The payload, by the published keys alone."""
    published = KeySet([import_key(one) for one in keys.public_keys()["keys"]])
    return jws.deserialize_compact(token, published, algorithms=["Ed25519"]).payload


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "manifest-keys.json"
    manifests.create(path)
    return path


def test_new_keys_are_their_owners_alone_and_never_written_over(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(ManifestKeyError, match="exists"):
        manifests.create(file)
    assert file.read_bytes() == before


def test_what_is_signed_is_verified_by_the_published_keys(file: Path) -> None:
    keys = manifests.load(file)
    assert verified(keys.sign(TOLD), keys) == TOLD
    assert keys.sign(TOLD) == keys.sign(TOLD)
    other = manifests.create(file.with_name("other.json"))
    with pytest.raises(JoseError):
        verified(other.sign(TOLD), keys)


def test_no_private_half_is_published_or_shown(file: Path) -> None:
    keys = manifests.rotate(file)
    secret = json.loads(file.read_text())["key"]["d"]
    assert all("d" not in one for one in keys.public_keys()["keys"])
    assert secret not in repr(keys)


def test_after_a_change_old_signatures_still_verify_and_the_old_private_half_is_gone(file: Path) -> None:
    before = manifests.load(file)
    token, old = before.sign(TOLD), json.loads(file.read_text())["key"]["d"]
    after = manifests.rotate(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert old not in file.read_text()
    assert verified(token, manifests.load(file)) == TOLD
    assert verified(after.sign(TOLD), manifests.load(file)) == TOLD
    assert len(manifests.rotate(file).public_keys()["keys"]) == 3
    assert list(file.parent.glob(".*")) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"key": {"kty": "oct", "k": "AAAA"}, "earlier": []}'])
def test_a_file_that_holds_no_such_key_is_refused(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ManifestKeyError, match="flask keys manifest new"):
        manifests.load(file)


def test_a_public_half_alone_cannot_sign(file: Path) -> None:
    kept = json.loads(file.read_text())
    del kept["key"]["d"]
    file.write_text(json.dumps(kept))
    with pytest.raises(ManifestKeyError, match="flask keys manifest new"):
        manifests.load(file)


def test_keys_that_others_can_read_are_refused(file: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(ManifestKeyError, match="mode 0640"):
        manifests.load(file)


def test_absent_keys_are_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestKeyError, match=r"none\.json"):
        manifests.load(tmp_path / "none.json")
