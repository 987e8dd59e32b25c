"""Does this recording fit this description? Ranked, with a reason for every term, so that staff never see a bare score.

People misremember: the day by one, the week, the hour by twelve. Each term is a log-likelihood ratio against a call
picked at random, and a mixture of the usual slips keeps a call with the right number in sight although its time is
wrong. A match never shows whose voice it is: it proposes, a person listens and decides.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from portal.domain.moments import PARTS_OF_DAY, WHOLE_DAY, DaySureness, TimeSureness, helsinki

Clock = time
_DAY, _WEEK, _HALF_DAY, _HOUR = 1440, 10080, 720, 60
_STRAY, _STRAY_SPAN = 0.04, 30 * _DAY
_SD = {TimeSureness.QUARTER: 25.0, TimeSureness.HOUR: 40.0}
_SD_VAGUE = 25.0
_SLIPS = ((_DAY, 0.05), (-_DAY, 0.05), (_WEEK, 0.015), (-_WEEK, 0.015), (_HALF_DAY, 0.015), (-_HALF_DAY, 0.015))

_NUMBER_EQUAL = math.log(0.95 / 1e-5)
_NUMBER_DIFFERENT = math.log(0.01)
_SERVICE_EQUAL = math.log(0.95)
_SERVICE_OTHER = math.log(0.05 / 39)
_OUTBOUND = math.log(0.3)

_FITTING_LOSS = 2.5
"""How far below the best possible time term a call may lie and still fit: some two standard deviations."""
_NEAR = 15
_SAME_TIME = 45


@dataclass(frozen=True)
class CallDescription:
    """One call in the applicant's words: no field but `number`, its place in the request, need be known.

    `own_number` is E.164; `service_number` is E.164, or the bare digits of a short number. `day` and `time` are local.
    """

    number: int
    day: date | None = None
    time: Clock | None = None
    day_sureness: DaySureness = DaySureness.UNKNOWN
    time_sureness: TimeSureness = TimeSureness.UNKNOWN
    service_number: str | None = None
    own_number: str | None = None
    withheld: bool = False
    other_phone: bool = False
    note: str = ""


class Direction(StrEnum):
    """Who rang whom, seen from the controller."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


@dataclass(frozen=True)
class Candidate:
    """A recording that may be the call. Instants in UTC.

    `number_equal`: None where the recording's number was withheld; `service_equal`: None where it is not known.
    """

    recording_id: str
    start: datetime
    end: datetime | None = None
    direction: Direction | None = None
    service: str | None = None
    number_equal: bool | None = None
    service_equal: bool | None = None
    agent: str | None = None


class Term(StrEnum):
    """What a reason speaks of."""

    NUMBER = "number"
    TIME = "time"
    SERVICE = "service"
    WITHHELD = "withheld"
    DIRECTION = "direction"


@dataclass(frozen=True)
class Reason:
    """One finding about one term. `minutes` and `days`: how much later the call was than claimed; negative: earlier."""

    term: Term
    code: str
    minutes: int = 0
    days: int = 0


class Fit(StrEnum):
    """What staff see instead of a score."""

    GOOD = "good"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


@dataclass(frozen=True)
class Match:
    """A candidate with its place in the ranking; `score` orders only and is never shown."""

    candidate: Candidate
    score: float
    fit: Fit
    reasons: tuple[Reason, ...]


def rank(description: CallDescription, candidates: Iterable[Candidate]) -> tuple[Match, ...]:
    """The candidates with their reasons, best first; equal scores in order of time. Raises ValueError if naive."""
    matches = [_match(description, candidate) for candidate in candidates]
    return tuple(sorted(matches, key=lambda m: (-m.score, m.candidate.start, m.candidate.recording_id)))


def _match(description: CallDescription, candidate: Candidate) -> Match:
    local = helsinki(candidate.start).replace(tzinfo=None)
    time_score, best = _time_scores(description, local)
    number_score, number = _number(description, candidate)
    service_score, service = _service(description, candidate)
    direction_score, direction = _direction(candidate)
    reasons = (number, _time_reason(description, local), service, *direction)
    fits = best is not None and time_score >= best - _FITTING_LOSS
    score = time_score + number_score + service_score + direction_score
    return Match(candidate, score, _fit(number, service, fits), reasons)


