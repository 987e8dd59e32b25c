"""A folder of recordings with a manifest, as a recording system exports it or keeps it.

The folder belongs to the recording system: we read it, and delete from it only what we were told to
and only while it is still the same file.
"""

import errno
import hashlib
import json
import os
import stat as modes
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from portal.adapters.recordings.manifest import BrokenManifest, Line, lines, segment
from portal.adapters.recordings.profile import Profile
from portal.domain.recording import (
    AudioInfo,
    AudioKind,
    Capability,
    Changed,
    Denied,
    NotFound,
    RefusalCode,
    Refused,
    RowRefusal,
    ScanBatch,
    SegmentMeta,
    SourceFailure,
    Stat,
    Transient,
    Unsupported,
)

Sniff = Callable[[bytes, str], AudioKind | Refused]
Probe = Callable[[Path], AudioInfo | Refused]
Cursor = dict[str, tuple[int, int, str]]  # manifest -> rows done, bytes done, SHA-256 of those bytes

HEAD_BYTES = 4096
_CAN = {
    "ours": frozenset({Capability.LIST, Capability.FETCH, Capability.DELETE, Capability.VERIFY_ABSENT}),
    "operator": frozenset({Capability.LIST, Capability.FETCH}),
    "unreachable": frozenset({Capability.LIST}),
}


class ArchiveSource:
    """One archive folder of one controller. `sniff` and `probe` judge the audio of each new row."""

    def __init__(self, profile: Profile, root: Path, sniff: Sniff, probe: Probe) -> None:
        self.profile, self.id, self.register = profile, profile.id, profile.controller
        self.custody = profile.custody
        self.capabilities = _CAN[profile.custody]
        self._root, self._sniff, self._probe = root, sniff, probe

    def scan(self, cursor: str | None = None, limit: int = 2000) -> ScanBatch:
        """The next rows of the manifests, at most `limit`; a changed or replaced manifest is read anew.

        A refused row never stops the others. Raises Transient if the folder cannot be read now.
        """
        seen, scan = _cursor(cursor), _Scan(limit)
        manifests = self._manifests()
        if not manifests:
            gone = RowRefusal(self.id, self.profile.manifest, 1, RefusalCode.NO_MANIFEST, "no such file")
            return ScanBatch((), (gone,), cursor or "{}", done=True)
        after = {path.name: self._scan_file(path, seen.get(path.name), scan) for path in manifests}
        kept = {name: state for name, state in after.items() if state is not None}
        return ScanBatch(tuple(scan.segments), tuple(scan.refusals), json.dumps(kept), done=not scan.stopped)

    def open(self, locator: str) -> BinaryIO:
        """The recording's bytes. Raises NotFound, Denied, Transient or Unsupported."""
        self._must(Capability.FETCH)
        with self._folder_of(locator) as (folder, name):
            return _open_at(folder, name)

    def stat(self, locator: str) -> Stat:
        """Size and SHA-256, read now; the version is the SHA-256, so no replacement goes unseen."""
        with self.open(locator) as file:
            return _stat_of(file)

    def delete(self, locator: str, expected_version: str) -> None:
        """Remove the file if it is still that version. Nothing happens if it is gone already.

        Raises Changed (and touches nothing), Denied, Transient or Unsupported.
        """
        self._must(Capability.DELETE)
        try:
            with self._folder_of(locator) as (folder, name), _open_at(folder, name) as file:
                same = os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino == os.fstat(file.fileno()).st_ino
                if _stat_of(file).version != expected_version or not same:
                    raise Changed(locator)
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
        except NotFound:
            return
        except OSError as error:
            raise _typed(error) from error

    def erase(self, locator: str) -> bool:
        """Delete whatever version is there now and look again; True when it is gone. Raises as `delete`."""
        with suppress(NotFound):
            self.delete(locator, self.stat(locator).version)
        return self.verify_absent(locator)

    def verify_absent(self, locator: str) -> bool:
        """True only if nothing of that name is there: not a file, not a link, not a folder."""
        self._must(Capability.VERIFY_ABSENT)
        try:
            with self._folder_of(locator) as (folder, name):
                os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (NotFound, FileNotFoundError):
            return True
        except OSError as error:
            raise _typed(error) from error
        return False

    def _must(self, capability: Capability) -> None:
        if capability not in self.capabilities:
            raise Unsupported(f"{self.id}: {capability}")

    def _manifests(self) -> list[Path]:
        try:
            names = sorted(entry.name for entry in os.scandir(self._root) if entry.is_file(follow_symlinks=False))
        except OSError as error:
            raise Transient(f"{self.id}: {error.strerror}") from error
        return [self._root / name for name in names if Path(name).match(self.profile.manifest)]

    def _scan_file(self, path: Path, seen: tuple[int, int, str] | None, scan: "_Scan") -> tuple[int, int, str] | None:
        """Read on from where this manifest was left; returns where it is left now."""
        if scan.left <= 0:
            scan.stopped = True
            return seen
        try:
            data = path.read_bytes()
        except OSError as error:
            raise Transient(f"{self.id}: {error.strerror}") from error
        rows, at, digest = seen or (0, 0, "")
        if rows and (len(data) < at or hashlib.sha256(data[:at]).hexdigest() != digest):
            rows, at = 0, 0
        try:
            for line in list(lines(data, self.profile))[rows:]:
                if scan.left <= 0:
                    scan.stopped = True
                    break
                scan.left -= 1
                self._take(path.name, line, scan)
                if line.end is not None:
                    rows, at = rows + 1, line.end
        except BrokenManifest as broken:
            scan.refusals.append(RowRefusal(self.id, path.name, broken.line, broken.why.code, broken.why.detail))
        return rows, at, hashlib.sha256(data[:at]).hexdigest()

    def _take(self, file: str, line: Line, scan: "_Scan") -> None:
        made = line.row if isinstance(line.row, Refused) else segment(line.row, line.number, self.profile)
        if isinstance(made, SegmentMeta) and made.has_audio:
            double = made.locator in scan.locators
            made = Refused(RefusalCode.DUPLICATE, "the same file twice") if double else self._with_audio(made)
        if isinstance(made, Refused):
            scan.refusals.append(RowRefusal(self.id, file, line.number, made.code, made.detail))
        else:
            scan.segments.append(made)
            scan.locators.add(made.locator)

    def _with_audio(self, made: SegmentMeta) -> SegmentMeta | Refused:
        """Look at the file itself; a row whose file is not there keeps its metadata."""
        if Capability.FETCH not in self.capabilities:
            return made
        try:
            with self.open(made.locator) as file:
                kind = self._sniff(file.read(HEAD_BYTES), made.locator)
            found = kind if isinstance(kind, Refused) else self._probe(self._root / made.locator)
        except NotFound:
            return replace(made, has_audio=False)
        except Denied:
            return Refused(RefusalCode.BAD_PATH, "outside the archive, a link, or closed to us")
        return found if isinstance(found, Refused) else replace(made, audio=found)

    @contextmanager
    def _folder_of(self, locator: str) -> Iterator[tuple[int, str]]:
        """The open folder that holds the file, and the file's name; no link is followed on the way."""
        parts = _parts(locator)
        folder = _open_folder(os.fspath(self._root), None)
        try:
            for part in parts[:-1]:
                below = _open_folder(part, folder)
                os.close(folder)
                folder = below
            yield folder, parts[-1]
        finally:
            os.close(folder)


