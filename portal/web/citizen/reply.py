"""The answer: hear and download the copy, read and download the letter (arts. 12(1), 15(3)), and act on it: tell of a
complaint, ask again.

Opening it asks for an identification at most fifteen minutes old; what was opened then stays open until the session
ends, so that nobody is thrown out in the middle of their own call.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import ValidationError

from portal.domain import phone
from portal.domain.case import Case
from portal.domain.decisions import GROUNDS, ItemDecision, Outcome
from portal.domain.grants import Form
from portal.domain.lifecycle import NotNow, open_steps
from portal.domain.matching import CallDescription
from portal.domain.moments import format_date, format_time
from portal.domain.register import Register
from portal.services import lists, sign_in
from portal.services.grants import Revoked
from portal.services.hand_over import CopyFile, note_heard, open_copy, open_letter
from portal.services.ports import Absent
from portal.services.tell_complaint import tell_complaint
from portal.web import ranges
from portal.web.bodies import OTHER, bodies_of, body_name
from portal.web.citizen import request_draft, request_summary
from portal.web.citizen.rights import RIGHT_NAME, document_name
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, options, page_errors
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page
from portal.web.session import current

page = Page("citizen.reply")
FRESH: timedelta = sign_in.IDLE
_OPENED, _HEARD = "opened", "heard"
_LONGEST_NAME = 120
_UNKNOWN = "unknown"


class ComplaintForm(PortalForm):
    """Where the applicant has complained."""

    body = Radios(_("Mihin olet valittanut?"), [Chosen(_("Valitse, mihin olet valittanut"))])
    name = StringField(_("Viranomaisen tai tuomioistuimen nimi"), [AtMost(_LONGEST_NAME)])

    def validate_name(self, field: StringField) -> None:
        """Another body is named."""
        if self.body.data == OTHER and not (field.data or "").strip():
            raise ValidationError(gettext("Kirjoita viranomaisen tai tuomioistuimen nimi"))

    @property
    def told(self) -> str:
        """The body's code, or its name where it is another one."""
        return (self.name.data or "").strip() if self.body.data == OTHER else str(self.body.data)


@page.route("/<lang>/<controller>/cases/<ref>/reply", CITIZEN)
def show(visit: Visit, ref: str) -> str | Response:
    """The answer as a page; before there is one, the request's own page."""
    answer = lists.reply(visit.office, visit.who, ref)
    if answer is None:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    turned_away = identify_anew(visit, ref)
    if turned_away:
        return turned_away
    decided = answer.case.decision.items if answer.case.decision else ()
    return render_template(
        "citizen/reply/show.html",
        answer=answer,
        mine=lists.my_case(visit.office, visit.who, ref),
        outcome=_outcome(decided),
        refused=[_reasons(visit, item, answer.case.right) for item in decided if item.reasons],
        right_name=RIGHT_NAME[answer.case.right],
        document_name=document_name,
        complaints=[body_name(one.body) for one in answer.case.proceedings if one.kind == "complaint"],
        may_complain=_may_complain(visit, answer.case),
        **frame(visit),
    )


def _may_complain(visit: Visit, case: Case) -> bool:
    return "Complain" in {step.__name__ for step in open_steps(case, visit.who)}


def _outcome(items: tuple[ItemDecision, ...]) -> str:
    """granted | partly | refused | no_recording | no_reply | other_controller, of the whole; again: it is decided
    anew."""
    outcomes = {item.outcome for item in items}
    if not outcomes:
        return "again"
    if len(outcomes) == 1:
        return next(iter(outcomes)).value
    given = outcomes & {Outcome.GRANTED, Outcome.PARTLY}
    return (Outcome.PARTLY if given else Outcome.REFUSED).value


def _reasons(visit: Visit, item: ItemDecision, right: object) -> dict[str, str]:
    """Facts, provision and assessment of one item, as the letter has them."""
    assert item.reasons is not None, "asked of items with reasons only"
    ground = GROUNDS[item.reasons.ground]
    return {
        "what": item.what,
        "facts": item.reasons.facts,
        "provision": ground.provision_for(right)[visit.language],  # type: ignore[arg-type]  # the case's right
        "assessment": item.reasons.assessment,
        "left_out": item.left_out,
    }


@page.route("/<lang>/<controller>/cases/<ref>/audio/<int:n>", CITIZEN)
def audio(visit: Visit, ref: str, n: int) -> Response:
    """Copy `n` for the player, by Range."""
    return identify_anew(visit, ref) or explained(visit, ref, lambda: _played(visit, ref, n))


@page.route("/<lang>/<controller>/cases/<ref>/file/<int:n>", CITIZEN)
def file(visit: Visit, ref: str, n: int) -> Response:
    """Copy `n` as a file to keep: MP3, or WAV by form=wav; any other form is absent."""
    form = {"mp3": Form.MP3, "wav": Form.WAV}.get(request.args.get("form", "mp3"))
    if form is None:
        raise Absent(ref)
    return identify_anew(visit, ref) or explained(visit, ref, lambda: _downloaded(visit, ref, n, form))


@page.route("/<lang>/<controller>/cases/<ref>/letter/<doc>", CITIZEN)
def letter(visit: Visit, ref: str, doc: str) -> Response:
    """A letter, byte for byte as it was signed."""
    turned_away = identify_anew(visit, ref)
    if turned_away:
        return turned_away
    found = open_letter(visit.office, visit.who, ref, doc)
    name = f"{ref}-{found.document.kind}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(found.pdf, mimetype="application/pdf", headers=headers)


