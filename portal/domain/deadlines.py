"""When an answer is due (GDPR art. 12(3)): derived from receipt, pauses and extension, never stored and patched.

Counting follows Regulation 1182/71 art. 3: the day of receipt is not counted, the period ends with the last hour of
the same-numbered day, or of the month's last day, and rolls over Saturdays, Sundays and holidays. Days are Helsinki
dates. Pauses are a tolerance (EDPB Guidelines 01/2022 §159): they are added first, the result is rolled last, and the
inner dates that steer the work ignore them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from portal.domain import moments
from portal.domain.calendar_fi import EU_STRICT, FI_150_1930, eve

Day = date
_DAY = timedelta(days=1)
_MONTH, _EXTENDED = 1, 3
PAUSE_MAX_DAYS = 5
CALENDARS = (EU_STRICT.version, FI_150_1930.version)
"""The versions of the calendars used, for the audit trail."""


class PauseKind(StrEnum):
    """What is awaited: proof of identity (art. 12(6)) or which data are meant (recital 63)."""

    IDENTITY = "identity"
    SCOPE = "scope"


@dataclass(frozen=True)
class Pause:
    """A time in which information is awaited from the applicant; `counts` is the recorded decision (pause_counts)."""

    kind: PauseKind
    asked_at: datetime
    answered_at: datetime | None
    counts: bool
    note: str = ""


class PauseReason(StrEnum):
    """Why a pause stops the clock or does not."""

    COUNTS = "counts"
    NO_REASON_RECORDED = "no_reason_recorded"
    NO_REASONABLE_DOUBT = "no_reasonable_doubt"
    NOT_LARGE_QUANTITY = "not_large_quantity"
    AFTER_EXPIRY = "after_expiry"
    ASKED_TOO_LATE = "asked_too_late"


def pause_counts(
    kind: PauseKind,
    *,
    strongly_authenticated: bool,
    doubt: bool,
    large_quantity: bool,
    received_at: datetime,
    asked_at: datetime,
    previous_answer_at: datetime | None = None,
    due: date | None = None,
    max_days: int = PAUSE_MAX_DAYS,
    reason_recorded: bool = True,
) -> tuple[bool, PauseReason]:
    """Does asking stop the clock? The answer and why (EDPB 01/2022 §159, example 31; art. 12(6); recital 63).

    `doubt`: reasonable doubt about identity is on record. `previous_answer_at`: the insufficient answer that this
    later round follows. `due`: the date in force when asking; None takes the unpaused month, the strictest.
    `max_days`: calendar days within which asking is prompt. Raises ValueError for naive instants.
    """
    reason = _why_not(kind, strongly_authenticated and not doubt, large_quantity, reason_recorded)
    reason = reason or _when_not(received_at, asked_at, previous_answer_at, due, max_days)
    return reason is None, reason or PauseReason.COUNTS


def _why_not(kind: PauseKind, proven: bool, large_quantity: bool, reason_recorded: bool) -> PauseReason | None:
    if not reason_recorded:
        return PauseReason.NO_REASON_RECORDED
    if kind is PauseKind.IDENTITY and proven:
        return PauseReason.NO_REASONABLE_DOUBT
    if kind is PauseKind.SCOPE and not large_quantity:
        return PauseReason.NOT_LARGE_QUANTITY
    return None


def _when_not(
    received_at: datetime, asked_at: datetime, previous_answer_at: datetime | None, due: date | None, max_days: int
) -> PauseReason | None:
    received, asked = _local_date(received_at), _local_date(asked_at)
    if asked > (due or _unpaused(received).due):
        return PauseReason.AFTER_EXPIRY
    starts = [received] if previous_answer_at is None else [received, _local_date(previous_answer_at)]
    prompt = any(0 <= (asked - start).days <= max_days for start in starts)
    return None if prompt else PauseReason.ASKED_TOO_LATE


@dataclass(frozen=True)
class DerivationLine:
    """One step of the counting, free of language: a code, the day it speaks of, and facts for the sentence."""

    code: str
    date: Day | None = None
    facts: tuple[tuple[str, Any], ...] = ()

    def fact(self, name: str) -> Any:
        """The named fact, or None."""
        return dict(self.facts).get(name)


@dataclass(frozen=True)
class Deadline:
    """The time limits of one request. Each date's limit is 24:00 Helsinki time.

    `due` and `extended_due` are the statutory dates, None while a counted pause is open; `effective_due` is the one in
    force. The inner dates ignore pauses; `fi_act_due` is for a dispute file only and is never planned on.
    """

    received_at: datetime
    received_on: date
    paused_days: int
    nominal: date | None
    nominal_extended: date | None
    due: date | None
    extended_due: date | None
    effective_due: date | None
    internal_due: date
    internal_extended_due: date
    fi_act_due: date | None
    fi_act_extended_due: date | None
    extended: bool
    pauses: tuple[Pause, ...] = ()
    service_target_nominal: date | None = None
    service_target_internal: date | None = None

    @property
    def stopped_since(self) -> date | None:
        """The day on which the clock stopped, if a counted pause is open."""
        return min((_local_date(p.asked_at) for p in self.pauses if p.counts and p.answered_at is None), default=None)

    @property
    def derivation(self) -> tuple[DerivationLine, ...]:
        """How the dates were counted, step by step."""
        return tuple(_derivation(self))


class _Unpaused(NamedTuple):
    """What follows from the day of receipt alone."""

    nominal: date
    nominal_extended: date
    due: date
    extended_due: date
    internal: date
    internal_extended: date
    fi_act: date
    fi_act_extended: date


def add_months(day: date, months: int) -> date:
    """The same-numbered day so many months later, or that month's last day (Reg. 1182/71 art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, 28)


