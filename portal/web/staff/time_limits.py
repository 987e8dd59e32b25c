"""By which law a request is answered, and the data protection officer's leave for what comes late.

The Openness Act (621/1999) gives two weeks, or a month; where it runs too, the shorter clock leads.
"""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField

from portal.domain.access import Action
from portal.domain.case import Route
from portal.domain.lifecycle import AllowLate, DecideRoute, NotNow
from portal.services import lists
from portal.services.allow_late import allow_late
from portal.services.decide_route import decide_route
from portal.services.lists import CaseView
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.time_limits")
LONGEST = 4000


class RouteForm(PortalForm):
    """The law, whether the documents are many, and why."""

    route = Radios(
        lazy_gettext("Minkä lain mukaan pyyntöön vastataan?"),
        [Chosen(lazy_gettext("Valitse laki"))],
        choices=options(words.ROUTE.items()),
    )
    large = BooleanField(
        lazy_gettext("Asiakirjoja on paljon tai niissä on salassa pidettäviä osia"),
        description=lazy_gettext("Julkisuuslain määräaika on silloin kuukausi, muuten kaksi viikkoa."),
    )
    why = TextAreaField(
        lazy_gettext("Perustelu"), [Typed(lazy_gettext("Kirjoita, miksi valitset tämän")), AtMost(LONGEST)],
        description=lazy_gettext("Perustelu näkyy henkilöstölle tapahtumissa."),
    )  # fmt: skip

    def step(self) -> DecideRoute:
        """The step that the form describes, once it is valid."""
        return DecideRoute(Route(self.route.data), bool(self.large.data), (self.why.data or "").strip())


class LateForm(PortalForm):
    """What may come late, and why."""

    what = Radios(
        lazy_gettext("Mikä sallitaan?"),
        [Chosen(lazy_gettext("Valitse, mikä sallitaan"))],
        choices=options(
            (
                ("extension", lazy_gettext("Myöhäinen ilmoitus määräajan jatkamisesta")),
                ("pause", lazy_gettext("Myöhäinen kysymys pysäyttää kellon")),
            )
        ),
    )
    reason = TextAreaField(lazy_gettext("Perustelu"), [Typed(lazy_gettext("Kirjoita perustelu")), AtMost(LONGEST)])

    def step(self) -> AllowLate:
        """The step that the form describes, once it is valid."""
        return AllowLate(self.what.data or "", (self.reason.data or "").strip())


@page.route("/<lang>/staff/<controller>/cases/<ref>/route", STAFF(Action.TAKE_UP), methods=("GET", "POST"))
def route(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Decide by which law the request is answered; public controllers only."""
    view = _opened(visit, ref, "DecideRoute")
    if not view.register.openness_act:
        raise NotNow("state")
    first = {"route": view.case.route.value, "large": view.case.large}
    form = RouteForm(visit.office.today(), data=first if request.method == "GET" else None)
    if form.validate_on_submit():
        decide_route(visit.office, visit.who, ref, form.step(), seen())
        return go(visit, "staff.case.show", ref=ref)
    return _shown(visit, view, "route", form)


@page.route("/<lang>/staff/<controller>/cases/<ref>/late", STAFF(Action.OVERRIDE_CLOCK), methods=("GET", "POST"))
def allow(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """The data protection officer lets a late notice, or a late question, count."""
    view = _opened(visit, ref, "AllowLate")
    form = LateForm(visit.office.today())
    if form.validate_on_submit():
        allow_late(visit.office, visit.who, ref, form.step(), seen())
        return go(visit, "staff.case.show", ref=ref)
    return _shown(visit, view, "allow", form, allowed=view.case.allowed_late)


def _opened(visit: Visit, ref: str, step: str) -> CaseView:
    view = lists.case_view(visit.office, visit.who, ref)
    if step not in {one.__name__ for one in view.steps}:
        raise NotNow("state")
    return view


def _shown(visit: Visit, view: CaseView, name: str, form: PortalForm, **values: Any) -> tuple[str, int]:
    errors = page_errors(form)
    if errors:
        values["page_errors"] = errors
    shown = render_template(f"staff/time_limits/{name}.html", **case_desk(visit, view, "case", form=form, **values))
    return shown, 422 if errors else 200
