"""The two clocks of a case as staff see them: is the answer in time, and is the recording safe.

The answer clock counts to the inner due date and prints the statutory one: a planned day is earlier than the last
lawful one. The recording clock is green only when a hold or a copy is confirmed.
"""

from dataclasses import dataclass
from datetime import date

from portal.domain.case import Case, State, extended, leading
from portal.domain.duties import Alarm
from portal.domain.moments import format_date, helsinki, short_weekday
from portal.services.ports import QueueRow
from portal.web.language import gettext as _
from portal.web.language import ngettext
from portal.web.staff import words

SOON_DAYS = 5


@dataclass(frozen=True)
class AnswerClock:
    """Icon kind, words and date for the component `deadline`; `used` is the share of the time that has gone."""

    kind: str
    words: str
    date: str
    used: float | None = None


@dataclass(frozen=True)
class RecordingClock:
    """Icon kind, words and detail for the component `recording_clock`."""

    kind: str
    words: str
    detail: str = ""


def of_row(row: QueueRow, today: date, language: str) -> AnswerClock:
    """The answer clock of a queue line."""
    return _answer(row.clock, row.due_on, row.internal_due, helsinki(row.received_at).date(), today, language)


def of_case(case: Case, today: date, language: str) -> AnswerClock:
    """The answer clock of a case, the nearest where several run; an answered case says when."""
    if not case.state.open:
        ended = case.answered_at or case.closed_at
        day = helsinki(ended).date() if ended else today
        end = _("Peruutettu") if case.state is State.WITHDRAWN else _("Vastattu")
        return AnswerClock("done", end, _short(day, language))
    clock = leading(case)
    kind = "stopped" if clock.due is None else "running"
    if clock.law != "openness" and extended(case) and kind == "running":
        kind = "extended"
    began = helsinki(case.reopened.at).date() if case.reopened else case.received_on
    return _answer(kind, clock.due, clock.plan_on, began, today, language)


def of_recording(
    keeping: str, expires_on: date | None, today: date, language: str, alarm: str | None = None
) -> RecordingClock:
    """The recording clock: the state of the least safe candidate, and the day it could be lost; red under an alarm."""
    kind, shown = words.KEEPING[keeping][0], words.said("keeping", keeping, language)
    detail = _goes(expires_on, today, language) if expires_on else ""
    if alarm is None:
        return RecordingClock(kind, shown, detail)
    late = _("tehtävä myöhässä") if alarm == Alarm.LATE else ""
    return RecordingClock("unconfirmed", shown, ", ".join(part for part in (late, detail) if part))


def _goes(day: date, today: date, language: str) -> str:
    left = (day - today).days
    if left == 0:
        return str(_("poistuu tänään"))
    if left == 1:
        return str(_("poistuu huomenna %(day)s", day=_short(day, language)))
    if left < 0:
        return str(_("olisi poistunut %(day)s", day=format_date(day)))
    return str(_("poistuu %(day)s, %(num)d pv", day=format_date(day), num=left))


def _answer(clock: str, due: date | None, planned: date, received: date, today: date, language: str) -> AnswerClock:
    if clock == "stopped" or due is None:
        return AnswerClock("paused", _("Kello seis"), _("odottaa pyytäjää"))
    shown = _short(due, language)
    used = min(max((today - received).days / max((due - received).days, 1), 0.0), 1.0)
    if today > due:
        late = (today - due).days
        return AnswerClock("late", ngettext("%(num)d pv myöhässä", "%(num)d pv myöhässä", late), shown, used)
    left = (planned - today).days
    if left <= 0:
        return AnswerClock("today", _("Hoida tänään"), _("määräpäivä %(day)s", day=shown), used)
    remains = ngettext("%(num)d pv jäljellä", "%(num)d pv jäljellä", left)
    if clock == "extended":
        return AnswerClock("extended", remains, _("jatkettu, %(day)s", day=shown), used)
    return AnswerClock("soon" if left <= SOON_DAYS else "running", remains, shown, used)


def _short(day: date, language: str) -> str:
    return f"{short_weekday(day, language)} {format_date(day)}"
