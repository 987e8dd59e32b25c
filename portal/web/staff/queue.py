"""The queue: the register's open cases, the one whose nearer clock runs out first on top.

Filters stand in the address, where a link can carry them; a name or a number never does, so the search is a POST
whose answer is the page itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from flask import current_app, render_template, request
from markupsafe import Markup

from portal.domain import phone
from portal.domain.access import Action, actions_of
from portal.domain.case import State
from portal.domain.duties import Alarm
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services import open_cases
from portal.services.hold_alarms import alarms_of
from portal.services.listeners import asked_of
from portal.services.ports import QueueFilter, QueueRow
from portal.services.ports.duties import StandingAlarm
from portal.services.ports.listeners import Asking
from portal.web.guard import STAFF, Visit
from portal.web.kept import kept_page
from portal.web.language import gettext as _
from portal.web.routes import Page
from portal.web.staff import clocks, words
from portal.web.staff.alarm_words import ALARM
from portal.web.staff.desk import desk

page = Page("staff.queue")
ALARM_DAYS = 14
_VIEWS = ("mine", "free", "at_risk", "asked", "for_approval", "to_sign")
_ASKED_SHOWN = 5
_ALARMS_SHOWN = 3
_OPEN = (State.RECEIVED, State.IN_HAND, State.ASKED, State.FOR_APPROVAL, State.APPROVED)
_CHOICES: dict[str, tuple[str, ...]] = {
    "view": _VIEWS,
    "right": tuple(Right),
    "state": tuple(state.value for state in _OPEN),
    "language": tuple(Language),
}
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}),([0-9A-Za-z-]{1,64})")
_REF = re.compile(r"[A-Z]{1,4}-\d{4}-\d{1,8}")


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: known values by filter, what was not understood, and the page's key."""

    chosen: Mapping[str, str]
    unknown: tuple[str, ...]
    after: tuple[date, str] | None


@page.route("/<lang>/staff/<controller>/queue", STAFF(Action.SEE_CASE))
def list_(visit: Visit) -> str:
    """One page of open cases with exact figures of the views."""
    asked = asked_of(visit.office, visit.who)
    return kept_page(
        visit,
        "staff/queue/list.html",
        place=(visit.who.id, request.query_string),
        stands=(asked, open_cases.as_of(visit.office, visit.who), visit.office.today()),
        values=lambda: _list_values(visit, asked),
    )


def _list_values(visit: Visit, asked: tuple[Asking, ...]) -> dict[str, Any]:
    wanted = _wanted(request.args)
    view = open_cases.page(visit.office, visit.who, _filter(wanted.chosen, visit.who.id), wanted.after)
    chosen, alarms = dict(wanted.chosen), alarms_of(visit.office, visit.who)
    may_act, alarmed = Action.CONFIRM_HOLD in actions_of(visit.who.roles), {one.ref for one in alarms}
    next_url = None
    if view.after:
        next_url = visit.url("staff.queue.list", after=f"{view.after[0].isoformat()},{view.after[1]}", **chosen)
    return desk(
        visit,
        rows=_rows(visit, view, alarms),
        total=view.total,
        alarms=[_alarm(visit, one) for one in alarms[:_ALARMS_SHOWN]] if may_act else [],
        alarms_more=len(alarms[_ALARMS_SHOWN:]) if may_act else 0,
        title=_titles(visit.language.value)[wanted.chosen.get("view")],
        unknown=wanted.unknown,
        asked=asked[:_ASKED_SHOWN],
        asked_more=len(asked[_ASKED_SHOWN:]),
        groups=_groups(visit, view.views, wanted.chosen),
        filters=_filters(wanted.chosen, visit.language.value),
        chosen=chosen,
        alerts=[line.row for line in view.lines if _soon_lost(visit, line.row) and line.row.ref not in alarmed][:2],
        next_url=next_url,
        first_url=visit.url("staff.queue.list", **chosen) if wanted.after else None,
        clear_url=visit.url("staff.queue.list"),
        clocks=clocks,
        today=visit.office.today(),
    )


@page.route("/<lang>/staff/<controller>/search", STAFF(Action.SEE_CASE), methods=("POST",))
def search(visit: Visit) -> str:
    """Open cases by reference, by every word of a name, or by a caller's number in any spelling."""
    typed = " ".join(request.form.get("q", "").split())[:100]
    found = phone.normalise(typed)
    asked = found.e164 if isinstance(found, phone.Number) and found.e164.startswith("+") else typed
    view = open_cases.page(visit.office, visit.who, QueueFilter(words=asked)) if typed else None
    ref = typed.upper()
    return render_template(
        "staff/queue/search.html",
        **desk(
            visit,
            typed=typed,
            rows=_rows(visit, view, alarms_of(visit.office, visit.who)) if view else [],
            total=view.total if view else 0,
            ref=ref if _REF.fullmatch(ref) else None,
        ),
    )


def _alarm(visit: Visit, one: StandingAlarm) -> tuple[str, str, str]:
    """The case, what has happened, and the page on which it is settled."""
    pages = {
        Alarm.OVER_HELD: visit.url("staff.proceedings.holds"),
        Alarm.ERASURE: visit.url("staff.erasures.list", ref=one.ref),
    }
    code = Alarm(one.code)
    return one.ref, str(ALARM[code]), pages.get(code) or visit.url("staff.calls.list", ref=one.ref)


