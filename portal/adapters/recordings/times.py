"""Local wall time of a recording system into UTC, the two awkward nights of the year included.

In October an hour comes twice: a duration, an offset or the end may settle which was meant, else both
candidates are kept. In March an hour does not exist, and a row that claims it is refused.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MAX_CALL = timedelta(hours=24)
TOLERANCE = timedelta(seconds=2)


class NoSuchHour(ValueError):
    """The local time was skipped when summer time began."""


@dataclass(frozen=True)
class Span:
    """A call's instants. `other_start` is set when the start could also have been then."""

    start: datetime
    end: datetime
    other_start: datetime | None = None


def instants(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The UTC instants that a clock on the wall calls `local`, earliest first; an aware one is itself.

    Raises NoSuchHour if there is none.
    """
    if local.tzinfo is not None:
        return [local.astimezone(UTC)]
    both = sorted({local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})
    real = [instant for instant in both if instant.astimezone(zone).replace(tzinfo=None) == local]
    if not real:
        raise NoSuchHour(local.isoformat(" "))
    return real


def span(start: datetime, end: datetime | None, duration: timedelta | None, zone: ZoneInfo) -> Span:
    """The call's span from its local start and its local end, its duration, or both.

    Raises NoSuchHour, or ValueError when the end comes before the start or a day after it.
    """
    starts = instants(start, zone)
    if end is None:
        if duration is None:
            raise ValueError("neither end nor duration")
        pairs = [(first, first + duration) for first in starts]
    else:
        pairs = [(a, b) for a in starts for b in instants(end, zone) if timedelta() <= b - a <= MAX_CALL]
        if duration is not None:
            pairs = [(a, b) for a, b in pairs if abs(b - a - duration) <= TOLERANCE] or pairs
        pairs.sort(key=lambda pair: (pair[1] - pair[0], pair[0]))
    if not pairs:
        raise ValueError("the end is not within a day after the start")
    first, last = pairs[0]
    others = [a for a, _ in pairs if a != first]
    return Span(first, last, others[0] if others else None)
