"""Complaints, inquiries and court matters of a case; and, for the whole register, what came after the answers and
the holds to look at again.

An inquiry or a decision takes an answered case up again until the day on which the authority wants its answer.
"""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.domain.access import Action, actions_of
from portal.domain.case import Case, Proceeding
from portal.domain.lifecycle import CloseProceeding, OpenProceeding
from portal.services import lists
from portal.services.lengthen import longer_waiting
from portal.services.lists import CaseView
from portal.services.ports import Absent
from portal.services.proceedings import after_answers, close_proceeding, mark_read, open_proceeding
from portal.services.review_holds import holds_to_review, keep_hold
from portal.web.bodies import OTHER, bodies_of, body_name
from portal.web.fields import AtMost, Chosen, FiDate, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.alarm_words import LONGER
from portal.web.staff.desk import case_desk, desk, go, seen

page = Page("staff.proceedings")
LONGEST, LONGEST_NAME, LONGEST_NUMBER = 4000, 120, 9
KIND = {
    "inquiry": lazy_gettext("Valvontaviranomaisen selvityspyyntö"),
    "court": lazy_gettext("Tuomioistuimen ratkaisu tai lausuntopyyntö"),
}
NAME = {"complaint": lazy_gettext("Pyytäjän kertoma valitus"), **KIND}
WHAT = {
    "message_received": lazy_gettext("Viesti"),
    "complaint_told": lazy_gettext("Kertoi valittaneensa"),
    "case_reopened": lazy_gettext("Vastasi kysymykseen, asia avattiin"),
}

HOLD_REASON = LONGER | {
    "request": lazy_gettext("Pyyntö"),
    "restriction": lazy_gettext("Käsittelyn rajoittaminen"),
}


class OpenForm(PortalForm):
    """Who asks or decided, in which matter, and by when an answer is wanted."""

    kind = Radios(
        lazy_gettext("Mikä on saapunut?"),
        [Chosen(lazy_gettext("Valitse, mikä on saapunut"))],
        choices=options(KIND.items()),
    )
    body = Radios(lazy_gettext("Keneltä?"), [Chosen(lazy_gettext("Valitse, keneltä se on saapunut"))])
    name = StringField(lazy_gettext("Muun viranomaisen tai tuomioistuimen nimi"), [AtMost(LONGEST_NAME)])
    reference = StringField(lazy_gettext("Asian tunnus"), [AtMost(LONGEST_NAME)])
    reply_by = FiDate(
        lazy_gettext("Vastattava viimeistään"), [Typed(lazy_gettext("Kirjoita päivä, johon mennessä on vastattava"))]
    )
    matter = TextAreaField(
        lazy_gettext("Mitä asia koskee?"), [Typed(lazy_gettext("Kirjoita, mitä asia koskee")), AtMost(LONGEST)]
    )

    def validate_name(self, field: StringField) -> None:
        """Another body is named."""
        if self.body.data == OTHER and not (field.data or "").strip():
            raise ValidationError(_("Kirjoita viranomaisen tai tuomioistuimen nimi"))

    def validate_reply_by(self, field: FiDate) -> None:
        """The case gets this day as its own, so it is one to come."""
        if field.day and field.day <= self.today:
            raise ValidationError(_("Valitse päivä, joka on vielä edessä"))

    def step(self) -> OpenProceeding:
        """The step that the form describes, once it is valid."""
        body = (self.name.data or "").strip() if self.body.data == OTHER else str(self.body.data)
        return OpenProceeding(
            str(self.kind.data), body, (self.reference.data or "").strip(), self.reply_by.day or self.today,
            (self.matter.data or "").strip(),
        )  # fmt: skip


class CloseForm(PortalForm):
    """Which of the open matters has ended, and how."""

    which = Radios(lazy_gettext("Mikä on päättynyt?"), [Chosen(lazy_gettext("Valitse, mikä on päättynyt"))])
    outcome = TextAreaField(
        lazy_gettext("Lopputulos"), [Typed(lazy_gettext("Kirjoita, miten asia päättyi")), AtMost(LONGEST)]
    )

    def step(self) -> CloseProceeding:
        """The step that the form describes, once it is valid."""
        return CloseProceeding(int(self.which.data or 0), (self.outcome.data or "").strip())


