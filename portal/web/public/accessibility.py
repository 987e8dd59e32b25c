"""The accessibility statement (Act 306/2019 s. 9): how accessible the service is, what is lacking, whom to tell."""

from flask import render_template

from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.routes import Page

page = Page("public.accessibility")


@page.route("/<lang>/<controller>/accessibility", PUBLIC)
def statement(visit: Visit) -> str:
    """The statement; public bodies name their supervisor."""
    return render_template(
        "public/accessibility/statement.html", public=visit.here.controller.sector.public, **frame(visit)
    )
