"""Days and times as people in Finland write and remember them, and the UTC spans in which to look for a call.

Local time is Europe/Helsinki. Twice a year the clock jumps: an hour happens twice or not at all, and a search must
look at both readings. Dates are shown as 17.5.2026 and times as 14.30 in all three languages.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
EARLIEST_CALL_DAY = date(1990, 1, 1)
"""No register keeps calls from before this day: an earlier date is a slip of the pen."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DMY = re.compile(r"(\d{1,2})[./\- ]+(\d{1,2})(?:[./\- ]+(\d{4}|\d{2})?)?\.?")
_CLOCK = re.compile(r"(?:klo|kello|kl|at)?\.? ?(\d{1,2})(?:[.:,h ]?(\d{2}))?", re.I)


class NotADate(ValueError):
    """The text does not have the form of a date."""


class NoSuchDay(ValueError):
    """The text has the form of a date, but the calendar has no such day."""


class NotATime(ValueError):
    """The text is no time of day."""


class InFuture(ValueError):
    """A call cannot have been made on a day that has not come."""


class TooOld(ValueError):
    """The day lies before any recording could have been made."""


def parse_date(text: str, today: date) -> date:
    """The day meant by the text; a missing year means the latest such day, this year or last, not after today.

    Raises NotADate (form) or NoSuchDay (calendar). Whether the day is a possible one, see check_call_day.
    """
    text = " ".join(text.split())
    if iso := _ISO.fullmatch(text):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    match = _DMY.fullmatch(text)
    if not match:
        raise NotADate(text)
    day, month = int(match[1]), int(match[2])
    if match[3]:
        return _day(int(match[3]) + (2000 if len(match[3]) == 2 else 0), month, day)
    return _latest_past(month, day, today)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(f"{day}.{month}.{year}") from None


def _latest_past(month: int, day: int, today: date) -> date:
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise NoSuchDay(f"{day}.{month}.")


def parse_time(text: str) -> time:
    """The time of day meant by the text, on the 24-hour clock. Raises NotATime."""
    match = _CLOCK.fullmatch(" ".join(text.split()))
    if not match:
        raise NotATime(text)
    try:
        return time(int(match[1]), int(match[2] or 0))
    except ValueError:
        raise NotATime(text) from None


def check_call_day(day: date, today: date) -> None:
    """Raises InFuture or TooOld where no call can have been made on the day. Retention is no reason to refuse."""
    if day > today:
        raise InFuture(day.isoformat())
    if day < EARLIEST_CALL_DAY:
        raise TooOld(day.isoformat())


