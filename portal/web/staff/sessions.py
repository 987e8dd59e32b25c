"""One's own sessions, wherever they are: seen, and ended one by one or all at once. And the page after signing out."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.domain.moments import at_time, format_date, helsinki
from portal.services import own_sessions
from portal.web.guard import PUBLIC, STAFF, Visit
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff.desk import desk

page = Page("staff.sessions")


@page.route("/<lang>/staff/sessions", STAFF())
def list_(visit: Visit) -> str:
    """The live sessions of whoever asks."""
    assert visit.account is not None, "the guard lets only staff in"
    assert visit.stored is not None, "the guard lets only live sessions in"
    language = visit.language.value

    def moment(at: object) -> str:
        local = helsinki(at)  # type: ignore[arg-type]  # the template hands over the instants of a session
        return f"{format_date(local.date())} {at_time(local, language)}"

    found = own_sessions.sessions_of(visit.office, visit.account, visit.stored)
    return render_template("staff/sessions/list.html", sessions=found, moment=moment, **desk(visit))


@page.route("/<lang>/staff/sessions/end", STAFF(), methods=("POST",))
def end(visit: Visit) -> Response:
    """End one of one's own."""
    assert visit.account is not None, "the guard lets only live sessions in"
    own_sessions.end_one(visit.office, visit.account, request.form.get("session", ""))
    return redirect(visit.url("staff.sessions.list"), 303)


@page.route("/<lang>/staff/sessions/end-all", STAFF(), methods=("POST",))
def end_all(visit: Visit) -> Response:
    """End all of one's own, this one too."""
    assert visit.account is not None, "the guard lets only live sessions in"
    own_sessions.end_all(visit.office, visit.account)
    current().end()
    return redirect(visit.url("staff.sessions.left"), 303)


@page.route("/<lang>/staff/signed-out", PUBLIC)
def left(visit: Visit) -> str:
    """You are out here; the organisation's own sign-in may still be open."""
    return render_template("staff/sessions/left.html", **desk(visit))
