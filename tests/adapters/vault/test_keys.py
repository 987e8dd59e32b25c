"""The master key ring: its file, and the keys derived from it."""

import base64
import json
from pathlib import Path

import pytest

from portal.adapters.vault.keys import KeyRing, KeyRingError


def written(path: Path, content: str, mode: int = 0o600) -> Path:
    path.write_text(content, encoding="ascii")
    path.chmod(mode)
    return path


def ring_text(**keys: bytes) -> str:
    return json.dumps({"current": 1, "keys": {n[1:]: base64.b64encode(k).decode() for n, k in keys.items()}})


def test_a_new_ring_is_its_owners_alone_and_reads_back(tmp_path: Path) -> None:
    made = KeyRing.create(tmp_path / "ring")
    assert (tmp_path / "ring").stat().st_mode & 0o777 == 0o600
    assert KeyRing.load(tmp_path / "ring") == made


def test_a_ring_is_never_overwritten(tmp_path: Path) -> None:
    KeyRing.create(tmp_path / "ring")
    with pytest.raises(KeyRingError, match="exists"):
        KeyRing.create(tmp_path / "ring")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_ring_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "ring", ring_text(k1=bytes(32)), mode)
    with pytest.raises(KeyRingError, match="0600 or 0400"):
        KeyRing.load(path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"current": 1, "keys": {}}', '{"current": 1, "keys": {"1": "short"}}', ring_text(k1=bytes(31)),
     ring_text(k2=bytes(32)), ring_text(k1=bytes(32), k70000=bytes(32))],
)  # fmt: skip
def test_a_broken_ring_is_refused_and_no_key_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(KeyRingError) as refused:
        KeyRing.load(written(tmp_path / "ring", content))
    assert "AAAA" not in str(refused.value)


def test_a_missing_ring_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyRingError, match="ring"):
        KeyRing.load(tmp_path / "ring")


def test_derived_keys_differ_by_controller_purpose_and_generation() -> None:
    ring = KeyRing(2, {1: bytes(32), 2: bytes(range(32))})
    keys = {
        ring.controller_key(c, p, g) for c in ("espoo", "janakkala") for p in ("wrap", "token", "field") for g in (1, 2)
    }
    assert len(keys) == 12
    assert ring.controller_key("espoo", "wrap") == ring.controller_key("espoo", "wrap", 2)


def test_a_derived_key_never_changes_between_versions() -> None:
    ring = KeyRing(1, {1: bytes(range(32))})
    assert ring.controller_key("espoo", "wrap").hex() == (
        "1dec4aae71f5abe59bee268b69bca077a5fb2a3bed664a9d45e459aa8493e611"
    )


def test_a_rotated_ring_keeps_the_old_keys(tmp_path: Path) -> None:
    old = KeyRing.create(tmp_path / "ring")
    new = old.rotated(tmp_path / "ring")
    assert KeyRing.load(tmp_path / "ring") == new
    assert (new.current, new.keys[1]) == (2, old.keys[1])
    assert (tmp_path / "ring").stat().st_mode & 0o777 == 0o600


def test_a_ring_never_shows_its_keys() -> None:
    ring = KeyRing(1, {1: b"k" * 32})
    assert "kkkk" not in repr(ring)


def test_a_generation_that_is_gone_is_an_error() -> None:
    with pytest.raises(KeyRingError, match="no key 3"):
        KeyRing(1, {1: bytes(32)}).controller_key("espoo", "wrap", 3)
