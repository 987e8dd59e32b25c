"""How the person is told of news in a filed request: seen on its page, changed here."""

from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.domain.case import Case
from portal.domain.contact import Channel
from portal.services import lists
from portal.services.choose_contact import choose_contact
from portal.web.citizen import contact_form, contact_state
from portal.web.citizen.case import Answer, form_page
from portal.web.citizen.contact_form import NONE, ContactForm
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.contact")


@page.route("/<lang>/<controller>/cases/<ref>/contact", CITIZEN, methods=("GET", "POST"))
def show(visit: Visit, ref: str) -> Answer:
    """Choose another way or address, or none."""
    mine = lists.my_case(visit.office, visit.who, ref)
    offered, back = contact_state.ways_of(visit, mine.case), visit.url("citizen.case.show", ref=ref)
    if not offered:
        return _back(back)
    form = ContactForm(visit.office.today())
    contact_form.offer(form, offered)
    if request.method == "GET":
        _fill(form, mine.case)
    elif form.validate():
        chosen = {"told": form.told.data, "email": form.email.data if "email" in form else ""}
        choose_contact(visit.office, visit.who, ref, contact_form.contact(chosen))
        return _back(back)
    return form_page(visit, "case/contact", mine, form)


def _fill(form: Any, case: Case) -> None:
    chosen = case.contact
    by_email = chosen is not None and chosen.channel is Channel.EMAIL
    form.told.data = NONE if chosen is None else Channel.EMAIL.value if by_email else chosen.to
    if chosen and by_email and "email" in form:
        form.email.data = chosen.to


def _back(url: str) -> Response:
    return redirect(url, 303)
