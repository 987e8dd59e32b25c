"""One own request: what is next and by when, what has happened, who handled it; writing, narrowing, withdrawing,
and answering what was announced."""

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from portal.domain.acts import closed_unanswered
from portal.domain.case import Act, Case, extended, leading, openness
from portal.domain.derivation import derivation_text, openness_text, reopened_text
from portal.domain.lifecycle import open_steps
from portal.domain.moments import helsinki, on_date
from portal.services import lists
from portal.services.answer_fee import answer_fee
from portal.services.book_visit import my_visit
from portal.services.lists import MyCaseView
from portal.services.narrow_request import narrow_request
from portal.services.send_message import LONGEST, send_message
from portal.services.withdraw_request import withdraw_request
from portal.web.citizen import contact_state, number_state, request_summary
from portal.web.citizen.rights import RIGHT_NAME, STATE_TEXT, document_name
from portal.web.fields import AtMost, Checks, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page

page = Page("citizen.case")
Answer = str | Response | tuple[str, int]

HANDLED = {
    "taken_up": _("otti pyynnön käsittelyyn"),
    "question_asked": _("pyysi lisätietoja"),
    "deadline_extended": _("jatkoi määräaikaa"),
    "route_decided": _("ratkaisi, minkä lain mukaan pyyntöön vastataan"),
    "visit_offered": _("tarjosi aikoja kuuntelukäynnille"),
    "visit_called_off": _("poisti varaamasi kuunteluajan käytöstä"),
    "visit_attended": _("tarkasti henkilöllisyytesi kuuntelukäynnillä"),
    "visit_unmatched": _("kirjasi, ettei kuuntelu voinut alkaa"),
    "visit_missed": _("kirjasi, ettei kuuntelukäyntiä tullut"),
    "letter_issued": _("laati kirjeen"),
    "answer_given": _("antoi vastauksen"),
    "copy_revoked": _("perui antamansa kopion"),
    "copy_renewed": _("antoi kopiolle lisää latauskertoja"),
    "recording_erased": _("poisti tallenteen"),
    "erasure_asked": _("poisti omat kopiot tallenteesta ja pyytää operaattoria poistamaan sen"),
    "erasure_confirmed": _("kirjasi, että operaattori on poistanut tallenteen"),
    "recording_restricted": _("rajoitti tallenteen käyttöä"),
    "statement_attached": _("liitti lisäselvityksesi tallenteeseen"),
    "letter_posted": _("postitti kirjeen"),
    "letter_returned": _("kirjasi kirjeen palautuneeksi"),
    "dispatch_chosen": _("valitsi kirjeiden toimitustavan"),
    "language_changed": _("vaihtoi asiointikielen"),
    "case_closed": _("päätti asian käsittelyn"),
}
"""What a handler did, for the part of the page that tells who handled the matter."""


class MessageForm(PortalForm):
    """A message to the controller, or the answer to its question."""

    text = TextAreaField(_("Viestisi"), [Typed(_("Kirjoita viesti")), AtMost(LONGEST)])


class NarrowForm(PortalForm):
    """The calls that stay in the request."""

    calls = Checks(_("Mitä puheluita pyyntösi koskee?"))

    def validate_calls(self, field: Checks) -> None:
        """Some stay and some go: leaving all out is a withdrawal."""
        if not field.data:
            raise ValidationError(
                gettext("Valitse ainakin yksi puhelu. Jos et tarvitse niistä mitään, peruuta koko pyyntö")
            )
        if len(field.data) == len(field.choices or ()):
            raise ValidationError(gettext("Poista valinta puhelulta, jonka haluat jättää pois"))


class FeeForm(PortalForm):
    """Does the applicant accept the announced fee?"""

    accepted = Radios(
        _("Hyväksytkö maksun?"),
        [Chosen(_("Valitse, hyväksytkö maksun"))],
        choices=options([("yes", _("Hyväksyn maksun")), ("no", _("En hyväksy maksua"))]),
    )


@page.route("/<lang>/<controller>/cases/<ref>", CITIZEN)
def show(visit: Visit, ref: str) -> str:
    """The request with its timeline."""
    mine = lists.my_case(visit.office, visit.who, ref)
    case = mine.case
    return render_template(
        "citizen/case/show.html",
        mine=mine,
        right_name=RIGHT_NAME[case.right],
        state=STATE_TEXT[case.state],
        on_day=lambda day: on_date(day, visit.language),
        due=leading(case).due,
        counted=_counted(mine, visit.language),
        rows=request_summary.of_case(
            case, visit.here, visit.office.today(), visit.language, number_state.case_rows(visit, case)
        )
        + contact_state.rows(visit, case),
        handled=[one for one in mine.handling if one.what in HANDLED],
        handled_text=HANDLED,
        document_name=document_name,
        steps=_steps(visit, case),
        fee=_announced(case),
        euros=euros,
        reopened_on=on_date(helsinki(case.reopened.at).date(), visit.language) if case.reopened else "",
        listening=my_visit(visit.office, visit.who, ref) if case.visit else None,
        answered_before=any(one.kind == "answer_given" for one in mine.timeline),
        **frame(visit),
    )


