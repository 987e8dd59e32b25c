"""The master key ring: one small file that everything encrypted hangs on (article 32).

The file is JSON, `{"current": 2, "keys": {"1": "<base64>", "2": "<base64>"}, "apart_from": 1}`, readable by its
owner alone. No key of the ring is ever used directly: each controller and each purpose has its own,
derived with HKDF-SHA-256. From generation `apart_from` on each controller's own secret takes part in it
(controller_keys.py), without which the ring alone opens nothing of that controller.
"""

import base64
import binascii
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class KeyRingError(Exception):
    """The key ring cannot be used; the message says which file and what it wants, never a key."""


@dataclass(frozen=True)
class KeyRing:
    """Generations of the master key. `current` wraps new keys; older ones only unwrap."""

    current: int
    keys: dict[int, bytes] = field(repr=False)
    apart_from: int | None = None

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise KeyRingError(f"the key ring has no key {self.current}, which it calls current")
        if any(len(key) != KEY_BYTES for key in self.keys.values()):
            raise KeyRingError(f"every key of the ring is {KEY_BYTES} bytes")
        if not all(0 < generation < 1 << 16 for generation in self.keys):
            raise KeyRingError("key numbers run from 1 to 65535")

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the ring. Raises KeyRingError if the file is missing, unreadable or open to others."""
        try:
            with path.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                text = file.read()
        except OSError as error:
            raise KeyRingError(f"{path}: {error.strerror}") from error
        if mode & 0o077:
            raise KeyRingError(f"{path}: mode {mode & 0o777:04o}; a key ring is 0600 or 0400")
        return cls.read(text, str(path))

    @classmethod
    def read(cls, text: str | bytes, where: str) -> "KeyRing":
        """The ring of a JSON text; `where` is what an error calls it. Raises KeyRingError, which tells no key."""
        try:
            ring = json.loads(text)
            keys = {int(n): base64.b64decode(key, validate=True) for n, key in ring["keys"].items()}
            apart = ring.get("apart_from")
            return cls(int(ring["current"]), keys, None if apart is None else int(apart))
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            raise KeyRingError(f'{where}: wants {{"current": n, "keys": {{"n": base64 of 32 bytes}}}}') from None

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a new ring with one random key, mode 0600. Raises KeyRingError if the file exists."""
        ring = cls(1, {1: os.urandom(KEY_BYTES)}, apart_from=1)
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise KeyRingError(f"{path}: {error.strerror}") from error
        ring._write(fd)
        return ring

    @property
    def apart(self) -> tuple[int, ...]:
        """The generations in which each controller's own secret takes part."""
        return tuple(n for n in sorted(self.keys) if self.apart_from is not None and n >= self.apart_from)

    def rotated(self, path: Path) -> "KeyRing":
        """Replace the file at `path` by a ring with one more, new current key; the old ones stay."""
        newest = max(self.keys) + 1
        apart = newest if self.apart_from is None else self.apart_from
        ring = KeyRing(newest, {**self.keys, newest: os.urandom(KEY_BYTES)}, apart)
        part = path.with_name(path.name + ".new")
        ring._write(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(path)
        return ring

    def _write(self, fd: int) -> None:
        keys = {str(n): base64.b64encode(key).decode("ascii") for n, key in self.keys.items()}
        with os.fdopen(fd, "w", encoding="ascii") as file:
            apart = {} if self.apart_from is None else {"apart_from": self.apart_from}
            json.dump({"current": self.current, "keys": keys, **apart}, file)
            file.flush()
            os.fsync(file.fileno())

    def controller_key(
        self, controller_id: str, purpose: str, generation: int | None = None, secret: bytes | None = None
    ) -> bytes:
        """The 32-byte key of one controller for one purpose ("wrap", "token", "field" …).

        `generation` names a master key, by default the current one; `secret` is the controller's own part in it.
        Raises KeyRingError if the ring no longer has it.
        """
        master = self.keys.get(self.current if generation is None else generation)
        if master is None:
            raise KeyRingError(f"the key ring has no key {generation}")
        info = b"\0".join((b"kuuluu 1", purpose.encode("utf-8"), controller_id.encode("utf-8")))
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=secret, info=info).derive(master)
