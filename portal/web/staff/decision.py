"""The decision, item by item: outcome, ground, facts and assessment, with a live list of what the letter lacks.

What was typed is kept as it is, complete or not; only `propose` asks for completeness. A copy is granted in part when
an approved redaction of it leaves something out, and whole when nothing is marked.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField

from portal.domain.access import Action
from portal.domain.acts import may_close_unanswered
from portal.domain.case import Case, Verdict
from portal.domain.decisions import Missing, Outcome, grounds_for, needs_second, required_contents
from portal.domain.lifecycle import NotNow
from portal.domain.number_steps import releases
from portal.domain.redaction_version import Version
from portal.domain.rights import Right
from portal.services import decide, lists
from portal.services.decide import DecisionDraft, Incomplete
from portal.services.item_names import first_name
from portal.services.lists import CaseView
from portal.services.omissions import redactable, version_of
from portal.services.transcribe import asks_transcript, given_transcript
from portal.web.fields import AtMost, Radios, options
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.decision")
LONGEST = 8000
_BY_PURPOSE = (Right.OBJECTION, Right.WITHDRAWAL)


class ItemForm(Form):
    """The decision on one item."""

    outcome = Radios(lazy_gettext("Ratkaisu"))
    what = StringField(
        lazy_gettext("Kohta, jota ratkaisu koskee"),
        [AtMost(300)],
        description=lazy_gettext("Näin kohta nimetään kirjeessä."),
    )
    ground = SelectField(lazy_gettext("Peruste"), validate_choice=False)
    facts = TextAreaField(
        lazy_gettext("Tosiseikat"),
        [AtMost(LONGEST)],
        description=lazy_gettext("Mitä puhelussa on ja mistä tiedät sen."),
    )
    assessment = TextAreaField(
        lazy_gettext("Arvio"),
        [AtMost(LONGEST)],
        description=lazy_gettext("Miksi säännös koskee tätä, miksei vähempi riitä."),
    )
    left_out = StringField(lazy_gettext("Mitä jää pois"), [AtMost(300)])
    elsewhere = StringField(
        lazy_gettext("Toinen rekisterinpitäjä"),
        [AtMost(200)],
        description=lazy_gettext("Sen viranomaisen tai yrityksen nimi, jonka tietoja nämä ovat."),
    )
    elsewhere_private = BooleanField(
        lazy_gettext("Toinen rekisterinpitäjä ei ole viranomainen"),
        description=lazy_gettext(
            "Pyyntöä ei silloin voi siirtää: kirje kertoo, minne pyynnön voi tehdä (hallintolaki 21 §)."
        ),
    )
    evidence = TextAreaField(
        lazy_gettext("Näyttö"),
        [AtMost(LONGEST)],
        description=lazy_gettext(
            "Vähintään kaksi päivättyä tosiseikkaa, kukin omalla rivillään. Näyttö tulee kirjeeseen."
        ),
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/decision", STAFF(Action.DECIDE), methods=("GET", "POST"))
def edit(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """The draft, what is missing and the letter as it would be; save it, or send it on."""
    view = lists.case_view(visit.office, visit.who, ref)
    if request.method == "GET":
        forms = _forms(visit, view.case, _kept(visit, view.case))
        return _page(visit, view, forms, status=200)
    if "Propose" not in {step.__name__ for step in view.steps}:
        raise NotNow("state")
    forms = _forms(visit, view.case, None)
    faulty = [number for number, form in forms.items() if not form.validate()]
    if faulty:
        return _page(visit, view, forms, status=422)
    decide.save_draft(visit.office, visit.who, ref, _typed(visit, view.case, forms))
    if "send" not in request.form:
        return go(visit, "staff.decision.edit", ref=ref, _anchor="missing-h")
    if _unheard(view.case, forms) or _unnumbered(view.case, forms):
        return _page(visit, view, forms, status=422, sent=True)
    try:
        decide.propose(visit.office, visit.who, ref, seen())
    except Incomplete:
        return _page(visit, view, forms, status=422, sent=True)
    return go(visit, "staff.case.show", ref=ref)


def _kept(visit: Visit, case: Case) -> Mapping[str, Any]:
    """What was typed before, word for word; the draft's decision holds only what is complete enough to be one."""
    decide.load_draft(visit.office, visit.who, case.ref)
    with visit.office.reading() as work:
        return work.drafts.load(case.id, decide.DRAFT, case.ref) or {}


