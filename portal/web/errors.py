"""Pages for what goes wrong: calm, in the visitor's language, and silent about causes.

"Not yours" and "absent" are one page; both are recorded.
"""

import logging
from typing import Any

from flask import Flask, current_app, redirect, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.domain import events
from portal.domain.access import Actor, ActorKind, Forbidden
from portal.domain.lifecycle import NotNow
from portal.domain.recording import VaultFailure
from portal.domain.words import Language
from portal.services.office import Office
from portal.services.ports import Absent, SourceAway
from portal.web import language, waiting
from portal.web.frame import frame, shown_face
from portal.web.guard import Visit
from portal.web.session import StoredSessions, current

log = logging.getLogger("portal.web")


def register(app: Flask, unavailable: tuple[type[Exception], ...]) -> None:
    """Answer every kind of fault with its page. `unavailable`: what the database raises when it is away."""

    @app.before_request
    def _session_could_not_be_read() -> None:
        failure = current().failure
        if failure is not None:
            raise failure

    for kind in (*unavailable, VaultFailure):
        app.register_error_handler(kind, _away)
    app.register_error_handler(Absent, _hidden)
    app.register_error_handler(Forbidden, _hidden)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(405, _not_found)
    app.register_error_handler(NotNow, _stale)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(413, _too_large)
    app.register_error_handler(SourceAway, _away)
    app.register_error_handler(OSError, _away)
    app.register_error_handler(HTTPException, _other)
    if not app.testing and not app.debug:
        app.register_error_handler(500, _broken)


def page(status: int, kind: str, **values: Any) -> tuple[str, int]:
    """The error page of a kind: not_found | stale | expired | too_large | away | broken."""
    visit = _visit()
    return render_template("public/error.html", kind=kind, face=shown_face(), **frame(visit), **values), status


def _visit() -> Visit:
    """As much of a visit as the address gives, without asking anything that might fail again."""
    office: Office = current_app.office  # type: ignore[attr-defined]  # a Portal
    visit = Visit(office, Language(language.chosen()))
    controller = (request.view_args or {}).get("controller") or next(
        (part for part in request.path.split("/") if part in office.registers), None
    )
    visit.register = office.registers.get(controller) if controller else None
    return visit


def _hidden(error: Exception) -> tuple[str, int]:
    _note_attempt(type(error).__name__)
    return page(404, "not_found")


def _note_attempt(what: str) -> None:
    """A guessed reference is an event; the audit trail keeps no word of what was guessed beyond the endpoint."""
    office: Office = current_app.office  # type: ignore[attr-defined]  # a Portal
    visit = _visit()
    account = current_user.account if current_user.is_authenticated else None
    kind = ActorKind.STAFF if account else ActorKind.CITIZEN
    actor = Actor(kind, account.id if account else "citizen", visit.register.id if visit.register else "portal")
    with office.writing() as work:
        event = events.ForeignReferenceTried(what)
        work.trail.note(actor.controller, actor, event, (request.endpoint or "")[:64], office.now())


def _not_found(_error: Exception) -> tuple[str, int]:
    return page(404, "not_found")


def _stale(error: NotNow) -> tuple[str, int]:
    return page(409, "stale", why=error.code, again=request.referrer if _own(request.referrer) else None)


def _own(address: str | None) -> bool:
    return bool(address) and str(address).startswith(request.host_url)


def _expired(_error: CSRFError) -> tuple[str, int] | Response:
    """A form after its session's end waits for the same person; any other without its token is refused."""
    visit, web = _visit(), current()
    interface = current_app.session_interface
    cookie = request.cookies.get(interface.cookie_name(web.face)) if isinstance(interface, StoredSessions) else None
    if waiting.keep_late(visit.office, web, cookie):
        if web.face == "staff":
            to = visit.url("staff.step_up.waiting", controller=None)
            return redirect(visit.url("staff.sign_in.begin", controller=None, to=to), 303)
        if visit.register:
            return redirect(visit.url("citizen.sign_in.begin", to=visit.url("citizen.sessions.waiting")), 303)
    return page(400, "expired")


def _too_large(_error: Exception) -> tuple[str, int]:
    return page(413, "too_large")


def _away(error: Exception) -> tuple[str, int]:
    log.error("unavailable", extra={"fault": type(error).__name__})
    return page(503, "away")


def _other(error: HTTPException) -> tuple[str, int]:
    return page(error.code or 500, "broken" if (error.code or 500) >= 500 else "not_found")


def _broken(_error: Exception) -> tuple[str, int]:
    return page(500, "broken")