def _fit(number: Reason, service: Reason, time_fits: bool) -> Fit:
    """Good: same number, time and service agree. Possible: the number speaks for it, or nothing against it."""
    agrees = time_fits and service.code != "other"
    if number.code == "equal":
        return Fit.GOOD if agrees else Fit.POSSIBLE
    return Fit.POSSIBLE if agrees and number.code != "different" else Fit.UNLIKELY


def _number(description: CallDescription, candidate: Candidate) -> tuple[float, Reason]:
    if candidate.number_equal is None:
        code = "as_claimed" if description.withheld else "hidden"
        return 0.0, Reason(Term.WITHHELD, code)
    if candidate.number_equal:
        return _NUMBER_EQUAL, Reason(Term.NUMBER, "equal")
    if description.other_phone:
        return 0.0, Reason(Term.NUMBER, "other_phone")
    if description.own_number is None and not description.withheld:
        return 0.0, Reason(Term.NUMBER, "not_claimed")
    return _NUMBER_DIFFERENT, Reason(Term.NUMBER, "different")


def _service(description: CallDescription, candidate: Candidate) -> tuple[float, Reason]:
    if description.service_number is None:
        return 0.0, Reason(Term.SERVICE, "not_claimed")
    if candidate.service_equal is None:
        return 0.0, Reason(Term.SERVICE, "not_known")
    if candidate.service_equal:
        return _SERVICE_EQUAL, Reason(Term.SERVICE, "equal")
    return _SERVICE_OTHER, Reason(Term.SERVICE, "other")


def _direction(candidate: Candidate) -> tuple[float, tuple[Reason, ...]]:
    """The form asks when the person rang; a call from the service may be the call-back they remember."""
    if candidate.direction is Direction.OUTBOUND:
        return _OUTBOUND, (Reason(Term.DIRECTION, "outbound"),)
    return 0.0, ()


@dataclass(frozen=True)
class _Claim:
    """The claimed local span in minutes from the claimed day's midnight, and the width of the error around it."""

    start: int
    end: int
    sd: float


def _claim(clock: time | None, sureness: TimeSureness) -> _Claim:
    if part := PARTS_OF_DAY.get(sureness):
        return _Claim(part.start, part.end, _SD_VAGUE)
    if clock is None:
        return _Claim(WHOLE_DAY.start, WHOLE_DAY.end, _SD_VAGUE)
    minute = clock.hour * _HOUR + clock.minute
    return _Claim(minute, minute, _SD.get(sureness, 2 * _HOUR))


def _time_scores(description: CallDescription, local: datetime) -> tuple[float, float | None]:
    """The time term of a call at that local time, and the best that this description could give; None: no claim."""
    claim = _claim(description.time, description.time_sureness)
    if description.day is None or description.day_sureness is DaySureness.UNKNOWN:
        if claim.start == WHOLE_DAY.start and claim.end == WHOLE_DAY.end:
            return 0.0, None
        minute = local.hour * _HOUR + local.minute + local.second / 60
        return _daily(claim, minute), _best_daily(claim)
    minute = (local - datetime.combine(description.day, time())) / timedelta(minutes=1)
    return _dated(claim, description.day_sureness, minute), _best_dated(claim, description.day_sureness)


@lru_cache(maxsize=1024)
def _best_daily(claim: _Claim) -> float:
    return _daily(claim, (claim.start + claim.end) / 2)


@lru_cache(maxsize=1024)
def _best_dated(claim: _Claim, sureness: DaySureness) -> float:
    return _dated(claim, sureness, (claim.start + claim.end) / 2)


def _daily(claim: _Claim, minute: float) -> float:
    """Only the time of day was claimed: the same on every day, against a uniform day."""
    near = sum(_density(claim, minute + shift) for shift in (-_DAY, 0, _DAY))
    return math.log((0.9 * near + 0.1 / _DAY) * _DAY)


def _dated(claim: _Claim, sureness: DaySureness, minute: float) -> float:
    """Log of the mixture of slips, against a call at any time of thirty days."""
    density = sum(weight * _density(claim, minute - shift) for shift, weight in _slips(sureness))
    return math.log((density + _STRAY / _STRAY_SPAN) * _STRAY_SPAN)


