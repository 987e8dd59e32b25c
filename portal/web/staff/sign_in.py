"""Staff sign-in: password and second factor, or a passkey; the one-time link that sets them; the commitment.

An unknown name, a wrong password and a waiting account look the same. Nothing is kept in the address but where the
person was going, and that only inside the staff's own pages.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import jsonify, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from portal.services import change_password, passkeys, password_age, sign_in, staff_accounts, staff_sign_in
from portal.services.ports import Account, Busy, Session
from portal.services.staff_accounts import Enrolment
from portal.web import waiting
from portal.web.fields import PortalForm, Typed, page_errors
from portal.web.guard import PUBLIC, STAFF, Visit
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff import words
from portal.web.staff.desk import desk
from portal.web.staff.passkey_form import answer, name, session_here

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


class NewPasswordForm(PortalForm):
    """The old password and a new one, typed twice."""

    old_password = PasswordField(lazy_gettext("Nykyinen salasana"), [Typed(lazy_gettext("Kirjoita nykyinen salasana"))])
    password = PasswordField(lazy_gettext("Uusi salasana"), [Typed(lazy_gettext("Kirjoita salasana"))])
    again = PasswordField(
        lazy_gettext("Uusi salasana toisen kerran"), [Typed(lazy_gettext("Kirjoita salasana toisen kerran"))]
    )

    def change(self, visit: Visit, session: Session, account: Account) -> bool:
        """Change the account's password; False, with the reason at its field, when it was not."""
        if self.password.data != self.again.data:
            self.again.errors = (_("Salasanat eivät ole samat"),)
            return False
        old, new = self.old_password.data or "", self.password.data or ""
        problem = change_password.change_password(visit.office, session, account, old, new, request.remote_addr)
        if problem == "old_wrong":
            self.old_password.errors = (_("Nykyinen salasana ei täsmää. Yritä hetken kuluttua uudelleen"),)
        elif problem:
            self.password.errors = (words.PASSWORD[problem],)
        return problem is None


