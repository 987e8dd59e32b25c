"""Listening on site, as its person sees it: choosing a time, the booking, giving it back, the calendar file."""

from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from portal.domain.lifecycle import NotNow
from portal.domain.moments import at_time, helsinki, weekday_date
from portal.domain.visits import VisitState
from portal.services import lists
from portal.services.book_visit import MyVisit, book_visit, calendar_file, cancel_visit, my_visit
from portal.services.ports import Slot
from portal.web.citizen.case import Answer, form_page
from portal.web.fields import Chosen, PortalForm, Radios, options
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page

page = Page("citizen.visit")
OTHERS = 40
"""How many times beside the offered ones are shown at most."""


class VisitForm(PortalForm):
    """One of the free times."""

    time = Radios(_("Mikä aika sopii sinulle?"), [Chosen(_("Valitse aika"))])


@page.route("/<lang>/<controller>/cases/<ref>/visit", CITIZEN)
def show(visit: Visit, ref: str) -> Answer:
    """The booking: when, where, how to get in, what to bring."""
    mine = my_visit(visit.office, visit.who, ref)
    if mine.latest is None or mine.latest.state not in (VisitState.BOOKED, VisitState.ATTENDED):
        return _to(visit, "citizen.visit.choose", ref)
    return render_template("citizen/visit/show.html", one=mine.latest, **_shared(visit, mine), **frame(visit))


@page.route("/<lang>/<controller>/cases/<ref>/visit/choose", CITIZEN, methods=("GET", "POST"))
def choose(visit: Visit, ref: str) -> Answer:
    """Choose among the offered times that are still free, or among the others; an earlier choice can be changed."""
    mine = my_visit(visit.office, visit.who, ref)
    if not mine.may_book:
        return _to(visit, "citizen.visit.show" if mine.booked else "citizen.case.show", ref)
    more = "others" in request.args or not mine.offered
    form = _form(visit, mine, more=more)
    if request.method == "POST":
        taken = str(form.time.data or "")
        if taken and taken not in {one.id for one in (*mine.offered, *mine.others)}:
            return _gone(visit, ref, more=more)
        if form.validate():
            try:
                book_visit(visit.office, visit.who, ref, taken)
            except NotNow as refused:
                if refused.code != "slot_gone":
                    raise
                return _gone(visit, ref, more=more)
            return _to(visit, "citizen.visit.show", ref)
    return _choices(visit, mine, form, more=more)


@page.route("/<lang>/<controller>/cases/<ref>/visit/cancel", CITIZEN, methods=("GET", "POST"))
def cancel(visit: Visit, ref: str) -> Answer:
    """Ask once more, then give the time back."""
    mine = my_visit(visit.office, visit.who, ref)
    if not mine.may_cancel or mine.latest is None:
        return _to(visit, "citizen.case.show", ref)
    if request.method == "POST":
        cancel_visit(visit.office, visit.who, ref)
        return _to(visit, "citizen.case.show", ref)
    return render_template("citizen/visit/cancel.html", one=mine.latest, **_shared(visit, mine), **frame(visit))


@page.route("/<lang>/<controller>/cases/<ref>/visit/calendar.ics", CITIZEN)
def calendar(visit: Visit, ref: str) -> Response:
    """The booking, or its cancellation, for the person's own calendar; the file's name tells nothing."""
    file = calendar_file(visit.office, visit.who, ref, visit.language)
    answer = FlaskResponse(file, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


def _to(visit: Visit, endpoint: str, ref: str) -> Response:
    return redirect(visit.url(endpoint, ref=ref), 303)


def _form(visit: Visit, mine: MyVisit, *, more: bool) -> VisitForm:
    form = VisitForm(visit.office.today())
    slots = _slots(mine, more=more)
    places = {slot.place.id for slot in slots}
    form.time.choices = options((slot.id, _words(visit, slot, place=len(places) > 1)) for slot in slots)
    return form


def _gone(visit: Visit, ref: str, *, more: bool) -> Answer:
    """Somebody was quicker: say so, and show what is free now."""
    mine = my_visit(visit.office, visit.who, ref)
    form = _form(visit, mine, more=more or not mine.offered)
    form.time.data = None
    form.time.errors = (gettext("Aika ehdittiin varata. Valitse toinen aika"),)
    return _choices(visit, mine, form, more=more or not mine.offered, status=409)


def _choices(visit: Visit, mine: MyVisit, form: VisitForm, *, more: bool, status: int = 422) -> Answer:
    slots = _slots(mine, more=more)
    places = {slot.place.id: slot.place for slot in slots}
    about = {"more": more, "slots": slots, "places": list(places.values())}
    case = lists.my_case(visit.office, visit.who, mine.case.ref)
    longest = max((slot.minutes for slot in slots), default=0)
    shared = _shared(visit, mine)
    return form_page(visit, "visit/choose", case, form, status=status, longest=longest, **about, **shared)


def _slots(mine: MyVisit, *, more: bool) -> tuple[Slot, ...]:
    """The times shown: the offered ones, and with `more` others beside them."""
    return (*mine.offered, *(mine.others[:OTHERS] if more else ()))


def _shared(visit: Visit, mine: MyVisit) -> dict[str, Any]:
    papers = [one.name[visit.language] for one in visit.here.id_documents]
    return {"listening": mine, "papers": papers}


def _words(visit: Visit, slot: Slot, *, place: bool) -> str:
    local = helsinki(slot.start)
    words = f"{weekday_date(local.date(), visit.language)} {at_time(local, visit.language)}"
    return f"{words}, {slot.place.name[visit.language]}" if place else words
