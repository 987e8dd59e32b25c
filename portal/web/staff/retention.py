"""The retention periods in force, and the shortenings that two people agree on before they take effect."""

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.domain.access import Action, allowed
from portal.domain.letters import period_words
from portal.services import retention_rules
from portal.web.guard import STAFF, Visit
from portal.web.recording_class import RECORDING_CLASS
from portal.web.routes import Page
from portal.web.staff.desk import desk, go

page = Page("staff.retention")


@page.route("/<lang>/staff/<controller>/retention", STAFF(Action.SEE_RETENTION))
def show(visit: Visit) -> str:
    """Each class of recordings: what is in force since when, what the register file says, what waits for whom."""
    rows = [
        {
            "name": RECORDING_CLASS.get(one.recording_class, one.recording_class),
            "period": period_words(one.period)[visit.language],
            "filed": period_words(one.filed)[visit.language],
            "standing": one,
        }
        for one in retention_rules.standing_for(visit.office, visit.who)
    ]
    may = {
        "proposes": allowed(visit.who, Action.CHANGE_RETENTION, visit.here.id),
        "approves": allowed(visit.who, Action.APPROVE_RETENTION, visit.here.id),
    }
    return render_template("staff/retention/show.html", **desk(visit, rows=rows, me=visit.who.id, **may))


@page.route(
    "/<lang>/staff/<controller>/retention/propose", STAFF(Action.CHANGE_RETENTION, fresh=True), methods=("POST",)
)
def propose(visit: Visit) -> Response:
    """Propose that the register file's shorter period come into force."""
    retention_rules.propose_shortening(visit.office, visit.who, *_seen())
    return go(visit, "staff.retention.show")


@page.route(
    "/<lang>/staff/<controller>/retention/approve", STAFF(Action.APPROVE_RETENTION, fresh=True), methods=("POST",)
)
def approve(visit: Visit) -> Response:
    """The second person agrees."""
    retention_rules.approve_shortening(visit.office, visit.who, *_seen())
    return go(visit, "staff.retention.show")


@page.route("/<lang>/staff/<controller>/retention/reject", STAFF(Action.APPROVE_RETENTION), methods=("POST",))
def reject(visit: Visit) -> Response:
    """The second person does not agree: the period in force stays."""
    retention_rules.reject_shortening(visit.office, visit.who, *_seen())
    return go(visit, "staff.retention.show")


def _seen() -> tuple[str, str]:
    """The class and the shorter period that the page showed."""
    return request.form.get("recording_class", ""), request.form.get("period", "")
