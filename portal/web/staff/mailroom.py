"""The mail room: letters that wait, print batches, envelopes that came back, and how a case's letters go."""

import csv
import io
from datetime import date
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from portal.domain.access import Action
from portal.domain.case import Address
from portal.domain.dispatch import Way
from portal.domain.lifecycle import ChooseDispatch, NotNow
from portal.domain.moments import format_date
from portal.services import lists, print_batch
from portal.services.choose_dispatch import AddressTooLong, choose_dispatch, dispatch_view
from portal.services.ports import Absent
from portal.services.returned_mail import record_return
from portal.web.fields import AtMost, Chosen, FiDate, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.case import pdf_answer
from portal.web.staff.desk import case_desk, desk, go, seen

page = Page("staff.mailroom")

OBSTACLE = {
    "no_address": _("Osoite puuttuu"),
    "too_long": _("Osoite ei mahdu ikkunaan"),
    "protected": _("Turvakielto"),
    "returned": _("Palautunut"),
}
REASON = {
    "moved": _("Vastaanottaja on muuttanut"),
    "unknown": _("Vastaanottajaa ei tunneta osoitteessa"),
    "not_collected": _("Lähetystä ei noudettu"),
    "other": _("Muu syy"),
}
WAY = {
    "post": _("Kirjeenä postissa"),
    "counter": _("Noudetaan asiointipisteestä"),
    "portal": _("Vain verkkopalvelussa"),
}
_LONGEST_ROW = 100


def _past(form: PortalForm, field: FiDate, message: Any) -> None:
    if field.day and field.day > form.today:
        raise ValidationError(message)


class PostedForm(PortalForm):
    """The day a batch was posted."""

    posted_on = FiDate(_("Postituspäivä"), [Typed(_("Kirjoita postituspäivä"))])

    def validate_posted_on(self, field: FiDate) -> None:
        """Nothing has been posted tomorrow."""
        _past(self, field, _("Postituspäivä ei voi olla tulevaisuudessa"))


class ReturnedForm(PortalForm):
    """The code of a letter that came back, typed or scanned, and why it did."""

    code = StringField(_("Kirjeen tunnus"), [Typed(_("Kirjoita kirjeen tunnus, esimerkiksi K7Q2-9FXM-J"))])
    reason = Radios(_("Miksi kirje palautui?"), [Chosen(_("Valitse, miksi kirje palautui"))],
                    choices=options(REASON.items()))  # fmt: skip
    returned_on = FiDate(_("Palautuspäivä"), [Typed(_("Kirjoita päivä, jona kirje palautui"))])

    def validate_returned_on(self, field: FiDate) -> None:
        """Nothing has come back tomorrow."""
        _past(self, field, _("Palautuspäivä ei voi olla tulevaisuudessa"))


class DispatchForm(PortalForm):
    """How the case's letters go; an address only where they are posted."""

    way = Radios(_("Miten kirjeet toimitetaan?"), [Chosen(_("Valitse, miten kirjeet toimitetaan"))],
                 choices=options(WAY.items()))  # fmt: skip
    protected = BooleanField(
        _("Pyytäjällä on turvakielto"),
        description=_("Tunnettua osoitetta ei käytetä eikä painata. Kirje lähetetään vain osoitteeseen, jonka pyytäjä"
                      " on itse antanut kirjeitä varten."),
    )  # fmt: skip
    addition = StringField(_("Osoitteen lisärivi"), [AtMost(_LONGEST_ROW)])
    street = StringField(_("Katuosoite tai postilokero"), [AtMost(_LONGEST_ROW)])
    postcode = StringField(_("Postinumero"), [AtMost(_LONGEST_ROW)])
    town = StringField(_("Postitoimipaikka"), [AtMost(_LONGEST_ROW)])

    def validate(self, extra_validators: Any = None) -> bool:
        """A posted letter needs a whole address."""
        super().validate(extra_validators)
        if self.way.data == Way.POST:
            for field, message in (
                (self.street, _("Kirjoita katuosoite")),
                (self.postcode, _("Kirjoita postinumero")),
                (self.town, _("Kirjoita postitoimipaikka")),
            ):
                if not (field.data or "").strip():
                    field.errors = [message]
        return not self.errors

    def step(self) -> ChooseDispatch:
        """The step that the form describes, once it is valid."""
        rows = ((field.data or "").strip() for field in (self.street, self.postcode, self.town, self.addition))
        address = Address(*rows) if self.way.data == Way.POST else None
        return ChooseDispatch(Way(self.way.data), address, bool(self.protected.data))


