"""Listening: the recording in the browser, and the listener's word on whose voice it is.

Every stretch that goes to the browser is in the audit trail. Strong identification proves who asks, not who called.
"""

from datetime import datetime, timedelta

from flask import Response as FlaskResponse
from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.domain.access import Action
from portal.domain.case import Verdict
from portal.domain.decisions import GROUNDS
from portal.services import lists, own_sessions
from portal.services.check_speaker import check_speaker
from portal.services.listen import note_listened, open_recording
from portal.services.listeners import NotListener, asked_of
from portal.services.listening_copy import Undecodable
from portal.services.ports import Absent, SourceAway, SourceGone
from portal.services.redact import review
from portal.services.restricted_use import Restricted
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit, step_up
from portal.web.ranges import span, stream
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff import words
from portal.web.staff.calls import reasons
from portal.web.staff.channels import caller_channel
from portal.web.staff.desk import candidate_of, case_desk, go, seen
from portal.web.staff.spans import Row, late, rows_of

page = Page("staff.listen")
HEARING = timedelta(hours=2)
"""How long the sound of an opened page may be fetched without a new proof: nobody is stopped in mid-call."""
_OPENED = "opened"


class SpeakerForm(PortalForm):
    """Is the speaker the applicant, and what shows it?"""

    verdict = Radios(
        lazy_gettext("Puhuja ja asia"),
        [Chosen(lazy_gettext("Valitse, sopivatko puhuja ja asia"))],
        choices=options(
            [
                ("fits", lazy_gettext("Sopivat")),
                ("differs", lazy_gettext("Eivät sovi")),
                ("unsure", lazy_gettext("En osaa sanoa")),
            ]
        ),
    )
    how = TextAreaField(
        lazy_gettext("Mistä päättelet?"), [Typed(lazy_gettext("Kirjoita, mistä päättelet")), AtMost(2000)]
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/listen/<recording>", STAFF(Action.LISTEN, fresh=True))
def show(visit: Visit, ref: str, recording: str) -> str | Response:
    """The player and the speaker check; whom the notice does not let hear this call is led to ask those who may."""
    note_opened(visit, recording)
    try:
        return shown(visit, ref, recording, SpeakerForm(visit.office.today()))
    except NotListener:
        return go(visit, "staff.calls.list", ref=ref)


def note_opened(visit: Visit, recording: str) -> None:
    """A page with the player was opened under a fresh proof: its sound may be fetched until the call has been heard."""
    now, web = visit.office.now(), current()
    opened = {one: at for one, at in web.get(_OPENED, {}).items() if now - datetime.fromisoformat(at) <= HEARING}
    web[_OPENED] = opened | {recording: now.isoformat()}


def may_hear(visit: Visit, recording: str) -> bool:
    """Is the proof of who listens fresh, or was it when the page with the player was opened?"""
    assert visit.stored is not None, "the guard lets only live sessions in"
    opened = current().get(_OPENED, {}).get(recording)
    lately = opened is not None and visit.office.now() - datetime.fromisoformat(opened) <= HEARING
    return lately or own_sessions.is_fresh(visit.stored, visit.office.now())


def shown(
    visit: Visit,
    ref: str,
    recording: str,
    form: SpeakerForm,
    rows: list[Row] | None = None,
    wrong: list[tuple[str, str]] | None = None,
) -> str:
    """The page: with the passages of the version at hand, or with `rows` as they were typed and what is `wrong`."""
    why = trouble(visit, ref, recording)  # first: opening it makes the copy that the page draws
    view = lists.case_view(visit.office, visit.who, ref)
    one = candidate_of(view, recording)
    if one is None:
        raise Absent(recording)
    errors = wrong or page_errors(form)
    marked = None if why else review(visit.office, visit.who, ref, recording)
    return render_template(
        "staff/listen/show.html",
        **case_desk(
            visit,
            view,
            "listen",
            one=one,
            form=form,
            trouble=why,
            reasons=reasons,
            review=marked,
            view_actor=visit.who.id,
            speaks=caller_channel(view, recording),
            late=late(view, recording, visit.office.now()),
            blank=Row(),
            grounds={code: GROUNDS[code].label[visit.language] for code in marked.grounds} if marked else {},
            rows=rows_of(marked.current) if marked and rows is None else rows,
            others=[other for other in view.candidates if other.recording and other.hearable],
            asked=recording in {asking.recording for asking in asked_of(visit.office, visit.who) if asking.ref == ref},
            **({"page_errors": errors} if errors else {}),
        ),
    )


def trouble(visit: Visit, ref: str, recording: str) -> str | None:
    """Why the recording cannot be played now, in words; None when it can."""
    why: str | None = None
    try:
        open_recording(visit.office, visit.who, ref, recording)
    except SourceGone:
        why = _("Tallennetta ei enää ole tallennusjärjestelmässä.")
    except SourceAway:
        why = _("Tallennusjärjestelmään ei saada yhteyttä. Yritä hetken kuluttua uudelleen.")
    except Restricted:
        why = _(
            "Tallenteen käyttöä on rajoitettu (tietosuoja-asetus 18(2)), joten sitä vain säilytetään. Sen saa kuunnella"
            " vain rajoitusta pyytäneen henkilön omassa asiassa. Tämä yritys on kirjattu."
        )
    except Undecodable as fault:
        reason = words.REFUSAL[fault.refused.code]
        why = _("Tallennetta ei voi toistaa: %(why)s. Pyydä operaattorilta ehjä tiedosto.", why=reason)
    return why


@page.route("/<lang>/staff/<controller>/cases/<ref>/audio/<recording>", STAFF(Action.LISTEN))
def audio(visit: Visit, ref: str, recording: str) -> FlaskResponse:
    """The listening copy by Range; what is fetched is recorded before it is sent."""
    if not may_hear(visit, recording):
        elsewhere: FlaskResponse = step_up(visit)
        return elsewhere
    try:
        file = open_recording(visit.office, visit.who, ref, recording)
    except (SourceGone, Undecodable) as fault:  # the page has said why there is nothing to play
        raise Absent(recording) from fault
    headers = request.headers
    status, start, stop = span(
        headers.get("Range"),
        headers.get("If-Range"),
        request.method,
        file.size,
        file.etag,
    )
    if status in (200, 206) and request.method == "GET":
        note_listened(visit.office, visit.who, ref, recording, start, stop, file.size)
    return stream(file.read, status, start, stop, file.size, file.mimetype, None, file.etag, request.method)


@page.route("/<lang>/staff/<controller>/cases/<ref>/check/<recording>", STAFF(Action.CHECK_SPEAKER), methods=("POST",))
def check(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """Record whose voice it is."""
    form = SpeakerForm(visit.office.today())
    if not form.validate_on_submit():
        return shown(visit, ref, recording, form), 422
    how = (form.how.data or "").strip()
    check_speaker(visit.office, visit.who, ref, recording, Verdict(form.verdict.data), how, seen())
    return go(visit, "staff.case.show", ref=ref)
