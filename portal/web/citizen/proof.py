"""Prove a number by a code: while the request is written, or later on the request's own page. Never obligatory.

A message that a limit stopped looks like one that went: only a telephone tells them apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import Form, StringField

from portal.domain.case import Case
from portal.domain.number_proof import DIGITS, CodeWay
from portal.services import lists
from portal.services.ports import Tried
from portal.services.prove_number import OwnNumber, ask_code, own_numbers, type_code, type_code_on_case
from portal.web.citizen import call_form, number_state, request_draft
from portal.web.citizen.request import STEPS
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page

page = Page("citizen.proof")
Answer = str | Response | tuple[str, int]

_FORM = _("Kirjoita koodi, 6 numeroa")
_FAULT = {
    Tried.WRONG: _("Koodi ei täsmää"),
    Tried.EXPIRED: _("Koodi on vanhentunut. Pyydä uusi"),
    Tried.SPENT: _("Liian monta yritystä. Yritä myöhemmin tai ohita"),
}


class CodeForm(Form):
    """The code of one number."""

    code = StringField(_("Koodi, 6 numeroa"), description=_("Koodi on voimassa 10 minuuttia."))

    @property
    def typed(self) -> str:
        """The code without blanks; empty where it cannot be one, which costs no try."""
        found = "".join((self.code.data or "").split())
        return found if found.isascii() and found.isdigit() and len(found) == DIGITS else ""

    def refuse(self, why: Any) -> None:
        """Say what is wrong with it."""
        self.code.errors = [why]


@dataclass(frozen=True)
class Item:
    """A number on the page: the first call made from it, what is known of it, and the form for its code."""

    n: int
    one: OwnNumber
    form: CodeForm


@page.route("/<lang>/<controller>/request/number", CITIZEN)
def show(visit: Visit) -> Answer:
    """Between the calls and the details: the numbers of the request."""
    numbers = _of_draft(visit)
    if not numbers:
        return redirect(visit.url("citizen.request.details"), 303)
    return _request_page(visit, numbers, {})


@page.route("/<lang>/<controller>/request/number/<int:n>/send", CITIZEN, methods=("POST",))
def send(visit: Visit, n: int) -> Response:
    """Ask for a code to the number of call n."""
    ask_code(visit.office, number_state.asker(visit), _with(_of_draft(visit), n).number, visit.language)
    return redirect(visit.url("citizen.proof.show"), 303)


@page.route("/<lang>/<controller>/request/number/<int:n>", CITIZEN, methods=("POST",))
def check(visit: Visit, n: int) -> Answer:
    """Type the code."""
    numbers = _of_draft(visit)
    form = _form(n)
    if not form.typed:
        form.refuse(_FORM)
        return _request_page(visit, numbers, {n: form})
    tried = type_code(visit.office, number_state.asker(visit), _with(numbers, n).number, form.typed)
    if tried is not Tried.RIGHT:
        form.refuse(_FAULT[tried])
        return _request_page(visit, numbers, {n: form})
    left = number_state.provable(_of_draft(visit))
    return redirect(visit.url("citizen.proof.show" if left else "citizen.request.details"), 303)


def _of_draft(visit: Visit) -> tuple[OwnNumber, ...]:
    draft = request_draft.load(visit)
    if not draft.started or not draft.calls_done:
        return ()
    today = visit.office.today()
    described = (call_form.described(entry, n, today) for n, entry in enumerate(draft.calls, 1))
    return number_state.of_calls(visit, described)


def _with(numbers: tuple[OwnNumber, ...], n: int) -> OwnNumber:
    found = next((one for one in numbers if n in one.calls), None)
    if found is None:
        abort(404)
    return found


def _form(n: int) -> CodeForm:
    return CodeForm(request.form if request.method == "POST" else None, prefix=f"n{n}-")


def _request_page(visit: Visit, numbers: tuple[OwnNumber, ...], forms: Mapping[int, CodeForm]) -> Answer:
    return _shown(
        visit,
        numbers,
        forms,
        back=(visit.url("citizen.request.calls"), None),
        onward=visit.url("citizen.request.details"),
        send=lambda n: visit.url("citizen.proof.send", n=n),
        check=lambda n: visit.url("citizen.proof.check", n=n),
        step=2,
        of=STEPS,
        case=None,
    )


def _shown(visit: Visit, numbers: tuple[OwnNumber, ...], forms: Mapping[int, CodeForm], **values: Any) -> Answer:
    """The page; 422 where a code was not taken."""
    items = [Item(one.calls[0], one, forms.get(one.calls[0]) or _form(one.calls[0])) for one in numbers]
    faults = [(item.form.code.id, str(item.form.code.errors[0])) for item in items if item.form.code.errors]
    values |= {"items": items, "todo": number_state.provable(numbers)} | frame(visit)
    if not faults:
        return render_template("citizen/proof/show.html", **values)
    return render_template("citizen/proof/show.html", page_errors=faults, **values), 422


@page.route("/<lang>/<controller>/cases/<ref>/number/<int:n>", CITIZEN)
def case(visit: Visit, ref: str, n: int) -> Answer:
    """The number of call n of a request that has been sent."""
    mine = lists.my_case(visit.office, visit.who, ref).case
    numbers = _of_case(visit, mine, n)
    if not numbers:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    return _case_page(visit, mine, numbers, {})


@page.route("/<lang>/<controller>/cases/<ref>/number/<int:n>/send", CITIZEN, methods=("POST",))
def case_send(visit: Visit, ref: str, n: int) -> Response:
    """Ask for a code to the number of a request that has been sent."""
    mine = lists.my_case(visit.office, visit.who, ref).case
    for one in _of_case(visit, mine, n):
        ask_code(visit.office, number_state.asker(visit), one.number, visit.language)
    return redirect(visit.url("citizen.proof.case", ref=ref, n=n), 303)


@page.route("/<lang>/<controller>/cases/<ref>/number/<int:n>/check", CITIZEN, methods=("POST",))
def case_check(visit: Visit, ref: str, n: int) -> Answer:
    """Type the code that came by message, or that was read out on the telephone."""
    mine = lists.my_case(visit.office, visit.who, ref).case
    numbers = _of_case(visit, mine, n)
    if not numbers:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    form = _form(n)
    if not form.typed:
        form.refuse(_FORM)
        return _case_page(visit, mine, numbers, {n: form})
    tried = type_code_on_case(visit.office, visit.who, number_state.asker(visit), ref, n, form.typed)
    if tried is Tried.RIGHT:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    form.refuse(_FAULT[tried])
    return _case_page(visit, mine, numbers, {n: form})


def _of_case(visit: Visit, mine: Case, n: int) -> tuple[OwnNumber, ...]:
    """The number, while a code can prove it: the request is open, and it is not proved yet."""
    described = [call for call in mine.calls if call.number == n]
    if not mine.state.open or mine.number(n).how in ("text", "read_out"):
        return ()
    found = own_numbers(visit.office, number_state.asker(visit), described)
    return tuple(one for one in found if one.way is not CodeWay.STAFF)


def _case_page(visit: Visit, mine: Case, numbers: tuple[OwnNumber, ...], forms: Mapping[int, CodeForm]) -> Answer:
    home = visit.url("citizen.case.show", ref=mine.ref)
    return _shown(
        visit,
        numbers,
        forms,
        back=(home, mine.ref),
        onward=home,
        send=lambda n: visit.url("citizen.proof.case_send", ref=mine.ref, n=n),
        check=lambda n: visit.url("citizen.proof.case_check", ref=mine.ref, n=n),
        step=None,
        of=None,
        case=mine,
    )
