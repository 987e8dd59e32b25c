"""The match dossier of a case: on the page of calls, as a page to print, and as a file for the Ombudsman."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from portal.domain.access import Action
from portal.domain.dossier import Considered, Sought, SourceRead
from portal.domain.letters import period_words
from portal.domain.matching import reason_text
from portal.domain.moments import Window, format_date, format_time, helsinki
from portal.domain.phone import national
from portal.services import lists
from portal.services.match_dossier import DossierView, dossier_view
from portal.services.ports import Absent
from portal.web.guard import STAFF, Visit
from portal.web.recording_class import RECORDING_CLASS
from portal.web.routes import Page
from portal.web.staff.desk import case_desk

page = Page("staff.dossier")


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/dossier", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """What was searched, found and taken, on a page of its own."""
    view = lists.case_view(visit.office, visit.who, ref)
    told = told_of(visit, dossier_view(visit.office, visit.who, ref))
    return render_template("staff/dossier/show.html", **case_desk(visit, view, "calls", dossier=told))


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/dossier.json", STAFF(Action.SEE_CASE))
def file(visit: Visit, ref: str) -> Response:
    """The last version that was kept, word for word, as its digest in the audit trail proves it."""
    kept = dossier_view(visit.office, visit.who, ref).kept
    if kept is None:
        raise Absent(ref)
    answer = Response(kept.text, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'attachment; filename="{ref}-dossier-{kept.n}.json"'
    return answer


def told_of(visit: Visit, view: DossierView) -> dict[str, Any]:
    """The dossier in words."""
    found, language = view.dossier, visit.language.value
    return {
        "kept": view.kept,
        "oldest": format_date(found.oldest_day),
        "erased": sorted({format_date(one.erased_on) for one in found.searches if one.erased_on}),
        "searches": [_search(one, view) for one in found.searches],
        "live": [one.source for one in found.sources if one.live],
        "sources": [(one.source, _source(one, visit.office.now())) for one in found.sources],
        "rules": [
            (
                str(RECORDING_CLASS.get(one.recording_class, one.recording_class)),
                period_words(one.period)[visit.language],
                period_words(one.longest)[visit.language] if one.longest else "",
            )
            for one in found.rules
        ],
        "considered": [_candidate(one, view, language) for one in found.considered],
    }


def _search(one: Sought, view: DossierView) -> dict[str, Any]:
    last = _("Palvelunumerolla, jos numerolla ei löydy") if one.service_last else _("Palvelunumerolla")
    ways = [(_("Numerolla"), one.by_number), (last, one.by_service)]
    service = national(one.service) if one.service.startswith("+") else one.service
    day = format_date(one.day) if one.day else ""
    return {
        "who": view.names.get(one.by, "") if one.by else "",
        "by_staff": bool(one.by),
        "on": format_date(one.on),
        "call": one.call,
        "known": ", ".join(
            part for part in (day, format_time(one.time) if one.time else "", one.own_masked, service) if part
        ),
        "sureness": (one.day_sureness.value, one.time_sureness.value),
        "ways": [(name, [_window(span) for span in spans]) for name, spans in ways if spans],
    }


def _window(span: Window) -> tuple[str, str]:
    """The window on the Finnish clock and in UTC."""
    return " – ".join(_at(helsinki(at)) for at in span), " – ".join(_at(at.astimezone(UTC)) for at in span)


def _at(at: datetime) -> str:
    return f"{format_date(at.date())} {format_time(at)}"


def _source(one: SourceRead, now: datetime) -> str:
    if one.at is None:
        return str(_("ei vastannut, haetaan uudelleen") if one.fault else _("ei vielä haettu"))
    at = _at(helsinki(one.at))
    if one.live:
        return str(_("haettu suoraan %(at)s", at=at))
    said: str = _("luettu viimeksi %(at)s, viive %(num)d min", at=at, num=max(0, (now - one.at).total_seconds() // 60))
    return f"{said}. {_('Viimeisin lukeminen ei onnistunut')}" if one.fault else said


def _candidate(one: Considered, view: DossierView, language: str) -> dict[str, Any]:
    return {
        "call": one.call,
        "start": _at(helsinki(one.start)) if one.start else "",
        "service": national(one.service) if one.service.startswith("+") else one.service,
        "reasons": [reason_text(reason, language) for reason in one.reasons],
        "hold": one.hold,
        "taken": one.taken,
        "who": view.names.get(one.by, ""),
        "at": _at(helsinki(one.at)) if one.at else "",
    }