def patiently(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, or a calm page when so many passwords are being checked that this one cannot wait its turn."""

    @wraps(view)
    def patient(visit: Visit, **values: Any) -> Any:
        try:
            return view(visit, **values)
        except Busy:
            shown = render_template("staff/sign_in/busy.html", **desk(visit))
            return shown, 503, {"Retry-After": "5"}

    return patient


def onward() -> str | None:
    """Where the person was going: a path of the staff's pages on this site, or None."""
    to = request.values.get("to", "")
    parts = to.split("/")
    inside = to.startswith("/") and len(parts) > 2 and parts[2] == "staff" and not to.startswith("//")
    return to if inside and "\\" not in to and to.isprintable() else None


def _render(visit: Visit, template: str, form: Any, **values: Any) -> tuple[str, int]:
    errors = [*values.pop("page_errors", []), *page_errors(form)]
    if errors:
        values["page_errors"] = errors
    shown = render_template(f"staff/sign_in/{template}.html", form=form, to=onward(), **desk(visit), **values)
    return shown, 422 if errors else 200


@page.route("/<lang>/staff/sign-in", PUBLIC, methods=("GET", "POST"))
@patiently
def begin(visit: Visit) -> Response | tuple[str, int]:
    """User name and password, or a passkey."""
    form = PasswordForm(visit.office.today())
    stored = current().stored
    if stored and form.validate_on_submit():
        login, password = form.login.data or "", form.password.data or ""
        if staff_sign_in.first_factor(visit.office, stored, login, password, request.remote_addr):
            return redirect(visit.url("staff.sign_in.factor", to=onward()), 303)
        form.login.errors = (_("Käyttäjätunnus tai salasana ei täsmää. Yritä hetken kuluttua uudelleen"),)
    return _begin(visit, form)


def _begin(visit: Visit, form: PasswordForm, **values: Any) -> tuple[str, int]:
    options = passkeys.challenge(visit.office, session_here(visit.office), None)
    return _render(visit, "begin", form, passkey_options=options, **values)


@page.route("/<lang>/staff/sign-in/passkey", PUBLIC, methods=("POST",))
def passkey(visit: Visit) -> Response | tuple[str, int]:
    """Sign in by a passkey alone."""
    stored = current().stored
    cookie = passkeys.enter(visit.office, stored, answer()) if stored else None
    if cookie:
        return _entered(visit, cookie)
    return _begin(visit, PasswordForm(visit.office.today(), formdata=None), page_errors=_refused())


@page.route("/<lang>/staff/factor", PUBLIC, methods=("GET", "POST"))
def factor(visit: Visit) -> Response | tuple[str, int]:
    """The second factor; a new session begins when it is right."""
    stored = current().stored
    account = staff_sign_in.half_signed_in(visit.office, stored) if stored else None
    if stored is None or account is None:
        return redirect(visit.url("staff.sign_in.begin", to=onward()), 303)
    form, errors = CodeForm(visit.office.today()), {}
    cookie = None
    if "answer" in request.form:
        cookie = passkeys.second_factor(visit.office, stored, answer())
        form, errors = CodeForm(visit.office.today(), formdata=None), {"page_errors": _refused()}
    elif form.validate_on_submit():
        cookie = staff_sign_in.second_factor(visit.office, stored, (form.code.data or "").strip())
        form.code.errors = (_("Koodi ei täsmää, tai se on jo käytetty. Odota seuraavaa koodia ja yritä uudelleen"),)
    if cookie:
        return _entered(visit, cookie)
    if staff_sign_in.password_due(visit.office, stored):
        return redirect(visit.url("staff.sign_in.new_password", to=onward()), 303)
    options = passkeys.challenge(visit.office, stored, account)
    return _render(visit, "factor", form, passkey_options=options, **errors)


def _entered(visit: Visit, cookie: str) -> Response:
    """Signed in: on to where the person was going, past the page of a password that will soon be too old."""
    current().renew(cookie)
    _session, account = staff_sign_in.enter(visit.office, cookie)
    if account and password_age.warning(visit.office, account) is not None:
        return redirect(visit.url("staff.credentials.ageing", to=onward()), 303)
    return redirect(onward() or visit.url("staff.start.choose"), 303)


def _refused() -> list[tuple[str, str]]:
    return [("passkey", _("Pääsyavain ei kelvannut. Yritä uudelleen tai jatka toisella tavalla"))]


@page.route("/<lang>/staff/new-password", PUBLIC, methods=("GET", "POST"))
@patiently
def new_password(visit: Visit) -> Response | tuple[str, int]:
    """Both factors were right, but the password is too old or known to others: a new one before anything else."""
    stored = current().stored
    account = staff_sign_in.password_due(visit.office, stored) if stored else None
    if stored is None or account is None:
        return redirect(visit.url("staff.sign_in.begin", to=onward()), 303)
    form = NewPasswordForm(visit.office.today())
    if form.validate_on_submit() and form.change(visit, stored, account):
        current().renew(change_password.enter(visit.office, stored, account))
        return redirect(onward() or visit.url("staff.start.choose"), 303)
    days = password_age.limit(visit.office, account)
    return _render(visit, "new_password", form, account=account, days=days.days if days else None)


@page.route("/<lang>/staff/link/<token>", PUBLIC, methods=("GET", "POST"))
@patiently
def link(visit: Visit, token: str) -> tuple[str, int]:
    """A one-time link: a passkey, or a password and one-time codes with recovery codes that are seen once."""
    account = staff_accounts.of_link(visit.office, token)
    if account is None:
        return render_template("staff/sign_in/link_used.html", **desk(visit)), 410
    stored = session_here(visit.office)
    if "answer" in request.form:
        return _by_passkey(visit, token, account, stored)
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
    return _link(visit, form, account, enrolment, stored)


def _link(
    visit: Visit, form: CredentialsForm, account: Account, enrolment: Enrolment, stored: Session, **values: Any
) -> tuple[str, int]:
    secret = " ".join(enrolment.secret[at : at + 4] for at in range(0, len(enrolment.secret), 4))
    options = passkeys.offer(visit.office, stored, account, anew=True)
    # the picture is drawn by our own adapter from our own secret: no one else's text is in it
    values |= {"account": account, "secret": secret, "qr": Markup(enrolment.qr_svg), "passkey_options": options}
    return _render(visit, "link", form, **values)


def _by_passkey(visit: Visit, token: str, account: Account, stored: Session) -> tuple[str, int]:
    problem = staff_accounts.set_passkey(visit.office, stored, token, answer(), name(0))
    if problem == "link_used":
        return render_template("staff/sign_in/link_used.html", **desk(visit)), 410
    if problem is None:
        session.pop(_SECRET, None)
        return render_template("staff/sign_in/passkey_made.html", **desk(visit)), 200
    enrolment = staff_accounts.enrolment(visit.office, account, session.get(_SECRET))
    session[_SECRET] = enrolment.secret
    form = CredentialsForm(visit.office.today(), formdata=None)
    return _link(visit, form, account, enrolment, stored, page_errors=_refused())


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
    answer = redirect(visit.url("staff.sessions.left"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@page.route("/<lang>/staff/stay", STAFF(), methods=("POST",))
def stay(visit: Visit) -> Response:
    """Stay signed in: the idle time starts anew. A script gets the new end, others go back where they were."""
    ends = _extended(visit)
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(session_ends=ends.isoformat())
    back = request.referrer or ""
    return redirect(back if back.startswith(request.host_url) else visit.url("staff.start.choose"), 303)


def _extended(visit: Visit) -> datetime:
    ends = visit.office.now() + visit.office.staff_idle
    if visit.stored is None:
        return ends
    sign_in.extend_session(visit.office, visit.stored)
    waiting.keep_open(visit.office, visit.stored)
    return min(ends, visit.stored.ends_at)
