"""Where staff land: the controllers they serve; whoever serves one goes straight to the work."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import Link, desk, landing, registers_of

page = Page("staff.start")


@page.route("/<lang>/staff/", STAFF())
def choose(visit: Visit) -> str | Response:
    """The registers in which the account holds a role."""
    account = visit.account
    known = registers_of(visit, account) if account else ()
    if len(known) == 1:
        return redirect(landing(visit, known[0]), 303)
    links = [Link(visit.office.registers[one].controller.name[visit.language], landing(visit, one)) for one in known]
    return render_template("staff/start/choose.html", links=links, **desk(visit))
