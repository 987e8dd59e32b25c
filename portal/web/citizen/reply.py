"""The answer: hear and download the copy, read and download the letter (arts. 12(1), 15(3)).

Opening it asks for an identification at most fifteen minutes old; what was opened then stays open until the session
ends, so that nobody is thrown out in the middle of their own call.
"""

from datetime import timedelta

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.domain.decisions import GROUNDS, ItemDecision, Outcome
from portal.services import lists, sign_in
from portal.services.hand_over import note_heard, open_copy, open_letter
from portal.web import ranges
from portal.web.citizen.rights import RIGHT_NAME, document_name
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page
from portal.web.session import current

page = Page("citizen.reply")
FRESH: timedelta = sign_in.IDLE
_OPENED, _HEARD = "opened", "heard"


@page.route("/<lang>/<controller>/cases/<ref>/reply", CITIZEN)
def show(visit: Visit, ref: str) -> str | Response:
    """The answer as a page; before there is one, the request's own page."""
    answer = lists.reply(visit.office, visit.who, ref)
    if answer is None:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    turned_away = _identify_anew(visit, ref)
    if turned_away:
        return turned_away
    decided = answer.case.decision.items if answer.case.decision else ()
    return render_template(
        "citizen/reply/show.html",
        answer=answer,
        mine=lists.my_case(visit.office, visit.who, ref),
        outcome=_outcome(decided),
        refused=[_reasons(visit, item, answer.case.right) for item in decided if item.reasons],
        right_name=RIGHT_NAME[answer.case.right],
        document_name=document_name,
        **frame(visit),
    )


def _outcome(items: tuple[ItemDecision, ...]) -> str:
    """granted | partly | refused | no_recording, of the whole."""
    outcomes = {item.outcome for item in items}
    if len(outcomes) == 1:
        return next(iter(outcomes)).value
    given = outcomes & {Outcome.GRANTED, Outcome.PARTLY}
    return (Outcome.PARTLY if given else Outcome.REFUSED).value


def _reasons(visit: Visit, item: ItemDecision, right: object) -> dict[str, str]:
    """Facts, provision and assessment of one item, as the letter has them."""
    assert item.reasons is not None, "asked of items with reasons only"
    ground = GROUNDS[item.reasons.ground]
    return {
        "what": item.what,
        "facts": item.reasons.facts,
        "provision": ground.provision_for(right)[visit.language],  # type: ignore[arg-type]  # the case's right
        "assessment": item.reasons.assessment,
        "left_out": item.left_out,
    }


@page.route("/<lang>/<controller>/cases/<ref>/audio/<int:n>", CITIZEN)
def audio(visit: Visit, ref: str, n: int) -> Response:
    """Copy `n` for the player, by Range."""
    return _identify_anew(visit, ref) or _copy(visit, ref, n, download=False)


@page.route("/<lang>/<controller>/cases/<ref>/file/<int:n>", CITIZEN)
def file(visit: Visit, ref: str, n: int) -> Response:
    """Copy `n` as a file to keep."""
    return _identify_anew(visit, ref) or _copy(visit, ref, n, download=True)


@page.route("/<lang>/<controller>/cases/<ref>/letter/<doc>", CITIZEN)
def letter(visit: Visit, ref: str, doc: str) -> Response:
    """A letter, byte for byte as it was signed."""
    turned_away = _identify_anew(visit, ref)
    if turned_away:
        return turned_away
    found = open_letter(visit.office, visit.who, ref, doc)
    name = f"{ref}-{found.document.kind}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(found.pdf, mimetype="application/pdf", headers=headers)


def _identify_anew(visit: Visit, ref: str) -> Response | None:
    """None where the identification is fresh, or was when this answer was opened in this session."""
    assert visit.identity is not None, "the guard lets only identified persons in"
    opened = current().get(_OPENED, [])
    if ref in opened:
        return None
    if visit.office.now() - visit.identity.authenticated_at <= FRESH:
        current()[_OPENED] = [*opened, ref]
        return None
    onward = visit.url("citizen.reply.show", ref=ref)
    return redirect(visit.url("citizen.sign_in.begin", to=onward), 303)


def _copy(visit: Visit, ref: str, n: int, *, download: bool) -> Response:
    copy = open_copy(visit.office, visit.who, ref, n)
    asked = request.headers
    status, start, stop = ranges.span(
        asked.get("Range"), asked.get("If-Range"), asked.get("If-None-Match"), request.method, copy.size, copy.etag
    )
    if start == 0 and status in (200, 206) and request.method == "GET":
        _note(visit, ref, n, download)
    name = copy.name if download else None
    return ranges.stream(copy.read, status, start, stop, copy.size, copy.mimetype, name, copy.etag, request.method)


def _note(visit: Visit, ref: str, n: int, download: bool) -> None:
    """One event a play and a download in a session, however many stretches the browser asks for."""
    mark = f"{ref}/{n}/{'file' if download else 'audio'}"
    heard = current().get(_HEARD, [])
    if mark not in heard:
        note_heard(visit.office, visit.who, ref, n, downloaded=download)
        current()[_HEARD] = [*heard, mark]