def _forms(visit: Visit, case: Case, kept: Mapping[str, Any] | None) -> dict[int, ItemForm]:
    """One form an item: from what was kept, or (None) from the request."""
    forms = {}
    first = "\n".join(decide.earlier_requests(visit.office, case))
    for number in case.items:
        given = {"what": first_name(visit.here, case, number), "evidence": first}
        given |= dict((kept or {}).get(str(number), {}))
        form = ItemForm(None if kept is not None else request.form, data=given, prefix=f"i{number}-")
        form.outcome.choices = options((one.value, words.OUTCOME[one]) for one in _outcomes(visit, case))
        form.ground.choices = options(_grounds(visit, case))
        forms[number] = form
    return forms


def _outcomes(visit: Visit, case: Case) -> tuple[Outcome, ...]:
    """What may be decided now: that an answer never came only when it was waited for."""
    unanswered = may_close_unanswered(case, visit.office.today())
    return (*outcomes(case.right), Outcome.OTHER_CONTROLLER, *([Outcome.NO_REPLY] if unanswered else []))


def outcomes(right: Right) -> tuple[Outcome, ...]:
    """What may be decided on an item of this right."""
    if right in _BY_PURPOSE:
        return (Outcome.GRANTED, Outcome.REFUSED)
    if right in (Right.RECTIFICATION, Right.ACCESS, Right.PORTABILITY):
        return (Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NO_RECORDING)
    return (Outcome.GRANTED, Outcome.REFUSED, Outcome.NO_RECORDING)


def _grounds(visit: Visit, case: Case) -> list[tuple[str, Any]]:
    part = Outcome.PARTLY in outcomes(case.right)
    usable = [one for one in grounds_for(case.right) if not one.answer and (part or not one.only_part)]
    language = visit.language
    named = [(one.code, f"{one.label[language]} ({one.provision_for(case.right)[language]})") for one in usable]
    return [("", lazy_gettext("Valitse peruste")), *named]


def _typed(visit: Visit, case: Case, forms: Mapping[int, ItemForm]) -> dict[str, Any]:
    allowed = {one.value for one in _outcomes(visit, case)}
    typed = {}
    for number, form in forms.items():
        fields = {name: value or "" for name, value in form.data.items()}
        fields["outcome"] = fields["outcome"] if fields["outcome"] in allowed else ""
        typed[str(number)] = fields
    return typed


def _unheard(case: Case, forms: Mapping[int, ItemForm]) -> list[int]:
    """Items to be granted whose speaker no listener has confirmed; the step refuses them too."""
    return [] if case.right in _BY_PURPOSE else [n for n in _granted(forms) if not _confirmed(case, n)]


def _unnumbered(case: Case, forms: Mapping[int, ItemForm]) -> list[int]:
    """Items that would give a call out although its number is neither proved nor supported; the step refuses them."""
    return [n for n in _granted(forms) if not case.number(n).enough] if releases(case) else []


def _granted(forms: Mapping[int, ItemForm]) -> list[int]:
    return [n for n, form in forms.items() if form.outcome.data in (Outcome.GRANTED, Outcome.PARTLY)]


def _confirmed(case: Case, number: int) -> bool:
    chosen = [finding for finding in case.chosen if finding.call == number]
    return bool(chosen) and all(finding.speaker is Verdict.FITS for finding in chosen)


