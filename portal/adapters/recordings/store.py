"""Where a recording system's files lie: one shape for a folder, an SFTP server and a bucket, whatever lists the calls.

A store says what it can do; what it cannot raises Unsupported, and nothing reports success for what it did not do.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from portal.domain.recording import Capability, Denied, Stat, Transient, Unsupported

BLOCK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """A file in a store. `stamp` differs when the file was written again; `order` is when it came, to sort by."""

    name: str
    size: int
    stamp: str
    order: int


class Store(Protocol):
    """Files under a root, named by locators; every verb may be repeated, and raises a SourceFailure."""

    can: frozenset[Capability]

    def files(self) -> list[Entry]:
        """The files in the root itself, by name."""

    def walk(self) -> Iterator[Entry]:
        """All files, those in folders too, in no order."""

    def open(self, locator: str) -> BinaryIO:
        """The file's bytes, from any place. A connection lost in the middle is Transient, never a shorter file."""

    def local(self, locator: str) -> Path | None:
        """The file's path, where it has one on this machine."""

    def stat(self, locator: str) -> Stat: ...
    def delete(self, locator: str, expected_version: str) -> None: ...
    def verify_absent(self, locator: str) -> bool: ...
    def hold(self, locator: str, ref: str) -> None: ...
    def release(self, locator: str, ref: str) -> None: ...
    def restrict(self, locator: str, on: bool) -> None: ...


class NoHold:
    """The verbs of a store that cannot keep a file against deletion, nor close it to others."""

    def hold(self, locator: str, ref: str) -> None:
        raise Unsupported("hold")

    def release(self, locator: str, ref: str) -> None:
        raise Unsupported("hold")

    def restrict(self, locator: str, on: bool) -> None:
        raise Unsupported("restrict")


def parts_of(locator: str) -> list[str]:
    """The names on the way to a file, both kinds of slash understood. Raises Denied for a way that leads elsewhere."""
    parts = [part for part in locator.replace("\\", "/").split("/") if part != "."]
    if not parts or any(part in ("", "..") or "\0" in part for part in parts) or parts[0].endswith(":"):
        raise Denied("not a path inside the archive")
    return parts


class _Far(io.RawIOBase):
    """A file elsewhere, read by pieces; fewer bytes than asked for mean that the connection broke."""

    def __init__(self, size: int, read_at: Callable[[int, int], bytes], close: Callable[[], None]) -> None:
        self._size, self._read_at, self._close, self._at = size, read_at, close, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]  # the buffer is ours: BufferedReader's
        wanted = max(0, min(len(into), self._size - self._at))
        found = self._read_at(self._at, wanted) if wanted else b""
        if len(found) != wanted:
            raise Transient("the connection broke in the middle of a file")
        into[:wanted] = found
        self._at += wanted
        return wanted

    def close(self) -> None:
        if not self.closed:
            self._close()
        super().close()


def far_file(size: int, read_at: Callable[[int, int], bytes], close: Callable[[], None] = lambda: None) -> BinaryIO:
    """A file of `size` bytes whose pieces `read_at(offset, length)` fetches."""
    return cast("BinaryIO", io.BufferedReader(_Far(size, read_at, close), BLOCK))
