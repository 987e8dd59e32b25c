"""Writing a call down for its data subject: a listener hears it, types it, and says that it is word for word.

Only where the applicant asked for a transcript (art. 15(3)); what is typed is kept at every save, complete or not.
"""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import ValidationError

from portal.domain.access import Action
from portal.domain.transcript import Transcript
from portal.services import lists
from portal.services.draft_transcript import ask_draft, draft_state
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
    file = FileField(
        lazy_gettext("Tekstitiedosto"),
        description=lazy_gettext("Tiedoston teksti (UTF-8) tulee kentässä olevan tilalle, kun tallennat."),
    )
    complete = BooleanField(
        lazy_gettext("Teksti vastaa tallennetta sanasta sanaan"),
        description=lazy_gettext("Tiivistelmä ei ole jäljennös. Pyytäjä saa vain valmiin tekstin."),
    )

    def validate_file(self, field: FileField) -> None:
        """A file that was chosen is text, and no longer than what can be typed; its text takes the place of the
        field's."""
        if not field.data or not getattr(field.data, "filename", ""):
            return
        try:
            text = field.data.stream.read(4 * LONGEST + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("Tiedosto ei ole UTF-8-muotoista tekstiä")) from None
        if len(text) > LONGEST:
            raise ValidationError(_("Tekstitiedosto on liian pitkä"))
        if any(ord(sign) < 32 and sign not in "\r\n\t" for sign in text):
            raise ValidationError(_("Tiedosto ei ole UTF-8-muotoista tekstiä"))
        self.text.data = text


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


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/recordings/<recording>/transcript/draft",
    STAFF(Action.LISTEN),
    methods=("POST",),
)
def draft(visit: Visit, ref: str, recording: str) -> Response:
    """Ask the controller's own transcriber for a draft."""
    ask_draft(visit.office, visit.who, ref, recording)
    return go(visit, "staff.transcript.edit", ref=ref, recording=recording)


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
        drafts = visit.office.transcriber is not None
        values["draft"] = (draft_state(visit.office, work, view.case, recording) or "none") if drafts else ""
    shown = render_template(
        "staff/transcript/edit.html",
        **case_desk(visit, view, "listen", one=one, form=form, edition=seen, trouble=why, **values),
    )
    return shown, 422 if errors else 200
