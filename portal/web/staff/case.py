"""A case on one page: what was asked, what comes next and why, the recordings, the due date and the events.

The steps shown are those of `lifecycle.open_steps`; a step that was open when the page was made and is not any more
is answered by the page for stale forms.
"""

from datetime import date, timedelta
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField
from wtforms.validators import ValidationError

from portal.domain.access import Action, allowed
from portal.domain.acts import CLOSE_AFTER, may_close_unanswered
from portal.domain.case import Question, Route, extended, leading, openness, renewed
from portal.domain.decisions import NOTICE_KINDS
from portal.domain.derivation import derivation_text, openness_text, reopened_text
from portal.domain.lifecycle import Ask, Extend, NotNow
from portal.domain.moments import format_date, helsinki
from portal.domain.words import Language
from portal.services import close_case, lists, post_letter
from portal.services.ask_applicant import ask_applicant, question_facts, why_no_pause
from portal.services.change_language import change_language as change
from portal.services.extend import barred, notice_facts
from portal.services.extend import extend as extend_limit
from portal.services.hand_over import open_letter
from portal.services.lists import CaseView
from portal.services.representation import acting_view
from portal.services.take_up import take_up as take
from portal.services.visits import appointments
from portal.web.fields import AtMost, Chosen, FiDate, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import rules, words
from portal.web.staff.calls import reasons
from portal.web.staff.desk import case_desk, go, listen_target, seen

page = Page("staff.case")
LONGEST = 4000
SHORTEST_REASON = 40
ANSWER_DAYS = 14
EVENTS_SHOWN = 5


class AskForm(PortalForm):
    """What is asked, why, and by when; two findings decide whether the clock stops."""

    kind = Radios(
        lazy_gettext("Mitä kysytään?"),
        [Chosen(lazy_gettext("Valitse, mitä kysytään"))],
        choices=options(words.QUESTION.items()),
    )
    what = TextAreaField(
        lazy_gettext("Mitä tietoja tarvitset?"),
        [Typed(lazy_gettext("Kirjoita, mitä tietoja tarvitset")), AtMost(LONGEST)],
    )
    why = TextAreaField(
        lazy_gettext("Miksi tarvitset ne?"), [Typed(lazy_gettext("Kirjoita, miksi tarvitset ne")), AtMost(LONGEST)]
    )
    answer_by = FiDate(
        lazy_gettext("Vastaus viimeistään"), [Typed(lazy_gettext("Kirjoita päivä, johon mennessä vastaus tarvitaan"))]
    )
    doubt = BooleanField(
        lazy_gettext("Henkilöllisyyttä on perusteltua syytä epäillä"),
        description=lazy_gettext(
            "Vahvan tunnistautumisen jälkeen epäilylle on oltava erityinen syy. Vain silloin kello pysähtyy"
            " (tietosuoja-asetus 12(6))."
        ),
    )
    large_quantity = BooleanField(
        lazy_gettext("Pyytäjästä käsitellään suurta määrää tietoja"),
        description=lazy_gettext(
            "Vain silloin pyynnön täsmentäminen pysäyttää kellon (tietosuoja-asetus, johdanto-osan 63 kappale)."
        ),
    )

    def validate_answer_by(self, field: FiDate) -> None:
        """A day in the future: the applicant must have time to answer."""
        if field.day and field.day <= self.today:
            raise ValidationError(_("Valitse päivä, joka on vielä edessä"))

    def step(self) -> Ask:
        """The step that the form describes, once it is valid."""
        return Ask(
            self.kind.data or "", (self.what.data or "").strip(), (self.why.data or "").strip(),
            self.answer_by.day or self.today, bool(self.doubt.data), bool(self.large_quantity.data),
        )  # fmt: skip


class ExtendForm(PortalForm):
    """An accepted reason and what it means in this case."""

    reason = Radios(
        lazy_gettext("Syy"), [Chosen(lazy_gettext("Valitse syy"))], choices=options(words.EXTENSION.items())
    )
    text = TextAreaField(lazy_gettext("Miksi juuri tämä pyyntö vaatii lisäaikaa?"), [AtMost(LONGEST)])

    def validate_text(self, field: TextAreaField) -> None:
        """The reasons are this case's own: a word or two cannot be."""
        if len((field.data or "").strip()) < SHORTEST_REASON:
            raise ValidationError(_("Kerro syy tämän pyynnön osalta vähintään %(num)d merkillä", num=SHORTEST_REASON))

    def step(self) -> Extend:
        """The step that the form describes, once it is valid."""
        return Extend(self.reason.data or "", (self.text.data or "").strip())


class LanguageForm(PortalForm):
    """One of the languages in which the register serves."""

    language = Radios(
        lazy_gettext("Asiointikieli"),
        [Chosen(lazy_gettext("Valitse kieli"))],
        description=lazy_gettext(
            "Kirjeet annetaan vaihdon jälkeen tällä kielellä. Jo annetut kirjeet jäävät ennalleen."
        ),
    )


