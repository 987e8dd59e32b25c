"""A request in four steps: what is asked, which calls, how the answer is wanted, check and send.

Every step keeps what was answered, so that a stop, a lost connection or the session's end costs nothing. What was
asked is sent in one form with the draft's own id: pressing twice files one case.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import abort, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.domain.derivation import derivation_text
from portal.domain.matching import CallDescription
from portal.domain.moments import on_date
from portal.domain.phone import national
from portal.domain.representation import Representative
from portal.domain.rights import Right, rights_by_law
from portal.domain.words import Language
from portal.services import lists
from portal.services.attach_document import attached, detach_all
from portal.services.file_request import Request, file_request
from portal.services.letter_facts import preserved
from portal.web.citizen import (
    call_form,
    caller_form,
    contact_form,
    contact_state,
    details_form,
    even_time,
    number_state,
    request_draft,
    request_summary,
)
from portal.web.citizen.call_form import CallForm
from portal.web.citizen.details_form import DetailsForm
from portal.web.citizen.request_draft import MOST_CALLS, WITHOUT_CALLS, Draft
from portal.web.citizen.request_summary import Row
from portal.web.citizen.rights import RIGHT_TEXT, missing_rights
from portal.web.fields import Chosen, PortalForm, Radios, options, page_errors
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit, identify_first
from portal.web.kept import kept_page
from portal.web.language import lazy_gettext as _
from portal.web.language import ngettext
from portal.web.routes import Page

page = Page("citizen.request")
STEPS = 4
FINAL = frozenset({Right.ERASURE, Right.WITHDRAWAL})
"""Rights whose request asks for an identification within a quarter of an hour before it is sent."""
Answer = str | Response | tuple[str, int]


class RightForm(PortalForm):
    """Which right is used."""

    right = Radios(_("Mitä pyydät?"), [Chosen(_("Valitse, mitä pyydät"))])


@page.route("/<lang>/<controller>/request/right", CITIZEN, methods=("GET", "POST"))
def right(visit: Visit) -> Answer:
    """Step 1: which right."""
    draft = request_draft.load(visit)
    form = RightForm(visit.office.today())
    form.right.choices = options((one.value, RIGHT_TEXT[one]) for one in rights_by_law(visit.here))
    if request.method == "POST" and form.validate():
        request_draft.save(visit, _with_right(draft, Right(form.right.data)))
        return redirect(visit.url("citizen.request.caller"), 303)
    if request.method == "GET":
        form.right.data = request.args.get("right") or (draft.right if draft.started else None)
    return _answer(
        visit,
        "right",
        form,
        draft=draft,
        missing=missing_rights(visit.here, visit.language),
        onward=_next(visit, draft),
    )


def _with_right(draft: Draft, right: Right) -> Draft:
    """The draft for this right; answers that still fit are kept."""
    if not draft.started:
        return request_draft.started(right)
    details = draft.details if draft.right == right.value else {}
    return replace(draft, right=right.value, details=details, no_calls=draft.no_calls and right in WITHOUT_CALLS)


@page.route("/<lang>/<controller>/request/new", CITIZEN, methods=("POST",))
def new(visit: Visit) -> Response:
    """Forget the draft and begin again."""
    detach_all(visit.office, visit.here.id, request_draft.load(visit).submission)
    request_draft.drop(visit)
    return redirect(visit.url("citizen.request.right"), 303)


@page.route("/<lang>/<controller>/request/call/<int:n>", CITIZEN, methods=("GET", "POST"))
def call(visit: Visit, n: int) -> Answer:
    """Step 2: when a call was made, to which number, from which number."""
    draft = request_draft.load(visit)
    if not draft.caller_done or not draft.started:
        return redirect(_first(visit, draft), 303)
    if not 1 <= n <= min(len(draft.calls) + 1, MOST_CALLS):
        abort(404)
    kept = draft.calls[n - 1] if n <= len(draft.calls) else {}
    if request.method == "GET":
        return _call_page(visit, draft, n, _call_form(visit, kept) if kept else None)
    if "later" in request.form:
        request_draft.save(visit, draft.with_call(n, call_form.as_typed(request.form)))
        return redirect(visit.url("citizen.cases.list"), 303)
    changed = _quick(visit)
    if changed is not None:
        return _call_page(visit, draft, n, _call_form(visit, changed))
    form = _call_form(visit, None)
    form.accept(request.form.get("own_seen", ""))
    if not form.validate():
        return _call_page(visit, draft, n, form)
    request_draft.save(visit, draft.with_call(n, form.entry()))
    return redirect(visit.url("citizen.request.calls"), 303)


def _call_form(visit: Visit, typed: dict[str, Any] | None) -> CallForm:
    return CallForm(visit.here, visit.office.today(), visit.language, typed)


def _quick(visit: Visit) -> dict[str, str] | None:
    """The form as the buttons for today, for yesterday and for changing the numbers over leave it."""
    if "swap" in request.form:
        return call_form.swapped(request.form, visit.here)
    if "quick" in request.form:
        return {**request.form, "day": request.form["quick"][:10]}
    return None


def _call_page(visit: Visit, draft: Draft, n: int, form: CallForm | None) -> Answer:
    """The page of a call; no form: a blank one, which is the same for everyone until the day changes."""
    may_skip = Right(draft.right) in WITHOUT_CALLS and not draft.calls
    back = visit.url("citizen.request.calls" if draft.calls else "citizen.request.caller")
    if form is not None:
        return _answer(visit, "call", form, **_call_values(visit, n, may_skip, back))
    return kept_page(
        visit,
        "citizen/request/call.html",
        place=(may_skip, back),
        stands=visit.office.today(),
        values=lambda: _shown(visit, _call_form(visit, {}), **_call_values(visit, n, may_skip, back)),
    )


def _call_values(visit: Visit, n: int, may_skip: bool, back: str) -> dict[str, Any]:
    today = visit.office.today()
    return {
        "n": n,
        "may_skip": may_skip,
        "back": back,
        "today": today,
        "yesterday": today - timedelta(days=1),
        "numbers_shown": {number.e164: national(number.e164) for number in visit.here.service_numbers},
    }


@page.route("/<lang>/<controller>/request/calls", CITIZEN)
def calls(visit: Visit) -> Answer:
    """Step 2, gathered: the calls named so far."""
    draft = request_draft.load(visit)
    if not draft.caller_done or not draft.started:
        return redirect(_first(visit, draft), 303)
    unfinished = next((n for n, entry in enumerate(draft.calls, 1) if not entry["done"]), None)
    if unfinished or not (draft.calls or draft.no_calls):
        return redirect(visit.url("citizen.request.call", n=unfinished or 1), 303)
    to_prove = number_state.provable(number_state.of_calls(visit, _described(visit, draft)))
    return _answer(
        visit,
        "calls",
        None,
        lines=_lines(visit, draft),
        may_add=len(draft.calls) < MOST_CALLS,
        onward=visit.url("citizen.proof.show" if to_prove else "citizen.request.details"),
    )


@page.route("/<lang>/<controller>/request/calls/remove/<int:n>", CITIZEN, methods=("POST",))
def remove(visit: Visit, n: int) -> Response:
    """Take a call away."""
    draft = request_draft.load(visit)
    if draft.started:
        request_draft.save(visit, draft.without_call(n))
    return redirect(visit.url("citizen.request.calls"), 303)


@page.route("/<lang>/<controller>/request/calls/none", CITIZEN, methods=("POST",))
def none(visit: Visit) -> Response:
    """The request is about a purpose and names no call."""
    draft = request_draft.load(visit)
    if draft.started and Right(draft.right) in WITHOUT_CALLS:
        request_draft.save(visit, replace(draft, calls=(), no_calls=True))
    return redirect(visit.url("citizen.request.details"), 303)


@page.route("/<lang>/<controller>/request/details", CITIZEN, methods=("GET", "POST"))
def details(visit: Visit) -> Answer:
    """Step 3: the right's own questions, and how the answer is wanted."""
    draft = request_draft.load(visit)
    if not draft.started or not draft.calls_done:
        return redirect(visit.url("citizen.request.calls"), 303)
    asked = Right(draft.right)
    kept = draft.details if request.method == "GET" else None
    form = DetailsForm(visit.here, asked, visit.office.today(), visit.language, kept, _ways(visit, draft))
    if request.method == "POST" and form.validate():
        request_draft.save(visit, replace(draft, details=form.entry()))
        return redirect(visit.url("citizen.request.check"), 303)
    return _answer(visit, "details", form, right=asked)


