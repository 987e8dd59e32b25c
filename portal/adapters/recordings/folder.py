"""A folder of recordings on this machine, as a recording system exports or keeps them.

The folder belongs to the recording system: we read it, and delete from it only what we were told to and only while
it is still the same file. No link is followed on the way to one.
"""

import errno
import hashlib
import os
import stat as modes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from portal.adapters.recordings.store import BLOCK, Entry, NoHold, parts_of
from portal.domain.recording import Capability, Changed, Denied, NotFound, SourceFailure, Stat, Transient


class FolderStore(NoHold):
    """The files under `root`. The version of a file is its SHA-256, so no replacement goes unseen."""

    can = frozenset({Capability.FETCH, Capability.RANGE, Capability.DELETE, Capability.VERIFY_ABSENT})

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> list[Entry]:
        try:
            with os.scandir(self.root) as found:
                return sorted((self._entry(one, "") for one in found if _plain(one)), key=lambda one: one.name)
        except OSError as error:
            raise Transient(error.strerror or "the folder cannot be read now") from error

    def walk(self) -> Iterator[Entry]:
        yield from self._below(self.root, "")

    def open(self, locator: str) -> BinaryIO:
        with self.folder_of(locator) as (folder, name):
            return _open_at(folder, name)

    def local(self, locator: str) -> Path | None:
        return self.root.joinpath(*parts_of(locator))

    def stat(self, locator: str) -> Stat:
        with self.open(locator) as file:
            return stat_of(file)

    def delete(self, locator: str, expected_version: str) -> None:
        """Remove the file if it is still that version. Nothing happens if it is gone already.

        Raises Changed (and touches nothing), Denied or Transient.
        """
        try:
            with self.folder_of(locator) as (folder, name), _open_at(folder, name) as file:
                same = os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino == os.fstat(file.fileno()).st_ino
                if stat_of(file).version != expected_version or not same:
                    raise Changed(locator)
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
        except NotFound:
            return
        except OSError as error:
            raise typed(error) from error

    def verify_absent(self, locator: str) -> bool:
        """True only if nothing of that name is there: not a file, not a link, not a folder."""
        try:
            with self.folder_of(locator) as (folder, name):
                os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (NotFound, FileNotFoundError):
            return True
        except OSError as error:
            raise typed(error) from error
        return False

    @contextmanager
    def folder_of(self, locator: str) -> Iterator[tuple[int, str]]:
        """The open folder that holds the file, and the file's name; no link is followed on the way."""
        parts = parts_of(locator)
        folder = _open_folder(os.fspath(self.root), None)
        try:
            for part in parts[:-1]:
                below = _open_folder(part, folder)
                os.close(folder)
                folder = below
            yield folder, parts[-1]
        finally:
            os.close(folder)

    def _below(self, folder: Path, above: str) -> Iterator[Entry]:
        try:
            with os.scandir(folder) as found:
                for one in found:
                    if _plain(one):
                        yield self._entry(one, above)
                    elif one.is_dir(follow_symlinks=False):
                        yield from self._below(Path(one.path), f"{above}{one.name}/")
        except FileNotFoundError:
            return  # a folder that went while we were looking
        except OSError as error:
            raise Transient(error.strerror or "the folder cannot be read now") from error

    def _entry(self, one: "os.DirEntry[str]", above: str) -> Entry:
        """`order` is the inode's change: a file that is copied in with an old date is new all the same."""
        told = one.stat(follow_symlinks=False)
        stamp = f"{told.st_size}-{told.st_mtime_ns}-{told.st_ino}"
        return Entry(above + one.name, told.st_size, stamp, told.st_ctime_ns // 1_000_000)


def _plain(one: "os.DirEntry[str]") -> bool:
    return one.is_file(follow_symlinks=False)


def _open_folder(name: str, within: int | None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | (os.O_NOFOLLOW if within is not None else 0)
    try:
        return os.open(name, flags, dir_fd=within)
    except OSError as error:
        raise typed(error) from error


def _open_at(folder: int, name: str) -> BinaryIO:
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError as error:
        raise typed(error) from error
    if not modes.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Denied("not a plain file")
    return os.fdopen(fd, "rb")


def typed(error: OSError) -> SourceFailure:
    """The failure of a source that an error of the operating system means."""
    if error.errno == errno.ENOENT:
        return NotFound("no such file")
    if error.errno in (errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOTDIR, errno.EROFS, errno.ENAMETOOLONG):
        return Denied(error.strerror or "denied")
    return Transient(error.strerror or "cannot be read now")


def stat_of(file: BinaryIO) -> Stat:
    """Size and SHA-256 of an open file, read to its end; the version is the SHA-256."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        digest.update(block)
        size += len(block)
    return Stat(size, digest.hexdigest(), digest.hexdigest())
