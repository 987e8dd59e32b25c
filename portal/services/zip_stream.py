"""A ZIP that is sent while it is made: audio is stored as it is, nothing is held but the piece that is on its way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from portal.domain.moments import helsinki

_ROOM = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One file of the ZIP. `size`: about how many bytes, so that one beyond 4 GiB gets the larger form of entry."""

    name: str
    size: int
    blocks: Iterable[bytes]


class _Pieces:
    """A file that nobody can seek in: what is written is taken away piece by piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        return len(self._held[-1])

    def flush(self) -> None:
        """Nothing waits to be written."""

    def take(self) -> bytes:
        taken, self._held = b"".join(self._held), []
        return taken


def zipped(entries: Iterable[Entry], at: datetime) -> Iterator[bytes]:
    """The ZIP's bytes, every file dated `at`; the same entries make the same bytes. An entry is asked for when the one
    before it has been sent, so a later one may tell of the earlier."""
    dated = helsinki(at).timetuple()[:6]
    sink = _Pieces()
    with ZipFile(sink, "w", ZIP_STORED) as package:  # type: ignore[call-overload]  # a write-only file is enough for it
        for one in entries:
            info = ZipInfo(one.name, dated)
            info.file_size = one.size + _ROOM
            with package.open(info, "w") as entry:
                for block in one.blocks:
                    entry.write(block)
                    if piece := sink.take():
                        yield piece
    yield sink.take()