def _soon_lost(visit: Visit, row: QueueRow) -> bool:
    """Is the recording unconfirmed and near its end? Said above everything else on the page."""
    if row.keeping not in open_cases.AT_RISK or row.expires_on is None:
        return False
    return (row.expires_on - visit.office.today()).days <= ALARM_DAYS


def _wanted(args: Mapping[str, str]) -> Wanted:
    given = {name: args[name] for name in _CHOICES if args.get(name)}
    chosen = {name: value for name, value in given.items() if value in _CHOICES[name]}
    key = _KEY.fullmatch(args.get("after", ""))
    after = None
    if key:
        try:
            after = (date.fromisoformat(key[1]), key[2])
        except ValueError:
            key = None
    unknown = [name for name in given if name not in chosen] + [
        name for name in args if name not in (*_CHOICES, "after")
    ]
    return Wanted(chosen, tuple(unknown) + (("after",) if args.get("after") and after is None else ()), after)


def _filter(chosen: Mapping[str, str], me: str) -> QueueFilter:
    view = chosen.get("view")
    by_view = {"asked": State.ASKED, "for_approval": State.FOR_APPROVAL, "to_sign": State.APPROVED}
    state = by_view[view].value if view in by_view else chosen.get("state")
    return QueueFilter(
        state=state,
        right=chosen.get("right"),
        handler=me if view == "mine" else None,
        language=chosen.get("language"),
        keeping_in=open_cases.AT_RISK if view == "at_risk" else None,
        free=view == "free",
    )


@cache
def _titles(_language: str) -> Mapping[str | None, str]:
    """The names of the views in the language of the page."""
    return {
        None: _("Kaikki avoimet"),
        "mine": _("Omat"),
        "free": _("Vapaat"),
        "at_risk": _("Tallenne vaarassa"),
        "asked": _("Odottaa pyytäjää"),
        "for_approval": _("Odottaa hyväksyntää"),
        "to_sign": _("Allekirjoitettavana"),
    }


def _groups(visit: Visit, figures: open_cases.Views, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    names: tuple[str | None, ...] = (None, *_VIEWS)
    every, titles = visit.url("staff.queue.list"), _titles(visit.language.value)
    links = [
        {
            "label": titles[name],
            "url": f"{every}?view={name}" if name else every,
            "count": getattr(figures, name or "every"),
            "tone": "danger" if name == "at_risk" and figures.at_risk else "",
            "current": chosen.get("view") == name,
        }
        for name in names
    ]
    return [{"heading": _("Näkymät"), "links": links}, {"heading": _("Muut listat"), "links": _lists(visit)}]


def _lists(visit: Visit) -> list[dict[str, Any]]:
    pages = (
        (Action.SEE_CASE, "staff.proceedings.messages", _("Viestit vastauksen jälkeen")),
        (Action.SEE_CASE, "staff.proceedings.holds", _("Tarkistettavat poistokiellot")),
        (Action.ANSWER_FEEDBACK, "staff.feedback.list", _("Saavutettavuuspalaute")),
    )
    mine = actions_of(visit.who.roles)
    return [{"label": label, "url": visit.url(endpoint)} for action, endpoint, label in pages if action in mine]


def _filters(chosen: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    shown: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("right", _("Oikeus"), _CHOICES["right"]),
        ("state", _("Tila"), _CHOICES["state"]),
        ("language", _("Kieli"), _CHOICES["language"]),
    )
    return [
        {
            "name": name,
            "label": label,
            "options": [("", _("Kaikki"), name not in chosen)]
            + [(code, words.said(name, code, language), chosen.get(name) == code) for code in codes],
        }
        for name, label, codes in shown
    ]


def _rows(visit: Visit, view: open_cases.QueueView, alarms: tuple[StandingAlarm, ...]) -> list[Markup]:
    language, today, me, place = visit.language.value, visit.office.today(), visit.who.id, _place(visit)
    red = {one.ref: one.code for one in alarms}
    return [_row(line, line.row.handler == me, place, language, today, red.get(line.row.ref)) for line in view.lines]


def _place(visit: Visit) -> str:
    """The address of the register's cases, to which a reference (letters, figures, hyphens) is added."""
    return visit.url("staff.case.show", ref="-").removesuffix("-")


@lru_cache(maxsize=4096)
def _row(line: open_cases.QueueLine, mine: bool, place: str, language: str, today: date, alarm: str | None) -> Markup:
    """The finished row. Its arguments are all that it shows, so that a row drawn once need not be drawn again."""
    table: Any = current_app.jinja_env.get_template("components/queue_row.html").module
    drawn: Markup = table.queue_row(_shown(line, mine, place, language, today, alarm))
    return drawn


def _shown(
    line: open_cases.QueueLine, mine: bool, place: str, language: str, today: date, alarm: str | None
) -> dict[str, Any]:
    row = line.row
    state, step = words.said("state", row.state, language), words.said("step", line.next_step, language)
    return {
        "url": place + row.ref,
        "name": row.name,
        "ref": row.ref,
        "right": words.said("right", row.right, language),
        "language": None if row.language == "fi" else row.language.upper(),
        "answer": clocks.of_row(row, today, language),
        "recording": clocks.of_recording(row.keeping, row.expires_on, today, language, alarm),
        "step": step,
        "step_note": "" if state == step else state,
        "handler": _("Sinä") if mine else line.handler or _("Vapaa"),
        "free": row.handler is None,
        "current": False,
    }
