"""A second factor shown again: before listening, approving, signing, exporting, and changing rights or retention.

The form that was sent waits in the session meanwhile, and is sent again by its own button.
"""

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.services import own_sessions, passkeys, staff_sign_in
from portal.services.organisation_sign_in import provider_of
from portal.services.ports import Account, Session
from portal.web import waiting as forms
from portal.web.fields import page_errors
from portal.web.guard import STAFF, Visit, step_up
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff.desk import desk
from portal.web.staff.passkey_form import answer
from portal.web.staff.sign_in import CodeForm, onward

page = Page("staff.step_up")


@page.route("/<lang>/staff/confirm", STAFF(), methods=("GET", "POST"))
def begin(visit: Visit) -> Response | tuple[str, int]:
    """A one-time code, a recovery code or a passkey; then on to what was asked for, in a session with a new id."""
    account, stored = visit.account, visit.stored
    assert account is not None, "the guard lets only staff in"
    assert stored is not None, "the guard lets only live sessions in"
    if provider_of(stored):
        elsewhere: Response = step_up(visit)
        return elsewhere
    form = CodeForm(visit.office.today())
    if request.method == "POST":
        method = _shown(visit, stored, account, form)
        stored.data = dict(current())
        cookie = own_sessions.confirmed(visit.office, stored, account, method) if method else None
        if cookie:
            current().renew(cookie)
            return redirect(onward() or visit.url("staff.start.choose"), 303)
    errors = page_errors(form)
    if "answer" in request.form:
        errors = [("passkey", _("Pääsyavain ei kelvannut. Yritä uudelleen tai jatka toisella tavalla"))]
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    options = passkeys.challenge(visit.office, stored, account)
    page_ = render_template(
        "staff/step_up/begin.html", form=form, to=onward(), passkey_options=options, by_code=account.factor is not None,
        **desk(visit), **values,
    )  # fmt: skip
    return page_, 422 if errors else 200


def _shown(visit: Visit, stored: Session, account: Account, form: CodeForm) -> str | None:
    """The factor that was right: code | passkey; None, with the error said, when it was not."""
    if "answer" in request.form:
        return "passkey" if passkeys.confirm(visit.office, stored, account, answer()) else None
    if not form.validate_on_submit():
        return None
    if staff_sign_in.confirm_factor(visit.office, stored, account, (form.code.data or "").strip()):
        return "code"
    form.code.errors = (_("Koodi ei täsmää, tai se on jo käytetty. Odota seuraavaa koodia ja yritä uudelleen"),)
    return None


@page.route("/<lang>/staff/waiting", STAFF(), methods=("GET", "POST"))
def waiting(visit: Visit) -> str | Response:
    """What waits, in one sentence, and the button that sends it; or forget it."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    form = forms.of_session(visit.office, visit.stored)
    if request.method == "POST":
        forms.forget(visit.office, visit.stored)
    if form is None or request.method == "POST":
        return redirect(visit.url("staff.start.choose"), 303)
    return render_template(
        "staff/step_up/waiting.html", waits=form, mark=forms.MARK, words_of=forms.words_of, **desk(visit)
    )
