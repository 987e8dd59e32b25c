"""Staff sign-in by their organisation: go there, come back, show the means again, and hear of a logout.

The staff's session cookie is SameSite=Strict and does not come along when the provider sends the browser back, nor
would it along a redirect from there. So the sign-in under way hangs on a cookie of its own (Lax, ten minutes), and the
answer is a page of ours that moves on by itself: the next request is our own site's, and has the session.
"""

import logging
import secrets
from typing import Any

from flask import abort, current_app, jsonify, make_response, redirect, render_template, request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from portal.domain.words import Language
from portal.services import organisation_sign_in
from portal.services.organisation_sign_in import Barred, Leaving
from portal.web.guard import PUBLIC, STAFF, Visit
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff.desk import desk
from portal.web.staff.sign_in import onward

page = Page("staff.organisation")
log = logging.getLogger("portal.web")
_COOKIE, _COOKIE_LIFE = "kuuluu-organisation", 600
_STATUS = {"no_access": 403, "unreachable": 503}


@page.route("/<lang>/staff/organisation/<provider>", PUBLIC, methods=("POST",))
def start(visit: Visit, provider: str) -> Any:
    """Send the browser to the organisation's sign-in."""
    if provider not in visit.office.organisations:
        abort(404)
    language, to = visit.language.value, onward()
    leaving = organisation_sign_in.begin(visit.office, current().stored, _browser(), provider, to, language)
    return _gone(visit, leaving, to)


@page.route("/<lang>/staff/organisation/again", STAFF(), methods=("GET", "POST"))
def again(visit: Visit) -> Any:
    """Show the means of identification again at the organisation, and go on where one was going."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    provider = organisation_sign_in.provider_of(visit.stored)
    if provider is None:
        abort(404)
    language, to = visit.language.value, onward()
    if provider not in visit.office.organisations:  # it was taken out of use meanwhile: another way in is needed
        return redirect(visit.url("staff.sign_in.begin", to=to), 303)
    if request.method == "POST":
        leaving = organisation_sign_in.begin_again(visit.office, visit.stored, _browser(), provider, to, language)
        return _gone(visit, leaving, to)
    label = visit.office.organisations[provider].label
    return render_template("staff/organisation/again.html", to=to, organisation=label, **desk(visit))


@page.route("/staff-login/<provider>/callback", PUBLIC)
def callback(visit: Visit, provider: str) -> Any:
    """The organisation's answer, taken once, in the browser that asked."""
    if provider not in visit.office.organisations:
        abort(404)
    params = list(request.args.items(multi=True))
    outcome = organisation_sign_in.finish(visit.office, _browser(), provider, params, request.method)
    if isinstance(outcome, Barred):
        return _barred(visit, outcome)
    visit.language = Language(outcome.language)
    current().renew(outcome.cookie)
    onto = outcome.to or visit.url("staff.start.choose")
    with force_locale(outcome.language):
        return _unkept(render_template("staff/organisation/arrived.html", onto=onto, **desk(visit)), 200)


@page.route("/staff-login/<provider>/backchannel-logout", PUBLIC, methods=("POST",))
@page.from_outside
def logout(visit: Visit, provider: str) -> Response:
    """The organisation tells that a session of its own has ended; the signed message alone is believed."""
    told = request.form.getlist("logout_token")
    if provider not in visit.office.organisations:
        abort(404)
    if len(told) == 1 and organisation_sign_in.end_by_provider(visit.office, provider, told[0]):
        return _unkept("", 200)
    return _unkept(jsonify(error="invalid_request"), 400)


@page.route("/staff-login/<provider>/jwks", PUBLIC)
def jwks(visit: Visit, provider: str) -> Response:
    """Our public key for the organisation's provider, by which it knows us; absent where we have a secret."""
    organisation = visit.office.organisations.get(provider)
    keys = organisation.provider.public_keys(visit.office.now()) if organisation else ()
    if not keys:
        abort(404)
    return jsonify(keys=list(keys))


def _gone(visit: Visit, leaving: Leaving | None, to: str | None) -> Any:
    if leaving is None:
        stands = visit.account is not None
        return _barred(visit, Barred("unreachable", "no metadata", to, visit.language.value, stands))
    response = redirect(leaving.url, 303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _cookie_name(), leaving.browser, _COOKIE_LIFE, path="/", secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _barred(visit: Visit, barred: Barred) -> Response:
    """Nobody came in: a calm page with a reference, and the cause beside that reference in the log."""
    reference = secrets.token_hex(4)
    log.warning("organisation sign-in", extra={"fault": barred.cause, "trace": reference})
    visit.language = Language(barred.language)
    with force_locale(barred.language):
        shown = render_template(
            "staff/organisation/barred.html",
            why=barred.why,
            reference=reference,
            again=visit.url("staff.organisation.again" if barred.stands else "staff.sign_in.begin", to=barred.to),
            **desk(visit),
        )
    return _unkept(shown, _STATUS.get(barred.why, 400))


def _unkept(body: str | Response, status: int) -> Response:
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _browser() -> str | None:
    return request.cookies.get(_cookie_name())


def _cookie_name() -> str:
    return f"__Host-{_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else _COOKIE
