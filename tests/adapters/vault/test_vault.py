"""The vault: whole or not at all, found only by its own controller, gone for good."""

import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.adapters.vault.keys import KeyRing
from portal.adapters.vault.kuu1 import CHUNK, HEADER_BYTES, TAG
from portal.adapters.vault.vault import Vault, new_object_id
from portal.domain.recording import ObjectDamaged, ObjectExists, ObjectMissing, VaultFull

RING = KeyRing(1, {1: bytes(range(32))})
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", RING)


def text(size: int) -> bytes:
    return hashlib.shake_128(b"audio").digest(size)


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_an_object_comes_back_with_its_sums(vault: Vault, tmp_path: Path) -> None:
    stored = vault.put("espoo", ID, io.BytesIO(text(200_000)))
    size, read = vault.open("espoo", ID)
    assert (stored.object_id, stored.size, size) == (ID, 200_000, 200_000)
    assert b"".join(read(0, size)) == text(200_000)
    assert stored.sha256 == hashlib.sha256(text(200_000)).hexdigest()
    assert stored.cipher_sha256 == hashlib.sha256(files(tmp_path)[0].read_bytes()).hexdigest()


def test_nothing_of_the_sound_or_its_owner_lies_on_the_disk(vault: Vault, tmp_path: Path) -> None:
    vault.put("espoo", ID, io.BytesIO(b"Tuulikki Soittola" * 100))
    (path,) = files(tmp_path)
    assert b"Tuulikki" not in path.read_bytes()
    assert path.name == ID
    assert path.stat().st_mode & 0o077 == 0


def test_ranges_cross_chunks(vault: Vault) -> None:
    vault.put("espoo", ID, io.BytesIO(text(200_000)))
    _, read = vault.open("espoo", ID)
    assert b"".join(read(65_530, 65_546)) == text(200_000)[65_530:65_546]


def test_a_reader_seeks_like_a_file(vault: Vault) -> None:
    vault.put("espoo", ID, io.BytesIO(text(200_000)))
    with vault.reader("espoo", ID) as file:
        file.seek(-10, os.SEEK_END)
        assert file.read() == text(200_000)[-10:]
        file.seek(70_000)
        assert file.read(5) == text(200_000)[70_000:70_005]


def test_an_id_is_used_once(vault: Vault) -> None:
    vault.put("espoo", ID, io.BytesIO(b"first"))
    with pytest.raises(ObjectExists):
        vault.put("espoo", ID, io.BytesIO(b"second"))
    assert b"".join(vault.open("espoo", ID)[1](0, 9)) == b"first"


def test_another_controller_finds_nothing_and_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    vault.put("espoo", ID, io.BytesIO(b"sound"))
    with pytest.raises(ObjectMissing):
        vault.open("janakkala", ID)
    (tmp_path / "vault/janakkala/01").mkdir(parents=True)
    (tmp_path / "vault/espoo/01" / ID).rename(tmp_path / "vault/janakkala/01" / ID)
    with pytest.raises(ObjectDamaged):
        vault.open("janakkala", ID)


def test_another_master_key_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    vault.put("espoo", ID, io.BytesIO(b"sound"))
    with pytest.raises(ObjectDamaged):
        Vault(tmp_path / "vault", KeyRing(1, {1: bytes(32)})).open("espoo", ID)


@pytest.mark.parametrize("length", [0, HEADER_BYTES, HEADER_BYTES + TAG, HEADER_BYTES + CHUNK + TAG])
def test_a_cut_file_is_damaged(vault: Vault, tmp_path: Path, length: int) -> None:
    vault.put("espoo", ID, io.BytesIO(text(2 * CHUNK)))
    os.truncate(files(tmp_path)[0], length)
    with pytest.raises(ObjectDamaged):
        vault.open("espoo", ID)


def test_a_file_changed_after_opening_is_damaged_at_reading(vault: Vault, tmp_path: Path) -> None:
    vault.put("espoo", ID, io.BytesIO(text(2 * CHUNK)))
    size, read = vault.open("espoo", ID)
    with files(tmp_path)[0].open("r+b") as file:
        file.seek(HEADER_BYTES + 5)
        file.write(b"\0\0\0\0")
    with pytest.raises(ObjectDamaged):
        b"".join(read(0, size))


