"""The vault: a folder of KUU1 files, written whole or not at all (article 32, article 5(1)(f)).

File names are random ids. Destroying an object overwrites its wrapped key before the file goes, so
what an undelete tool might bring back cannot be opened.
"""

import errno
import fcntl
import hashlib
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from portal.adapters.vault import kuu1
from portal.domain.recording import ObjectDamaged, ObjectExists, ObjectMissing, StoredObject, VaultFull

_CONTROLLER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_OBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{15,63}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Keys(Protocol):
    """What the vault needs of a key ring."""

    @property
    def current(self) -> int: ...

    def controller_key(self, controller_id: str, purpose: str, generation: int | None = None) -> bytes: ...


def new_object_id() -> str:
    """A fresh random id: 128 bits, nothing personal in it."""
    return secrets.token_hex(16)


class Vault:
    """Encrypted objects under `root`, each under its controller's key."""

    def __init__(self, root: Path, keys: Keys) -> None:
        self._root, self._keys = root, keys

    def put(self, controller_id: str, object_id: str, source: BinaryIO) -> StoredObject:
        """Encrypt `source` to its end and store it durably.

        Raises ObjectExists if the id is taken and VaultFull if the disk is; in both cases, and when
        the process dies half way, no object is there.
        """
        path = self._path(controller_id, object_id)
        if path.exists():
            raise ObjectExists(object_id)
        dek, where = os.urandom(32), kuu1.place(controller_id, object_id)
        header = self._wrapped(controller_id, dek, os.urandom(7), where)
        plain, cipher = _Hashing(source), hashlib.sha256()
        try:
            with _Part(path) as part:
                target = _Tee(part.file, cipher)
                target.write(header.pack())
                size = kuu1.seal(plain, target, dek, header, where)
                part.publish(path)
        except FileExistsError:
            raise ObjectExists(object_id) from None
        except OSError as error:
            if error.errno in _FULL:
                raise VaultFull(str(error.strerror)) from error
            raise
        return StoredObject(object_id, size, plain.digest.hexdigest(), cipher.hexdigest())

    def open(self, controller_id: str, object_id: str) -> tuple[int, kuu1.Read]:
        """(plain size, read): `read(a, b)` yields the plain bytes [a, b), block by block.

        Raises ObjectMissing or ObjectDamaged; a later cut or change shows as ObjectDamaged from `read`.
        """
        path = self._path(controller_id, object_id)
        with _existing(path) as file:
            size, _ = self._opened(controller_id, object_id, file)

        def read(start: int, stop: int) -> Iterator[bytes]:
            with _existing(path) as again:
                now, inner = self._opened(controller_id, object_id, again)
                if now != size:
                    raise ObjectDamaged(object_id)
                try:
                    yield from inner(start, stop)
                except kuu1.Damaged as error:
                    raise ObjectDamaged(f"{object_id}: {error}") from error

        return size, read

    def reader(self, controller_id: str, object_id: str) -> BinaryIO:
        """The object as a seekable file for reading. Raises as `open` does."""
        size, read = self.open(controller_id, object_id)
        return cast(BinaryIO, io.BufferedReader(_Seekable(size, read), kuu1.CHUNK))

    def delete(self, controller_id: str, object_id: str) -> None:
        """Destroy the object's key, then its file. Nothing happens if it is gone already."""
        path = self._path(controller_id, object_id)
        try:
            with path.open("r+b") as file:
                file.write(os.urandom(kuu1.HEADER_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        path.unlink(missing_ok=True)
        _fsync_folder(path.parent)

    def exists(self, controller_id: str, object_id: str) -> bool:
        """Whether the object is there; says nothing of its health."""
        return self._path(controller_id, object_id).exists()

    def ids(self, controller_id: str) -> Iterator[str]:
        """Every object of a controller, so that ones nobody refers to can be found."""
        self._path(controller_id, "0" * 32)  # checks the controller's name
        for path in sorted((self._root / controller_id).glob("*/*")):
            if _OBJECT.fullmatch(path.name):
                yield path.name

    def rewrap(self, controller_id: str, object_id: str) -> bool:
        """Wrap the object's key anew under the current master key; the audio is not touched. False: it was so."""
        path, where = self._path(controller_id, object_id), kuu1.place(controller_id, object_id)
        with _existing(path) as file:
            old, dek = self._dek(controller_id, object_id, file)
            if old.generation == self._keys.current:
                return False
            with _Part(path) as part:
                part.file.write(self._wrapped(controller_id, dek, old.prefix, where).pack())
                for block in iter(lambda: file.read(kuu1.CHUNK), b""):
                    part.file.write(block)
                part.replace(path)
        return True

    def remove_all(self, controller_id: str) -> int:
        """Remove every file of a controller whose keys are destroyed; returns how many. Repeating it is harmless."""
        self._path(controller_id, "0" * 32)  # checks the controller's name
        home = self._root / controller_id
        removed = sum(1 for path in home.glob("*/*") if path.is_file())
        if home.exists():
            shutil.rmtree(home)
            _fsync_folder(self._root)
        return removed

    def sweep(self) -> int:
        """Remove what writers that died left behind; returns how many. Living writers hold a lock."""
        removed = 0
        for path in self._root.glob("*/*/.part-*"):
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, controller_id: str, object_id: str) -> Path:
        if not _CONTROLLER.fullmatch(controller_id) or not _OBJECT.fullmatch(object_id):
            raise ValueError("not a controller's or an object's id")
        return self._root / controller_id / object_id[:2] / object_id

    def _wrapped(self, controller_id: str, dek: bytes, prefix: bytes, where: bytes) -> kuu1.Header:
        generation = self._keys.current
        key = self._keys.controller_key(controller_id, "wrap", generation)
        return kuu1.wrap(key, generation, dek, os.urandom(12), prefix, where, kuu1.CHUNK)

    def _dek(self, controller_id: str, object_id: str, file: BinaryIO) -> tuple[kuu1.Header, bytes]:
        try:
            header = kuu1.Header.unpack(file.read(kuu1.HEADER_BYTES))
            key = self._keys.controller_key(controller_id, "wrap", header.generation)
            return header, kuu1.unwrap(key, header, kuu1.place(controller_id, object_id))
        except Exception as error:  # a key provider has its own errors; all mean: this object does not open
            raise ObjectDamaged(f"{object_id}: {error}") from error

    def _opened(self, controller_id: str, object_id: str, file: BinaryIO) -> tuple[int, kuu1.Read]:
        header, dek = self._dek(controller_id, object_id, file)
        body = os.fstat(file.fileno()).st_size - kuu1.HEADER_BYTES

        def at(offset: int, length: int) -> bytes:
            return os.pread(file.fileno(), length, kuu1.HEADER_BYTES + offset)

        try:
            return kuu1.opened(at, body, dek, header, kuu1.place(controller_id, object_id))
        except kuu1.Damaged as error:
            raise ObjectDamaged(f"{object_id}: {error}") from error


class _Part:
    """A file in the making beside its future place; gone unless published."""

    def __init__(self, final: Path) -> None:
        _make_folder(final.parent)
        self._path = final.parent / f".part-{secrets.token_hex(8)}"
        self.file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __enter__(self) -> "_Part":
        return self

    def publish(self, final: Path) -> None:
        """Give the finished file its name; raises FileExistsError rather than overwrite."""
        self._sync()
        os.link(self._path, final)
        self._path.unlink()
        _fsync_folder(final.parent)

    def replace(self, final: Path) -> None:
        """Put the finished file in the place of the old one."""
        self._sync()
        self._path.replace(final)
        _fsync_folder(final.parent)

    def _sync(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)
        try:
            self.file.close()
        except OSError as error:  # a full disk refuses the last buffer again; the file is unlinked anyway
            if error.errno not in _FULL:
                raise


class _Hashing:
    """Hashes what is read through it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        block = self._source.read(size)
        self.digest.update(block)
        return block


class _Tee:
    """Hashes what is written through it."""

    def __init__(self, target: BinaryIO, digest: "hashlib._Hash") -> None:
        self._target, self._digest = target, digest

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        return self._target.write(data)


class _Seekable(io.RawIOBase):
    """A raw, seekable file over an opened object."""

    def __init__(self, size: int, read: kuu1.Read) -> None:
        self._size, self._plain, self._at = size, read, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        data = b"".join(self._plain(self._at, self._at + len(buffer)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _existing(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise ObjectMissing(path.name) from None


def _make_folder(folder: Path) -> None:
    """Make a folder that survives a power cut: each new one is also written into its parent."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
