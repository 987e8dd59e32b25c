"""Which recordings may be of one call: its segments, and what was perhaps recorded twice.

A call is recorded in pieces when it is transferred, and twice when both agents of a conference are recorded; one
recording may outlive the other. Duplicates are only suggested: a person listens and says, nothing is merged
(art. 5(1)(d)).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

HAND_OVER = timedelta(seconds=90)
"""The longest silence between two segments of a call whose recorder gives no call id."""
LEAST_OVERLAP = 0.5
"""The share of the shorter recording that a duplicate has in common with the other."""
ALIKE = 0.9
"""The correlation of two loudness pictures from which the sound is called alike."""
_POINTS, _FEWEST = 60, 12


@dataclass(frozen=True)
class Leg:
    """A recording as it is compared. `numbers`: who spoke, caller and other party, without the withheld; `call`: its
    recorder's own call id, opaque; `bars`: its loudness from beginning to end, empty when not known."""

    recording: str
    start: datetime
    end: datetime
    numbers: frozenset[str]
    call: str = ""
    agent: str = ""
    bars: tuple[int, ...] = ()


@dataclass(frozen=True)
class Double:
    """A recording that may be the same talk again. `alike`: whether its loudness goes the same way; None: not known."""

    recording: str
    alike: bool | None


def segments_with(one: Leg, others: Sequence[Leg]) -> tuple[str, ...]:
    """The other recordings of the same call, in order of time: by the recorder's call id, or the same number handed
    from one agent to another within 90 seconds, in either direction of the call."""
    found = (other for other in others if other.recording != one.recording and _same_call(one, other))
    return tuple(other.recording for other in sorted(found, key=lambda leg: (leg.start, leg.recording)))


def doubles_of(one: Leg, others: Sequence[Leg]) -> tuple[Double, ...]:
    """The recordings that overlap this one for at least half of the shorter, and have its call id or a number in
    common: perhaps the same talk, recorded twice."""
    return tuple(
        Double(other.recording, alike(one, other))
        for other in others
        if other.recording != one.recording
        and (_one_id(one, other) or one.numbers & other.numbers)
        and _overlap(one, other) >= LEAST_OVERLAP
    )


def alike(one: Leg, other: Leg) -> bool | None:
    """Does the loudness of two recordings go the same way while both run? None where it cannot be told: a picture is
    missing, what they share is too short, or one of them is even throughout."""
    begin, end = max(one.start, other.start), min(one.end, other.end)
    first, second = (_part(leg, begin, end) for leg in (one, other))
    found = _correlation(first, second) if first and second else None
    return None if found is None else found >= ALIKE


def _same_call(one: Leg, other: Leg) -> bool:
    if _one_id(one, other):
        return True
    earlier, later = sorted((one, other), key=lambda leg: leg.start)
    gap = later.start - earlier.end
    handed = bool(one.agent and other.agent and one.agent != other.agent)
    return handed and bool(one.numbers & other.numbers) and timedelta() <= gap <= HAND_OVER


def _one_id(one: Leg, other: Leg) -> bool:
    return bool(one.call) and one.call == other.call


def _overlap(one: Leg, other: Leg) -> float:
    """The time both run, as a share of the shorter; nought for a recording of no length."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return shared / shorter if shorter > timedelta() else 0.0


def _part(leg: Leg, begin: datetime, end: datetime) -> tuple[float, ...]:
    """The loudness between two instants in as many points as both can show."""
    length = (leg.end - leg.start).total_seconds()
    if length <= 0 or end <= begin or not leg.bars:
        return ()
    first, last = ((at - leg.start).total_seconds() / length * len(leg.bars) for at in (begin, end))
    if last - first < _FEWEST:
        return ()
    step = (last - first) / _POINTS
    return tuple(float(leg.bars[min(int(first + step * (n + 0.5)), len(leg.bars) - 1)]) for n in range(_POINTS))


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's coefficient; None where one of them never changes."""
    mean, other = sum(first) / len(first), sum(second) / len(second)
    a, b = [value - mean for value in first], [value - other for value in second]
    spread = sqrt(sum(value * value for value in a) * sum(value * value for value in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / spread if spread else None
