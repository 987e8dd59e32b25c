"""How calls are listed where a system writes manifests or only names its files: the rows, and how far they are read.

A listing reads on from its cursor and holds no more than one batch, whatever the size of what it reads.
"""

import heapq
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Protocol, runtime_checkable

from portal.adapters.recordings.manifest import BrokenManifest, Place, lines, segment, unchanged
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.store import Entry, Store
from portal.adapters.recordings.unique_id import by_unique_id, usual
from portal.domain.recording import RefusalCode, Refused, SegmentMeta

Seen = tuple[Place, str]  # how far a manifest is read, and its stamp then


@dataclass
class Listed:
    """What one step gave: each row's file, line and what it is, and where to read on."""

    rows: list[tuple[str, int, SegmentMeta | Refused]] = field(default_factory=list)
    cursor: str = "{}"
    done: bool = True
    progress: float | None = None
    skew: int | None = None
    lengthless: bool = False  # the rows' ends are not known: the files themselves tell


class Lists(Protocol):
    """One way to list calls."""

    def read(self, cursor: str | None, limit: int) -> Listed:
        """The next rows, at most `limit`. Raises a SourceFailure."""


@runtime_checkable
class Searches(Protocol):
    """A way to find calls without reading them all."""

    def search(
        self, numbers: frozenset[str], service: str, begin: datetime, end: datetime, limit: int
    ) -> list[SegmentMeta]:
        """The calls that began in [begin, end), by number or by service, at most `limit`. Raises a SourceFailure."""


class ManifestListing:
    """The manifests in the root of a store, by the profile's pattern."""

    def __init__(self, profile: Profile, store: Store) -> None:
        self._profile, self._store = profile, store

    def read(self, cursor: str | None, limit: int) -> Listed:
        seen, listed = _seen(cursor), Listed()
        manifests = [one for one in self._store.files() if PurePosixPath(one.name).match(self._profile.manifest)]
        if not manifests:
            gone = Refused(RefusalCode.NO_MANIFEST, "no such file")
            return Listed([(self._profile.manifest, 1, gone)], cursor or "{}")
        after: dict[str, Seen] = {}
        for one in manifests:
            state = self._read_one(one, seen.get(one.name), listed, limit)
            if state is not None:
                after[one.name] = state
        listed.cursor = json.dumps({name: [at.line, at.at, at.crc, stamp] for name, (at, stamp) in after.items()})
        total, done = sum(one.size for one in manifests), sum(place.at for place, _ in after.values())
        listed.progress = 1.0 if listed.done else min(1.0, done / max(1, total))
        return listed

    def _read_one(self, one: Entry, seen: Seen | None, listed: Listed, limit: int) -> Seen | None:
        """Read on from where this manifest was left; returns where it is left now."""
        if seen is not None and seen[1] == one.stamp and seen[0].at == one.size and one.size:
            return seen
        if len(listed.rows) >= limit:
            listed.done = False
            return seen
        with self._store.open(one.name) as file:
            place = seen[0] if seen else Place()
            if seen is not None and seen[1] != one.stamp and not (place.at and unchanged(file, place)):
                place = Place()
            file.seek(0)
            try:
                for line in lines(file, self._profile, place):
                    if len(listed.rows) >= limit:
                        listed.done = False
                        break
                    made = line.row if isinstance(line.row, Refused) else segment(line.row, line.number, self._profile)
                    listed.rows.append((one.name, line.number, made))
                    place = line.after or place
            except BrokenManifest as broken:
                listed.rows.append((one.name, broken.line, broken.why))
        return place, one.stamp


class NameListing:
    """No manifest: what is known of a call stands in its file's name, and its length in the file."""

    def __init__(self, profile: Profile, store: Store, now: Callable[[], datetime]) -> None:
        self._pattern = re.compile(profile.name_pattern)
        groups = {name: name for name in self._pattern.groupindex}
        self._profile, self._store, self._now = replace(profile, columns=groups), store, now

    def read(self, cursor: str | None, limit: int) -> Listed:
        """The oldest files after the cursor; a file that is still being written waits for a later harvest."""
        last = _last(cursor)
        settled = int(self._now().timestamp() * 1000) - self._profile.settle_seconds * 1000
        waiting = (one for one in self._store.walk() if one.order <= settled and (one.order, one.name) > last)
        taken = heapq.nsmallest(limit + 1, waiting, key=lambda one: (one.order, one.name))
        found = taken[:limit]
        end = (found[-1].order, found[-1].name) if found else last
        made = [(one.name, *row) for one in found if (row := self._row(one.name)) is not None]
        kept = [(name, 1, row) for name, row, _ in made]
        groups = self._pattern.groupindex
        lengthless = not {"end", "end_time", "duration"} & set(groups)
        skew = usual(skew for _, _, skew in made)
        return Listed(kept, json.dumps(end), done=len(taken) <= limit, skew=skew, lengthless=lengthless)

    def _row(self, name: str) -> tuple[SegmentMeta | Refused, float | None] | None:
        """The call of a file, and by how many seconds the wall clock was ahead where the name betrays it; None for a
        file whose name says that it is none."""
        match = self._pattern.fullmatch(name) or self._pattern.fullmatch(PurePosixPath(name).name)
        if match is None:
            return None
        told: Mapping[str, str] = {key: value or "" for key, value in match.groupdict().items()}
        ends = {} if {"end", "end_time", "duration"} & set(told) else {"duration": "0"}
        row = segment({**told, **ends, "file": name}, 1, self._profile)
        return (row, None) if isinstance(row, Refused) else by_unique_id(row, told.get("call_uid", ""))


def _seen(text: str | None) -> dict[str, Seen]:
    """A cursor that cannot be read means: from the beginning, which is always safe."""
    try:
        told: dict[str, Any] = json.loads(text or "{}")
        return {str(k): (Place(int(v[0]), int(v[1]), int(v[2])), str(v[3])) for k, v in told.items()}
    except (ValueError, TypeError, AttributeError, IndexError):
        return {}


def _last(text: str | None) -> tuple[int, str]:
    try:
        order, name = json.loads(text or "null")
        return int(order), str(name)
    except (ValueError, TypeError):
        return -1, ""
