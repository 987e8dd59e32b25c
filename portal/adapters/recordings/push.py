"""Recordings that a system sends to us as each call ends, signed with a key that only it and we have.

A sender that hears no answer sends again, so a request is known by its idempotency key: taken once, answered the same
way again, and refused when the same key comes with another body.
"""

import fcntl
import hashlib
import hmac
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from portal.adapters.recordings.manifest import segment
from portal.adapters.recordings.profile import FIELDS, Profile
from portal.adapters.recordings.source import Probe, Sniff
from portal.adapters.recordings.upload import UploadSource, Vault
from portal.domain.recording import Capability, Changed, Refused, SourceFailure

WINDOW = timedelta(minutes=5)
KEYS_KEPT = timedelta(days=30)
_SHORTEST_KEY = 32  # bytes


class PushSource(UploadSource):
    """What one system sends. `key_file` holds the shared key, and while keys are changed the old one on a second line;
    the contents lie in the vault as uploads do."""

    capabilities = UploadSource.capabilities | {Capability.PUSH}

    def __init__(
        self, profile: Profile, key_file: Path, ledger: Path, vault: Vault, new_id: Callable[[], str], sniff: Sniff,
        probe: Probe, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__(profile.controller, ledger, vault, new_id, sniff, probe)
        self.id, self.operator, self._key_file, self._now = profile.id, profile.operator, key_file, now
        self._profile = profile
        self._keys()

    def proves(self, timestamp: str, key: str, digest: str, signature: str) -> bool:
        """Is the signature (hex) the key's HMAC-SHA-256 of timestamp, idempotency key and the body's SHA-256 (hex),
        joined by line feeds, made within five minutes of now?"""
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return False
        near = abs(self._now().timestamp() - int(timestamp)) <= WINDOW.total_seconds()
        told = f"{timestamp}\n{key}\n{digest}".encode()
        fits = [hmac.compare_digest(_signed(one, told), signature.encode()) for one in self._keys()]
        return near and any(fits)

    def receive(self, key: str, digest: str, told: Mapping[str, str], audio: BinaryIO, name: str) -> Refused | bool:
        """Take one call that was sent. True: it is new; False: it was taken before. Raises Changed when the key came
        with another body, and VaultFull. `told` is what is known of the call, by our field names, times in ISO 8601."""
        columns = {name: name for name in FIELDS - {"file"}}
        row = {name: str(told.get(name, "")).strip() for name in columns} | {"file": "sent"}
        made = segment(row, 0, _as_sent(self._profile, columns))
        if isinstance(made, Refused):
            return made
        known = hashlib.sha256(f"{self.id}\0{key}".encode()).hexdigest()
        with self._taking(known) as note:
            before = note.read_text("ascii").split() if note.exists() else []
            if before and before[0] != digest:
                raise Changed("the same key with another body")
            if "done" in before or any(audio_id == known for _, audio_id, _ in self._marks()):
                note.write_text(f"{digest} done", "ascii")
                return False
            note.write_text(digest, "ascii")
            found = self.add(made, audio, name, audio_id=known)
            if isinstance(found, Refused):
                note.unlink()
                return found
            note.write_text(f"{digest} done", "ascii")
        return True

    @contextmanager
    def _taking(self, known: str) -> Iterator[Path]:
        """Where the key's receipt is noted; one receipt of this source at a time. Old notes go."""
        today, notes = self._now().date(), self._ledger / "keys"
        notes.mkdir(mode=0o700, exist_ok=True)
        with (self._ledger / ".receiving").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            days = sorted(path for path in notes.iterdir() if path.is_dir())
            for day in (day for day in days if day.name < (today - KEYS_KEPT).isoformat()):
                shutil.rmtree(day)
            earlier = next((day / known for day in days if (day / known).exists()), None)
            folder = notes / today.isoformat()
            folder.mkdir(mode=0o700, exist_ok=True)
            yield earlier or folder / known

    def _keys(self) -> list[bytes]:
        try:
            found = [line.strip() for line in self._key_file.read_bytes().splitlines() if line.strip()]
        except OSError as error:
            raise KeyFault(f"{self._key_file.name}: {error.strerror}") from None
        if not found or min(map(len, found)) < _SHORTEST_KEY or self._key_file.stat().st_mode & 0o077:
            raise KeyFault(f"{self._key_file.name}: wants mode 0600 and a key of {_SHORTEST_KEY} bytes or more")
        return found


class KeyFault(SourceFailure, ValueError):
    """The shared key cannot be used."""


def _signed(key: bytes, told: bytes) -> bytes:
    return hmac.new(key, told, hashlib.sha256).hexdigest().encode()


def _as_sent(profile: Profile, columns: Mapping[str, str]) -> Profile:
    """The profile for rows that come by our own field names."""
    return replace(profile, columns=columns, date_format="iso", decimal_comma=False)