def helsinki(instant: datetime) -> datetime:
    """The instant on the Finnish clock. Raises ValueError for a naive value: an instant without offset is a guess."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(HELSINKI)


def moments(naive: datetime) -> tuple[tuple[datetime, ...], bool]:
    """The distinct UTC instants of a local wall time, earliest first, and whether that wall time exists.

    Two instants: the hour came twice, or (False) it was skipped and both readings must be searched.
    """
    utcs = {naive.replace(tzinfo=HELSINKI, fold=fold).astimezone(UTC) for fold in (0, 1)}
    exists = any(utc.astimezone(HELSINKI).replace(tzinfo=None) == naive for utc in utcs)
    return tuple(sorted(utcs)), exists


def clock_changed(day: date | None, clock: time | None) -> bool:
    """Was the clock put forward or back just then, so that both readings are searched and the person is told?"""
    return day is not None and clock is not None and len(moments(datetime.combine(day, clock))[0]) > 1


class DaySureness(StrEnum):
    """How sure the caller is of the day."""

    CERTAIN = "certain"
    COUPLE_OF_DAYS = "couple_of_days"
    WEEK = "week"
    UNKNOWN = "unknown"


class TimeSureness(StrEnum):
    """How sure the caller is of the time: about a quarter or an hour, a part of the day, or not at all."""

    QUARTER = "quarter"
    HOUR = "hour"
    MORNING = "morning"
    DAYTIME = "daytime"
    EVENING = "evening"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PartOfDay:
    """A span of the local day in minutes from midnight; `end` may be 24 hours."""

    start: int
    end: int


PARTS_OF_DAY = {
    TimeSureness.MORNING: PartOfDay(5 * 60, 11 * 60),
    TimeSureness.DAYTIME: PartOfDay(10 * 60, 17 * 60),
    TimeSureness.EVENING: PartOfDay(16 * 60, 24 * 60),
}
WHOLE_DAY = PartOfDay(0, 24 * 60)

_DAYS_AROUND = {DaySureness.CERTAIN: 0, DaySureness.COUPLE_OF_DAYS: 3, DaySureness.WEEK: 8}
_MINUTES_AROUND = {TimeSureness.QUARTER: 75, TimeSureness.HOUR: 150}
_PART_MARGIN = 60
_WIDE_DAYS = 10

Window = tuple[datetime, datetime]


def windows(
    day: date | None,
    clock: time | None,
    day_sureness: DaySureness,
    time_sureness: TimeSureness,
    earliest: date,
    latest: date,
) -> tuple[Window, ...]:
    """The UTC spans [start, end) in which the call is looked for; merged, in order, wider than what was claimed.

    `earliest` and `latest` are the caller's bounds (either way round) when the day is unknown; otherwise unused.
    """
    if day is None or day_sureness is DaySureness.UNKNOWN:
        first, last = sorted((earliest, latest))
        return (_local_span(first, WHOLE_DAY.start, WHOLE_DAY.end + (last - first).days * 24 * 60),)
    around = _DAYS_AROUND[day_sureness]
    start, end = _minutes(clock, time_sureness)
    days = (day + timedelta(days=shift) for shift in range(-around, around + 1))
    return _merged(_local_span(each, start, end) for each in days)


def wide_window(day: date | None, day_sureness: DaySureness, earliest: date, latest: date) -> Window:
    """The UTC span for a search by the caller's own number: ten days either way forgive a wrong day or week."""
    if day is None or day_sureness is DaySureness.UNKNOWN:
        return windows(None, None, DaySureness.UNKNOWN, TimeSureness.UNKNOWN, earliest, latest)[0]
    around = timedelta(days=_DAYS_AROUND[day_sureness] + _WIDE_DAYS)
    return _local_span(day - around, 0, (2 * around + timedelta(days=1)) // timedelta(minutes=1))


def _minutes(clock: time | None, sureness: TimeSureness) -> tuple[int, int]:
    """The minutes of the local day to search, from its midnight; may reach into the neighbouring days."""
    if part := PARTS_OF_DAY.get(sureness):
        return part.start - _PART_MARGIN, part.end + _PART_MARGIN
    if clock is None or sureness is TimeSureness.UNKNOWN:
        return WHOLE_DAY.start, WHOLE_DAY.end
    centre = clock.hour * 60 + clock.minute
    return centre - _MINUTES_AROUND[sureness], centre + _MINUTES_AROUND[sureness]


def _local_span(day: date, start: int, end: int) -> Window:
    """From the earliest reading of the local start to the latest reading of the local end."""
    midnight = datetime.combine(day, time())
    first, _ = moments(midnight + timedelta(minutes=start))
    last, _ = moments(midnight + timedelta(minutes=end))
    return first[0], last[-1]


def _merged(spans: Iterable[Window]) -> tuple[Window, ...]:
    merged: list[Window] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


_WEEKDAYS = {
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_WEEKDAYS = {
    "fi": ("ma", "ti", "ke", "to", "pe", "la", "su"),
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_INTO_WEEKDAY = (
    "maanantaihin", "tiistaihin", "keskiviikkoon", "torstaihin", "perjantaihin", "lauantaihin", "sunnuntaihin",
)  # fmt: skip
_MONTHS = {
    "fi": (
        "tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta",
        "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta",
    ),
    "sv": (
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_CLOCK_WORD = {"fi": "klo", "sv": "kl.", "en": "at"}


def format_date(day: date) -> str:
    """17.5.2026: no leading zeros, the same in every language."""
    return f"{day.day}.{day.month}.{day.year}"


def format_time(clock: time | datetime) -> str:
    """14.30; the hour without a leading zero. A datetime is shown on its own clock: convert it first."""
    return f"{clock.hour}.{clock.minute:02}"


def long_date(day: date, language: str) -> str:
    """17. toukokuuta 2026 · 17 maj 2026 · 17 May 2026."""
    return f"{day.day}{'.' if language == 'fi' else ''} {_MONTHS[language][day.month - 1]} {day.year}"


def weekday(day: date, language: str) -> str:
    """The name of the weekday: lauantai · lördag · Saturday."""
    return _WEEKDAYS[language][day.weekday()]


def short_weekday(day: date, language: str) -> str:
    """The short name of the weekday: la · lör · Sat."""
    return _SHORT_WEEKDAYS[language][day.weekday()]


def weekday_date(day: date, language: str) -> str:
    """lauantai 21.11.2026 · lördag 21.11.2026 · Saturday 21.11.2026."""
    return f"{weekday(day, language)} {format_date(day)}"


def on_date(day: date, language: str) -> str:
    """When something happens: lauantaina 21.11.2026 · lördagen den 21.11.2026 · on Saturday 21.11.2026."""
    name, shown = weekday(day, language), format_date(day)
    return {"fi": f"{name}na {shown}", "sv": f"{name}en den {shown}", "en": f"on {name} {shown}"}[language]


def named_date(day: date, language: str) -> str:
    """The day as a noun in running text: maanantai 16.11.2026 · måndagen den 16.11.2026 · Monday 16.11.2026."""
    return on_date(day, language) if language == "sv" else weekday_date(day, language)


def to_date(day: date, language: str) -> str:
    """The day after a verb of motion: maanantaihin 16.11.2026 · måndagen den 16.11.2026 · Monday 16.11.2026."""
    if language == "fi":
        return f"{_INTO_WEEKDAY[day.weekday()]} {format_date(day)}"
    return named_date(day, language)


def at_time(clock: time | datetime, language: str) -> str:
    """klo 14.30 · kl. 14.30 · at 14.30."""
    return f"{_CLOCK_WORD[language]} {format_time(clock)}"