def test_deletion_destroys_the_key_before_the_file_goes(vault: Vault, tmp_path: Path) -> None:
    vault.put("espoo", ID, io.BytesIO(text(1000)))
    (path,) = files(tmp_path)
    sealed = path.read_bytes()
    os.link(path, tmp_path / "undeleted")
    vault.delete("espoo", ID)
    assert not vault.exists("espoo", ID)
    left = (tmp_path / "undeleted").read_bytes()
    assert left[HEADER_BYTES:] == sealed[HEADER_BYTES:]
    assert sealed[10:HEADER_BYTES] not in left
    with pytest.raises(ObjectMissing):
        vault.open("espoo", ID)


def test_deleting_what_is_gone_changes_nothing(vault: Vault) -> None:
    vault.delete("espoo", ID)
    assert not vault.exists("espoo", ID)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond 100 kB, which the kernel reports as it reports a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_stores_nothing_and_says_so(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(VaultFull):
        vault.put("espoo", ID, io.BytesIO(text(1_000_000)))
    assert files(tmp_path) == []


def test_a_writer_killed_half_way_leaves_no_object_and_its_rest_is_swept(tmp_path: Path) -> None:
    KeyRing.create(tmp_path / "ring")
    program = (
        "import io, os, signal, sys; from pathlib import Path\n"
        "from portal.adapters.vault.keys import KeyRing; from portal.adapters.vault.vault import Vault\n"
        "class Killer(io.BytesIO):\n"
        "    def read(self, n=-1):\n"
        "        return super().read(n) or os.kill(os.getpid(), signal.SIGKILL)\n"
        f"vault = Vault(Path({str(tmp_path / 'vault')!r}), KeyRing.load(Path({str(tmp_path / 'ring')!r})))\n"
        f"vault.put('espoo', {ID!r}, Killer(bytes(300_000)))\n"
    )
    died = subprocess.run([sys.executable, "-c", program], check=False, env={"PYTHONPATH": os.getcwd()})  # noqa: PTH109
    vault = Vault(tmp_path / "vault", KeyRing.load(tmp_path / "ring"))
    assert died.returncode == -signal.SIGKILL
    assert len(files(tmp_path / "vault")) == 1
    assert not vault.exists("espoo", ID)
    assert (vault.sweep(), files(tmp_path / "vault")) == (1, [])


def test_the_sweep_leaves_a_living_writers_file_alone(vault: Vault) -> None:
    class Sweeping(io.BytesIO):
        swept = -1

        def read(self, size: int | None = -1, /) -> bytes:
            self.swept = vault.sweep()
            return super().read(size)

    source = Sweeping(text(1000))
    vault.put("espoo", ID, source)
    assert source.swept == 0
    assert vault.exists("espoo", ID)


def test_rotation_wraps_the_key_anew_and_leaves_the_sound(tmp_path: Path) -> None:
    Vault(tmp_path / "vault", RING).put("espoo", ID, io.BytesIO(text(100_000)))
    (path,) = files(tmp_path)
    before = path.read_bytes()
    both = KeyRing(2, {1: RING.keys[1], 2: b"n" * 32})
    Vault(tmp_path / "vault", both).rewrap("espoo", ID)
    assert path.read_bytes()[HEADER_BYTES:] == before[HEADER_BYTES:]
    size, read = Vault(tmp_path / "vault", KeyRing(2, {2: b"n" * 32})).open("espoo", ID)
    assert b"".join(read(0, size)) == text(100_000)


def test_a_controllers_objects_can_be_listed(vault: Vault) -> None:
    ids = sorted(new_object_id() for _ in range(3))
    for object_id in ids:
        vault.put("espoo", object_id, io.BytesIO(b""))
    assert sorted(vault.ids("espoo")) == ids
    assert list(vault.ids("janakkala")) == []


@pytest.mark.parametrize(
    ("controller", "object_id"), [("..", ID), ("espoo", "../../etc/passwd"), ("espoo", "short"), ("", ID)]
)
def test_an_id_never_leads_out_of_the_vault(vault: Vault, controller: str, object_id: str) -> None:
    with pytest.raises(ValueError, match="id"):
        vault.put(controller, object_id, io.BytesIO(b""))
