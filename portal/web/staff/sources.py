"""The recording sources for administrators and auditors: how fresh they are, and what was refused and why."""

from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _

from portal.domain.access import Action
from portal.services import lists
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import desk

page = Page("staff.sources")
LATE = timedelta(minutes=5)


@page.route("/<lang>/staff/<controller>/sources", STAFF(Action.SEE_SOURCES))
def list_(visit: Visit) -> str:
    """Harvests with their lag, refused rows with file, line and reason, and the state of background work."""
    view = lists.sources_view(visit.office, visit.who)
    now = visit.office.now()
    lag = {one.source: _length(now - one.harvested_at) for one in view.harvests}
    late = view.oldest_due is not None and now - view.oldest_due > LATE
    waits = _length(now - view.oldest_due) if late and view.oldest_due else ""
    return render_template("staff/sources/list.html", **desk(visit, sources=view, lag=lag, waits=waits))


def _length(span: timedelta) -> str:
    """12 min, 5 h or 3 d: as coarse as it is long."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else str(_("%(num)d pv", num=minutes // 1440))
