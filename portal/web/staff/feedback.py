"""Accessibility feedback for staff: what is unanswered, with its own clock of fourteen days (Act 306/2019)."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.services import give_feedback
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import desk, go

page = Page("staff.feedback")


@page.route("/<lang>/staff/<controller>/feedback", STAFF(Action.ANSWER_FEEDBACK))
def list_(visit: Visit) -> str:
    """All feedback that is kept, unanswered first."""
    given = give_feedback.feedback_of(visit.office, visit.who)
    return render_template("staff/feedback/list.html", **desk(visit, given=given, today=visit.office.today()))


@page.route("/<lang>/staff/<controller>/feedback/answered", STAFF(Action.ANSWER_FEEDBACK), methods=("POST",))
def answered(visit: Visit) -> Response:
    """Note that one message has been answered."""
    give_feedback.feedback_answered(visit.office, visit.who, request.form.get("feedback", ""))
    return go(visit, "staff.feedback.list")
