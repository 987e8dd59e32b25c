"""The instant that an Asterisk exchange gives away: its unique ids begin with the epoch second, in the CDR table and at
the end of the file names that FreePBX makes. The difference to the wall clock betrays a wrong zone or a fast clock.
"""

import re
import statistics
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from portal.domain.recording import SegmentMeta

_EPOCH = re.compile(r"(?:^|-)(\d{9,10})\.\d+$")


def by_unique_id(made: SegmentMeta, unique_id: str) -> tuple[SegmentMeta, float | None]:
    """The call at its true instant, and by how many seconds the wall clock was ahead of it; as it was and None where
    the id tells no instant."""
    epoch = _EPOCH.search(unique_id)
    if epoch is None:
        return made, None
    true = datetime.fromtimestamp(int(epoch[1]), UTC)
    walls = [wall for wall in (made.start, made.other_start) if wall]
    begun = replace(made, start=true, end=true + (made.end - made.start), local_ambiguous=False, other_start=None)
    return begun, min(((wall - true).total_seconds() for wall in walls), key=abs)


def usual(skews: Iterable[float | None]) -> int | None:
    """By how many seconds the clock is ahead in most rows; None where no row tells."""
    known = [skew for skew in skews if skew is not None]
    return round(statistics.median(known)) if known else None
