"""Strong identification: choose a provider, come back, leave, stay. No text from the provider's answer is shown."""

from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, jsonify, redirect, render_template, request
from flask_babel import force_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.domain.words import Language
from portal.services import sign_in
from portal.services.office import HELSINKI
from portal.services.sign_in import NotEntered
from portal.web.frame import frame
from portal.web.guard import CITIZEN, PUBLIC, Visit
from portal.web.routes import Page
from portal.web.session import current

page = Page("citizen.sign_in")
_STATUS = {"unreachable": 503}
_TO = "to"


@page.route("/<lang>/<controller>/sign-in", PUBLIC)
def begin(visit: Visit) -> str:
    """The ways to identify oneself; where to go on afterwards is kept in the session."""
    current()[_TO] = _onward(visit, request.args.get(_TO, ""))
    labels: dict[str, str] = current_app.config["PROVIDER_LABELS"]
    return render_template(
        "citizen/sign_in/begin.html",
        providers=[(key, labels.get(key, key)) for key in visit.office.identities],
        again=current_user.is_authenticated,
        **frame(visit),
    )


def _onward(visit: Visit, path: str) -> str:
    """A path of this site's pages, or the request's first page: never an address from outside."""
    parts = urlsplit(path)
    inside = path.startswith(f"/{visit.language}/{visit.here.id}/") and not (parts.scheme or parts.netloc)
    plain = path.isprintable() and "\\" not in path and "//" not in path
    return path if inside and plain else visit.url("citizen.request.right")


@page.route("/<lang>/<controller>/sign-in/<provider>", PUBLIC, methods=("POST",))
def start(visit: Visit, provider: str) -> Any:
    """Send the browser to the provider."""
    if provider not in visit.office.identities:
        abort(404)
    stored, onward = current().stored, current().get(_TO)
    if stored is None or onward is None:
        return redirect(visit.url("citizen.sign_in.begin"), 303)
    address = sign_in.begin_sign_in(visit.office, stored, provider, visit.language.value, onward)
    if address is None:
        return _not_entered(visit, NotEntered("unreachable", visit.language.value, onward))
    return redirect(address, 303)


@page.route("/login/<provider>/callback", PUBLIC)
def callback(visit: Visit, provider: str) -> Any:
    """The provider's answer, taken once, in the browser that asked."""
    if provider not in visit.office.identities:
        abort(404)
    params = list(request.args.items(multi=True))
    outcome = sign_in.finish_sign_in(visit.office, current().stored, provider, params, request.method)
    if isinstance(outcome, NotEntered):
        return _not_entered(visit, outcome)
    current().renew(outcome.cookie)
    return redirect(outcome.return_to, 303)


def _not_entered(visit: Visit, outcome: NotEntered) -> tuple[str, int]:
    """Nothing was sent: try again, or ask on paper."""
    visit.language = Language(outcome.language)
    place = outcome.return_to.split("/", 3)
    visit.register = visit.office.registers.get(place[2]) if len(place) > 2 else None
    with force_locale(outcome.language):
        shown = render_template(
            "citizen/sign_in/not_entered.html",
            why=outcome.why,
            again=visit.url("citizen.sign_in.begin", to=outcome.return_to) if visit.register else None,
            **frame(visit),
        )
    return shown, _STATUS.get(outcome.why, 400)


@page.route("/<lang>/<controller>/sign-out", PUBLIC, methods=("POST",))
def leave(visit: Visit) -> Response:
    """End the session everywhere at once, and let the browser forget what it keeps."""
    web = current()
    if web.stored:
        sign_in.sign_out(visit.office, web.stored)
    web.end()
    answer = redirect(visit.url("citizen.sign_in.left"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@page.route("/<lang>/<controller>/signed-out", PUBLIC)
def left(visit: Visit) -> str:
    """You are out here; the bank may still know you."""
    return render_template("citizen/sign_in/left.html", **frame(visit))


@page.route("/<lang>/<controller>/stay", CITIZEN, methods=("POST",))
def stay(visit: Visit) -> Response:
    """Stay signed in: the idle time begins anew, the absolute end stays."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    sign_in.extend_session(visit.office, visit.stored)
    ends = min(visit.stored.ends_at, visit.office.now() + sign_in.IDLE).astimezone(HELSINKI)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(session_ends=ends.isoformat())
    came_from = request.referrer or ""
    inside = came_from.startswith(request.host_url)
    return redirect(came_from if inside else visit.url("citizen.cases.list"), 303)