def _counted(mine: lists.MyCaseView, language: str) -> tuple[str, ...]:
    """How the day that leads was counted."""
    case, other = mine.case, openness(mine.case)
    if case.reopened:
        return reopened_text(case.reopened, language, leading(case).due if extended(case) else None)
    if other and leading(case).law == "openness":
        return openness_text(other, language, large=case.large)
    return derivation_text(mine.deadline, language)


def _steps(visit: Visit, case: Case) -> frozenset[str]:
    return frozenset(step.__name__ for step in open_steps(case, visit.who))


@page.route("/<lang>/<controller>/cases/<ref>/message", CITIZEN, methods=("GET", "POST"))
def message(visit: Visit, ref: str) -> Answer:
    """Write to the handler; while a question is open this answers it, also after a closing for want of its answer."""
    mine = lists.my_case(visit.office, visit.who, ref)
    form = MessageForm(visit.office.today())
    if request.method == "POST" and form.validate():
        send_message(visit.office, visit.who, ref, (form.text.data or "").strip())
        return _back(visit, ref)
    if not mine.can_write:
        return _back(visit, ref)
    reopens = closed_unanswered(mine.case) and not mine.case.state.open
    return form_page(visit, "case/message", mine, form, longest=LONGEST, reopens=reopens)


def _back(visit: Visit, ref: str) -> Response:
    return redirect(visit.url("citizen.case.show", ref=ref), 303)


def form_page(visit: Visit, name: str, mine: MyCaseView, form: PortalForm, status: int = 422, **values: Any) -> Answer:
    """The page of a form; `status` where it has errors, with everything typed kept."""
    values = {"mine": mine, "form": form, "on_day": lambda day: on_date(day, visit.language), **values, **frame(visit)}
    errors = page_errors(form)
    if not errors:
        return render_template(f"citizen/{name}.html", **values)
    return render_template(f"citizen/{name}.html", page_errors=errors, **values), status


@page.route("/<lang>/<controller>/cases/<ref>/withdraw", CITIZEN, methods=("GET", "POST"))
def withdraw(visit: Visit, ref: str) -> Answer:
    """Ask once more, then withdraw."""
    mine = lists.my_case(visit.office, visit.who, ref)
    if request.method == "POST":
        withdraw_request(visit.office, visit.who, ref)
        return _back(visit, ref)
    if not mine.can_withdraw:
        return _back(visit, ref)
    return render_template("citizen/case/withdraw.html", mine=mine, **frame(visit))


@page.route("/<lang>/<controller>/cases/<ref>/narrow", CITIZEN, methods=("GET", "POST"))
def narrow(visit: Visit, ref: str) -> Answer:
    """Leave calls out of the request."""
    mine = lists.my_case(visit.office, visit.who, ref)
    if "Narrow" not in _steps(visit, mine.case) or len(mine.case.calls) < 2:
        return _back(visit, ref)
    described = request_summary.lines(mine.case.calls, visit.here, visit.office.today(), visit.language)
    form = NarrowForm(visit.office.today())
    form.calls.choices = options((str(one["n"]), one["when"]) for one in described)
    if request.method == "POST":
        if form.validate():
            narrow_request(visit.office, visit.who, ref, tuple(int(number) for number in form.calls.data or ()))
            return _back(visit, ref)
    else:
        form.calls.data = [str(one["n"]) for one in described]
    return form_page(visit, "case/narrow", mine, form, notes={str(one["n"]): one["called"] for one in described})


@page.route("/<lang>/<controller>/cases/<ref>/fee", CITIZEN, methods=("GET", "POST"))
def fee(visit: Visit, ref: str) -> Answer:
    """Accept an announced fee, or do not."""
    mine = lists.my_case(visit.office, visit.who, ref)
    announced = _announced(mine.case)
    if announced is None or announced.accepted is not None or "AnswerFee" not in _steps(visit, mine.case):
        return _back(visit, ref)
    form = FeeForm(visit.office.today())
    if request.method == "POST" and form.validate():
        answer_fee(visit.office, visit.who, ref, accepted=form.accepted.data == "yes")
        return _back(visit, ref)
    letter = next((one for one in reversed(mine.documents) if one.kind == "fee"), None)
    return form_page(visit, "case/fee", mine, form, fee=announced, euros=euros, letter=letter)


def _announced(case: Case) -> Act | None:
    """The fee that a second person has approved."""
    act = case.act("fee")
    return act if act and act.approver else None


def euros(cents: int) -> str:
    """An amount of money as the page's language writes it: 12,50 €, €12.50."""
    whole, part = divmod(cents, 100)
    return gettext("%(whole)d,%(part)s €", whole=whole, part=f"{part:02d}")
