"""My requests: every request of this person to this controller, and the one that is still being written."""

from flask import render_template

from portal.domain.moments import on_date
from portal.services import lists
from portal.web.citizen import request_draft
from portal.web.citizen.rights import RIGHT_NAME, STATE_TEXT
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.cases")


@page.route("/<lang>/<controller>/cases", CITIZEN)
def list_(visit: Visit) -> str:
    """The list, newest first."""
    return render_template(
        "citizen/cases/list.html",
        cases=lists.my_cases(visit.office, visit.who),
        draft=request_draft.load(visit),
        right_name=RIGHT_NAME,
        state_text=STATE_TEXT,
        on_day=lambda day: on_date(day, visit.language),
        **frame(visit),
    )
