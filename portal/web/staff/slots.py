"""The places and times for listening on site: places with their accessibility, times in bulk, withdrawing one."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.domain.lifecycle import NotNow
from portal.services import visit_slots
from portal.services.ports import Absent, Place
from portal.services.visit_slots import SlotsView
from portal.web.fields import page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import gettext
from portal.web.routes import Page
from portal.web.staff.desk import desk, go
from portal.web.staff.slot_forms import PlaceForm, SlotsForm

page = Page("staff.slots")
ROWS = 50
Answer = str | Response | tuple[str, int]


@page.route("/<lang>/staff/<controller>/slots", STAFF(Action.DECIDE), methods=("GET", "POST"))
def show(visit: Visit) -> Answer:
    """The places, the times ahead, and the form that adds more: first their count, then, once it has been seen, the
    times."""
    view = visit_slots.slots_view(visit.office, visit.who)
    form = _form(visit, view)
    if request.method == "GET":
        return _shown(visit, view, form)
    if not form.validate_on_submit():
        return _shown(visit, view, form, page_errors=page_errors(form)), 422
    starts = form.starts
    if request.form.get("count") != str(len(starts)) or "look" in request.form:
        return _shown(visit, view, form, starts=starts)
    room = (form.minutes.data or 0, form.seats.data or 0)
    visit_slots.add_slots(visit.office, visit.who, form.place.data, starts, *room)
    return go(visit, "staff.slots.show")


@page.route("/<lang>/staff/<controller>/slots/place", STAFF(Action.DECIDE), methods=("GET", "POST"))
def place(visit: Visit) -> Answer:
    """A new place."""
    visit_slots.slots_view(visit.office, visit.who)
    return _place(visit, None)


@page.route("/<lang>/staff/<controller>/slots/place/<place_id>", STAFF(Action.DECIDE), methods=("GET", "POST"))
def change(visit: Visit, place_id: str) -> Answer:
    """The words of a place."""
    return _place(visit, _known(visit_slots.slots_view(visit.office, visit.who), place_id))


@page.route("/<lang>/staff/<controller>/slots/place/<place_id>/close", STAFF(Action.DECIDE), methods=("POST",))
def close(visit: Visit, place_id: str) -> Answer:
    """Offer a place no more, once no time in it lies ahead."""
    known = _known(visit_slots.slots_view(visit.office, visit.who), place_id)
    try:
        visit_slots.close_place(visit.office, visit.who, place_id)
    except NotNow as refused:
        if refused.code != "place_in_use":
            raise
        why = gettext("Paikassa on aikoja edessä. Poista ne ensin käytöstä.")
        return _place(visit, known, refused=why)
    return go(visit, "staff.slots.show")


@page.route("/<lang>/staff/<controller>/slots/time/<slot_id>/withdraw", STAFF(Action.DECIDE), methods=("GET", "POST"))
def withdraw(visit: Visit, slot_id: str) -> Answer:
    """Ask once more, with how many have booked it, then withdraw a time."""
    slot, booked = visit_slots.slot_of(visit.office, visit.who, slot_id)
    more = False
    if request.method == "POST":
        said = request.form.get("bookings", "")
        try:
            visit_slots.withdraw_slot(visit.office, visit.who, slot_id, int(said) if said.isdecimal() else -1)
            return go(visit, "staff.slots.show")
        except NotNow as refused:
            if refused.code != "slot_booked":
                raise
            slot, booked = visit_slots.slot_of(visit.office, visit.who, slot_id)
            more = True
    shown = render_template("staff/slots/withdraw.html", **desk(visit, slot=slot, booked=booked, more=more))
    return (shown, 409) if more else shown


def _form(visit: Visit, view: SlotsView, **given: object) -> SlotsForm:
    return SlotsForm(visit.office.now(), visit.office.today(), view.places, visit.language, **given)


def _shown(visit: Visit, view: SlotsView, form: SlotsForm, **values: object) -> str:
    text = request.args.get("from", "")
    start = int(text) if text.isdecimal() and len(text) < 5 else 0
    rows = view.slots[start : start + ROWS]

    def page_url(at: int) -> str:
        return visit.url("staff.slots.show", **{"from": at} if at else {})

    return render_template(
        "staff/slots/show.html",
        **desk(
            visit,
            places=view.places,
            rows=rows,
            total=len(view.slots),
            form=form,
            previous_url=page_url(max(0, start - ROWS)) if start else None,
            next_url=page_url(start + ROWS) if start + ROWS < len(view.slots) else None,
            **values,
        ),
    )


def _known(view: SlotsView, place_id: str) -> Place:
    found = next((one for one in view.places if one.id == place_id), None)
    if found is None:
        raise Absent(place_id)
    return found


def _place(visit: Visit, known: Place | None, refused: str = "") -> Answer:
    form = PlaceForm(visit.office.today(), formdata=None if refused else request.form)
    if known and (refused or request.method == "GET"):
        form.filled(known)
    if not refused and form.validate_on_submit():
        kept = form.place(known.id if known else "", visit.here.id)
        visit_slots.set_place(visit.office, visit.who, kept)
        return go(visit, "staff.slots.show")
    errors = page_errors(form)
    shown = desk(visit, form=form, known=known, refused=refused, **({"page_errors": errors} if errors else {}))
    html = render_template("staff/slots/place.html", **shown)
    return (html, 409 if refused else 422) if errors or refused else html