class _Scan:
    """What one scan has gathered, and how many more rows it may read."""

    def __init__(self, limit: int) -> None:
        self.left, self.stopped = limit, False
        self.segments: list[SegmentMeta] = []
        self.refusals: list[RowRefusal] = []
        self.locators: set[str] = set()


def _cursor(text: str | None) -> Cursor:
    """A cursor that cannot be read means: from the beginning, which is always safe."""
    try:
        return {str(k): (int(v[0]), int(v[1]), str(v[2])) for k, v in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError, IndexError):
        return {}


def _parts(locator: str) -> list[str]:
    parts = [part for part in locator.replace("\\", "/").split("/") if part != "."]
    if not parts or any(part in ("", "..") or "\0" in part for part in parts) or parts[0].endswith(":"):
        raise Denied("not a path inside the archive")
    return parts


def _open_folder(name: str, within: int | None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | (os.O_NOFOLLOW if within is not None else 0)
    try:
        return os.open(name, flags, dir_fd=within)
    except OSError as error:
        raise _typed(error) from error


def _open_at(folder: int, name: str) -> BinaryIO:
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise _typed(error) from error
    if not modes.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Denied("not a plain file")
    return os.fdopen(fd, "rb")


def _typed(error: OSError) -> SourceFailure:
    if error.errno == errno.ENOENT:
        return NotFound("no such file")
    if error.errno in (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOTDIR, errno.EROFS, errno.ENAMETOOLONG):
        return Denied(error.strerror or "denied")
    return Transient(error.strerror or "cannot be read now")


def _stat_of(file: BinaryIO) -> Stat:
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(1 << 20), b""):
        digest.update(block)
    return Stat(os.fstat(file.fileno()).st_size, digest.hexdigest(), digest.hexdigest())