@lru_cache(maxsize=8)
def _slips(sureness: DaySureness) -> tuple[tuple[int, float], ...]:
    """Shifts in minutes with their weights; a vague day spreads its weight over the days it may be."""
    if sureness is DaySureness.CERTAIN:
        return ((0, 0.80), *_SLIPS)
    close = sureness is DaySureness.COUPLE_OF_DAYS
    days = (0.30, 0.18, 0.10, 0.02) if close else (0.12, *(0.055,) * 7, 0.02)
    slips = _SLIPS[2:] if close else _SLIPS[4:]
    around = [(sign * number * _DAY, weight) for number, weight in enumerate(days) for sign in {1, -1 if number else 1}]
    return (*around, *slips)


def _density(claim: _Claim, minute: float) -> float:
    """Density per minute of a call at the minute: normal about a point, or a span blurred by the same normal."""
    if claim.start == claim.end:
        return math.exp(-0.5 * ((minute - claim.start) / claim.sd) ** 2) / (claim.sd * math.sqrt(2 * math.pi))
    scale = claim.sd * math.sqrt(2)
    inside = math.erf((minute - claim.start) / scale) - math.erf((minute - claim.end) / scale)
    return inside / 2 / (claim.end - claim.start)


def _time_reason(description: CallDescription, local: datetime) -> Reason:
    claim = _claim(description.time, description.time_sureness)
    day = None if description.day_sureness is DaySureness.UNKNOWN else description.day
    if claim.start != claim.end:
        return _span_reason(claim, day, local)
    base = datetime.combine(day or local.date(), time()) + timedelta(minutes=claim.start)
    late = round((local - base) / timedelta(minutes=1))
    if day is None:
        return _clock_reason((late + _HALF_DAY) % _DAY - _HALF_DAY, 0)
    if abs(late) <= _HALF_DAY + _SAME_TIME:
        return _clock_reason(late, 0)
    days = round(late / _DAY)
    return _clock_reason(late - days * _DAY, days)


def _clock_reason(minutes: int, days: int) -> Reason:
    if days:
        return Reason(Term.TIME, "days_off", minutes, days)
    return Reason(Term.TIME, "minutes_off" if minutes else "exact", minutes)


def _span_reason(claim: _Claim, day: date | None, local: datetime) -> Reason:
    """For a part of the day, or no time at all: is the call inside, and on the claimed day?"""
    days = 0 if day is None else (local.date() - day).days
    whole = claim.start == WHOLE_DAY.start and claim.end == WHOLE_DAY.end
    if whole:
        if day is None:
            return Reason(Term.TIME, "not_claimed")
        return Reason(Term.TIME, "day_off" if days else "same_day", days=days)
    minute = local.hour * _HOUR + local.minute
    inside = claim.start <= minute < claim.end
    if days:
        return Reason(Term.TIME, "part_day_off" if inside else "day_off", days=days)
    return Reason(Term.TIME, "part_of_day" if inside else "other_part_of_day")


