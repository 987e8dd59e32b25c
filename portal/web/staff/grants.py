"""The copies that a case has given: how often each was fetched, more downloads, and taking one back with its reason.

Whoever handles the case may do both: a copy that shows another's matter must be gone at once, by whoever notices it.
"""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import Form, TextAreaField

from portal.domain.access import Action, allowed
from portal.services import lists
from portal.services.grants import renew_copy, revoke_copy, staff_grants
from portal.services.lists import CaseView
from portal.web.fields import AtMost, Typed, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.delivery_words import GRANT
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.grants")
LONGEST = 500


class RevokeForm(Form):
    """Why a copy is taken back: the applicant reads it."""

    reason = TextAreaField(
        lazy_gettext("Miksi kopio perutaan?"),
        [Typed(lazy_gettext("Kirjoita, miksi kopio perutaan")), AtMost(LONGEST)],
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/copies", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """Every copy with its state and its count."""
    return _shown(visit, lists.case_view(visit.office, visit.who, ref), {})


@page.route("/<lang>/staff/<controller>/cases/<ref>/copies/revoke", STAFF(Action.CHANGE_COPY), methods=("POST",))
def revoke(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Take one copy back; its file goes with it."""
    view = lists.case_view(visit.office, visit.who, ref)
    recording = request.form.get("recording", "")
    form = RevokeForm(request.form, prefix=f"c{_place(visit, ref, recording)}-")
    if not form.validate():
        return _shown(visit, view, {recording: form}), 422
    revoke_copy(visit.office, visit.who, ref, recording, (form.reason.data or "").strip(), seen())
    return go(visit, "staff.grants.show", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/copies/renew", STAFF(Action.CHANGE_COPY), methods=("POST",))
def renew(visit: Visit, ref: str) -> Response:
    """Allow as many downloads again."""
    renew_copy(visit.office, visit.who, ref, request.form.get("recording", ""), seen())
    return go(visit, "staff.grants.show", ref=ref)


def _place(visit: Visit, ref: str, recording: str) -> int:
    """The number of the copy in the page's forms; 0 for one that is not there."""
    lines = staff_grants(visit.office, visit.who, ref)
    return next((line.number for line in lines if line.copy.recording == recording), 0)


def _shown(visit: Visit, view: CaseView, tried: dict[str, RevokeForm]) -> str:
    lines = staff_grants(visit.office, visit.who, view.case.ref)
    forms = {line.number: tried.get(line.copy.recording) or RevokeForm(prefix=f"c{line.number}-") for line in lines}
    errors = [error for form in tried.values() for error in page_errors(form)]
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    return render_template(
        "staff/grants/show.html",
        **case_desk(
            visit, view, "grants", lines=lines, forms=forms, states=GRANT,
            may_change=allowed(visit.who, Action.CHANGE_COPY, view.case.register), **values,
        ),
    )  # fmt: skip
