"""When a recording, a hold, a case file and a delivered copy must go (GDPR arts. 5(1)(e), 17, 18; the notices).

Months are calendar months in Europe/Helsinki, clipped to the month's end (31 December + 2 months is 28 or
29 February); days are days. Never "a month is 30 days".
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from portal.domain.register import Register, RetentionRule

HELSINKI = ZoneInfo("Europe/Helsinki")

_ISO_PERIOD = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")

# Limitation of claims, three years (Act 728/2003 ss. 4 and 7): how long the decision and its procedure are provable.
_PROCEDURE = "P3Y"
_REQUEST_ANSWERED = "P6M"
_REQUEST_REFUSED = "P12M"
_SERVICE_ENDED = "P6M"
_HOLD_AFTER_ANSWER = "P30D"
_HOLD_AFTER_REFUSAL = "P3M"


class HoldReason(StrEnum):
    """Why a recording may not be erased though its retention has ended."""

    ACCESS = "access"
    ERASURE_PENDING = "erasure_pending"
    RESTRICTION = "restriction"
    COMPLAINT = "complaint"
    QUALITY = "quality"
    THREAT = "threat"
    POLICE = "police"
    REQUEST = "request"

    @property
    def capped(self) -> bool:
        """Whether the hold ends at the longest retention the notice allows. Holds for the controller's own use do;
        those that protect a data subject's request, or that the police asked for, are never cut."""
        return self in _CAPPED


_CAPPED = frozenset({HoldReason.COMPLAINT, HoldReason.QUALITY, HoldReason.THREAT})


class HoldOutcome(StrEnum):
    """What became of a hold: kept at the source, copied to safety, a task for staff, erased already, nothing found."""

    HELD = "held"
    ASKED = "asked"
    COPIED = "copied"
    TASK = "task"
    TOO_LATE = "too_late"
    NONE_FOUND = "none_found"


@dataclass(frozen=True)
class Period:
    """A length of retention in calendar months or in days, never in both."""

    months: int
    days: int

    def after(self, start: date) -> date:
        """The date this period after `start`, clipped to the month's end."""
        return _add_months(start, self.months) + timedelta(days=self.days)


def parse_period(text: str) -> Period:
    """An ISO 8601 period in years and months (P3M, P5Y, P1Y6M) or in days (P30D).

    ValueError when the text is no such period, is empty, is zero or mixes months with days.
    """
    match = _ISO_PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 period such as P3M or P30D")
    years, months, days = (int(part or 0) for part in match.groups())
    period = Period(months=12 * years + months, days=days)
    if (period.months > 0) == (period.days > 0):
        raise ValueError(f"{text!r} must be a positive number of months or of days, not both and not nothing")
    return period


@cache
def shortens(new: str, former: str) -> bool:
    """Would a recording of some day go sooner under the ISO 8601 period `new` than under `former`?

    Months and days compare differently on different days: then every start of eight years is tried, with a leap day
    and with the year 2100 that has none. ValueError for a broken period.
    """
    one, other = parse_period(new), parse_period(former)
    if (one.days == 0) == (other.days == 0):
        return (one.months, one.days) < (other.months, other.days)
    starts = (date(2096, 1, 1) + timedelta(days=n) for n in range(8 * 365))
    return any(one.after(day) < other.after(day) for day in starts)


def erase_on(call_end: datetime, rule: RetentionRule) -> date:
    """The Helsinki date on which a recording of this class is erased, counted from the end of its call.

    `call_end` is aware; ValueError otherwise. This is the date a letter states (art. 15(1)(d)).
    """
    return parse_period(rule.period).after(_helsinki(call_end).date())


def purge_at(call_end: datetime, rule: RetentionRule) -> datetime:
    """The UTC instant from which the recording is to be erased: the call's own time of day in Helsinki on `erase_on`,
    so that the promised period is neither cut short nor exceeded."""
    return _at_time_of(call_end, erase_on(call_end, rule))


def longest(call_end: datetime, rule: RetentionRule) -> date:
    """The last date to which a recording may be kept for the controller's own reasons: the class's cap, or its
    ordinary erasure date where it has none."""
    return parse_period(rule.longest or rule.period).after(_helsinki(call_end).date())


def capped_at(call_end: datetime, rule: RetentionRule) -> datetime:
    """The UTC instant at which capped holds (`HoldReason.capped`) are released."""
    return _at_time_of(call_end, longest(call_end, rule))


def oldest_kept(today: date, rule: RetentionRule) -> date:
    """The oldest day whose calls may still be kept on `today` (Helsinki date): the first that is erased today or
    later."""
    period = parse_period(rule.period)
    day = _add_months(today, -period.months) - timedelta(days=period.days)
    while period.after(day) < today:  # at most three steps: subtracting clips at the month's end too
        day += timedelta(days=1)
    return day


def service_removed_by(ended: date) -> date:
    """By when all that is a controller's is removed once its service has ended: half a year, unless the contract says
    sooner (the notices; art. 28(3)(g))."""
    return parse_period(_SERVICE_ENDED).after(ended)


def hold_review_on(placed: date, register: Register) -> date:
    """When a hold placed on this date is looked at again: over-keeping is processing too (art. 5(1)(e))."""
    return placed + timedelta(days=register.hold_review_days)


def hold_until(answered_on: date, *, refused: bool, appeal_ends: date | None = None) -> date:
    """Until when a request's hold stands after its answer: 30 days after delivery; after a refusal three months or
    the end of the appeal or complaint, whichever is later."""
    until = parse_period(_HOLD_AFTER_REFUSAL if refused else _HOLD_AFTER_ANSWER).after(answered_on)
    return max(until, appeal_ends or until)


def download_until(available_on: date, register: Register, appeal_ends: date | None = None) -> date:
    """The last day on which a delivered copy can be fetched: the register's days, or the end of the appeal period if
    that is later, for a link must outlive the appeal period."""
    until = available_on + timedelta(days=register.download_days)
    return max(until, appeal_ends or until)


def case_file_until(closed_on: date, refused: bool) -> date:
    """Until when the request's text, attachments and working copies are kept: 6 months after closing, 12 if refused.

    No statute sets a period; the default is documented, and a public controller's archive plan overrides it.
    """
    return parse_period(_REQUEST_REFUSED if refused else _REQUEST_ANSWERED).after(closed_on)


def decision_until(closed_on: date) -> date:
    """Until when the decision letter and the facts of the procedure are kept: three years after closing, the time in
    which claims lapse (Act 728/2003 ss. 4 and 7)."""
    return parse_period(_PROCEDURE).after(closed_on)


def _helsinki(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("the end of a call must be an aware instant")
    return instant.astimezone(HELSINKI)


def _at_time_of(call_end: datetime, day: date) -> datetime:
    of_day: time = _helsinki(call_end).time()
    return datetime.combine(day, of_day, HELSINKI).astimezone(UTC)


def _add_months(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
