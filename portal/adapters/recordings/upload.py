"""Recordings that staff bring by hand, for systems without an export; the commonest real path.

An upload goes into the vault: the audio as one object, what was told about the call as another. A
small numbered marker is written last and makes it visible, so an upload is there whole or not at all.
"""

import errno
import fcntl
import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Protocol

from portal.adapters.recordings.source import HEAD_BYTES, Probe, Sniff
from portal.adapters.recordings.store import NoHold
from portal.domain.recording import (
    AudioInfo,
    Capability,
    Changed,
    Custody,
    Denied,
    NotFound,
    ObjectDamaged,
    ObjectMissing,
    RecordingClass,
    RefusalCode,
    Refused,
    RowRefusal,
    ScanBatch,
    SegmentMeta,
    Stat,
    StoredObject,
    Unsupported,
    VaultFailure,
    VaultFull,
)

MAX_BYTES = 256 << 20
_BLOCK = 1 << 20
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{15,63}")
_MARK = re.compile(r"(\d{9})-([A-Za-z0-9_]{16,64})-([A-Za-z0-9_]{16,64})")


class Vault(Protocol):
    """What uploads need of the vault."""

    def put(self, controller_id: str, object_id: str, source: BinaryIO) -> StoredObject: ...

    def reader(self, controller_id: str, object_id: str) -> BinaryIO: ...

    def exists(self, controller_id: str, object_id: str) -> bool: ...

    def delete(self, controller_id: str, object_id: str) -> None: ...


