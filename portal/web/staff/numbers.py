"""The numbers of a case: what is known of each, and staff's part in it: compare, ring and read a code out, take back.

The day of the proof stands beside the day of the call, for a number changes hands.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.domain.access import Action, allowed
from portal.domain.moments import helsinki
from portal.domain.number_proof import (
    SUPPORTS,
    CodeWay,
    Grade,
    How,
    NumberProof,
    days_apart,
    far_apart,
    note_fault,
)
from portal.domain.phone import Number, normalise
from portal.services import lists
from portal.services.lists import CaseView
from portal.services.prove_number import number_of
from portal.services.support_number import called_on, read_out, share_number, support_number, unprove_number
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.numbers")

GRADE = {
    Grade.PROVED: (_("Todistettu koodilla"), "ok", "circle-check"),
    Grade.SUPPORTED: (_("Tuettu vertailulla"), "ok", "circle-check"),
    Grade.UNPROVED: (_("Ei varmistettu"), "warn", "triangle-alert"),
}
HOW = {
    How.TEXT: _("koodi tekstiviestinä"),
    How.READ_OUT: _("koodi puhelimessa"),
    How.REGISTER: _("numero on rekisterinpitäjän asiakasrekisterissä"),
    How.DETAILS: _("aiemmin tunnetut tiedot täsmäävät"),
    How.DOCUMENTS: _("asiakirja nähty"),
    How.STATED: _("salainen tai entinen numero, ilmoitettu käyttöaika täsmää"),
}
KIND = {
    "mobile": _("matkapuhelin"),
    "fixed": _("lankapuhelin"),
    "service": _("yritysnumero"),
    "toll_free": _("maksuton palvelunumero"),
    "premium": _("maksullinen palvelunumero"),
    "short": _("lyhyt palvelunumero"),
    "foreign": _("ulkomainen numero"),
    "unknown": _("tuntematon numero"),
}
_FAULT = {
    "no_note": _("Kirjoita, mihin tiedot perustuvat"),
    "number_in_note": _("Kirjoita vain asiakirjan laji, ei sen numeroa"),
}


class SupportForm(PortalForm):
    """How the number was found to be the applicant's, and on which facts."""

    how = Radios(
        _("Miten numero varmistettiin?"),
        [Chosen(_("Valitse, miten numero varmistettiin"))],
        choices=options((how.value, HOW[how]) for how in SUPPORTS),
    )
    note = TextAreaField(
        _("Mihin se perustuu?"),
        [AtMost(1000)],
        description=_("Asiakirjasta vain laji, ei numeroa. Salaisesta tai entisestä numerosta käyttöaika."),
    )

    def validate_note(self, field: TextAreaField) -> None:
        """Facts are there, and no document's number."""
        fault = note_fault(How(self.how.data), field.data or "") if self.how.data in set(How) else None
        if fault:
            raise ValidationError(_FAULT[fault])


class BackForm(PortalForm):
    """Why a proof or a support is taken back."""

    why = StringField(_("Miksi merkintä puretaan?"), [Typed(_("Kirjoita syy")), AtMost(500)])


class ShareForm(PortalForm):
    """Do others use the number too?"""

    shared = BooleanField(
        _("Numero on yhteinen tai puhelut siirtyvät siihen muualta"),
        description=_("Pyytäjälle annetaan silloin vain ne kohdat, joissa hän itse puhuu."),
    )


@dataclass(frozen=True)
class Line:
    """One call's number as the page shows it. `warn`: the proof and the call lie far apart."""

    call: int
    number: str | None
    kind: str | None
    proof: NumberProof
    called_on: date | None
    proved_on: date | None
    by: str
    warn: bool
    rings: bool


def lines(visit: Visit, view: CaseView) -> list[Line]:
    """What is known of the number of each call."""
    names = _names(visit, view)
    return [_line(visit, view, call, names) for call in view.case.items]


def _names(visit: Visit, view: CaseView) -> dict[str, str]:
    found = {one.by for one in view.case.numbers if one.by}
    if not found:
        return {}
    with visit.office.reading() as work:
        return dict(work.staff.names(found))