@page.route("/<lang>/staff/<controller>/mailroom", STAFF(Action.POST_LETTER))
def list_(visit: Visit) -> str:
    """Letters that wait to be posted, the latest batches, and where returned mail is recorded."""
    every = "all" in request.args
    room = print_batch.mail_room(visit.office, visit.who, every=every)
    ready = [one for one in room.waiting if one.obstacle is None]
    held_up = [one for one in room.waiting if one.obstacle is not None]
    values = {"ready": ready, "held_up": held_up, "batches": room.batches, "every": every, "obstacle": OBSTACLE}
    envelope = visit.here.envelope
    return render_template("staff/mailroom/list.html", **desk(visit, envelope=envelope, **values))


@page.route("/<lang>/staff/<controller>/mailroom/batch", STAFF(Action.POST_LETTER, fresh=True), methods=("POST",))
def make(visit: Visit) -> Response:
    """Bind the chosen letters into one file."""
    chosen = request.form.getlist("letter")
    if not chosen:
        return go(visit, "staff.mailroom.list")
    made = print_batch.make_batch(visit.office, visit.who, chosen, visit.language)
    return go(visit, "staff.mailroom.batch", number=made.number)


@page.route(
    "/<lang>/staff/<controller>/mailroom/batch/<int:number>", STAFF(Action.POST_LETTER), methods=("GET", "POST")
)
def batch(visit: Visit, number: int) -> Response | tuple[str, int]:
    """One batch: print it, print it again, and record the day on which it was posted."""
    view = print_batch.open_batch(visit.office, visit.who, number)
    today = visit.office.today()
    form = PostedForm(today, data={"posted_on": format_date(today)} if request.method == "GET" else None)
    if form.validate_on_submit():
        print_batch.post_batch(visit.office, visit.who, number, form.posted_on.day or today)
        return go(visit, "staff.mailroom.batch", number=number)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    shown = render_template("staff/mailroom/batch.html", **desk(visit, view=view, form=form, **values))
    return shown, 422 if errors else 200


@page.route("/<lang>/staff/<controller>/mailroom/batch/<int:number>/drop", STAFF(Action.POST_LETTER), methods=("POST",))
def drop(visit: Visit, number: int) -> Response:
    """The batch will not be posted; its letters wait again."""
    print_batch.drop_batch(visit.office, visit.who, number)
    return go(visit, "staff.mailroom.list")


@page.route("/<lang>/staff/<controller>/mailroom/batch/<int:number>.pdf", STAFF(Action.POST_LETTER, fresh=True))
def pdf(visit: Visit, number: int) -> FlaskResponse:
    """The batch as it was bound, the same bytes at every printing."""
    return pdf_answer(print_batch.batch_file(visit.office, visit.who, number), f"{visit.here.id}-{number}.pdf")