class UploadSource(NoHold):
    """Uploads of one register. `ledger` is a folder of ours; the contents lie in the vault."""

    custody: Custody = "ours"
    operator = ""
    capabilities = frozenset(
        {Capability.LIST, Capability.FETCH, Capability.RANGE, Capability.DELETE, Capability.VERIFY_ABSENT}
    )

    def __init__(
        self,
        register: str,
        ledger: Path,
        vault: Vault,
        new_id: Callable[[], str],
        sniff: Sniff,
        probe: Probe,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.id, self.register = f"upload-{register}", register
        self._ledger, self._vault, self._new_id = ledger, vault, new_id
        self._sniff, self._probe, self._max_bytes = sniff, probe, max_bytes
        ledger.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, told: SegmentMeta, stream: BinaryIO, name: str, audio_id: str = "") -> SegmentMeta | Refused:
        """Take one upload: `told` is what staff say about the call, `name` the file's name as sent; `audio_id` where
        the sender's own key gives it, so that a repeated sending is known.

        Returns the segment with its locator and what the audio is. Raises VaultFull.
        """
        with tempfile.TemporaryDirectory(prefix="kuuluu-") as folder:
            plain = Path(folder) / "upload"
            try:
                found = self._received(stream, plain, name)
            except OSError as error:
                if error.errno == errno.ENOSPC:
                    raise VaultFull(str(error.strerror)) from error
                raise
            if isinstance(found, Refused):
                return found
            audio_id, meta_id = audio_id or self._new_id(), self._new_id()
            made = replace(told, locator=audio_id, has_audio=True, audio=found)
            self._vault.delete(self.register, audio_id)  # what an upload under this id that was killed left
            with plain.open("rb") as file:
                self._vault.put(self.register, audio_id, file)
        self._vault.put(self.register, meta_id, io.BytesIO(_written(made)))
        self._mark(audio_id, meta_id)
        return made

    def search(self, numbers: Sequence[str], service: str, begin: datetime, end: datetime, limit: int) -> NoReturn:
        """Uploads are few and all in our index: there is nothing to search elsewhere. Raises Unsupported."""
        raise Unsupported(f"{self.id}: {Capability.SEARCH}")

    def scan(self, cursor: str | None = None, limit: int = 2000) -> ScanBatch:
        """The uploads after `cursor`, oldest first, at most `limit`."""
        last = int(cursor) if cursor and cursor.isdigit() else 0
        new = [mark for mark in self._marks() if mark[0] > last]
        taken = new[:limit]
        segments, refusals = [], []
        for number, audio_id, meta_id in taken:
            if not self._vault.exists(self.register, audio_id):
                continue  # a deletion that was killed half way left its marker for the next try
            try:
                with self._vault.reader(self.register, meta_id) as file:
                    segments.append(_read(file.read()))
            except VaultFailure:
                refusals.append(RowRefusal(self.id, "uploads", number, RefusalCode.MALFORMED, "does not open"))
        return ScanBatch(tuple(segments), tuple(refusals), str(taken[-1][0] if taken else last), done=len(new) <= limit)

    def open(self, locator: str) -> BinaryIO:
        """The recording's bytes, decrypted as they are read. Raises NotFound or Denied."""
        _checked(locator)
        try:
            return self._vault.reader(self.register, locator)
        except ObjectMissing:
            raise NotFound("no such upload") from None

    def stat(self, locator: str) -> Stat:
        """Size and SHA-256 of the plain recording; the version is the SHA-256."""
        with self.open(locator) as file:
            digest = hashlib.sha256()
            size = 0
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
        return Stat(size, digest.hexdigest(), digest.hexdigest())

    def delete(self, locator: str, expected_version: str) -> None:
        """Destroy audio, metadata and marker. Nothing happens if they are gone; raises Changed.

        A deletion that was killed half way leaves audio without a key: it is finished, not refused.
        """
        with suppress(NotFound, ObjectDamaged):
            if self.stat(locator).version != expected_version:
                raise Changed(locator)
        self._vault.delete(self.register, locator)
        for number, audio_id, meta_id in self._marks():
            if audio_id == locator:
                self._vault.delete(self.register, meta_id)
                (self._ledger / _marker(number, audio_id, meta_id)).unlink(missing_ok=True)
        self._sync()

    def erase(self, locator: str) -> bool:
        """Delete the upload and look again; True when it is gone."""
        version = ""
        with suppress(NotFound, ObjectDamaged):
            version = self.stat(locator).version
        self.delete(locator, version)
        return self.verify_absent(locator)

    def verify_absent(self, locator: str) -> bool:
        """True only if the audio is gone and no marker names it."""
        _checked(locator)
        marked = any(audio_id == locator for _, audio_id, _ in self._marks())
        return not marked and not self._vault.exists(self.register, locator)

    def _received(self, stream: BinaryIO, target: Path, name: str) -> AudioInfo | Refused:
        """Write the stream down, never more than is allowed, and look at what it is."""
        size, head = 0, b""
        with target.open("xb") as file:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > self._max_bytes:
                    return Refused(RefusalCode.TOO_LARGE, f"over {self._max_bytes} bytes")
                head = head or block[:HEAD_BYTES]
                file.write(block)
        kind = self._sniff(head, name)
        return kind if isinstance(kind, Refused) else self._probe(target)

    def _marks(self) -> list[tuple[int, str, str]]:
        found = (_MARK.fullmatch(path.name) for path in self._ledger.iterdir())
        return sorted((int(mark[1]), mark[2], mark[3]) for mark in found if mark)

    def _mark(self, audio_id: str, meta_id: str) -> None:
        """Make the upload visible under the next number; the lock keeps two uploads at once apart."""
        with (self._ledger / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            last = self._last()
            (self._ledger / _marker(last + 1, audio_id, meta_id)).touch(mode=0o600, exist_ok=False)
            (self._ledger / ".last").write_text(str(last + 1), encoding="ascii")
            self._sync()

    def _last(self) -> int:
        """The highest number ever given: a deleted upload's number is not given again."""
        highest = max((number for number, _, _ in self._marks()), default=0)
        remembered = self._ledger / ".last"
        return max(highest, int(remembered.read_text(encoding="ascii") or 0) if remembered.exists() else 0)

    def _sync(self) -> None:
        fd = os.open(self._ledger, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _marker(number: int, audio_id: str, meta_id: str) -> str:
    return f"{number:09d}-{audio_id}-{meta_id}"


def _checked(locator: str) -> None:
    if not _ID.fullmatch(locator):
        raise Denied("not an upload's id")


def _written(made: SegmentMeta) -> bytes:
    """A segment as JSON; instants as ISO 8601 in UTC."""
    return json.dumps(asdict(made), default=lambda instant: instant.astimezone(UTC).isoformat()).encode("utf-8")


def _read(text: bytes) -> SegmentMeta:
    """The reverse of `_written`."""
    fields: dict[str, Any] = json.loads(text)
    for name in ("start", "end", "other_start"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
    audio = fields["audio"]
    fields["audio"] = AudioInfo(**{**audio, "warnings": tuple(audio["warnings"])}) if audio else None
    fields["recording_class"] = RecordingClass(fields["recording_class"])
    return SegmentMeta(**fields)
