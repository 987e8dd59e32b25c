"""Article 19: every recipient of the data with what was told, or why telling is impossible.

The register names the recipients; staff add those to whom this recording was given besides. The applicant reads the
result in the letter, and may ask who they are; the letter of an access request names them all (art. 15(1)(c)).
"""

from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import Form, StringField

from portal.domain.access import Action
from portal.domain.lifecycle import NotNow
from portal.services import lists
from portal.services.lists import CaseView
from portal.services.tell_recipient import (
    IMPOSSIBLE,
    MISTAKEN,
    NAMED_IN,
    TO_TELL,
    TOLD,
    TOLD_OF,
    RecipientLine,
    recipients,
    tell_recipient,
)
from portal.web.fields import AtMost, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.recipients")
STATE = {
    TO_TELL: (lazy_gettext("Ilmoitettava"), "warn", "clock"),
    TOLD: (lazy_gettext("Ilmoitettu"), "ok", "circle-check"),
    IMPOSSIBLE: (lazy_gettext("Ilmoittaminen mahdotonta"), "mute", "minus"),
}
_NO_REASON = lazy_gettext("Kirjoita syy: ilman sitä ilmoittamista ei voi jättää tekemättä (tietosuoja-asetus 19)")
_NO_NAME = lazy_gettext("Kirjoita vastaanottajan nimi")


class TellForm(Form):
    """What one recipient was told; `name` only for one that the register does not know."""

    name = StringField(lazy_gettext("Vastaanottajan nimi"), [AtMost(200)])
    why = StringField(lazy_gettext("Miksi ilmoittaminen on mahdotonta?"), [AtMost(500)])


@page.route("/<lang>/staff/<controller>/cases/<ref>/recipients", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """Every recipient with its state."""
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, {})


@page.route("/<lang>/staff/<controller>/cases/<ref>/recipients/tell", STAFF(Action.TELL_RECIPIENT), methods=("POST",))
def tell(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """One recipient was told, or cannot be told and why."""
    view = lists.case_view(visit.office, visit.who, ref)
    if "Tell" not in {step.__name__ for step in view.steps}:
        raise NotNow("state")
    lines = recipients(view.register, view.case, visit.language)
    chosen = next((n for n, line in enumerate(lines) if line.code == request.form.get("recipient")), len(lines))
    form = TellForm(request.form, prefix=f"r{chosen}-")
    state = next((one for one in (TOLD, MISTAKEN) if request.form.get("state") == one), IMPOSSIBLE)
    name = lines[chosen].code if chosen < len(lines) else (form.name.data or "").strip()
    if form.validate():
        if not name:
            form.name.errors = [_NO_NAME]
        if state == IMPOSSIBLE and not (form.why.data or "").strip():
            form.why.errors = [_NO_REASON]
    if page_errors(form):
        return _shown(visit, view, {chosen: form}), 422
    why = (form.why.data or "").strip() if state == IMPOSSIBLE else ""
    tell_recipient(visit.office, visit.who, ref, name, state, why, seen())
    return go(visit, "staff.recipients.show", ref=ref)


def _shown(visit: Visit, view: CaseView, tried: dict[int, TellForm]) -> str:
    lines: tuple[RecipientLine, ...] = recipients(view.register, view.case, visit.language)
    forms = [tried.get(n) or TellForm(prefix=f"r{n}-") for n in range(len(lines) + 1)]
    errors = [error for form in tried.values() for error in page_errors(form)]
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    return render_template(
        "staff/recipients/show.html",
        **case_desk(
            visit, view, "recipients", lines=lines, forms=forms, states=STATE,
            left=sum(line.state == TO_TELL for line in lines), due=view.case.right in TOLD_OF,
            names=view.case.right is NAMED_IN, **values,
        ),
    )  # fmt: skip
