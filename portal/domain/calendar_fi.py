"""The two Finnish holiday calendars by which time limits end.

EU_STRICT counts the month of GDPR art. 12(3) by Regulation 1182/71, art. 3(4): Saturdays, Sundays and the thirteen
public holidays are off, the two eves are working days. FI_150_1930 follows Act 150/1930 s. 5, where a period also
does not end on Christmas Eve or Midsummer Eve; it serves appeal periods and inner planning dates. The table of days
is ours: the usual holiday package counts the eves as public holidays and would make statutory dates too late.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY = 5

_FIXED = {
    "new_year": (1, 1),
    "epiphany": (1, 6),
    "may_day": (5, 1),
    "independence_day": (12, 6),
    "christmas_day": (12, 25),
    "boxing_day": (12, 26),
}
_FROM_EASTER = {"good_friday": -2, "easter_sunday": 0, "easter_monday": 1, "ascension_day": 39, "whit_sunday": 49}

HOLIDAY_NAMES: Mapping[str, Mapping[str, str]] = {
    "new_year": {"fi": "uudenvuodenpäivä", "sv": "nyårsdagen", "en": "New Year's Day"},
    "epiphany": {"fi": "loppiainen", "sv": "trettondagen", "en": "Epiphany"},
    "good_friday": {"fi": "pitkäperjantai", "sv": "långfredagen", "en": "Good Friday"},
    "easter_sunday": {"fi": "pääsiäispäivä", "sv": "påskdagen", "en": "Easter Sunday"},
    "easter_monday": {"fi": "toinen pääsiäispäivä", "sv": "annandag påsk", "en": "Easter Monday"},
    "may_day": {"fi": "vappu", "sv": "första maj", "en": "May Day"},
    "ascension_day": {"fi": "helatorstai", "sv": "Kristi himmelsfärdsdag", "en": "Ascension Day"},
    "whit_sunday": {"fi": "helluntaipäivä", "sv": "pingstdagen", "en": "Whit Sunday"},
    "midsummer_eve": {"fi": "juhannusaatto", "sv": "midsommarafton", "en": "Midsummer Eve"},
    "midsummer_day": {"fi": "juhannuspäivä", "sv": "midsommardagen", "en": "Midsummer Day"},
    "all_saints": {"fi": "pyhäinpäivä", "sv": "alla helgons dag", "en": "All Saints' Day"},
    "independence_day": {"fi": "itsenäisyyspäivä", "sv": "självständighetsdagen", "en": "Independence Day"},
    "christmas_eve": {"fi": "jouluaatto", "sv": "julafton", "en": "Christmas Eve"},
    "christmas_day": {"fi": "joulupäivä", "sv": "juldagen", "en": "Christmas Day"},
    "boxing_day": {"fi": "tapaninpäivä", "sv": "annandag jul", "en": "Boxing Day"},
}


@dataclass(frozen=True)
class Calendar:
    """Which days end no period. `version` names the table in the audit trail; `valid_from` is the first day checked."""

    name: str
    version: str
    valid_from: date
    eves_off: bool

    def is_working_day(self, day: date) -> bool:
        """Neither Saturday, Sunday nor a holiday of this calendar."""
        return day.weekday() < _SATURDAY and day not in _days_off(day.year, self.eves_off)

    def holiday(self, day: date) -> str | None:
        """The code of the holiday that falls on the day (a key of HOLIDAY_NAMES), or None."""
        return _days_off(day.year, self.eves_off).get(day)

    def roll_forward(self, day: date) -> date:
        """The day itself, or the next working day after it (Reg. 1182/71 art. 3(4); Act 150/1930 s. 5)."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def roll_back(self, day: date) -> date:
        """The last working day on or before the day: where a careful clerk plans to be done."""
        while not self.is_working_day(day):
            day -= _DAY
        return day


EU_STRICT = Calendar("EU_STRICT", "EU_STRICT-2018.1", date(2018, 5, 25), eves_off=False)
FI_150_1930 = Calendar("FI_150_1930", "FI_150_1930-2018.1", date(2018, 5, 25), eves_off=True)


def eve(day: date) -> str | None:
    """The code of the eve (christmas_eve, midsummer_eve) on which the two calendars differ, if the day is one."""
    name = FI_150_1930.holiday(day)
    return name if name in ("christmas_eve", "midsummer_eve") else None


@lru_cache(maxsize=512)
def _days_off(year: int, eves_off: bool) -> Mapping[date, str]:
    """The thirteen holidays of a year, with the two eves if they count, each with its code."""
    easter = easter_sunday(year)
    midsummer = _first_weekday(_SATURDAY, date(year, 6, 20))
    days = {easter + timedelta(days=shift): name for name, shift in _FROM_EASTER.items()}
    days |= {date(year, month, day): name for name, (month, day) in _FIXED.items()}
    days[midsummer] = "midsummer_day"
    days[_first_weekday(_SATURDAY, date(year, 10, 31))] = "all_saints"
    if eves_off:
        days[date(year, 12, 24)] = "christmas_eve"
        days[midsummer - _DAY] = "midsummer_eve"
    return days


def _first_weekday(weekday: int, start: date) -> date:
    return start + timedelta(days=(weekday - start.weekday()) % 7)


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