class KeepForm(PortalForm):
    """Why a hold is kept on."""

    reason = TextAreaField(
        lazy_gettext("Miksi poistokielto pidetään?"),
        [Typed(lazy_gettext("Kirjoita, miksi poistokielto pidetään")), AtMost(LONGEST)],
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/proceedings", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """Everything told, asked and decided about the case, and how it ended."""
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, _open_form(visit), _close_form(visit, view.case))


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/proceedings/open", STAFF(Action.RECORD_PROCEEDING), methods=("POST",)
)
def open_(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Record an inquiry or a court's decision."""
    form = _open_form(visit)
    if form.validate_on_submit():
        open_proceeding(visit.office, visit.who, ref, form.step(), seen())
        return go(visit, "staff.proceedings.show", ref=ref)
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, form, _close_form(visit, view.case, sent=False), page_errors(form)), 422


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/proceedings/close", STAFF(Action.RECORD_PROCEEDING), methods=("POST",)
)
def close(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Record how a matter ended."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _close_form(visit, view.case)
    if form.validate_on_submit():
        close_proceeding(visit.office, visit.who, ref, form.step(), seen())
        return go(visit, "staff.proceedings.show", ref=ref)
    return _shown(visit, view, _open_form(visit, sent=False), form, page_errors(form)), 422


@page.route("/<lang>/staff/<controller>/messages", STAFF(Action.SEE_CASE))
def messages(visit: Visit) -> str:
    """What applicants wrote and told after their answers, newest first."""
    found = after_answers(visit.office, visit.who)
    may_read = Action.TAKE_UP in actions_of(visit.who.roles)
    return render_template("staff/proceedings/messages.html", **desk(visit, found=found, what=WHAT, may_read=may_read))


@page.route("/<lang>/staff/<controller>/messages/read", STAFF(Action.TAKE_UP), methods=("POST",))
def read(visit: Visit) -> Response:
    """What one applicant wrote, up to the line that was shown, has been read."""
    upto = request.form.get("upto", "")
    if not upto.isdigit() or len(upto) > LONGEST_NUMBER:
        raise Absent(upto)
    mark_read(visit.office, visit.who, request.form.get("ref", ""), int(upto))
    return go(visit, "staff.proceedings.messages")


@page.route("/<lang>/staff/<controller>/holds", STAFF(Action.SEE_CASE))
def holds(visit: Visit) -> str:
    """The holds whose day of review has come: over-keeping is processing too."""
    return _holds_page(visit)


@page.route("/<lang>/staff/<controller>/holds/keep", STAFF(Action.CLOSE), methods=("POST",))
def keep(visit: Visit) -> Response | tuple[str, int]:
    """Keep one hold until its next review, with a reason."""
    form = KeepForm(visit.office.today())
    hold = request.form.get("hold", "")
    if form.validate_on_submit():
        keep_hold(visit.office, visit.who, hold, (form.reason.data or "").strip())
        return go(visit, "staff.proceedings.holds")
    return _holds_page(visit, hold, form), 422


def _holds_page(visit: Visit, sent: str = "", form: KeepForm | None = None) -> str:
    """The page with a form for each hold; one of them perhaps as it was sent, with its errors."""
    found = holds_to_review(visit.office, visit.who)
    forms: dict[str, KeepForm] = {}
    for one in found:
        mine = form if form and one.hold.id == sent else KeepForm(visit.office.today(), formdata=None)
        mine.reason.id = f"reason-{one.hold.id}"
        forms[one.hold.id] = mine
    errors = page_errors(forms[sent]) if sent in forms else []
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    may_keep = Action.CLOSE in actions_of(visit.who.roles)
    waiting = longer_waiting(visit.office, visit.who)
    shown = desk(visit, found=found, forms=forms, hold_reason=HOLD_REASON, may_keep=may_keep, waiting=waiting, **values)
    return render_template("staff/proceedings/holds.html", **shown)


def _open_form(visit: Visit, *, sent: bool = True) -> OpenForm:
    """The form as it was sent, or an empty one beside another that was."""
    form = OpenForm(visit.office.today()) if sent else OpenForm(visit.office.today(), formdata=None)
    form.body.choices = options(bodies_of(visit.here).items())
    return form


def _close_form(visit: Visit, case: Case, *, sent: bool = True) -> CloseForm:
    form = CloseForm(visit.office.today()) if sent else CloseForm(visit.office.today(), formdata=None)
    going = [(str(n), _title(one)) for n, one in enumerate(case.proceedings) if one.closed_at is None]
    form.which.choices = options(going)
    if len(going) == 1 and (request.method == "GET" or not sent):
        form.which.data = going[0][0]
    return form


def _title(one: Proceeding) -> str:
    """Pyytäjän kertoma valitus: Tietosuojavaltuutettu"""
    return f"{NAME[one.kind]}: {body_name(one.body)}"


def _shown(
    visit: Visit, view: CaseView, opening: OpenForm, closing: CloseForm, errors: list[tuple[str, str]] | None = None
) -> str:
    steps = {step.__name__ for step in view.steps}
    values = {"page_errors": errors} if errors else {}
    return render_template(
        "staff/proceedings/show.html",
        **case_desk(
            visit,
            view,
            "proceedings",
            opening=opening if "OpenProceeding" in steps else None,
            closing=closing if "CloseProceeding" in steps and view.case.disputed else None,
            title_of=_title,
            **values,
        ),
    )
