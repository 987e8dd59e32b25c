"""The listening station: what the visitor sees and hears on the device that staff have opened for them.

No navigation, no data of the case but the calls' days and times, nothing to keep: the sound goes to the player alone.
"""

from flask import Response as FlaskResponse
from flask import abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.services import station
from portal.services.ports.stations import Seat
from portal.web.frame import frame
from portal.web.guard import PUBLIC, STATION, Visit
from portal.web.ranges import span, stream
from portal.web.routes import Page
from portal.web.session import SAME_SITE, station_cookie

page = Page("staff.station")
_AT = "/<lang>/staff/<controller>/station"


@page.route(_AT, STATION)
def show(visit: Visit) -> FlaskResponse:
    """The calls to hear. The page leaves the screen by itself when the station ends."""
    seat = _seat(visit)
    calls = station.calls_of(visit.office, seat)
    shown = render_template("staff/station/show.html", seat=seat, calls=calls, **frame(visit))
    left = max(1, round((seat.ends_at - visit.office.now()).total_seconds()) + 1)
    headers = {"Cache-Control": "no-store", "Refresh": f"{left}; url={visit.url('staff.station.left')}"}
    return FlaskResponse(shown, headers=headers)


@page.route(f"{_AT}/audio/<int:n>", STATION)
def audio(visit: Visit, n: int) -> FlaskResponse:
    """Approved copy `n` for the player, by Range. A browser that says it wants anything but sound gets nothing."""
    if request.headers.get("Sec-Fetch-Dest", "audio") != "audio":
        abort(404)
    seat = _seat(visit)
    file = station.open_heard(visit.office, seat, n)
    headers, method = request.headers, request.method
    status, start, stop = span(headers.get("Range"), headers.get("If-Range"), method, file.size, file.etag)
    if status in (200, 206) and method == "GET":
        station.note_played(visit.office, seat, n, start, stop, file.size)
    return stream(file.read, status, start, stop, file.size, file.mimetype, None, file.etag, method)


@page.route(f"{_AT}/end", STATION, methods=("POST",))
def end(visit: Visit) -> Response:
    """The visitor ends the listening; the key is worth nothing any more."""
    station.leave(visit.office, _seat(visit))
    answer = redirect(visit.url("staff.station.left"), 303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.delete_cookie(
        station_cookie(secure), path=visit.url("staff.station.show"), secure=secure, httponly=True,
        samesite=SAME_SITE["staff"],
    )  # fmt: skip
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@page.route(f"{_AT}/left", PUBLIC)
def left(visit: Visit) -> str:
    """The last page: the listening is over, and a copy can still be asked for."""
    return render_template("staff/station/over.html", left=True, **frame(visit))


def _seat(visit: Visit) -> Seat:
    assert visit.seat is not None, "the guard lets only the holder of an open station in"
    return visit.seat