@lru_cache(maxsize=8192)
def _unpaused(received_on: date) -> _Unpaused:
    nominal, extended = add_months(received_on, _MONTH), add_months(received_on, _EXTENDED)
    careful = min(extended, add_months(nominal, _EXTENDED - _MONTH))
    return _Unpaused(
        nominal,
        extended,
        EU_STRICT.roll_forward(nominal),
        EU_STRICT.roll_forward(extended),
        FI_150_1930.roll_back(nominal),
        FI_150_1930.roll_back(careful),
        FI_150_1930.roll_forward(nominal),
        FI_150_1930.roll_forward(extended),
    )


def derive(
    received_at: datetime, pauses: Sequence[Pause] = (), extended: bool = False, target_days: int | None = None
) -> Deadline:
    """The time limits of a request received at that instant.

    `extended`: a valid extension was notified. `target_days`: the controller's promise in calendar days; it steers
    work only. Raises ValueError for naive instants or an answer before its question.
    """
    received_on = _local_date(received_at)
    base = _unpaused(received_on)
    spans, last_answer, is_open = _stopped(received_on, pauses) if pauses else ((), None, False)
    days = sum((end - start).days for start, end in spans)
    ends = (None, None) if is_open else _paused_ends(base, days, last_answer)
    due, extended_due, fi_act, fi_act_extended = _rolled(base, *ends)
    target = None if target_days is None else received_on + timedelta(days=target_days)
    return Deadline(
        received_at=received_at,
        received_on=received_on,
        paused_days=days,
        nominal=ends[0],
        nominal_extended=ends[1],
        due=due,
        extended_due=extended_due,
        effective_due=extended_due if extended else due,
        internal_due=base.internal,
        internal_extended_due=base.internal_extended,
        fi_act_due=fi_act,
        fi_act_extended_due=fi_act_extended,
        extended=extended,
        pauses=tuple(pauses),
        service_target_nominal=target,
        service_target_internal=None if target is None else FI_150_1930.roll_back(target),
    )


def _local_date(instant: datetime) -> date:
    return moments.helsinki(instant).date()


_Span = tuple[date, date]


def _stopped(received_on: date, pauses: Iterable[Pause]) -> tuple[tuple[_Span, ...], date | None, bool]:
    """The merged spans (day of asking, day of answer] of counted pauses, the last answer, and whether one is open."""
    spans: list[_Span] = []
    is_open = False
    for pause in pauses:
        asked = _local_date(pause.asked_at)
        answered = None if pause.answered_at is None else _local_date(pause.answered_at)
        if pause.answered_at is not None and pause.answered_at < pause.asked_at:
            raise ValueError("a pause is answered before it is asked")
        if not pause.counts:
            continue
        if answered is None:
            is_open = True
        else:
            spans.append((max(asked, received_on), max(answered, received_on)))
    last_answer = max((end for _, end in spans), default=None)
    return _merged(spans), last_answer, is_open