class PostedForm(PortalForm):
    """The day a printed letter was posted."""

    posted_on = FiDate(lazy_gettext("Postituspäivä"), [Typed(lazy_gettext("Kirjoita postituspäivä"))])

    def validate_posted_on(self, field: FiDate) -> None:
        """Nothing has been posted tomorrow."""
        if field.day and field.day > self.today:
            raise ValidationError(_("Postituspäivä ei voi olla tulevaisuudessa"))


@page.route("/<lang>/staff/<controller>/cases/<ref>", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """The case with its next step."""
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, _posted_form(visit))


def _language_form(visit: Visit, view: CaseView) -> LanguageForm:
    form = LanguageForm(visit.office.today(), data={"language": view.case.language.value})
    form.language.choices = options((one.value, words.LANGUAGE[one]) for one in view.register.languages)
    return form


def _posted_form(visit: Visit) -> PostedForm:
    today = visit.office.today()
    return PostedForm(today, data={"posted_on": format_date(today)} if "posted_on" not in request.form else None)


def _shown(
    visit: Visit, view: CaseView, posted: PostedForm, language: LanguageForm | None = None, **values: Any
) -> str:
    decided = [one for one in view.documents if one.kind not in NOTICE_KINDS] if view.case.answered_at else []
    return render_template(
        "staff/case/show.html",
        **case_desk(
            visit,
            view,
            "case",
            derivation=_derivation(view, visit.language.value),
            clock=leading(view.case),
            extended=extended(view.case),
            other_clock=openness(view.case),
            waits=_waits(view.case.question, visit.office.today()) if view.case.question else None,
            closable=may_close_unanswered(view.case, visit.office.today()),
            events_shown=EVENTS_SHOWN,
            visits=appointments(visit.office, visit.who, view.case.ref) if view.case.visit else (),
            heard=listen_target(view),
            reasons=reasons,
            to_post=[one for one in decided if one.posted_on is None],
            may_post=allowed(visit.who, Action.POST_LETTER, view.case.register),
            posted_form=posted,
            language_form=language or _language_form(visit, view),
            letter_kind=words.LETTER,
            mine=view.case.handler == visit.who.id,
            events=_events(view),
            face="staff",
            best=view.candidates[:3],
            said=_said(view),
            standing=acting_view(visit.office, visit.who, view.case.ref),
            may_decide=allowed(visit.who, Action.DECIDE, view.case.register),
            **values,
        ),
    )


def _derivation(view: CaseView, language: str) -> tuple[str, ...]:
    """How the case's dates were counted, the clock that leads first."""
    case, other = view.case, openness(view.case)
    if case.reopened:
        return reopened_text(case.reopened, language, leading(case).due if extended(case) else None)
    months = derivation_text(view.deadline, language, inner=True) if case.route is not Route.OPENNESS else ()
    weeks = openness_text(other, language, large=case.large) if other else ()
    return weeks + months if leading(case).law == "openness" else months + weeks


def _waits(question: Question, today: date) -> tuple[int, date]:
    """For how many days the applicant's answer has been awaited, and from which day the case may be closed without."""
    asked = helsinki(question.asked_at).date()
    return (today - asked).days, max(asked + CLOSE_AFTER, question.answer_by + timedelta(days=1))


def _events(view: CaseView) -> list[dict[str, Any]]:
    """The case's events, newest first; the same thing done again and again by the same hand is one line."""
    shown: list[dict[str, Any]] = []
    for moment in view.timeline:
        same = (moment.kind, moment.who, *(moment.facts.get(name) for name in ("outcome", "new", "recipient", "form")))
        if shown and shown[-1]["same"] == same:
            shown[-1]["times"] += 1
        else:
            by = moment.who or words.ACTOR[moment.actor_kind]
            shown.append({"moment": moment, "by": by, "times": 1, "same": same})
    return shown


def _said(view: CaseView) -> list[str]:
    """What the applicant wrote in the form, in their own words."""
    wishes = view.case.wishes
    texts = [wishes.wrong, wishes.correct, wishes.reason, *(call.note for call in view.case.calls)]
    return [text for text in texts if text]


