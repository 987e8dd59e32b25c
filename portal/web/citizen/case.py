"""One own request: what is next and by when, what has happened, who handled it; writing and withdrawing."""

from flask import redirect, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.domain.derivation import derivation_text
from portal.domain.moments import on_date
from portal.services import lists
from portal.services.lists import MyCaseView
from portal.services.send_message import LONGEST, send_message
from portal.services.withdraw_request import withdraw_request
from portal.web.citizen import request_summary
from portal.web.citizen.rights import RIGHT_NAME, STATE_TEXT, document_name
from portal.web.fields import AtMost, PortalForm, Typed, page_errors
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.case")
Answer = str | Response | tuple[str, int]

HANDLED = {
    "taken_up": _("otti pyynnön käsittelyyn"),
    "question_asked": _("pyysi lisätietoja"),
    "deadline_extended": _("jatkoi määräaikaa"),
    "letter_issued": _("laati kirjeen"),
    "answer_given": _("antoi vastauksen"),
    "recording_erased": _("poisti tallenteen"),
    "recording_restricted": _("rajoitti tallenteen käyttöä"),
    "statement_attached": _("liitti lisäselvityksesi tallenteeseen"),
    "letter_posted": _("postitti kirjeen"),
    "case_closed": _("päätti asian käsittelyn"),
}
"""What a handler did, for the part of the page that tells who handled the matter."""


class MessageForm(PortalForm):
    """A message to the controller, or the answer to its question."""

    text = TextAreaField(_("Viestisi"), [Typed(_("Kirjoita viesti")), AtMost(LONGEST)])


@page.route("/<lang>/<controller>/cases/<ref>", CITIZEN)
def show(visit: Visit, ref: str) -> str:
    """The request with its timeline."""
    mine = lists.my_case(visit.office, visit.who, ref)
    return render_template(
        "citizen/case/show.html",
        mine=mine,
        right_name=RIGHT_NAME[mine.case.right],
        state=STATE_TEXT[mine.case.state],
        on_day=lambda day: on_date(day, visit.language),
        counted=derivation_text(mine.deadline, visit.language),
        rows=request_summary.of_case(mine.case, visit.here, visit.office.today(), visit.language),
        handled=HANDLED,
        document_name=document_name,
        **frame(visit),
    )


@page.route("/<lang>/<controller>/cases/<ref>/message", CITIZEN, methods=("GET", "POST"))
def message(visit: Visit, ref: str) -> Answer:
    """Write to the handler; while a question is open this answers it."""
    mine = lists.my_case(visit.office, visit.who, ref)
    form = MessageForm(visit.office.today())
    if request.method == "POST" and form.validate():
        send_message(visit.office, visit.who, ref, (form.text.data or "").strip())
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    if not mine.can_write:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    return _form_page(visit, mine, form)


def _form_page(visit: Visit, mine: MyCaseView, form: MessageForm) -> Answer:
    values = {"mine": mine, "form": form, "longest": LONGEST, **frame(visit)}
    errors = page_errors(form)
    if not errors:
        return render_template("citizen/case/message.html", **values)
    return render_template("citizen/case/message.html", page_errors=errors, **values), 422


@page.route("/<lang>/<controller>/cases/<ref>/withdraw", CITIZEN, methods=("GET", "POST"))
def withdraw(visit: Visit, ref: str) -> Answer:
    """Ask once more, then withdraw."""
    mine = lists.my_case(visit.office, visit.who, ref)
    if request.method == "POST":
        withdraw_request(visit.office, visit.who, ref)
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    if not mine.can_withdraw:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    return render_template("citizen/case/withdraw.html", mine=mine, **frame(visit))