def _merged(spans: Iterable[_Span]) -> tuple[_Span, ...]:
    merged: list[_Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _paused_ends(base: _Unpaused, days: int, last_answer: date | None) -> tuple[date, date]:
    """The ends with the paused days added, but never more than a clock started afresh on the last answer would give."""
    if not days or last_answer is None:
        return base.nominal, base.nominal_extended
    pause = timedelta(days=days)
    return (
        min(base.nominal + pause, add_months(last_answer, _MONTH)),
        min(base.nominal_extended + pause, add_months(last_answer, _EXTENDED)),
    )


def _rolled(
    base: _Unpaused, nominal: date | None, extended: date | None
) -> tuple[date | None, date | None, date | None, date | None]:
    if nominal is None or extended is None:
        return None, None, None, None
    if nominal == base.nominal and extended == base.nominal_extended:
        return base.due, base.extended_due, base.fi_act, base.fi_act_extended
    return (
        EU_STRICT.roll_forward(nominal),
        EU_STRICT.roll_forward(extended),
        FI_150_1930.roll_forward(nominal),
        FI_150_1930.roll_forward(extended),
    )


class ExtensionNotice(StrEnum):
    """May an extension still be notified? Measured by dispatch (art. 12(3), second and third sentence)."""

    IN_TIME = "in_time"
    WARN = "warn"
    NEEDS_DPO = "needs_dpo"
    TOO_LATE = "too_late"


def extension_notice_ok(deadline: Deadline, dispatched_at: datetime) -> ExtensionNotice:
    """Is a notice dispatched then valid? WARN: by the rolled date only; NEEDS_DPO: only thanks to pauses.

    TOO_LATE: the notice is void, and the case stays overdue. With the clock stopped the inner date is the limit,
    then the data protection officer's word.
    """
    day = _local_date(dispatched_at)
    if day <= deadline.internal_due:
        return ExtensionNotice.IN_TIME
    if deadline.due is None:
        return ExtensionNotice.NEEDS_DPO
    if day > deadline.due:
        return ExtensionNotice.TOO_LATE
    return ExtensionNotice.WARN if day <= _unpaused(deadline.received_on).due else ExtensionNotice.NEEDS_DPO


def _derivation(deadline: Deadline) -> Iterable[DerivationLine]:
    yield DerivationLine("received", deadline.received_on, (("at", moments.helsinki(deadline.received_at)),))
    yield DerivationLine("not_counted", deadline.received_on)
    months = _EXTENDED if deadline.extended else _MONTH
    if deadline.extended:
        yield DerivationLine("extended", None, (("months", _EXTENDED - _MONTH),))
    unpaused = add_months(deadline.received_on, months)
    if unpaused.day != deadline.received_on.day:
        yield DerivationLine("clipped", unpaused, (("number", deadline.received_on.day),))
    if deadline.nominal and not deadline.paused_days:
        yield from _end_lines("month_ends", unpaused, (("months", months),))
    else:
        yield DerivationLine("month_would_end", unpaused, (("months", months),))
        yield from _pause_lines(deadline, unpaused, months)
    yield from _inner_lines(deadline)


def _pause_lines(deadline: Deadline, unpaused: date, months: int) -> Iterable[DerivationLine]:
    """The times of waiting, then the end that follows from them, or since when the clock stands still."""
    spans, last_answer, _ = _stopped(deadline.received_on, deadline.pauses)
    for start, end in spans:
        if end > start:
            yield DerivationLine("paused", end, (("from", start), ("days", (end - start).days)))
    nominal = deadline.nominal_extended if deadline.extended else deadline.nominal
    if nominal is None:
        yield DerivationLine("stopped", deadline.stopped_since)
        return
    capped = nominal < unpaused + timedelta(days=deadline.paused_days)
    facts = (("days", deadline.paused_days), ("months", months), ("answered", last_answer))
    yield from _end_lines("capped_end" if capped else "paused_end", nominal, facts)


def _end_lines(code: str, nominal: date, facts: tuple[tuple[str, Any], ...]) -> Iterable[DerivationLine]:
    """The end of the period, each day off on which it cannot end, and the working day to which it is moved."""
    yield DerivationLine(code, nominal, (*facts, ("day", _day_kind(nominal))))
    due = EU_STRICT.roll_forward(nominal)
    day = nominal + _DAY
    while day < due:
        yield DerivationLine(f"rolled_{_day_kind(day)}", day)
        day += _DAY
    if due != nominal:
        yield DerivationLine("moved", due)


def _day_kind(day: date) -> str:
    """working | eve:<name> | weekend | holiday:<name>, as counted for the statutory date."""
    if name := EU_STRICT.holiday(day):
        return f"holiday:{name}"
    if not EU_STRICT.is_working_day(day):
        return "weekend"
    name = eve(day)
    return f"eve:{name}" if name else "working"


def _inner_lines(deadline: Deadline) -> Iterable[DerivationLine]:
    yield DerivationLine("internal", deadline.internal_extended_due if deadline.extended else deadline.internal_due)
    if deadline.service_target_internal:
        yield DerivationLine("target", deadline.service_target_internal, (("on", deadline.service_target_nominal),))


_EXPLAINED = (
    "received_on", "paused_days", "nominal", "nominal_extended", "due", "extended_due", "effective_due",
    "internal_due", "internal_extended_due", "fi_act_due", "fi_act_extended_due",
    "service_target_nominal", "service_target_internal",
)  # fmt: skip


def explain(cases: object) -> list[dict[str, Any]]:
    """The time limits of many requests given as parsed JSON: an array of cases, or an object with `cases`.

    A case has `received`, and may have `name`, `pauses` (kind, from, to, counts), `extended` and `target_days`.
    Dates come back as ISO text or None, in order. Raises ValueError naming the case's index and the field.
    """
    listed = cases.get("cases") if isinstance(cases, Mapping) else cases
    if not isinstance(listed, list):
        raise ValueError("cases: an array of cases is wanted")
    return [_explained(index, case) for index, case in enumerate(listed)]


def _explained(index: int, case: object) -> dict[str, Any]:
    if not isinstance(case, Mapping):
        raise ValueError(f"case {index}: an object is wanted")
    where = f"case {index}"
    received = _instant(case.get("received"), f"{where}: received")
    pauses = _pauses(case.get("pauses"), f"{where}: pauses")
    extended = _truth(case.get("extended") or False, f"{where}: extended")
    target = case.get("target_days")
    if target is not None and (type(target) is not int or not 0 <= target <= 366):
        raise ValueError(f"{where}: target_days: a whole number of days is wanted")
    try:
        deadline = derive(received, pauses, extended, target)
    except (ValueError, OverflowError) as fault:
        raise ValueError(f"{where}: received: {fault}") from None
    named = {"name": case["name"]} if "name" in case else {}
    return named | {_public(field): _json(getattr(deadline, field)) for field in _EXPLAINED}


def _public(field: str) -> str:
    return "received_local_date" if field == "received_on" else field


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _pauses(given: object, where: str) -> tuple[Pause, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise ValueError(f"{where}: an array is wanted")
    return tuple(_pause(each, f"{where}[{number}]") for number, each in enumerate(given))


def _pause(given: object, where: str) -> Pause:
    if not isinstance(given, Mapping):
        raise ValueError(f"{where}: an object is wanted")
    kind = given.get("kind")
    if kind not in tuple(PauseKind):
        raise ValueError(f"{where}.kind: identity or scope is wanted")
    asked = _instant(given.get("from"), f"{where}.from")
    answered = None if given.get("to") is None else _instant(given["to"], f"{where}.to")
    if answered is not None and answered < asked:
        raise ValueError(f"{where}.to: the answer comes before the question")
    note = given.get("note")
    return Pause(PauseKind(kind), asked, answered, _truth(given.get("counts"), f"{where}.counts"), str(note or ""))


def _instant(given: object, where: str) -> datetime:
    try:
        return moments.helsinki(datetime.fromisoformat(given if isinstance(given, str) else ""))
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: an ISO instant with an offset is wanted, got {str(given)[:40]!r}") from None


def _truth(given: object, where: str) -> bool:
    if not isinstance(given, bool):
        raise ValueError(f"{where}: true or false is wanted")
    return given
