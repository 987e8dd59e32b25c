"""The port of the index's own words about a call: its number and time, which may be wrong (arts. 5(1)(d), 16)."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Metadata(Protocol):
    """The metadata of recordings in one unit of work."""

    def correct(
        self, recording_id: str, caller: str | None, start: datetime, end: datetime, purge_at: datetime
    ) -> bool:
        """Set a recording's number (None: withheld), times, and the end of its retention; its audio is not touched.

        While the recording is held its retention never becomes shorter. False: its deletion has begun."""

    def legs(self, register: str, calls: Collection[str]) -> tuple[str, ...]:
        """The recordings that bear one of these calls' ids (`Recording.call`) and are not gone."""