def _page(
    visit: Visit, view: CaseView, forms: Mapping[int, ItemForm], *, status: int, sent: bool = False
) -> tuple[str, int]:
    draft = decide.load_draft(visit.office, visit.who, view.case.ref)
    gaps = _gaps(visit, view, draft, forms)
    errors = [(f"{field.id}", str(field.errors[0])) for form in forms.values() for field in form if field.errors]
    if sent:
        errors = [(gap["anchor"], str(gap["text"])) for gap in gaps]
    shown = render_template(
        "staff/decision/edit.html",
        **case_desk(
            visit,
            view,
            "decision",
            forms=forms,
            draft=draft,
            # the letter comes from our own templates, which escape every fact
            preview=Markup(draft.preview),
            missing=gaps,
            present=_present(view, draft),
            several=len(forms) > 1,
            awaited=_awaited(visit, view.case),
            evidenced=decide.EVIDENCED,
            filed=_filed(visit, view.case),
            recipients="recipients_untold" in {one.code for one in draft.missing} or view.case.told,
            transcripts=_transcripts(visit, view.case),
            marked=_marked(visit, view.case),
            second=needs_second(draft.decision, view.case.right) if draft.decision.items else True,
            **({"page_errors": errors} if errors else {}),
        ),
    )
    return shown, status


def _filed(visit: Visit, case: Case) -> int:
    """The person's requests in twelve months, this one among them: told, never charged for."""
    with visit.office.reading() as work:
        return work.cases.filed_since(case.applicant.person, visit.office.now() - decide.YEAR)


def _transcripts(visit: Visit, case: Case) -> list[tuple[str, bool]]:
    """The chosen recordings whose transcript was asked for, each with whether it is complete."""
    if not asks_transcript(case):
        return []
    with visit.office.reading() as work:
        return [(one.recording, given_transcript(work, case, one.recording) is not None) for one in case.chosen]


def _marked(visit: Visit, case: Case) -> list[tuple[str, Version | None]]:
    """The recordings whose copy may leave something out, each with the version that counts."""
    wanted = [one.recording for one in case.chosen if redactable(case, one.recording)]
    with visit.office.reading() as work:
        return [(recording, version_of(work, case, recording)) for recording in wanted]


def _awaited(visit: Visit, case: Case) -> date | None:
    """The day until which an answer from the applicant is awaited; before it is over nothing is decided."""
    if case.question is None or visit.office.today() > case.question.answer_by:
        return None
    return case.question.answer_by


def _gaps(visit: Visit, view: CaseView, draft: DecisionDraft, forms: Mapping[int, ItemForm]) -> list[dict[str, Any]]:
    """What the letter lacks, each with its law and the field that fills it."""
    gaps = [
        {"text": words.MISSING[one.code], "law": words.MISSING_LAW[one.statement], "anchor": _anchor(one)}
        for one in draft.missing
    ]
    for what, items in (("speaker", _unheard(view.case, forms)), ("number", _unnumbered(view.case, forms))):
        for number in items:
            anchor = f"i{number}-outcome-0"
            gaps.append({"text": words.MISSING[what], "law": words.MISSING_LAW[what], "anchor": anchor})
    return gaps


def _anchor(one: Missing) -> str:
    """The id of the first thing that takes focus in the field: items.1.outcome is i1-outcome-0."""
    if one.field in ("recipients", "transcript", "redaction"):
        return one.field
    parts = one.field.split(".")
    if len(parts) != 3:
        return "i1-outcome-0"
    return f"i{parts[1]}-outcome-0" if parts[2] == "outcome" else f"i{parts[1]}-{parts[2]}"


def _present(view: CaseView, draft: DecisionDraft) -> list[dict[str, Any]]:
    if draft.kind is None:
        return []
    lacking = {one.statement for one in draft.missing}
    codes = required_contents(draft.kind, view.register.controller.sector, view.case.right)
    return [
        {"text": words.STATEMENT[code], "law": code}
        for code in codes
        if code in words.STATEMENT and code not in lacking and code[:3] not in lacking
    ]