@page.route("/<lang>/staff/<controller>/mailroom/batch/<int:number>.csv", STAFF(Action.POST_LETTER, fresh=True))
def manifest(visit: Visit, number: int) -> FlaskResponse:
    """The batch's manifest as a table for a spreadsheet; no names."""
    view = print_batch.open_batch(visit.office, visit.who, number)
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow([_("Nro"), _("Tunnus"), _("Asia"), _("Sivuja"), _("Saatesivu"), _("Postitettu")])
    posted = format_date(view.batch.posted_on) if view.batch.posted_on else ""
    for item in view.items:
        table.writerow([item.place, item.code or "", item.ref, item.pages, "x" if item.cover else "", posted])
    answer = FlaskResponse(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'attachment; filename="{visit.here.id}-{number}.csv"'
    return answer


@page.route("/<lang>/staff/<controller>/mailroom/calibration.pdf", STAFF(Action.POST_LETTER))
def calibration(visit: Visit) -> FlaskResponse:
    """A sheet to fold into the controller's own envelope."""
    return pdf_answer(visit.office.press.calibration(visit.here, visit.language), f"{visit.here.id}-c.pdf")


@page.route("/<lang>/staff/<controller>/mailroom/returned", STAFF(Action.POST_LETTER), methods=("GET", "POST"))
def returned(visit: Visit) -> Response | tuple[str, int]:
    """A letter that came back: its code leads to its case."""
    today = visit.office.today()
    form = ReturnedForm(today, data={"returned_on": format_date(today)} if request.method == "GET" else None)
    if form.validate_on_submit():
        found = _record(visit, form, form.returned_on.day or today)
        if found:
            return go(visit, "staff.mailroom.dispatch", ref=found)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    return render_template("staff/mailroom/returned.html", **desk(visit, form=form, **values)), 422 if errors else 200


def _record(visit: Visit, form: ReturnedForm, on: date) -> str | None:
    """The reference of the letter's case, or None with the reason on the form."""
    try:
        return record_return(visit.office, visit.who, form.code.data or "", form.reason.data or "", on).ref
    except Absent:
        form.code.errors = [_("Tällä tunnuksella ei ole kirjettä. Tarkista tunnus kirjeen alareunasta")]
    except NotNow:
        form.returned_on.errors = [_("Kirjettä ei ole merkitty postitetuksi ennen tätä päivää")]
    return None


@page.route("/<lang>/staff/<controller>/cases/<ref>/dispatch", STAFF(Action.POST_LETTER), methods=("GET", "POST"))
def dispatch(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """How the case's letters go: an address, the counter, or the portal alone."""
    told = dispatch_view(visit.office, visit.who, ref)
    form = DispatchForm(visit.office.today(), data=_known(told) if request.method == "GET" else None)
    if form.validate_on_submit() and _choose(visit, ref, form):
        return go(visit, "staff.mailroom.dispatch", ref=ref)
    errors = page_errors(form)
    values: dict[str, Any] = {"page_errors": errors} if errors else {}
    view = lists.case_view(visit.office, visit.who, ref)
    values |= {"told": told, "form": form, "obstacle": OBSTACLE, "way": WAY, "letter_kind": words.LETTER}
    return render_template("staff/mailroom/dispatch.html", **case_desk(visit, view, "case", **values)), (
        422 if errors else 200
    )


def _known(told: Any) -> dict[str, Any]:
    address = told.case.applicant.address or Address("", "", "")
    protected = told.case.dispatch is not None and told.case.dispatch.protected
    fields = {"street": address.street, "postcode": address.postcode, "town": address.town}
    return {"way": told.case.way.value, "protected": protected, "addition": address.addition, **fields}


def _choose(visit: Visit, ref: str, form: DispatchForm) -> bool:
    """Whether the choice was taken; otherwise the reason stands on the form."""
    try:
        choose_dispatch(visit.office, visit.who, ref, form.step(), seen())
    except AddressTooLong:
        form.street.errors = [
            _("Osoite ei mahdu kuoren ikkunaan. Sovi pyytäjän kanssa lyhyemmästä tai valitse muu tapa")
        ]
    except NotNow as reason:
        if reason.code != "no_safe_address":
            raise
        form.street.errors = [
            _("Turvakiellon aikana tunnettua osoitetta ei käytetä. Kirjoita osoite, jonka pyytäjä on antanut kirjeitä"
              " varten, tai valitse muu tapa")
        ]  # fmt: skip
    return not form.street.errors
