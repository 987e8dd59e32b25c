"""The calls that may be meant: why each fits, how safe it is, and which of them it is.

Nothing is chosen for the clerk: the order proposes, a person decides.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import FileField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from portal.domain.access import Action, allowed
from portal.domain.lifecycle import NotNow
from portal.domain.matching import CallDescription, Reason, reason_text
from portal.domain.moments import DaySureness, TimeSureness, format_date, format_time, moments
from portal.domain.phone import national
from portal.domain.recording import Refused
from portal.services import lists
from portal.services.add_recording import add_recording
from portal.services.choose_call import choose_call
from portal.services.confirm_hold import confirm_hold
from portal.services.find_calls import find_more
from portal.services.hold_tasks import hold_tasks
from portal.services.listeners import ask_boxes
from portal.services.lists import CaseView
from portal.services.match_dossier import dossier_view
from portal.services.ports import Absent
from portal.services.related_calls import related
from portal.web.fields import FiDate, FiPhone, FiTime, PortalForm, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.desk import candidate_of, case_desk, go, listen_target, seen
from portal.web.staff.dossier import told_of

page = Page("staff.calls")
_NEAR_MINUTES = 60
_FITS = ("equal", "as_claimed", "exact", "same_day", "part_of_day")


class SearchForm(PortalForm):
    """Other details of one of the calls: what is found joins the candidates and is held."""

    which = SelectField(lazy_gettext("Puhelu"), coerce=int, validate_choice=False)
    day = FiDate(lazy_gettext("Päivä"), call_day=True)
    time = FiTime(lazy_gettext("Kello"))
    day_sureness = SelectField(lazy_gettext("Päivän tarkkuus"), choices=options(words.DAY_SURENESS.items()))
    time_sureness = SelectField(lazy_gettext("Ajan tarkkuus"), choices=options(words.TIME_SURENESS.items()))
    own_number = FiPhone(lazy_gettext("Soittajan numero"))


class UploadForm(PortalForm):
    """A recording got from the operator: the file, when the call began and how long it was, and who rang."""

    which = SelectField(lazy_gettext("Mihin puheluun tallenne kuuluu?"), coerce=int, validate_choice=False)
    file = FileField(lazy_gettext("Äänitiedosto"))
    day = FiDate(lazy_gettext("Puhelun päivä"), [Typed(lazy_gettext("Kirjoita puhelun päivä"))], call_day=True)
    time = FiTime(lazy_gettext("Puhelu alkoi klo"), [Typed(lazy_gettext("Kirjoita, milloin puhelu alkoi"))])
    minutes = IntegerField(
        lazy_gettext("Kesto, minuutit"), [Optional(), NumberRange(0, 600, lazy_gettext("Kirjoita minuutit, 0–600"))]
    )
    seconds = IntegerField(
        lazy_gettext("Kesto, sekunnit"), [Optional(), NumberRange(0, 59, lazy_gettext("Kirjoita sekunnit, 0–59"))]
    )
    own_number = FiPhone(lazy_gettext("Soittajan numero"))

    @property
    def length(self) -> timedelta:
        """How long the call was, as typed."""
        return timedelta(minutes=self.minutes.data or 0, seconds=self.seconds.data or 0)

    def validate_file(self, field: FileField) -> None:
        """A file was chosen."""
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("Valitse äänitiedosto"))


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls", STAFF(Action.SEE_CASE))
def list_(visit: Visit, ref: str) -> str:
    """The candidates, best first, each with its reasons and its hold."""
    view = lists.case_view(visit.office, visit.who, ref)
    return _listed(visit, view, _search_form(visit, view))


def _listed(visit: Visit, view: CaseView, form: SearchForm, **values: Any) -> str:
    register = view.case.register
    unheard = tuple(one.recording.id for one in view.candidates if one.recording and not one.hearable)
    return render_template(
        "staff/calls/list.html",
        **case_desk(
            visit,
            view,
            "calls",
            form=form,
            reasons=reasons,
            related=related(view.candidates),
            dossier=told_of(visit, dossier_view(visit.office, visit.who, view.case.ref)),
            heard=listen_target(view),
            tasks=hold_tasks(visit.office, view),
            ask=ask_boxes(visit.office, visit.who, view.case.ref, unheard),
            may_search=allowed(visit.who, Action.CHOOSE_CALL, register) and view.case.state.open,
            may_hold=allowed(visit.who, Action.CONFIRM_HOLD, register) and view.case.state.open,
            may_add=allowed(visit.who, Action.ADD_RECORDING, register) and view.case.state.open,
            **values,
        ),
    )


def reasons(given: tuple[Reason, ...], language: str) -> list[dict[str, Any]]:
    """The reasons of a match in words, each with whether it speaks for the call."""
    return [
        {"label": words.TERM[one.term], "text": reason_text(one, language), "fits": _speaks_for(one)} for one in given
    ]


def _speaks_for(reason: Reason) -> bool:
    near = reason.code == "minutes_off" and abs(reason.minutes) <= _NEAR_MINUTES
    return near or reason.code in _FITS


def _described(view: CaseView, number: int) -> CallDescription:
    return next((call for call in view.case.calls if call.number == number), CallDescription(view.case.items[0]))


def _with_calls(view: CaseView, form: Any) -> Any:
    form.which.choices = options((str(number), _("Puhelu %(num)d", num=number)) for number in view.case.items)
    return form


def _search_form(visit: Visit, view: CaseView) -> SearchForm:
    call = _described(view, view.case.items[0])
    typed = {
        "which": call.number,
        "day": format_date(call.day) if call.day else "",
        "time": format_time(call.time) if call.time else "",
        "day_sureness": call.day_sureness.value,
        "time_sureness": call.time_sureness.value,
        "own_number": national(call.own_number) if call.own_number else "",
    }
    form = SearchForm(visit.office.today(), data=typed if request.method == "GET" else None)
    filled: SearchForm = _with_calls(view, form)
    return filled


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/choose", STAFF(Action.CHOOSE_CALL), methods=("POST",))
def choose(visit: Visit, ref: str) -> Response:
    """This is the call, or this is not; a chosen call is heard next by whoever may listen."""
    recording, call = request.form.get("recording", ""), request.form.get("call", "")
    it_is = request.form.get("it_is") == "yes"
    number = int(call) if call.isdigit() and len(call) < 4 else 0
    if number not in lists.case_view(visit.office, visit.who, ref).case.items:
        raise Absent(call)
    choose_call(visit.office, visit.who, ref, recording, number, it_is=it_is, seen=seen())
    one = candidate_of(lists.case_view(visit.office, visit.who, ref), recording) if it_is else None
    if one is not None and one.hearable:
        return go(visit, "staff.listen.show", ref=ref, recording=recording)
    return go(visit, "staff.calls.list", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/search", STAFF(Action.CHOOSE_CALL), methods=("POST",))
def search(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Search with other details."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _search_form(visit, view)
    if not form.validate_on_submit():
        return _listed(visit, view, form, page_errors=page_errors(form)), 422
    if not view.case.state.open:
        raise NotNow("state")
    find_more(visit.office, visit.who, ref, _other_details(view, form))
    return go(visit, "staff.calls.list", ref=ref)


def _other_details(view: CaseView, form: SearchForm) -> CallDescription:
    """The described call with the day, time and number of the form; what is empty is not known."""
    day_sureness = DaySureness(form.day_sureness.data) if form.day.day else DaySureness.UNKNOWN
    time_sureness = TimeSureness(form.time_sureness.data)
    needs_clock = time_sureness in (TimeSureness.QUARTER, TimeSureness.HOUR)
    if needs_clock and form.time.clock is None:
        time_sureness = TimeSureness.UNKNOWN
    return replace(
        _described(view, form.which.data or view.case.items[0]),
        day=form.day.day,
        time=form.time.clock,
        day_sureness=day_sureness,
        time_sureness=time_sureness,
        own_number=form.own_number.number.e164 if form.own_number.number else None,
        withheld=form.own_number.withheld,
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/hold", STAFF(Action.CONFIRM_HOLD), methods=("POST",))
def hold(visit: Visit, ref: str) -> Response:
    """What the operator answered: the recording is kept, or it was gone already."""
    recording = request.form.get("recording", "")
    view = lists.case_view(visit.office, visit.who, ref)
    if candidate_of(view, recording) is None or not view.case.state.open:
        raise NotNow("state")
    kept, note = request.form.get("kept") == "yes", request.form.get("note", "").strip()[:500]
    confirm_hold(visit.office, visit.who, ref, recording, kept=kept, note=note, seen=seen())
    return go(visit, "staff.calls.list", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/upload", STAFF(Action.ADD_RECORDING), methods=("GET", "POST"))
def upload(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Add a recording by hand."""
    view = lists.case_view(visit.office, visit.who, ref)
    if not view.case.state.open:
        raise NotNow("state")
    form: UploadForm = _with_calls(view, UploadForm(visit.office.today()))
    if form.validate_on_submit():
        outcome = _add(visit, view, form) if form.length else None
        if isinstance(outcome, str):
            return go(visit, "staff.calls.list", ref=ref)
        if outcome:
            form.file.errors = (words.REFUSAL[outcome.code],)
        else:  # retention counts from the end of the call, so its length must be known
            form.minutes.errors = (_("Kirjoita puhelun kesto"),)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    shown = render_template("staff/calls/upload.html", **case_desk(visit, view, "calls", form=form, **values))
    return shown, 422 if errors else 200


def _add(visit: Visit, view: CaseView, form: UploadForm) -> Refused | str:
    day, clock = form.day.day, form.time.clock
    assert day is not None
    assert clock is not None
    start = moments(datetime.combine(day, clock))[0][0].astimezone(UTC)
    end = start + form.length
    call = _described(view, form.which.data or view.case.items[0])
    number = form.own_number.number.e164 if form.own_number.number else None
    sent = form.file.data
    return add_recording(
        visit.office, visit.who, view.case.ref, call, start, end, number, sent.stream, sent.filename or "recording"
    )
