"""Leaving passages out of a copy: saving what was marked, trying it, and the second listener's word.

The table stands on the listening page; every form here leads back to it.
"""

from flask import Response as FlaskResponse
from flask import jsonify, request
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.domain.redaction import Fill
from portal.services import redact
from portal.services.listen import note_listened
from portal.services.listening_copy import Undecodable
from portal.services.ports import Absent, SourceGone
from portal.services.redact import BadRow
from portal.web.guard import STAFF, Visit, step_up
from portal.web.ranges import span, stream
from portal.web.routes import Page
from portal.web.staff import spans
from portal.web.staff.desk import go
from portal.web.staff.listen import SpeakerForm, may_hear, shown

page = Page("staff.redaction")
POINTS = 4000
"""Heights of the picture: enough for a wide screen zoomed in."""
_WORDS = {
    "approve": redact.approve_redaction,
    "return": redact.return_redaction,
    "drop": redact.drop_redaction,
}


@page.route("/<lang>/staff/<controller>/cases/<ref>/redaction/<recording>", STAFF(Action.LISTEN), methods=("POST",))
def save(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """Keep the passages as a draft; with "submit" also ask a second listener."""
    rows = spans.rows_of_form()
    wrong = spans.alone_unconfirmed(rows)
    if wrong:
        return shown(visit, ref, recording, SpeakerForm(visit.office.today(), formdata=None), rows, [wrong]), 422
    fill: Fill = "beep" if request.form.get("fill") == "beep" else "mute"
    edition = request.form.get("edition", "")
    try:
        made = redact.save_passages(visit.office, visit.who, ref, recording, [row.typed for row in rows], fill, edition)
    except BadRow as fault:
        errors = [spans.fault(fault)]
        return shown(visit, ref, recording, SpeakerForm(visit.office.today(), formdata=None), rows, errors), 422
    if "submit" in request.form:
        redact.submit(visit.office, visit.who, ref, recording, made.edition)
    return _back(visit, ref, recording)


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/redaction/<recording>/decide", STAFF(Action.LISTEN), methods=("POST",)
)
def decide(visit: Visit, ref: str, recording: str) -> Response:
    """Approve, return or drop the version that the page showed."""
    do = _WORDS.get(request.form.get("do", ""))
    if do is None:
        raise Absent(recording)
    do(visit.office, visit.who, ref, recording, request.form.get("edition", ""))
    return _back(visit, ref, recording)


@page.route("/<lang>/staff/<controller>/cases/<ref>/redaction/<recording>/passage/<int:place>", STAFF(Action.LISTEN))
def passage(visit: Visit, ref: str, recording: str, place: int) -> FlaskResponse:
    """One passage and five seconds around it, as the copy will sound."""
    if not may_hear(visit, recording):
        elsewhere: FlaskResponse = step_up(visit)
        return elsewhere
    try:
        sound = redact.hear_passage(visit.office, visit.who, ref, recording, place)
    except (SourceGone, Undecodable) as fault:
        raise Absent(recording) from fault
    return FlaskResponse(sound, mimetype="audio/flac")


@page.route("/<lang>/staff/<controller>/cases/<ref>/redaction/<recording>/audio/<int:n>", STAFF(Action.LISTEN))
def audio(visit: Visit, ref: str, recording: str, n: int) -> FlaskResponse:
    """A rendered version by Range: what the second listener approves."""
    if not may_hear(visit, recording):
        elsewhere: FlaskResponse = step_up(visit)
        return elsewhere
    file = redact.open_rendered(visit.office, visit.who, ref, recording, n)
    headers, method = request.headers, request.method
    status, start, stop = span(headers.get("Range"), headers.get("If-Range"), method, file.size, file.etag)
    if status in (200, 206) and method == "GET":
        note_listened(visit.office, visit.who, ref, recording, start, stop, file.size)
    return stream(file.read, status, start, stop, file.size, file.mimetype, None, file.etag, method)


@page.route("/<lang>/staff/<controller>/cases/<ref>/redaction/<recording>/picture", STAFF(Action.LISTEN))
def picture(visit: Visit, ref: str, recording: str) -> FlaskResponse:
    """What the browser draws: each channel's loudness, and where somebody seems to speak."""
    try:
        channels = redact.picture(visit.office, visit.who, ref, recording, POINTS)
        turns = redact.speech_turns(visit.office, visit.who, ref, recording)
    except (SourceGone, Undecodable) as fault:
        raise Absent(recording) from fault
    return jsonify({"channels": channels, "turns": turns})


def _back(visit: Visit, ref: str, recording: str) -> Response:
    return go(visit, "staff.listen.show", ref=ref, recording=recording, _anchor="spans-h")
