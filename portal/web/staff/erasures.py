"""Erasures that an operator was asked for: what it answered, and when it was done (arts. 17(1), 28(3)(g))."""

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.domain.access import Action, actions_of
from portal.services import lists
from portal.services.confirm_erasure import confirm_erasure, deny_erasure
from portal.services.erasure_tasks import asked_erasures
from portal.services.ports import Absent
from portal.web.fields import AtMost, FiDate, PortalForm, Typed, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.erasures")
LONGEST = 500


class ConfirmForm(PortalForm):
    """When the operator erased it, and who says so."""

    on = FiDate(
        lazy_gettext("Milloin operaattori poisti tallenteen?"),
        [Typed(lazy_gettext("Kirjoita päivä, jona tallenne poistettiin"))],
        call_day=True,
    )
    who = StringField(
        lazy_gettext("Kuka vahvisti poiston ja miten?"),
        [Typed(lazy_gettext("Kirjoita, kuka vahvisti poiston ja miten")), AtMost(LONGEST)],
    )


class DenyForm(PortalForm):
    """Why it has not been done."""

    why = TextAreaField(
        lazy_gettext("Mitä operaattori vastasi?"),
        [Typed(lazy_gettext("Kirjoita, mitä operaattori vastasi")), AtMost(LONGEST)],
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/erasures", STAFF(Action.SEE_CASE))
def list_(visit: Visit, ref: str) -> str:
    """The case's open tasks: whom to ask, what to say, by when."""
    return _shown(visit, ref, "", None)


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/erasures/<recording>/confirm", STAFF(Action.CONFIRM_HOLD), methods=("POST",)
)
def confirm(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """The operator confirmed the erasure."""
    form = ConfirmForm(visit.office.today(), prefix="done-")
    if form.validate_on_submit() and form.on.day:
        who = (form.who.data or "").strip()
        confirm_erasure(visit.office, visit.who, ref, recording, on=form.on.day, who=who, seen=seen())
        return go(visit, "staff.erasures.list", ref=ref)
    return _shown(visit, ref, recording, form), 422


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/erasures/<recording>/deny", STAFF(Action.CONFIRM_HOLD), methods=("POST",)
)
def deny(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """The operator has not erased it."""
    form = DenyForm(visit.office.today(), prefix="not-")
    if form.validate_on_submit():
        deny_erasure(visit.office, visit.who, ref, recording, why=(form.why.data or "").strip(), seen=seen())
        return go(visit, "staff.erasures.list", ref=ref)
    return _shown(visit, ref, recording, form), 422


def _shown(visit: Visit, ref: str, sent: str, form: ConfirmForm | DenyForm | None) -> str:
    """The page; one of its forms perhaps as it was sent, with its errors."""
    view, asked = lists.case_view(visit.office, visit.who, ref), asked_erasures(visit.office, visit.who, ref)
    if form and sent not in {one.task.recording for one in asked}:
        raise Absent(sent)
    today = visit.office.today()
    forms = {}
    for n, one in enumerate(asked, 1):
        mine = form if one.task.recording == sent else None
        done = mine if isinstance(mine, ConfirmForm) else ConfirmForm(today, formdata=None, prefix="done-")
        denied = mine if isinstance(mine, DenyForm) else DenyForm(today, formdata=None, prefix="not-")
        for field in (done.on, done.who, denied.why):
            field.id = f"{field.name}-{n}"
        forms[one.task.recording] = (done, denied)
    errors = page_errors(form) if form else []
    may = Action.CONFIRM_HOLD in actions_of(visit.who.roles)
    shown = case_desk(
        visit, view, "calls", asked=asked, forms=forms, may_confirm=may, **({"page_errors": errors} if errors else {})
    )
    return render_template("staff/erasures/list.html", **shown)
