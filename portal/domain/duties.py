"""What must not be forgotten about recordings: when an unconfirmed hold, an erasure asked of an operator or a hold that
nobody looks at again becomes an alarm, and by when the operator is to be asked (arts. 5(1)(e), 5(1)(f), 17(1), 24)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.calendar_fi import FI_150_1930

NEAR_END = timedelta(hours=72)
"""So long before the recorder would delete it, an unconfirmed hold is an alarm whatever its task's day."""
OVER_HELD_AFTER = timedelta(days=30)
"""No hold stands longer than this past its day of review without a reason of somebody's (art. 5(1)(e))."""
_DAY = timedelta(days=1)
_OPERATOR_ERASES = timedelta(days=7)
"""For the operator to erase: "without undue delay" (art. 17(1)) names no number; a week leaves the answer's month."""


class Alarm(StrEnum):
    """Why somebody must look at a recording now, the gravest first. The queue, the health page and `flask doctor` name
    these codes, and nothing of whom they concern."""

    TOO_LATE = "too_late"
    FAILED = "failed"
    NEAR = "near"
    LATE = "late"
    ERASURE = "erasure_late"
    OVER_HELD = "over_held"


def hold_task_due(begun: date, goes: date) -> date:
    """The last day to ask the operator to keep a recording found on `begun`: the next working day, and before the day
    on which the recorder deletes it, but not before it was found."""
    return max(begun, min(FI_150_1930.roll_forward(begun + _DAY), goes - _DAY))


def erasure_task_due(asked: date) -> date:
    """The day by which an operator asked on `asked` is to have erased a recording and said so: a working day."""
    return FI_150_1930.roll_forward(asked + _OPERATOR_ERASES)


def hold_alarm(
    outcome: str, *, failing: bool, due: date, purge_at: datetime, today: date, now: datetime
) -> Alarm | None:
    """The alarm of a candidate whose hold has this outcome. `failing`: the job that fetches it has failed, or waits
    though it ought to have run. None: it is held, copied, or there is time yet."""
    if outcome == "too_late":
        return Alarm.TOO_LATE
    if outcome not in ("task", "asked"):
        return None
    if failing:
        return Alarm.FAILED
    if purge_at - now < NEAR_END:
        return Alarm.NEAR
    return Alarm.LATE if today > due else None


def erasure_alarm(due: date, today: date) -> Alarm | None:
    """The alarm of an erasure asked of an operator that is not confirmed."""
    return Alarm.ERASURE if today > due else None


def over_held(review_on: date, today: date) -> bool:
    """Has a hold passed its day of review by more than a month without being kept or ended?"""
    return today > review_on + OVER_HELD_AFTER
