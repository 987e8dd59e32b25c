"""What a citizen sent after the session's end, or before an identification that it asks for: sent again, or dropped."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from portal.web import waiting as forms
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.sessions")


@page.route("/<lang>/<controller>/waiting", CITIZEN, methods=("GET", "POST"))
def waiting(visit: Visit) -> str | Response:
    """What waits, in one sentence, and the button that sends it; or forget it."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    form = forms.of_session(visit.office, visit.stored)
    if request.method == "POST":
        forms.forget(visit.office, visit.stored)
    if form is None or request.method == "POST":
        return redirect(visit.url("citizen.cases.list"), 303)
    return render_template(
        "citizen/sessions/waiting.html", waits=form, mark=forms.MARK, words_of=forms.words_of, **frame(visit)
    )
