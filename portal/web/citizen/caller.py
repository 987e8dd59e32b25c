"""Who made the call, and for whom the request is made: the second half of the first step."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.domain.representation import Kind
from portal.services.attach_document import attach_document, attached, detach_all, detach_document
from portal.services.ports import FileFault
from portal.web.citizen import request_draft
from portal.web.citizen.caller_form import FAULT, NOTES, VOICE, BehalfForm, CallerForm
from portal.web.citizen.request_draft import Draft
from portal.web.fields import PortalForm, page_errors
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.request")
STEPS = 4
Answer = str | Response | tuple[str, int]


@page.route("/<lang>/<controller>/request/caller", CITIZEN, methods=("GET", "POST"))
def caller(visit: Visit) -> Answer:
    """Step 1, continued: who made the call."""
    draft = request_draft.load(visit)
    if not draft.started:
        return redirect(visit.url("citizen.request.right"), 303)
    kept = {"caller": draft.caller.get("kind")} if request.method == "GET" else None
    form = CallerForm(visit.office.today(), data=kept)
    if request.method == "POST" and form.validate():
        chosen = form.caller.data
        if chosen in (Kind.SELF, VOICE):
            detach_all(visit.office, visit.here.id, draft.submission)
            request_draft.save(visit, replace(draft, caller={"kind": chosen, "done": "y"}))
            return redirect(visit.url("citizen.request.calls"), 303)
        if draft.caller.get("kind") != chosen:
            detach_all(visit.office, visit.here.id, draft.submission)
            request_draft.save(visit, replace(draft, caller={"kind": chosen}))
        return redirect(visit.url("citizen.request.behalf"), 303)
    return _answer(visit, "caller", form, notes=NOTES)


@page.route("/<lang>/<controller>/request/behalf", CITIZEN, methods=("GET", "POST"))
def behalf(visit: Visit) -> Answer:
    """Step 1, continued: for whom, and by what right."""
    draft = request_draft.load(visit)
    kind = draft.caller.get("kind")
    if not draft.started or kind not in set(Kind) - {Kind.SELF}:
        return redirect(visit.url("citizen.request.caller"), 303)
    form = BehalfForm(Kind(kind), visit.office.today(), draft.caller if request.method == "GET" else None)
    if request.method == "GET":
        return _behalf_page(visit, draft, form)
    if "remove" in request.form:
        _remove(visit, draft, request.form["remove"])
        return _behalf_page(visit, draft, form)
    fits = form.validate()
    faults = _take_files(visit, draft) if "files" in form else []
    if faults:
        form.files.errors = [FAULT[faults[0]]]
    elif not form.errors.get("files"):
        fits = form.proved(len(attached(visit.office, visit.here.id, draft.submission))) and fits
    if not fits or faults:
        return _behalf_page(visit, draft, form)
    request_draft.save(visit, replace(draft, caller={"kind": kind, **form.entry(), "done": "y"}))
    return redirect(visit.url("citizen.request.calls"), 303)


def _remove(visit: Visit, draft: Draft, number: str) -> None:
    if not number.isdecimal():
        abort(404)
    detach_document(visit.office, visit.here.id, draft.submission, int(number))


def _take_files(visit: Visit, draft: Draft) -> list[FileFault]:
    """Take the files that were sent; those that are not taken are told, the others stay."""
    sent = [one for one in request.files.getlist("files") if one.filename]
    outcomes = [attach_document(visit.office, visit.here.id, draft.submission, one.stream) for one in sent]
    return [outcome for outcome in outcomes if isinstance(outcome, FileFault)]


def _behalf_page(visit: Visit, draft: Draft, form: BehalfForm) -> Answer:
    files = attached(visit.office, visit.here.id, draft.submission)
    return _answer(visit, "behalf", form, kind=form.kind, files=files)


def _answer(visit: Visit, name: str, form: PortalForm, **values: Any) -> Answer:
    """The page of a step; 422 where the form has errors, with everything typed kept."""
    errors = page_errors(form)
    shown = {"form": form, "of": STEPS, **values, **frame(visit)}
    if not errors:
        return render_template(f"citizen/request/{name}.html", **shown)
    return render_template(f"citizen/request/{name}.html", page_errors=errors, **shown), 422