@page.route("/<lang>/staff/<controller>/cases/<ref>/take-up", STAFF(Action.TAKE_UP), methods=("POST",))
def take_up(visit: Visit, ref: str) -> Response:
    """Make the visitor the case's handler."""
    take(visit.office, visit.who, ref, seen())
    return go(visit, "staff.case.show", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/language", STAFF(Action.TAKE_UP), methods=("POST",))
def change_language(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Handle the matter in another language from now on."""
    view = lists.case_view(visit.office, visit.who, ref)
    form = _language_form(visit, view)
    if form.validate_on_submit():
        change(visit.office, visit.who, ref, Language(form.language.data), seen())
        return go(visit, "staff.case.show", ref=ref)
    return _shown(visit, view, _posted_form(visit), form, page_errors=page_errors(form)), 422


@page.route("/<lang>/staff/<controller>/cases/<ref>/ask", STAFF(Action.ASK), methods=("GET", "POST"))
def ask(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Ask the applicant; the letter is previewed before it goes."""
    view = lists.case_view(visit.office, visit.who, ref)
    _must_be_open(view, "Ask")
    today = visit.office.today()
    first = {"kind": "call", "answer_by": format_date(today + timedelta(days=ANSWER_DAYS))}
    form = AskForm(today, data=first if request.method == "GET" else None)
    preview, why = None, ""
    both = openness(view.case) if view.case.route is Route.BOTH and not view.case.reopened else None
    if form.validate_on_submit():
        if "preview" not in request.form:
            ask_applicant(visit.office, visit.who, ref, form.step(), seen())
            return go(visit, "staff.case.show", ref=ref)
        facts = question_facts(visit.office, view.case, form.step(), visit.who)
        why = why_no_pause(visit.office, view.case, form.step(), visit.who)
        preview = visit.office.letters.preview(facts)
    return _form_page(visit, view, "ask", form, preview, no_pause=why, runs_on=both)


@page.route("/<lang>/staff/<controller>/cases/<ref>/extend", STAFF(Action.EXTEND), methods=("GET", "POST"))
def extend(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Extend the time limit by two months; the notice is previewed before it goes. Where the law does not allow it,
    the page names the rule and keeps the text."""
    view = lists.case_view(visit.office, visit.who, ref)
    _must_be_open(view, "Extend")
    form = ExtendForm(visit.office.today())
    preview, why = None, barred(visit.office, view.case, visit.who)
    if form.validate_on_submit() and why is None:
        if "preview" not in request.form:
            extend_limit(visit.office, visit.who, ref, form.step(), seen())
            return go(visit, "staff.case.show", ref=ref)
        facts = notice_facts(visit.office, view.case, form.step(), visit.who)
        preview = visit.office.letters.preview(facts)
    shown, status = _form_page(visit, view, "extend", form, preview, new_due=_extended_due(view), barred=why)
    return shown, 409 if why and request.method == "POST" and status == 200 else status


def _extended_due(view: CaseView) -> date:
    own = renewed(view.case) or view.deadline
    return own.extended_due or own.internal_extended_due


def _must_be_open(view: CaseView, step: str) -> None:
    if step not in {one.__name__ for one in view.steps}:
        raise NotNow("state")


def _form_page(
    visit: Visit, view: CaseView, name: str, form: PortalForm, preview: str | None, **values: Any
) -> tuple[str, int]:
    errors = page_errors(form)
    if errors:
        values["page_errors"] = errors
    # the letter comes from our own templates, which escape every fact
    values |= {"preview": Markup(preview) if preview else None, "rules": rules}
    shown = render_template(f"staff/case/{name}.html", **case_desk(visit, view, "case", form=form, **values))
    return shown, 422 if errors else 200


@page.route("/<lang>/staff/<controller>/cases/<ref>/close", STAFF(Action.CLOSE), methods=("POST",))
def close(visit: Visit, ref: str) -> Response:
    """End the handling of an answered case."""
    close_case.close_case(visit.office, visit.who, ref, seen())
    return go(visit, "staff.case.show", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/posted", STAFF(Action.POST_LETTER), methods=("POST",))
def posted(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Record the day on which a printed letter was posted."""
    form = _posted_form(visit)
    if form.validate_on_submit():
        day = form.posted_on.day or visit.office.today()
        post_letter.post_letter(visit.office, visit.who, ref, request.form.get("document", ""), day, seen())
        return go(visit, "staff.case.show", ref=ref)
    view = lists.case_view(visit.office, visit.who, ref)
    return _shown(visit, view, form, page_errors=page_errors(form)), 422


@page.route("/<lang>/staff/<controller>/cases/<ref>/letter/<document>", STAFF(Action.SEE_CASE))
def letter(visit: Visit, ref: str, document: str) -> FlaskResponse:
    """A letter as it was frozen; shown in the browser, or saved when asked."""
    file = open_letter(visit.office, visit.who, ref, document)
    return pdf_answer(file.pdf, f"{ref}-{file.document.kind}.pdf", saved="save" in request.args)


def pdf_answer(pdf: bytes, name: str, *, saved: bool = False) -> FlaskResponse:
    """A PDF that no cache keeps; the name holds the reference alone."""
    answer = FlaskResponse(pdf, mimetype="application/pdf")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'{"attachment" if saved else "inline"}; filename="{name}"'
    return answer
