"""Each controller's own secret: made once, shared by every process, and gone for good when it is destroyed."""

import shutil
from io import BytesIO
from pathlib import Path

import pytest

from portal.adapters.vault.controller_keys import ControllerKeys
from portal.adapters.vault.keys import KeyRing, KeyRingError
from portal.adapters.vault.vault import Vault
from portal.domain.recording import ObjectDamaged

ID = "0123456789abcdef"


def keys(folder: Path) -> ControllerKeys:
    ring = folder / "ring"
    return ControllerKeys(KeyRing.load(ring) if ring.exists() else KeyRing.create(ring), folder / "own")


def test_a_key_is_the_same_for_every_process_and_another_for_every_controller(tmp_path: Path) -> None:
    first = keys(tmp_path).controller_key("espoo", "wrap")
    assert keys(tmp_path).controller_key("espoo", "wrap") == first
    assert keys(tmp_path).controller_key("janakkala", "wrap") != first


def test_the_ring_alone_does_not_give_a_controllers_key(tmp_path: Path) -> None:
    made = keys(tmp_path).controller_key("espoo", "wrap")
    assert KeyRing.load(tmp_path / "ring").controller_key("espoo", "wrap") != made
    shutil.rmtree(tmp_path / "own")
    assert keys(tmp_path).controller_key("espoo", "wrap") != made


def test_the_secrets_are_their_owners_alone(tmp_path: Path) -> None:
    keys(tmp_path).controller_key("espoo", "wrap")
    assert (tmp_path / "own" / "espoo" / "1").stat().st_mode & 0o077 == 0
    assert (tmp_path / "own").stat().st_mode & 0o077 == 0


def test_a_ring_from_before_stays_readable_and_its_next_key_is_apart(tmp_path: Path) -> None:
    old = KeyRing(1, {1: bytes(range(32))})
    before = old.controller_key("espoo", "wrap", 1)
    (tmp_path / "ring").write_bytes(b"")
    newer = old.rotated(tmp_path / "ring")
    held = ControllerKeys(newer, tmp_path / "own")
    assert newer.apart_from == 2
    assert held.controller_key("espoo", "wrap", 1) == before
    assert held.controller_key("espoo", "wrap", 2) != newer.controller_key("espoo", "wrap", 2)


def test_a_controller_that_comes_after_a_rotation_has_every_key(tmp_path: Path) -> None:
    keys(tmp_path)
    KeyRing.load(tmp_path / "ring").rotated(tmp_path / "ring")
    later = keys(tmp_path)
    assert later.controller_key("espoo", "field") != later.controller_key("espoo", "field", 1)


def test_a_secret_that_was_lost_is_not_made_anew(tmp_path: Path) -> None:
    keys(tmp_path).controller_key("espoo", "wrap")
    KeyRing.load(tmp_path / "ring").rotated(tmp_path / "ring")
    keys(tmp_path).controller_key("espoo", "wrap")
    (tmp_path / "own" / "espoo" / "1").unlink()
    with pytest.raises(KeyRingError, match="espoo has no key of generation 1"):
        keys(tmp_path).controller_key("espoo", "wrap", 1)


def test_destroyed_keys_open_nothing_and_are_not_made_again(tmp_path: Path) -> None:
    held = keys(tmp_path)
    vault = Vault(tmp_path / "vault", held)
    vault.put("espoo", ID, BytesIO(b"sound"))
    vault.put("janakkala", ID, BytesIO(b"sound"))
    other = ControllerKeys(KeyRing.load(tmp_path / "ring"), tmp_path / "own")
    other.destroy("espoo")
    other.destroy("espoo")
    with pytest.raises(ObjectDamaged):
        vault.open("espoo", ID)
    with pytest.raises(KeyRingError, match="destroyed"):
        held.controller_key("espoo", "wrap")
    assert held.destroyed("espoo")
    assert not held.destroyed("janakkala")
    assert not (tmp_path / "own" / "espoo").exists()
    assert vault.open("janakkala", ID)[0] == 5


@pytest.mark.parametrize("name", ["", "../espoo", "Espoo", "a/b"])
def test_a_name_that_is_no_controllers_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="controller"):
        keys(tmp_path).controller_key(name, "wrap")