def identify_anew(visit: Visit, ref: str) -> Response | None:
    """None where the identification is fresh, or was when this answer was opened in this session."""
    assert visit.identity is not None, "the guard lets only identified persons in"
    opened = current().get(_OPENED, [])
    if ref in opened:
        return None
    if visit.office.now() - visit.identity.authenticated_at <= FRESH:
        current()[_OPENED] = [*opened, ref]
        return None
    onward = visit.url("citizen.reply.show", ref=ref)
    return redirect(visit.url("citizen.sign_in.begin", to=onward), 303)


def explained(visit: Visit, ref: str, give: Callable[[], Response]) -> Response:
    """What `give` gives; where the copy was taken back or no download is left, the answer's own page, which says so."""
    try:
        return give()
    except NotNow as refusal:
        if refusal.code != "downloads_used":
            raise
    except Revoked:
        pass
    return redirect(visit.url("citizen.reply.show", ref=ref), 303)


def _played(visit: Visit, ref: str, n: int) -> Response:
    """One event a play in a session, however many stretches the browser asks for."""
    copy = open_copy(visit.office, visit.who, ref, n)
    status, start, stop = _span(copy)
    mark = f"{ref}/{n}/audio"
    if start == 0 and status in (200, 206) and request.method == "GET" and mark not in _marks():
        note_heard(visit.office, visit.who, ref, n, downloaded=False)
        current()[_HEARD] = [*_marks(), mark]
    return ranges.stream(copy.read, status, start, stop, copy.size, copy.mimetype, None, copy.etag, request.method)


def _downloaded(visit: Visit, ref: str, n: int, form: Form) -> Response:
    """Each download is counted where it begins. A later stretch goes on with one that began in this session; without
    one it is no continuation, and the whole file is given and counted."""
    mark, method = f"{ref}/{n}/{form.value}", request.method
    goes_on = mark in _marks() and "Range" in request.headers
    copy = open_copy(visit.office, visit.who, ref, n, form, begins=method == "GET" and not goes_on)
    try:
        status, start, stop = _span(copy)
        if method == "GET" and start > 0 and not goes_on:
            status, start, stop = 200, 0, copy.size
        if method == "GET" and start == 0 and status in (200, 206):
            note_heard(visit.office, visit.who, ref, n, downloaded=True, form=form)
            current()[_HEARD] = [*(one for one in _marks() if one != mark), mark]
    except Exception:
        copy.close()
        raise
    given = ranges.stream(copy.read, status, start, stop, copy.size, copy.mimetype, copy.name, copy.etag, method)
    given.call_on_close(copy.close)
    return given


def _span(copy: CopyFile) -> tuple[int, int, int]:
    asked = request.headers
    return ranges.span(asked.get("Range"), asked.get("If-Range"), request.method, copy.size, copy.etag)


def _marks() -> list[str]:
    """What has been played or begun to be fetched in this session."""
    found: list[str] = current().get(_HEARD, [])
    return found


@page.route("/<lang>/<controller>/cases/<ref>/complaint", CITIZEN, methods=("GET", "POST"))
def complain(visit: Visit, ref: str) -> str | Response | tuple[str, int]:
    """Tell that a complaint has been made; telling is no complaint, and nothing is lost by not telling."""
    mine = lists.my_case(visit.office, visit.who, ref)
    if not _may_complain(visit, mine.case):
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    form = ComplaintForm(visit.office.today())
    form.body.choices = options(bodies_of(visit.here).items())
    if request.method == "POST" and form.validate():
        if form.told not in _open_complaints(mine.case):
            tell_complaint(visit.office, visit.who, ref, form.told)
        return redirect(visit.url("citizen.reply.show", ref=ref), 303)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    told = [body_name(body) for body in _open_complaints(mine.case)]
    shown = render_template("citizen/reply/complain.html", mine=mine, form=form, told=told, **values, **frame(visit))
    return (shown, 422) if errors else shown


def _open_complaints(case: Case) -> tuple[str, ...]:
    return tuple(one.body for one in case.proceedings if one.kind == "complaint" and one.closed_at is None)


@page.route("/<lang>/<controller>/cases/<ref>/again", CITIZEN, methods=("GET", "POST"))
def again(visit: Visit, ref: str) -> str | Response:
    """Begin a new request about the same calls; what stands in an unsent one is asked about first."""
    case = lists.my_case(visit.office, visit.who, ref).case
    if case.state.open:
        return redirect(visit.url("citizen.case.show", ref=ref), 303)
    if request.method == "POST":
        draft = request_draft.started(case.right)
        calls = tuple(_entry(call, visit.here) for call in case.calls)
        request_draft.save(visit, replace(draft, calls=calls))
        return redirect(visit.url("citizen.request.right"), 303)
    today: date = visit.office.today()
    return render_template(
        "citizen/reply/again.html",
        case=case,
        lines=request_summary.lines(case.calls, visit.here, today, visit.language),
        draft=request_draft.load(visit),
        **frame(visit),
    )


def _entry(call: CallDescription, register: Register) -> dict[str, Any]:
    """A call of an earlier request as the form of a new one keeps it."""
    known = {number.e164 for number in register.service_numbers}
    earliest, _dash, latest = call.note.partition("–")
    unknown = call.own_number is None and not (call.withheld or call.other_phone)
    flags = {"withheld": call.withheld, "other_phone": call.other_phone, "own_unknown": unknown}
    return {
        "day": format_date(call.day) if call.day else "",
        "time": format_time(call.time) if call.time else "",
        "day_sureness": call.day_sureness.value,
        "time_sureness": call.time_sureness.value,
        "called": call.service_number if call.service_number in known else OTHER if call.service_number else _UNKNOWN,
        "called_other": _national(call.service_number) if call.service_number not in known else "",
        "own": _national(call.own_number),
        "earliest": earliest,
        "latest": latest,
        **{flag: "y" for flag, set_ in flags.items() if set_},
        "done": True,
    }


def _national(number: str | None) -> str:
    return phone.national(number) if number else ""