def _line(visit: Visit, view: CaseView, call: int, names: dict[str, str]) -> Line:
    number, proof = number_of(view.case, call), view.case.number(call)
    known = normalise(number) if number else None
    recorded = [one.recording.start for one in view.candidates
                if one.recording and one.call == call and one.finding and one.finding.chosen]  # fmt: skip
    called = called_on(view.case, call, helsinki(recorded[0]).date() if recorded else None)
    proved = helsinki(proof.at).date() if proof.at else None
    return Line(
        call=call,
        number=number,
        kind=str(KIND[known.kind]) if isinstance(known, Number) else None,
        proof=proof,
        called_on=called,
        proved_on=proved,
        by=names.get(proof.by, ""),
        warn=proved is not None and far_apart(days_apart(proved, called)),
        rings=visit.office.codes.way(number) is not CodeWay.STAFF,
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/numbers", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """Each number with its grade, and what may be done about it."""
    return _shown(visit, lists.case_view(visit.office, visit.who, ref), {})


Forms = dict[tuple[int, str], PortalForm]
_FORMS: dict[str, type[PortalForm]] = {"support": SupportForm, "back": BackForm, "share": ShareForm}


def _form(visit: Visit, view: CaseView, call: int, name: str) -> Any:
    data = {"shared": view.case.number(call).shared} if name == "share" else None
    return _FORMS[name](visit.office.today(), data=data, prefix=f"{name}{call}-")


def _shown(visit: Visit, view: CaseView, given: Forms, **values: Any) -> str:
    forms = {
        (call, name): given.get((call, name)) or _form(visit, view, call, name)
        for call in view.case.items
        for name in _FORMS
    }
    errors = [error for form in given.values() for error in page_errors(form)]
    may = view.case.state.open and allowed(visit.who, Action.SUPPORT_NUMBER, view.case.register)
    values |= {"lines": lines(visit, view), "forms": forms, "may": may, "grades": GRADE, "hows": HOW}
    if errors:
        values["page_errors"] = errors
    return render_template("staff/numbers/show.html", **case_desk(visit, view, "case", **values))


_ONE = "/<lang>/staff/<controller>/cases/<ref>/numbers/<int:call>"


@page.route(f"{_ONE}/support", STAFF(Action.SUPPORT_NUMBER), methods=("POST",))
def support(visit: Visit, ref: str, call: int) -> Response | tuple[str, int]:
    """Record what the comparison gave."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _form(visit, view, call, "support")
    if not form.validate_on_submit():
        return _shown(visit, view, {(call, "support"): form}), 422
    support_number(visit.office, visit.who, ref, call, How(form.how.data), form.note.data or "", seen())
    return go(visit, "staff.numbers.show", ref=ref)


@page.route(f"{_ONE}/back", STAFF(Action.SUPPORT_NUMBER), methods=("POST",))
def back(visit: Visit, ref: str, call: int) -> Response | tuple[str, int]:
    """Take the grade back."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _form(visit, view, call, "back")
    if not form.validate_on_submit():
        return _shown(visit, view, {(call, "back"): form}), 422
    unprove_number(visit.office, visit.who, ref, call, form.why.data or "", seen())
    return go(visit, "staff.numbers.show", ref=ref)


@page.route(f"{_ONE}/share", STAFF(Action.SUPPORT_NUMBER), methods=("POST",))
def share(visit: Visit, ref: str, call: int) -> Response:
    """Note whether others use the number too."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _form(visit, view, call, "share")
    if bool(form.shared.data) is not view.case.number(call).shared:
        share_number(visit.office, visit.who, ref, call, bool(form.shared.data), seen())
    return go(visit, "staff.numbers.show", ref=ref)


@page.route(f"{_ONE}/ring", STAFF(Action.SUPPORT_NUMBER), methods=("POST",))
def ring(visit: Visit, ref: str, call: int) -> str:
    """A code to read out: shown by this answer alone, which no address shows again."""
    code = read_out(visit.office, visit.who, ref, call, seen())
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, {}, code=code, code_call=call)
