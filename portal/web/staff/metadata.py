"""Article 16: the number and the time that the index gives a call, each in a form of its own; the audio stays."""

from datetime import UTC, date, datetime
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import Form

from portal.domain.access import Action
from portal.domain.lifecycle import NotNow
from portal.domain.moments import format_date, format_time, helsinki, moments
from portal.domain.phone import national
from portal.domain.rights import Right
from portal.services import lists
from portal.services.correct_metadata import Field, correct_metadata
from portal.services.lists import CaseView
from portal.services.ports import Absent, Recording
from portal.web.fields import FiDate, FiPhone, FiTime, Typed, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.metadata")
_SAME_NUMBER = lazy_gettext("Soittajan numero on jo tämä. Kirjoita oikea numero")
_SAME_TIME = lazy_gettext("Puhelun alkamisaika on jo tämä. Kirjoita oikea aika")
_NO_SUCH_HOUR = lazy_gettext("Kelloja siirrettiin silloin, eikä tätä aikaa ollut. Tarkista kellonaika")
_NOT_YET = lazy_gettext("Puhelu ei ole voinut päättyä tulevaisuudessa. Tarkista päivä ja kellonaika")


class NumberForm(Form):
    """The number from which the call came."""

    number = FiPhone(lazy_gettext("Soittajan numero"), [Typed(lazy_gettext("Kirjoita oikea numero"))])


class StartForm(Form):
    """When the call began, on the Finnish clock."""

    day = FiDate(lazy_gettext("Puhelun päivä"), [Typed(lazy_gettext("Kirjoita puhelun päivä"))], call_day=True)
    time = FiTime(lazy_gettext("Puhelu alkoi klo"), [Typed(lazy_gettext("Kirjoita, milloin puhelu alkoi"))])

    def __init__(self, today: date, *arguments: Any, **options: Any) -> None:
        self.today = today
        super().__init__(*arguments, **options)


Forms = dict[tuple[int, str], NumberForm | StartForm]


@page.route("/<lang>/staff/<controller>/cases/<ref>/metadata", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """Each recording that was found to be the applicant's, with what the index says of it."""
    return _shown(visit, lists.case_view(visit.office, visit.who, ref), {})


@page.route("/<lang>/staff/<controller>/cases/<ref>/metadata/correct", STAFF(Action.DECIDE), methods=("POST",))
def correct(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """The number or the time of one recording is set right."""
    view = lists.case_view(visit.office, visit.who, ref)
    if not _open(view):
        raise NotNow("state")
    place, one = _wanted(view)
    field: Field = "start" if request.form.get("field") == "start" else "caller"
    form = _form(visit, place, field, one, posted=True)
    value = _value(visit, form, one) if form.validate() else ""
    if page_errors(form):
        return _shown(visit, view, {(place, field): form}), 422
    correct_metadata(visit.office, visit.who, ref, one.id, field, value, seen())
    return go(visit, "staff.metadata.show", ref=ref)


def _open(view: CaseView) -> bool:
    return view.case.right is Right.RECTIFICATION and "CorrectMetadata" in {step.__name__ for step in view.steps}


def _chosen(view: CaseView) -> list[Recording]:
    known = {one.recording.id: one.recording for one in view.candidates if one.recording}
    return [known[finding.recording] for finding in view.case.chosen if finding.recording in known]


def _wanted(view: CaseView) -> tuple[int, Recording]:
    for place, one in enumerate(_chosen(view)):
        if one.id == request.form.get("recording"):
            return place, one
    raise Absent(view.case.ref)


def _form(visit: Visit, place: int, field: str, one: Recording, *, posted: bool = False) -> NumberForm | StartForm:
    typed = request.form if posted else None
    start, today = helsinki(one.start), visit.office.today()
    if field == "caller":
        return NumberForm(typed, prefix=f"n{place}-", data={"number": national(one.caller) if one.caller else ""})
    told = {"day": format_date(start.date()), "time": format_time(start)}
    return StartForm(today, typed, prefix=f"s{place}-", data=told)


def _value(visit: Visit, form: NumberForm | StartForm, one: Recording) -> str:
    """What the form says, as the verb takes it; what is so already, or cannot be, is an error of its field."""
    if isinstance(form, NumberForm):
        number = form.number.number.e164 if form.number.number else ""
        if number == (one.caller or ""):
            form.number.errors = [_SAME_NUMBER]
        return number
    assert form.day.day is not None
    assert form.time.clock is not None
    wall = datetime.combine(form.day.day, form.time.clock)
    readings, exists = moments(wall)
    start = readings[0].astimezone(UTC)
    if not exists:
        form.time.errors = [_NO_SUCH_HOUR]
    elif wall == helsinki(one.start).replace(tzinfo=None, second=0, microsecond=0):
        form.time.errors = [_SAME_TIME]
    elif start + (one.end - one.start) > visit.office.now():
        form.time.errors = [_NOT_YET]
    return start.isoformat()


def _shown(visit: Visit, view: CaseView, tried: Forms) -> str:
    fits = {finding.recording for finding in view.case.chosen if finding.speaker == "fits"}
    lines = [
        {
            "recording": one,
            "proved": one.id in fits,
            "number": tried.get((place, "caller")) or _form(visit, place, "caller", one),
            "start": tried.get((place, "start")) or _form(visit, place, "start", one),
        }
        for place, one in enumerate(_chosen(view))
    ]
    errors = [error for form in tried.values() for error in page_errors(form)]
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    return render_template(
        "staff/metadata/show.html", **case_desk(visit, view, "calls", lines=lines, open=_open(view), **values)
    )
