"""Visits to listen on site: who comes when, the identity check at the desk, the station, and the certificate.

Every visit's forms stand on its own page; the list names nobody.
"""

from typing import Any

from flask import current_app, redirect, render_template
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import StopValidation

from portal.domain.access import Action
from portal.domain.visits import VisitState
from portal.services import attend_visit, station
from portal.services.visit_certificate import issue_certificate
from portal.web.fields import Chosen, PortalForm, Radios, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page
from portal.web.session import SAME_SITE, current, station_cookie
from portal.web.staff.desk import desk, go

page = Page("staff.visits")
_AT = "/<lang>/staff/<controller>/visits/<appointment>"

TONE = {
    VisitState.BOOKED: "info",
    VisitState.MOVED: "",
    VisitState.ATTENDED: "ok",
    VisitState.NO_SHOW: "warn",
    VisitState.CANCELLED: "",
}
MISMATCH = {
    "details": _("Nimi tai syntymäaika ei täsmää"),
    "document": _("Asiakirja ei ole luettelossa tai ei kelpaa"),
    "none": _("Asiakirjaa ei näytetty"),
}


class AttendForm(PortalForm):
    """What was shown, and that it agrees. There is no box for a number."""

    document = Radios(_("Mikä asiakirja näytettiin?"), [Chosen(_("Valitse, mikä asiakirja näytettiin"))])
    agrees = BooleanField(_("Nimi ja syntymäaika täsmäävät"))

    def validate_agrees(self, field: BooleanField) -> None:
        """The clerk has compared them."""
        if not field.data:
            raise StopValidation(str(_("Vahvista, että nimi ja syntymäaika täsmäävät")))


class MismatchForm(PortalForm):
    """Why the visit could not begin, from a fixed list: nothing is written about whoever came."""

    mismatch = Radios(
        _("Miksi käynti ei voinut alkaa?"),
        [Chosen(_("Valitse, miksi käynti ei voinut alkaa"))],
        choices=options(MISMATCH.items()),
    )


@page.route("/<lang>/staff/<controller>/visits", STAFF(Action.SEE_CASE))
def list_(visit: Visit) -> str:
    """Today's visits, those to come, and those that nobody has recorded."""
    lists = attend_visit.visits_of(visit.office, visit.who)
    return render_template("staff/visits/list.html", **desk(visit, lists=lists, tone=TONE))


@page.route(_AT, STAFF(Action.SEE_CASE))
def show(visit: Visit, appointment: str) -> str:
    """One visit: whom to expect, and what can be done now."""
    return _shown(visit, appointment, _attend_form(visit), _mismatch_form(visit))


def _attend_form(visit: Visit) -> AttendForm:
    form = AttendForm(visit.office.today())
    form.document.choices = options((one.code, one.name[visit.language]) for one in visit.here.id_documents)
    return form


def _mismatch_form(visit: Visit) -> MismatchForm:
    return MismatchForm(visit.office.today())


def _shown(visit: Visit, appointment: str, attend_form: AttendForm, mismatch: MismatchForm) -> str:
    view = attend_visit.visit_view(visit.office, visit.who, appointment)
    errors = page_errors(attend_form) + page_errors(mismatch)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    names = {one.code: one.name[visit.language] for one in visit.here.id_documents}
    values |= {"view": view, "form": attend_form, "mismatch": mismatch, "tone": TONE, "documents": names}
    return render_template("staff/visits/show.html", **desk(visit, **values))


@page.route(f"{_AT}/attend", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def attend(visit: Visit, appointment: str) -> Response | tuple[str, int]:
    """Record that the person came and who they are was seen."""
    form = _attend_form(visit)
    if form.validate_on_submit():
        attend_visit.attend(visit.office, visit.who, appointment, form.document.data)
        return go(visit, "staff.visits.show", appointment=appointment)
    return _shown(visit, appointment, form, MismatchForm(visit.office.today(), formdata=None)), 422


@page.route(f"{_AT}/unmatched", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def unmatched(visit: Visit, appointment: str) -> Response | tuple[str, int]:
    """Record that the visit could not begin."""
    form = _mismatch_form(visit)
    if form.validate_on_submit():
        attend_visit.unmatched(visit.office, visit.who, appointment, form.mismatch.data)
        return go(visit, "staff.visits.show", appointment=appointment)
    blank = AttendForm(visit.office.today(), formdata=None)
    blank.document.choices = _attend_form(visit).document.choices
    return _shown(visit, appointment, blank, form), 422


@page.route(f"{_AT}/missed", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def missed(visit: Visit, appointment: str) -> Response:
    """Record that the time went by unused."""
    attend_visit.missed(visit.office, visit.who, appointment)
    return go(visit, "staff.visits.show", appointment=appointment)


@page.route(f"{_AT}/start", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def start(visit: Visit, appointment: str) -> Response:
    """Open the station on this device: the clerk's session ends here, and the browser is the visitor's."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    opened = station.open_station(visit.office, visit.who, appointment, visit.stored.key)
    current().end()
    place = visit.url("staff.station.show", lang=opened.language.value)
    answer = redirect(place, 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(
        station_cookie(secure), opened.key, path=place, secure=secure, httponly=True, samesite=SAME_SITE["staff"]
    )
    return answer


@page.route(f"{_AT}/stop", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def stop(visit: Visit, appointment: str) -> Response:
    """End the listening from the desk."""
    station.close_station(visit.office, visit.who, appointment)
    return go(visit, "staff.visits.show", appointment=appointment)


@page.route(f"{_AT}/certificate", STAFF(Action.RECEIVE_VISITOR), methods=("POST",))
def certificate(visit: Visit, appointment: str) -> Response:
    """Issue the certificate; its link then stands on the visit's page."""
    issue_certificate(visit.office, visit.who, appointment)
    return go(visit, "staff.visits.show", appointment=appointment)
