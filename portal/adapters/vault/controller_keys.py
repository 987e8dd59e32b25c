"""Each controller's own part of its keys, so that the end of its service can destroy them (arts. 28(3)(g) and 32).

A key is derived from the master key and from a random secret that only this controller has, one for each generation of
the ring. The secret alone opens nothing, nor does the ring alone: when the secret is destroyed, all that was encrypted
for the controller is unreadable, in every backup too that does not hold this folder. It is therefore backed up apart,
and briefly. Nothing is kept in memory: a destroyed key is gone in every process at once.
"""

import os
import re
import secrets
from pathlib import Path

from portal.adapters.vault.keys import KEY_BYTES, KeyRing, KeyRingError

_CONTROLLER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class ControllerKeys:
    """The keys of every controller: the master ring and the controllers' own secrets in `folder`."""

    def __init__(self, ring: KeyRing, folder: Path) -> None:
        self._ring, self._folder = ring, folder

    @property
    def current(self) -> int:
        """The generation of the ring that wraps new keys."""
        return self._ring.current

    def controller_key(self, controller_id: str, purpose: str, generation: int | None = None) -> bytes:
        """The 32-byte key of one controller for one purpose. Raises KeyRingError when the ring no longer has the
        generation, or the controller's keys are destroyed or lost."""
        wanted = self.current if generation is None else generation
        if self.destroyed(controller_id):
            raise KeyRingError(f"the keys of {controller_id} are destroyed")
        apart = self._ring.apart_from is not None and wanted >= self._ring.apart_from
        secret = self._secret(controller_id, wanted) if apart else None
        return self._ring.controller_key(controller_id, purpose, wanted, secret)

    def destroyed(self, controller_id: str) -> bool:
        """Whether the controller's service has ended here."""
        return self._marker(controller_id).exists()

    def destroy(self, controller_id: str) -> None:
        """Destroy the controller's secrets for good, in every generation. Repeating it is harmless."""
        self._make(self._marker(controller_id), b"")
        home = self._home(controller_id)
        for path in sorted(home.glob("*")) if home.exists() else ():
            with path.open("r+b") as file:
                file.write(os.urandom(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink(missing_ok=True)
        if home.exists():
            home.rmdir()
            _fsync(self._folder)

    def _secret(self, controller_id: str, generation: int) -> bytes:
        """The controller's secret of a generation; made for all of them when the controller is new, for the newest
        when the ring has been rotated. One that was there once is never made anew."""
        path = self._home(controller_id) / str(generation)
        if not path.exists():
            if generation != self.current and self._used(controller_id):
                raise KeyRingError(f"{controller_id} has no key of generation {generation}")
            new = not self._used(controller_id)
            for one in self._ring.apart if new else (generation,):
                self._make(self._home(controller_id) / str(one), os.urandom(KEY_BYTES))
        found = path.read_bytes()
        if len(found) != KEY_BYTES:
            raise KeyRingError(f"the key {generation} of {controller_id} is not {KEY_BYTES} bytes")
        return found

    def _used(self, controller_id: str) -> bool:
        return any(path.name.isdigit() for path in self._home(controller_id).glob("*"))

    def _home(self, controller_id: str) -> Path:
        if not _CONTROLLER.fullmatch(controller_id):
            raise ValueError("not a controller's id")
        return self._folder / controller_id

    def _marker(self, controller_id: str) -> Path:
        return self._home(controller_id).with_suffix(".closed")

    def _make(self, path: Path, content: bytes) -> None:
        """Write a file whole and durably; one that another process made first stays."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part = path.parent / f".part-{secrets.token_hex(8)}"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            return
        finally:
            part.unlink()
        _fsync(path.parent)
        _fsync(self._folder)


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
