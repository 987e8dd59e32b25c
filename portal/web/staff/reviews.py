"""Asking those who may hear a recording to listen to it, and their answer.

The form to ask stands beside each candidate that its reader may not hear; the answer on the listening page.
"""

from flask import request
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.services.listeners import answer_review, ask_review
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import go, seen

page = Page("staff.reviews")


@page.route("/<lang>/staff/<controller>/cases/<ref>/calls/ask", STAFF(Action.CHOOSE_CALL), methods=("POST",))
def ask(visit: Visit, ref: str) -> Response:
    """Ask one of those who may hear a candidate, or all of them."""
    recording, of = request.form.get("recording", ""), request.form.get("of", "")
    ask_review(visit.office, visit.who, ref, recording, of, seen())
    return go(visit, "staff.calls.list", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/listen/<recording>/answer", STAFF(Action.LISTEN), methods=("POST",))
def answer(visit: Visit, ref: str, recording: str) -> Response:
    """I have listened."""
    answer_review(visit.office, visit.who, ref, recording, request.form.get("text", ""))
    return go(visit, "staff.case.show", ref=ref)
