"""(f) does the ranking find the call that a caller half remembers? Simulated callers, with the slips people make.

The errors: twenty minutes about the true time, then rounded to a quarter; one in ten a day off, three in a hundred a
week, three in a hundred twelve hours; three in ten name no service, one in twenty another one. Callers ring a few
hundred times a year (median 403), which is far harder than life. Candidates are what the search would bring: every
call of the number within the window of the form's dates.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from portal.domain.matching import CallDescription, Candidate, rank
from portal.domain.moments import DaySureness, TimeSureness, helsinki, wide_window
from tests.bench.timing import Line
from tests.postgres import Cluster

YEAR_FROM, DAYS = datetime(2025, 6, 1, tzinfo=UTC), 365
SERVICES = 40
MEDIAN, SPREAD = 403, 0.644  # calls of one number in a year: log-normal, one number in 1 500 has over 3 165
_LOST = 10**6
ALL_DAY, OFFICE = (0, 24 * 60), (8 * 60, 16 * 60)
FLOORS = {
    ("number and service", ALL_DAY): 0.97,
    ("number only", ALL_DAY): 0.93,
    ("number only", OFFICE): 0.82,
}


def claims(_root: Path, _cluster: Cluster | None, each: int = 1_500) -> list[Line]:
    """The share of simulated callers whose own call comes first, and among the first three."""
    return [line for (what, hours), floor in FLOORS.items() for line in _situation(what, hours, floor, each)]


def _situation(what: str, hours: tuple[int, int], floor: float, count: int) -> Iterator[Line]:
    chance = random.Random(f"{what}{hours}")
    places = [_place(chance, hours, with_service=what == "number and service") for _ in range(count)]
    first, third, found = (sum(place <= most for place in places) / count for most in (1, 3, _LOST - 1))
    when = " in office hours" if hours == OFFICE else ""
    detail = f"{first:.3f} of {count} claims; first three {third:.3f}; found {found:.3f}"
    yield Line(f"claims: {what}{when}, the right call first", first, "", floor, detail, least=True)


def _place(chance: random.Random, hours: tuple[int, int], *, with_service: bool) -> int:
    """Where the true call stands in the ranking of one caller's claim; _LOST when it was not found."""
    calls = _calls(chance, hours)
    true = chance.choice(calls)
    told = _told(chance, true, with_service=with_service)
    begin, end = wide_window(told.day, told.day_sureness, date.min, date.max)
    near = [replace(one, service_equal=_same(told, one)) for one in calls if begin <= one.start < end]
    ranked = [match.candidate.recording_id for match in rank(told, near)]
    return ranked.index(true.recording_id) + 1 if true.recording_id in ranked else _LOST


def _calls(chance: random.Random, hours: tuple[int, int]) -> list[Candidate]:
    """A year's calls of one number."""
    many = round(chance.lognormvariate(math.log(MEDIAN), SPREAD))
    return [_call(chance, n, hours) for n in range(max(many, 1))]


def _call(chance: random.Random, n: int, hours: tuple[int, int]) -> Candidate:
    minutes = chance.randrange(DAYS) * 24 * 60 + chance.uniform(*hours)
    start = YEAR_FROM + timedelta(minutes=minutes)
    service = f"+35898{chance.randrange(SERVICES):05d}"
    return Candidate(str(n), start, start + timedelta(minutes=4), service=service, number_equal=True)


def _told(chance: random.Random, true: Candidate, *, with_service: bool) -> CallDescription:
    """What the caller says of the call."""
    believed = helsinki(true.start).replace(tzinfo=None) + timedelta(minutes=chance.gauss(0, 20))
    slip = chance.random()
    if slip < 0.10:
        believed += timedelta(days=chance.choice((-1, 1)))
    elif slip < 0.13:
        believed += timedelta(days=chance.choice((-7, 7)))
    elif slip < 0.16:
        believed += timedelta(hours=chance.choice((-12, 12)))
    quarter = round((believed - datetime.min) / timedelta(minutes=15))
    believed = datetime.min + quarter * timedelta(minutes=15)
    return CallDescription(
        number=1,
        day=believed.date(),
        time=time(believed.hour, believed.minute),
        day_sureness=DaySureness.CERTAIN,
        time_sureness=TimeSureness.QUARTER,
        service_number=_service(chance, true) if with_service else None,
        own_number="+358401234567",
    )


def _service(chance: random.Random, true: Candidate) -> str | None:
    return true.service if chance.random() >= 0.05 else f"+35898{chance.randrange(SERVICES):05d}"


def _same(told: CallDescription, one: Candidate) -> bool | None:
    return None if told.service_number is None else told.service_number == one.service
