"""The second pair of eyes: decisions that wait for approval, and the page on which one is approved or returned.

The author of a decision never approves it: the page says so instead of showing a button that would fail.
"""

from flask import render_template
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.domain.access import Action, allowed
from portal.domain.case import State
from portal.domain.decisions import GROUNDS
from portal.domain.lifecycle import NotNow
from portal.services import lists, open_cases
from portal.services.acts import waiting
from portal.services.approve import approve as approve_decision
from portal.services.approve import return_decision
from portal.services.lists import CaseView
from portal.services.ports import QueueFilter
from portal.services.retention_rules import standing_for
from portal.services.sign_letter import signing_facts
from portal.services.transcribe import transcripts_to_approve
from portal.web.fields import AtMost, PortalForm, Typed, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import clocks, words
from portal.web.staff.desk import case_desk, desk, go, seen

page = Page("staff.approval")


class ReturnForm(PortalForm):
    """Why a decision goes back to its author."""

    reason = TextAreaField(
        lazy_gettext("Miksi päätös palautetaan?"),
        [Typed(lazy_gettext("Kirjoita, miksi päätös palautetaan")), AtMost(2000)],
    )


@page.route("/<lang>/staff/<controller>/approvals", STAFF(Action.APPROVE))
def list_(visit: Visit) -> str:
    """The register's decisions that wait for approval, nearest clock first, and the acts that wait for a second
    person."""
    view = open_cases.page(visit.office, visit.who, QueueFilter(state=State.FOR_APPROVAL.value))
    today, language = visit.office.today(), visit.language.value
    rows = [
        {
            "url": visit.url("staff.approval.show", ref=line.row.ref),
            "name": line.row.name,
            "ref": line.row.ref,
            "right": words.RIGHT[line.row.right],
            "answer": clocks.of_row(line.row, today, language),
            "handler": line.handler,
        }
        for line in view.lines
    ]
    acts = waiting(visit.office, visit.who)
    shortenings = sum(one.proposal is not None for one in standing_for(visit.office, visit.who))
    values = {"rows": rows, "total": view.total, "acts": acts, "shortenings": shortenings, "me": visit.who.id}
    return render_template("staff/approval/list.html", **desk(visit, **values))


@page.route("/<lang>/staff/<controller>/approvals/<ref>", STAFF(Action.APPROVE))
def show(visit: Visit, ref: str) -> str:
    """What is proposed, by whom, and the letter it would make."""
    return _shown(visit, lists.case_view(visit.office, visit.who, ref), ReturnForm(visit.office.today()))


def _shown(visit: Visit, view: CaseView, form: ReturnForm) -> str:
    if view.case.decision is None or view.case.state is not State.FOR_APPROVAL:
        raise NotNow("state")
    with visit.office.reading() as work:
        facts = signing_facts(visit.office, work, view.case, visit.who)
    errors = page_errors(form)
    return render_template(
        "staff/approval/show.html",
        **case_desk(
            visit,
            view,
            "approval",
            form=form,
            own=view.case.author == visit.who.id,
            decision=view.case.decision,
            grounds=_grounds(view, visit),
            transcripts=transcripts_to_approve(visit.office, visit.who, view.case.ref),
            # the letter comes from our own templates, which escape every fact
            preview=Markup(visit.office.letters.preview(facts)),
            **({"page_errors": errors} if errors else {}),
        ),
    )


def _grounds(view: CaseView, visit: Visit) -> dict[int, str]:
    items = view.case.decision.items if view.case.decision else ()
    return {
        item.item: GROUNDS[item.reasons.ground].label[visit.language]
        for item in items
        if item.reasons and item.reasons.ground in GROUNDS
    }


@page.route("/<lang>/staff/<controller>/approvals/<ref>/approve", STAFF(Action.APPROVE, fresh=True), methods=("POST",))
def approve(visit: Visit, ref: str) -> Response:
    """Approve: the letter may now be signed."""
    approve_decision(visit.office, visit.who, ref, seen())
    signs = allowed(visit.who, Action.SIGN, visit.here.id)
    return go(visit, "staff.letter.show" if signs else "staff.case.show", ref=ref)


@page.route("/<lang>/staff/<controller>/approvals/<ref>/return", STAFF(Action.APPROVE), methods=("POST",))
def return_(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Send the decision back with a reason, from approval or from signing."""
    form = ReturnForm(visit.office.today())
    if not form.validate_on_submit():
        view = lists.case_view(visit.office, visit.who, ref)
        return _shown(visit, view, form), 422
    return_decision(visit.office, visit.who, ref, (form.reason.data or "").strip(), seen())
    return go(visit, "staff.case.show", ref=ref)