def _ways(visit: Visit, draft: Draft) -> list[contact_form.Way]:
    """How the person can be told of news: a number proved in this draft will be of this case."""
    numbers = number_state.of_calls(visit, _described(visit, draft))
    return contact_state.ways(visit, [one.number for one in numbers if one.proved_at])


@page.route("/<lang>/<controller>/request/check", CITIZEN)
def check(visit: Visit) -> Answer:
    """Step 4: every answer as it was understood."""
    draft = request_draft.load(visit)
    if not _complete(draft):
        return redirect(_next(visit, draft), 303)
    return _answer(
        visit,
        "check",
        None,
        draft=draft,
        rows=_rows(visit, draft),
        notices=[text for line in _lines(visit, draft) for text in line["notices"]],
        back=visit.url("citizen.request.details"),
    )


def _rows(visit: Visit, draft: Draft) -> list[Row]:
    asked = Right(draft.right)
    return request_summary.rows(
        asked,
        _lines(visit, draft),
        details_form.wishes(draft.details, asked),
        Language(draft.details["answer_language"]),
        details_form.address(draft.details),
        visit.here,
        visit.language,
        lambda step, **values: visit.url(f"citizen.request.{step}", **values),
        unposted=details_form.protected(draft.details),
        numbers=number_state.rows(visit, _described(visit, draft)),
        called_by=_called_by(visit, draft),
        told=contact_form.words(contact_form.contact(draft.details)) if "told" in draft.details else "",
    )


