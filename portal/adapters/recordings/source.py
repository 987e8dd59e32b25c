"""A source of recordings: a way to list calls, and a store for their files, as one port.

Who has the files in hand decides what we may do with them, whatever the store could: from an operator's we only
fetch, and ask for the rest; from what we cannot reach we only learn that there was a call.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from portal.adapters.recordings.listing import Lists, Searches
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.store import BLOCK, Store
from portal.domain.recording import (
    AudioInfo,
    AudioKind,
    Capability,
    Denied,
    NotFound,
    RefusalCode,
    Refused,
    RowRefusal,
    ScanBatch,
    SegmentMeta,
    Stat,
    Unsupported,
)

Sniff = Callable[[bytes, str], AudioKind | Refused]
Probe = Callable[[Path], AudioInfo | Refused]

HEAD_BYTES = 4096
_OPERATOR = frozenset({Capability.FETCH, Capability.RANGE, Capability.HOLD})


class StoredSource:
    """One source of one controller. `sniff` and `probe` judge the audio of each new row; a file that is not on this
    machine is judged by its first bytes now, and wholly when it is copied."""

    def __init__(self, profile: Profile, listing: Lists, store: Store, sniff: Sniff, probe: Probe) -> None:
        self.profile, self.id, self.register = profile, profile.id, profile.controller
        self.custody, self.operator = profile.custody, profile.operator
        reach = {"ours": store.can, "operator": store.can & _OPERATOR, "unreachable": frozenset[Capability]()}
        found = Capability.SEARCH if profile.harvest == "never" else Capability.LIST
        self.capabilities = frozenset({found}) | reach[profile.custody]
        self._listing, self._store, self._sniff, self._probe = listing, store, sniff, probe

    def scan(self, cursor: str | None = None, limit: int = 2000) -> ScanBatch:
        """The next calls, at most `limit`; a changed or replaced manifest is read anew.

        A refused row never stops the others. Raises a SourceFailure if the source cannot be read now.
        """
        self._must(Capability.LIST)
        listed = self._listing.read(cursor, limit)
        segments: dict[str, SegmentMeta] = {}
        refusals: list[RowRefusal] = []
        for file, line, told in listed.rows:
            made = told
            if isinstance(made, SegmentMeta) and made.has_audio:
                double = made.locator in segments
                found = Refused(RefusalCode.DUPLICATE, "the same file twice") if double else self._looked_at(made)
                made = _with_length(found) if listed.lengthless and isinstance(found, SegmentMeta) else found
            if isinstance(made, Refused):
                refusals.append(RowRefusal(self.id, file, line, made.code, made.detail))
            else:
                segments[made.locator] = made
        return ScanBatch(
            tuple(segments.values()), tuple(refusals), listed.cursor, listed.done, listed.progress, listed.skew
        )

    def search(
        self, numbers: Sequence[str], service: str, begin: datetime, end: datetime, limit: int
    ) -> tuple[SegmentMeta, ...]:
        """The calls that began in [begin, end) from or to any of the numbers (E.164), or, where none is given, to the
        service's number; at most `limit`. Raises a SourceFailure if the source cannot be asked now."""
        self._must(Capability.SEARCH)
        assert isinstance(self._listing, Searches), "a profile without harvest has a listing that can be searched"
        found = self._listing.search(frozenset(numbers), service, begin, end, limit)
        looked = (self._looked_at(one) if one.has_audio else one for one in found)
        return tuple(one for one in looked if isinstance(one, SegmentMeta))

    def first_rows(self, count: int) -> list[tuple[str, int, SegmentMeta | Refused]]:
        """How the profile reads the source's first rows: file, line, and the call or why not. No file is looked at."""
        return self._listing.read(None, count).rows

    def open(self, locator: str) -> BinaryIO:
        """The recording's bytes. Raises NotFound, Denied, Transient or Unsupported."""
        self._must(Capability.FETCH)
        return self._store.open(locator)

    def stat(self, locator: str) -> Stat:
        """Size and SHA-256, read now, and the version as the store tells it."""
        self._must(Capability.FETCH)
        return self._store.stat(locator)

    def delete(self, locator: str, expected_version: str) -> None:
        """Remove the file if it is still that version. Nothing happens if it is gone already.

        Raises Changed (and touches nothing), Denied, Transient or Unsupported.
        """
        self._must(Capability.DELETE)
        self._store.delete(locator, expected_version)

    def erase(self, locator: str) -> bool:
        """Delete whatever version is there now and look again; True when it is gone. Raises as `delete`."""
        version = ""
        with suppress(NotFound):
            version = self.stat(locator).version
        if version or not self.verify_absent(locator):
            self.delete(locator, version)
        return self.verify_absent(locator)

    def verify_absent(self, locator: str) -> bool:
        """True only if nothing is left there, older versions and links included."""
        self._must(Capability.VERIFY_ABSENT)
        return self._store.verify_absent(locator)

    def hold(self, locator: str, ref: str) -> None:
        """Keep the recording against every deletion at the source; `ref` again changes nothing."""
        self._must(Capability.HOLD)
        self._store.hold(locator, ref)

    def release(self, locator: str, ref: str) -> None:
        """End that hold; the others stay."""
        self._must(Capability.HOLD)
        self._store.release(locator, ref)

    def restrict(self, locator: str, on: bool) -> None:
        """Close the recording to everybody else at the source, or open it again (art. 18)."""
        self._must(Capability.RESTRICT)
        self._store.restrict(locator, on)

    def _must(self, capability: Capability) -> None:
        if capability not in self.capabilities:
            raise Unsupported(f"{self.id}: {capability}")

    def _looked_at(self, made: SegmentMeta) -> SegmentMeta | Refused:
        """Look at the file itself; a row whose file is not there keeps its metadata."""
        if Capability.FETCH not in self.capabilities:
            return made
        try:
            with self._store.open(made.locator) as file:
                kind = self._sniff(file.read(HEAD_BYTES), made.locator)
            if isinstance(kind, Refused):
                return kind
            path = self._store.local(made.locator)
            found = self._probe(path) if path else self._fetched(made.locator) if made.end == made.start else None
        except NotFound:
            return replace(made, has_audio=False)
        except Denied:
            return Refused(RefusalCode.BAD_PATH, "outside the archive, a link, or closed to us")
        return found if isinstance(found, Refused) else replace(made, audio=found)

    def _fetched(self, locator: str) -> AudioInfo | Refused:
        """What a file elsewhere is, by a passing copy of it: only where its length is not told otherwise."""
        with tempfile.TemporaryDirectory(prefix="kuuluu-") as folder:
            copy = Path(folder, "copy")
            with self._store.open(locator) as file, copy.open("wb") as target:
                shutil.copyfileobj(file, target, BLOCK)
            return self._probe(copy)


def _with_length(made: SegmentMeta) -> SegmentMeta:
    length = timedelta(milliseconds=made.audio.duration_ms) if made.audio else timedelta()
    return replace(made, end=made.start + length)
