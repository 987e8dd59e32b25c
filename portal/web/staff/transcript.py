"""Writing a call down for its data subject: a listener hears it, types it, and says that it is word for word.

Only where the applicant asked for a transcript (art. 15(3)); what is typed is kept at every save, complete or not.
"""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField

from portal.domain.access import Action
from portal.domain.transcript import Transcript
from portal.services import lists
from portal.services.omissions import marks_in_text
from portal.services.ports import Absent
from portal.services.transcribe import LONGEST, Unattributed, edition, load_transcript, write_transcript
from portal.web.fields import AtMost, PortalForm, page_errors
from portal.web.guard import STAFF, Visit, step_up
from portal.web.routes import Page
from portal.web.staff.desk import candidate_of, case_desk, go
from portal.web.staff.listen import may_hear, note_opened, trouble

page = Page("staff.transcript")


class TranscriptForm(PortalForm):
    """The text, and whether it is complete."""

    text = TextAreaField(
        lazy_gettext("Puhelu tekstinä"),
        [AtMost(LONGEST)],
        description=lazy_gettext("Aloita jokainen rivi puhujalla ja kaksoispisteellä, esimerkiksi Soittaja: Hei."),
    )
    complete = BooleanField(
        lazy_gettext("Teksti vastaa tallennetta sanasta sanaan"),
        description=lazy_gettext("Tiivistelmä ei ole jäljennös. Pyytäjä saa vain valmiin tekstin."),
    )


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/recordings/<recording>/transcript",
    STAFF(Action.LISTEN),
    methods=("GET", "POST"),
)
def edit(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """The player beside the text; save it as it is, or as complete."""
    if request.method == "GET":
        if not may_hear(visit, recording):
            elsewhere: Response = step_up(visit)
            return elsewhere
        note_opened(visit, recording)
    kept = load_transcript(visit.office, visit.who, ref, recording) if request.method == "GET" else None
    form = TranscriptForm(visit.office.today(), data=_filled(kept) if kept else None)
    seen = request.form.get("edition", "") if request.method == "POST" else edition(kept)
    if form.validate_on_submit():
        try:
            write_transcript(
                visit.office, visit.who, ref, recording, form.text.data or "", complete=form.complete.data, seen=seen
            )
        except Unattributed as fault:
            form.text.errors = (_("Kirjoita rivin %(n)d alkuun puhuja ja kaksoispiste", n=fault.line),)
        else:
            return go(visit, "staff.transcript.edit", ref=ref, recording=recording)
    return _shown(visit, ref, recording, form, seen)


def _filled(kept: Transcript) -> dict[str, Any]:
    return {"text": kept.text, "complete": kept.complete}


def _shown(visit: Visit, ref: str, recording: str, form: TranscriptForm, seen: str) -> tuple[str, int]:
    why = trouble(visit, ref, recording)  # first: opening it makes the copy that the page draws
    view = lists.case_view(visit.office, visit.who, ref)
    one = candidate_of(view, recording)
    if one is None:
        raise Absent(recording)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    with visit.office.reading() as work:
        values["marks"] = marks_in_text(work, view.case, recording)
    shown = render_template(
        "staff/transcript/edit.html",
        **case_desk(visit, view, "listen", one=one, form=form, edition=seen, trouble=why, **values),
    )
    return shown, 422 if errors else 200