def _called_by(visit: Visit, draft: Draft) -> list[str]:
    """Who made the call, for whom the request is, and how many files were added."""
    files = len(attached(visit.office, visit.here.id, draft.submission))
    told = caller_form.lines(_acting(visit, draft), visit.office.today())
    return [*told, ngettext("%(num)d tiedosto", "%(num)d tiedostoa", files)] if files else told


def _acting(visit: Visit, draft: Draft) -> Representative:
    return caller_form.representative(draft.caller, visit.office.today())


@page.route("/<lang>/<controller>/request/send", CITIZEN, methods=("POST",))
def send(visit: Visit) -> Response:
    """File the request. The same submission again gives the same receipt; whatever was found, after the same time."""
    draft = request_draft.load(visit)
    if draft.submission != request.form.get("submission", ""):
        return redirect(visit.url("citizen.request.right"), 303)
    if not draft.sent:
        if not _complete(draft):
            return redirect(_next(visit, draft), 303)
        turned_away: Response | None = identify_first(visit) if Right(draft.right) in FINAL else None
        if turned_away:
            return turned_away
        assert visit.identity is not None, "the guard lets only identified persons in"
        filed = file_request(visit.office, visit.here.id, visit.identity, _request(visit, draft))
        draft = Draft(submission=draft.submission, sent=filed.ref)
        request_draft.save(visit, draft)
        even_time.wait(g.begun, current_app.config[even_time.EVEN_SECONDS])
    return redirect(visit.url("citizen.request.received", ref=draft.sent), 303)


def _request(visit: Visit, draft: Draft) -> Request:
    asked = Right(draft.right)
    return Request(
        submission=draft.submission,
        right=asked,
        language=Language(draft.details["answer_language"]),
        calls=_described(visit, draft),
        wishes=details_form.wishes(draft.details, asked),
        address=details_form.address(draft.details),
        protected=details_form.protected(draft.details),
        representative=_acting(visit, draft),
        contact=contact_form.contact(draft.details),
    )


@page.route("/<lang>/<controller>/request/received/<ref>", CITIZEN)
def received(visit: Visit, ref: str) -> Answer:
    """The receipt: reference, statutory date and how it was counted, what comes next."""
    mine = lists.my_case(visit.office, visit.who, ref)
    return _answer(
        visit,
        "received",
        None,
        mine=mine,
        due=on_date(mine.deadline.effective_due or mine.deadline.internal_due, visit.language),
        counted=derivation_text(mine.deadline, visit.language),
        rows=request_summary.of_case(mine.case, visit.here, visit.office.today(), visit.language),
        summary=next((one for one in mine.documents if one.kind == "ack"), None),
    )


def _complete(draft: Draft) -> bool:
    return draft.started and draft.caller_done and draft.calls_done and "answer_language" in draft.details


def _next(visit: Visit, draft: Draft) -> str:
    """The first step that is not yet answered."""
    if not draft.started or not draft.caller_done:
        return _first(visit, draft)
    if not draft.calls_done:
        return visit.url("citizen.request.calls")
    return visit.url("citizen.request.check" if _complete(draft) else "citizen.request.details")


def _first(visit: Visit, draft: Draft) -> str:
    """The part of step 1 that is not yet answered."""
    return visit.url("citizen.request.caller" if draft.started else "citizen.request.right")


def _described(visit: Visit, draft: Draft) -> tuple[CallDescription, ...]:
    today = visit.office.today()
    return tuple(call_form.described(entry, n, today) for n, entry in enumerate(draft.calls, 1))


def _lines(visit: Visit, draft: Draft) -> list[Row]:
    return request_summary.lines(_described(visit, draft), visit.here, visit.office.today(), visit.language)


def _answer(visit: Visit, name: str, form: PortalForm | None, **values: Any) -> Answer:
    """The page of a step; 422 where the form has errors, with everything typed kept."""
    errors = page_errors(form) if form else []
    shown = _shown(visit, form, **values)
    if not errors:
        return render_template(f"citizen/request/{name}.html", **shown)
    return render_template(f"citizen/request/{name}.html", page_errors=errors, **shown), 422


def _shown(visit: Visit, form: PortalForm | None, **values: Any) -> dict[str, Any]:
    """What the page of a step shows besides errors."""
    return {
        "form": form,
        "of": STEPS,
        "preserved": preserved(visit.office, visit.here.id),
        **values,
        **frame(visit),
    }
