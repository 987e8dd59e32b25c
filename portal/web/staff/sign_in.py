"""Staff sign-in: password, then a second factor; the one-time link that sets both; the confidentiality commitment.

An unknown name, a wrong password and a waiting account look the same. Nothing is kept in the address but where the
person was going, and that only inside the staff's own pages.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from portal.services import sign_in, staff_accounts, staff_sign_in
from portal.web.fields import PortalForm, Typed, page_errors
from portal.web.guard import PUBLIC, STAFF, Visit
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff import words
from portal.web.staff.desk import desk

page = Page("staff.sign_in")
_SECRET = "enrolment"


class PasswordForm(PortalForm):
    """The first factor."""

    login = StringField(lazy_gettext("Käyttäjätunnus"), [Typed(lazy_gettext("Kirjoita käyttäjätunnus"))])
    password = PasswordField(lazy_gettext("Salasana"), [Typed(lazy_gettext("Kirjoita salasana"))])


class CodeForm(PortalForm):
    """The second factor: the authenticator's six digits, or a recovery code."""

    code = StringField(lazy_gettext("Koodi"), [Typed(lazy_gettext("Kirjoita koodi"))])


class CredentialsForm(PortalForm):
    """A new password, typed twice, and proof that the authenticator holds the secret."""

    password = PasswordField(lazy_gettext("Uusi salasana"), [Typed(lazy_gettext("Kirjoita salasana"))])
    again = PasswordField(
        lazy_gettext("Uusi salasana toisen kerran"), [Typed(lazy_gettext("Kirjoita salasana toisen kerran"))]
    )
    code = StringField(lazy_gettext("Sovelluksen näyttämä koodi"), [Typed(lazy_gettext("Kirjoita koodi"))])


def onward() -> str | None:
    """Where the person was going: a path of the staff's pages on this site, or None."""
    to = request.values.get("to", "")
    parts = to.split("/")
    inside = to.startswith("/") and len(parts) > 2 and parts[2] == "staff" and not to.startswith("//")
    return to if inside and "\\" not in to and to.isprintable() else None


def _render(visit: Visit, name: str, form: Any, **values: Any) -> tuple[str, int]:
    errors = page_errors(form)
    if errors:
        values["page_errors"] = errors
    shown = render_template(f"staff/sign_in/{name}.html", form=form, to=onward(), **desk(visit), **values)
    return shown, 422 if errors else 200


@page.route("/<lang>/staff/sign-in", PUBLIC, methods=("GET", "POST"))
def begin(visit: Visit) -> Response | tuple[str, int]:
    """User name and password."""
    form = PasswordForm(visit.office.today())
    stored = current().stored
    if stored and form.validate_on_submit():
        if staff_sign_in.first_factor(visit.office, stored, form.login.data or "", form.password.data or ""):
            return redirect(visit.url("staff.sign_in.factor", to=onward()), 303)
        form.login.errors = (_("Käyttäjätunnus tai salasana ei täsmää. Yritä hetken kuluttua uudelleen"),)
    return _render(visit, "begin", form)


@page.route("/<lang>/staff/factor", PUBLIC, methods=("GET", "POST"))
def factor(visit: Visit) -> Response | tuple[str, int]:
    """The second factor; a new session begins when it is right."""
    stored = current().stored
    if stored is None or staff_sign_in.half_signed_in(visit.office, stored) is None:
        return redirect(visit.url("staff.sign_in.begin", to=onward()), 303)
    form = CodeForm(visit.office.today())
    if form.validate_on_submit():
        cookie = staff_sign_in.second_factor(visit.office, stored, (form.code.data or "").strip())
        if cookie:
            current().renew(cookie)
            return redirect(onward() or visit.url("staff.start.choose"), 303)
        form.code.errors = (_("Koodi ei täsmää, tai se on jo käytetty. Odota seuraavaa koodia ja yritä uudelleen"),)
    return _render(visit, "factor", form)


@page.route("/<lang>/staff/link/<token>", PUBLIC, methods=("GET", "POST"))
def link(visit: Visit, token: str) -> tuple[str, int]:
    """A one-time link: set the password and enrol the second factor, then see the recovery codes once."""
    account = staff_accounts.of_link(visit.office, token)
    if account is None:
        return render_template("staff/sign_in/link_used.html", **desk(visit)), 410
    enrolment = staff_accounts.enrolment(visit.office, account, session.get(_SECRET))
    session[_SECRET] = enrolment.secret
    form = CredentialsForm(visit.office.today())
    if form.validate_on_submit():
        outcome = _set_credentials(visit, token, form, enrolment.secret)
        if isinstance(outcome, tuple):
            session.pop(_SECRET, None)
            return render_template("staff/sign_in/recovery_codes.html", codes=outcome, **desk(visit)), 200
        if outcome == "link_used":
            return render_template("staff/sign_in/link_used.html", **desk(visit)), 410
    secret = " ".join(enrolment.secret[at : at + 4] for at in range(0, len(enrolment.secret), 4))
    # the picture is drawn by our own adapter from our own secret: no one else's text is in it
    return _render(visit, "link", form, account=account, secret=secret, qr=Markup(enrolment.qr_svg))


def _set_credentials(visit: Visit, token: str, form: CredentialsForm, secret: str) -> tuple[str, ...] | str:
    if form.password.data != form.again.data:
        form.again.errors = (_("Salasanat eivät ole samat"),)
        return "differs"
    code = (form.code.data or "").replace(" ", "")
    outcome = staff_accounts.set_credentials(visit.office, token, form.password.data or "", secret, code)
    if outcome == "code_wrong":
        form.code.errors = (_("Koodi ei täsmää. Tarkista puhelimen kello ja odota seuraavaa koodia"),)
    elif isinstance(outcome, str) and outcome in words.PASSWORD:
        form.password.errors = (words.PASSWORD[outcome],)
    return outcome


@page.route("/<lang>/staff/commitment", STAFF(), methods=("GET", "POST"))
def commitment(visit: Visit) -> Response | str:
    """The confidentiality commitment, accepted once before anything is shown."""
    if visit.account and request.method == "POST":
        staff_sign_in.commit_to_confidentiality(visit.office, visit.account)
        return redirect(visit.url("staff.start.choose"), 303)
    return render_template("staff/sign_in/commitment.html", **desk(visit))


@page.route("/<lang>/staff/leave", STAFF(), methods=("POST",))
def leave(visit: Visit) -> Response:
    """Sign out: the session ends everywhere at once."""
    if visit.stored:
        sign_in.sign_out(visit.office, visit.stored)
    current().end()
    return redirect(visit.url("staff.sign_in.begin"), 303)


@page.route("/<lang>/staff/stay", STAFF(), methods=("POST",))
def stay(visit: Visit) -> Response:
    """Stay signed in: the idle time starts anew. A script gets the new end, others go back where they were."""
    ends = _extended(visit)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(session_ends=ends.isoformat())
    back = request.referrer or ""
    return redirect(back if back.startswith(request.host_url) else visit.url("staff.start.choose"), 303)


def _extended(visit: Visit) -> datetime:
    idle: timedelta = staff_sign_in.IDLE
    ends = visit.office.now() + idle
    if visit.stored is None:
        return ends
    sign_in.extend_session(visit.office, visit.stored)
    return min(ends, visit.stored.ends_at)
