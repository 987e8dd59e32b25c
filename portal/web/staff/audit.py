"""The audit trail for auditors: who did what and when, newest first, without the contents."""

from flask import render_template, request

from portal.domain.access import Action
from portal.services import lists
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.desk import desk

page = Page("staff.audit")
_PAGE = 50


@page.route("/<lang>/staff/<controller>/audit", STAFF(Action.SEE_AUDIT))
def list_(visit: Visit) -> str:
    """Fifty rows a page; an unknown kind or place is said and left out."""
    kind, before = request.args.get("action", ""), request.args.get("before", "")
    action = kind if kind in words.EVENT else None
    place = int(before) if before.isdigit() and len(before) < 19 else None
    lines = lists.trail_page(visit.office, visit.who, place, action)
    more = visit.url("staff.audit.list", before=lines[-1].id, action=action) if len(lines) == _PAGE else None
    return render_template(
        "staff/audit/list.html",
        **desk(
            visit,
            lines=lines,
            names=_names(visit, {line.actor for line in lines if line.actor_kind == "staff"}),
            action=action,
            unknown=bool(kind and not action) or bool(before and place is None),
            next_url=more,
            first_url=visit.url("staff.audit.list", action=action) if place else None,
        ),
    )


def _names(visit: Visit, accounts: set[str]) -> dict[str, str]:
    if not accounts:
        return {}
    with visit.office.reading() as work:
        return work.staff.names(accounts)
