"""A retention run in a process of its own that is killed, as by a power cut, at one phase of a deletion."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from portal.domain.access import SYSTEM
from portal.domain.recording import Capability, NotFound, ScanBatch
from portal.services.dispose import dispose_due
from portal.services.office import Office
from tests import make

REGISTER = "espoo"
PHASES = (
    "condemned", "deleting", "before_source", "after_source", "before_file", "after_file", "before_ledger",
    "after_ledger", "before_commit", "after_commit",
)  # fmt: skip


@dataclass
class FolderSource:
    """A source whose recordings are files, so that what one process deletes is gone for the next."""

    folder: Path
    id: str = f"folder-{REGISTER}"
    register: str = REGISTER
    custody: str = "ours"
    capabilities: frozenset[Capability] = frozenset({Capability.FETCH, Capability.DELETE})

    def scan(self, cursor: str | None = None, limit: int = 2000) -> ScanBatch:
        return ScanBatch((), (), "0", done=True)

    def open(self, locator: str) -> BinaryIO:
        if not (self.folder / locator).exists():
            raise NotFound(locator)
        return BytesIO((self.folder / locator).read_bytes())

    def erase(self, locator: str) -> bool:
        (self.folder / locator).unlink(missing_ok=True)
        return True


def office(folder: Path, url: str, clock: Callable[[], Any]) -> Office:
    """An office whose one source is a folder."""
    (folder / "archive").mkdir(exist_ok=True)
    made = make.office(folder, url, clock)
    source = FolderSource(folder / "archive")
    sources: dict[str, Any] = {**made.sources, source.id: source}
    return replace(made, sources=sources)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """Passes everything on to what it wraps; dies before or after one method."""

    def __init__(self, wrapped: Any, method: str, *, after: bool) -> None:
        self._wrapped, self._method, self._after = wrapped, method, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wrapped, name)
        if name != self._method:
            return found

        def last(*given: Any, **more: Any) -> Any:
            if not self._after:
                _die()
            answer = found(*given, **more)
            _die()
            return answer

        return last


class DyingBook:
    """Dies at the n-th writing unit: in it before its commit, or just after."""

    def __init__(self, wrapped: Any, unit: int, *, committed: bool) -> None:
        self._wrapped, self._unit, self._committed, self._seen = wrapped, unit, committed, 0

    def reading(self) -> AbstractContextManager[Any]:
        found: AbstractContextManager[Any] = self._wrapped.reading()
        return found

    @contextmanager
    def writing(self) -> Iterator[Any]:
        self._seen += 1
        mine = self._seen == self._unit
        with self._wrapped.writing() as work:
            yield work
            if mine and not self._committed:
                _die()
        if mine:
            _die()


def run_and_die(folder: Path, url: str, at: Any, phase: str) -> None:
    """The retention run that does not come to its end. Its writing units: condemn, start, gone."""
    here = office(folder, url, lambda: at)
    source = FolderSource(folder / "archive")
    if phase in ("before_source", "after_source"):
        here = replace(here, sources={source.id: Dying(source, "erase", after=phase == "after_source")})
    elif phase in ("before_file", "after_file"):
        here = replace(here, vault=Dying(here.vault, "delete", after=phase == "after_file"))
    elif phase in ("before_ledger", "after_ledger"):
        here = replace(here, ledger=Dying(here.ledger, "write", after=phase == "after_ledger"))
    else:
        unit = {"condemned": 1, "deleting": 2, "before_commit": 3, "after_commit": 3}[phase]
        here = replace(here, book=DyingBook(here.book, unit, committed=phase != "before_commit"))
    dispose_due(here, SYSTEM, REGISTER, dry_run=False, worker="dying")