_TEXTS = {
    "fi": {
        "number:equal": "sama numero",
        "number:different": "eri numero",
        "number:other_phone": "eri numero, soitettu ilmoituksen mukaan toisen puhelimesta",
        "number:not_claimed": "omaa numeroa ei ilmoitettu",
        "withheld:as_claimed": "salainen numero, kuten ilmoitettiin",
        "withheld:hidden": "tallenteessa numero on salainen",
        "service:equal": "palvelunumero sopii",
        "service:other": "eri palvelunumero",
        "service:not_known": "tallenteen palvelunumeroa ei tiedetä",
        "service:not_claimed": "palvelunumeroa ei ilmoitettu",
        "direction:outbound": "puhelu soitettiin palvelusta",
        "time:exact": "täsmälleen ilmoitettuun aikaan",
        "time:minutes_off": "{clock} ilmoitettua {way}",
        "time:days_off": "{days} ilmoitettua {way}, {rest}",
        "time:same_day": "ilmoitettuna päivänä",
        "time:day_off": "{days} ilmoitettua {way}",
        "time:part_of_day": "ilmoitettuun vuorokaudenaikaan",
        "time:part_day_off": "{days} ilmoitettua {way}, vuorokaudenaika sopii",
        "time:other_part_of_day": "eri vuorokaudenaikaan kuin ilmoitettiin",
        "time:not_claimed": "aikaa ei ilmoitettu",
    },
    "sv": {
        "number:equal": "samma nummer",
        "number:different": "annat nummer",
        "number:other_phone": "annat nummer, enligt uppgift ringt från någon annans telefon",
        "number:not_claimed": "eget nummer har inte uppgetts",
        "withheld:as_claimed": "hemligt nummer, så som uppgetts",
        "withheld:hidden": "numret är hemligt i inspelningen",
        "service:equal": "servicenumret stämmer",
        "service:other": "annat servicenummer",
        "service:not_known": "inspelningens servicenummer är inte känt",
        "service:not_claimed": "servicenummer har inte uppgetts",
        "direction:outbound": "samtalet ringdes från tjänsten",
        "time:exact": "exakt vid uppgiven tid",
        "time:minutes_off": "{clock} {way} än uppgivet",
        "time:days_off": "{days} {way} än uppgivet, {rest}",
        "time:same_day": "på uppgiven dag",
        "time:day_off": "{days} {way} än uppgivet",
        "time:part_of_day": "vid uppgiven tid på dygnet",
        "time:part_day_off": "{days} {way} än uppgivet, tiden på dygnet stämmer",
        "time:other_part_of_day": "vid annan tid på dygnet än uppgivet",
        "time:not_claimed": "tid har inte uppgetts",
    },
    "en": {
        "number:equal": "same number",
        "number:different": "another number",
        "number:other_phone": "another number, made from someone else's phone as claimed",
        "number:not_claimed": "own number not claimed",
        "withheld:as_claimed": "withheld number, as claimed",
        "withheld:hidden": "the number is withheld in the recording",
        "service:equal": "service number agrees",
        "service:other": "another service number",
        "service:not_known": "the recording's service number is not known",
        "service:not_claimed": "service number not claimed",
        "direction:outbound": "the call was made by the service",
        "time:exact": "exactly at the claimed time",
        "time:minutes_off": "{clock} {way} than claimed",
        "time:days_off": "{days} {way} than claimed, {rest}",
        "time:same_day": "on the claimed day",
        "time:day_off": "{days} {way} than claimed",
        "time:part_of_day": "at the claimed time of day",
        "time:part_day_off": "{days} {way} than claimed, time of day agrees",
        "time:other_part_of_day": "at another time of day than claimed",
        "time:not_claimed": "time not claimed",
    },
}
_WAY = {"fi": ("aiemmin", "myöhemmin"), "sv": ("tidigare", "senare"), "en": ("earlier", "later")}
_UNITS = {
    "fi": {"minute": ("minuutin", "minuuttia"), "day": ("päivää", "päivää"), "week": ("viikkoa", "viikkoa")},
    "sv": {"minute": ("en minut", "minuter"), "day": ("en dag", "dagar"), "week": ("en vecka", "veckor")},
    "en": {"minute": ("one minute", "minutes"), "day": ("one day", "days"), "week": ("one week", "weeks")},
}
_AGREES = {"fi": "kellonaika sopii", "sv": "klockslaget stämmer", "en": "time of day agrees"}
_APART = {
    "fi": "kellonajassa eroa {clock}",
    "sv": "klockslaget skiljer {clock}",
    "en": "time of day differs by {clock}",
}


def reason_text(reason: Reason, language: str) -> str:
    """The reason in words, in fi, sv or en: "12 minuuttia ilmoitettua myöhemmin", "sama numero"."""
    text = _TEXTS[language][f"{reason.term}:{reason.code}"]
    late = reason.days or reason.minutes
    clock = _clock_words(abs(reason.minutes), language)
    rest = _AGREES[language] if abs(reason.minutes) <= _NEAR else _APART[language].format(clock=clock)
    days = _day_words(abs(reason.days), language)
    return text.format(clock=clock, days=days, way=_WAY[language][late > 0], rest=rest)


def _clock_words(minutes: int, language: str) -> str:
    """12 minuuttia; from an hour and a half on, 3 h 10 min."""
    if minutes < 90:
        return _counted(minutes, "minute", language)
    hours, rest = divmod(minutes, _HOUR)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _day_words(days: int, language: str) -> str:
    return _counted(days // 7, "week", language) if days and days % 7 == 0 else _counted(days, "day", language)


def _counted(number: int, unit: str, language: str) -> str:
    one, many = _UNITS[language][unit]
    return one if number == 1 else f"{number} {many}"
