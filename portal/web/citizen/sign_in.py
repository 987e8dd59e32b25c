"""Strong identification: choose a provider, come back, leave, stay. No text from the provider's answer is shown."""

import logging
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, jsonify, redirect, render_template, request
from flask_babel import force_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.domain.words import Language
from portal.services import sign_in, single_logout
from portal.services.office import HELSINKI
from portal.services.sign_in import NotEntered
from portal.web import waiting
from portal.web.frame import frame
from portal.web.guard import CITIZEN, PUBLIC, Visit
from portal.web.language import chosen
from portal.web.routes import Page
from portal.web.session import current

page = Page("citizen.sign_in")
log = logging.getLogger("portal.web")
_STATUS = {"unreachable": 503}
_TO = "to"


@page.route("/<lang>/<controller>/sign-in", PUBLIC)
def begin(visit: Visit) -> str:
    """The ways to identify oneself; where to go on afterwards is kept in the session."""
    current()[_TO] = _onward(visit, request.args.get(_TO, ""))
    labels: dict[str, str] = current_app.config["PROVIDER_LABELS"]
    serving = [key for key in visit.office.identities if _serves(visit, key)]
    notices = [sign_in.notice_of(visit.office, key, visit.language.value) for key in serving]
    return render_template(
        "citizen/sign_in/begin.html",
        providers=[(key, labels.get(key, key)) for key in serving],
        notices=[text for text in notices if text],
        again=current_user.is_authenticated,
        **frame(visit),
    )


def _serves(visit: Visit, provider: str) -> bool:
    """Suomi.fi may be used by public bodies only, so it is offered at their registers and not at others'."""
    only: dict[str, frozenset[str]] = current_app.config["PROVIDER_REGISTERS"]
    return provider not in only or visit.here.id in only[provider]


def _onward(visit: Visit, path: str) -> str:
    """A path of this site's pages, or the request's first page: never an address from outside."""
    parts = urlsplit(path)
    inside = path.startswith(f"/{visit.language}/{visit.here.id}/") and not (parts.scheme or parts.netloc)
    plain = path.isprintable() and "\\" not in path and "//" not in path
    return path if inside and plain else visit.url("citizen.request.right")


@page.route("/<lang>/<controller>/sign-in/<provider>", PUBLIC, methods=("POST",))
def start(visit: Visit, provider: str) -> Any:
    """Send the browser to the provider."""
    if provider not in visit.office.identities or not _serves(visit, provider):
        abort(404)
    stored, onward = current().stored, current().get(_TO)
    if stored is None or onward is None:
        return redirect(visit.url("citizen.sign_in.begin"), 303)
    address = sign_in.begin_sign_in(visit.office, stored, provider, visit.language.value, onward)
    if isinstance(address, NotEntered):
        return not_entered(visit, address)
    return redirect(address, 303)


@page.route("/login/<provider>/callback", PUBLIC)
def callback(visit: Visit, provider: str) -> Any:
    """The provider's answer, taken once, in the browser that asked."""
    if provider not in visit.office.identities:
        abort(404)
    params = list(request.args.items(multi=True))
    outcome = sign_in.finish_sign_in(visit.office, current().stored, provider, params, request.method)
    if isinstance(outcome, NotEntered):
        return not_entered(visit, outcome)
    current().renew(outcome.cookie)
    return redirect(outcome.return_to, 303)


def not_entered(visit: Visit, outcome: NotEntered) -> tuple[str, int, dict[str, str]]:
    """Nothing was sent: what happened, a number to ask by, and the other ways. The cause goes to the log alone."""
    log.warning(
        "sign-in not completed",
        extra={"endpoint": request.endpoint, "trace": outcome.reference, "fault": outcome.cause or outcome.why},
    )
    language, onward = outcome.language, outcome.return_to
    if outcome.why == "expired":  # which sign-in it was is not known: perhaps where this browser was going is
        language, onward = chosen(), current().get(_TO, "/")
    place = onward.split("/", 3)
    visit.register = visit.office.registers.get(place[2]) if len(place) > 2 else None
    visit.language = Language(place[1] if visit.register else language)
    with force_locale(visit.language.value):
        shown = render_template(
            "citizen/sign_in/not_entered.html",
            why=outcome.why,
            reference=outcome.reference,
            notice_text=outcome.notice,
            again=visit.url("citizen.sign_in.begin", to=onward) if visit.register else None,
            **frame(visit),
        )
    return shown, _STATUS.get(outcome.why, 400), {"Cache-Control": "no-store"}  # its address holds what came back


@page.route("/<lang>/<controller>/sign-out", PUBLIC, methods=("POST",))
def leave(visit: Visit) -> Response:
    """End the session everywhere at once, and let the browser forget what it keeps; then on to the provider's own
    sign-out, where it has one."""
    web = current()
    onward: str | None = None
    if web.stored:
        onward = single_logout.leave(visit.office, web.stored, visit.language.value, visit.here.id)
    web.end()
    answer = redirect(onward or visit.url("citizen.sign_in.left"), 303)
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
    waiting.keep_open(visit.office, visit.stored)
    ends = min(visit.stored.ends_at, visit.office.now() + sign_in.IDLE).astimezone(HELSINKI)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(session_ends=ends.isoformat())
    came_from = request.referrer or ""
    inside = came_from.startswith(request.host_url)
    return redirect(came_from if inside else visit.url("citizen.cases.list"), 303)
