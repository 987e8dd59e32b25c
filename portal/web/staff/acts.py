"""Acts beside the decision: a fee, the end of a restriction, an early end of a hold, an invitation to listen on site.

The first three need two people: one proposes here, another approves here; the author sees no button that would fail.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.domain.acts import ACT_KINDS
from portal.domain.case import Act
from portal.domain.decisions import GROUNDS
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow, RejectAct
from portal.domain.rights import Right
from portal.domain.visits import offers_visits
from portal.services import acts, decide, lists
from portal.services.acts import Held
from portal.services.lists import CaseView
from portal.services.ports import Absent, Slot, Work
from portal.services.visits import appointments, offer_visit, slots_to_offer
from portal.web.fields import PortalForm, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.act_forms import FeeForm, LiftingForm, RejectForm, ReleaseForm, VisitForm, euros
from portal.web.staff.desk import case_desk, go, seen
from portal.web.staff.rules import ACT_REFUSED

page = Page("staff.acts")
OFFERED = 60


@dataclass(frozen=True)
class Forms:
    """The page's forms; only the one that was sent has its text."""

    fee: FeeForm
    lifting: LiftingForm
    hold_release: ReleaseForm
    visit: VisitForm
    reject: Mapping[str, RejectForm]


@page.route("/<lang>/staff/<controller>/cases/<ref>/acts", STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str) -> str:
    """What is proposed, what has been agreed, and what may be proposed now."""
    view, held = _opened(visit, ref)
    return _shown(visit, view, held, _forms(visit, view, held, None))


@page.route("/<lang>/staff/<controller>/cases/<ref>/acts/<kind>", STAFF(Action.DECIDE), methods=("POST",))
def propose(visit: Visit, ref: str, kind: str) -> Response | tuple[str, int]:
    """Propose a fee, a lifting or a release; the text stays when it is refused."""
    if kind not in ACT_KINDS:
        raise Absent(kind)
    view, held = _opened(visit, ref)
    if not _may(view, held)[kind] and not _pending(view, kind):
        raise NotNow("state")
    forms = _forms(visit, view, held, kind)
    form: FeeForm | LiftingForm | ReleaseForm = getattr(forms, kind)
    if form.validate_on_submit():
        refused = _refusal(lambda: acts.propose_act(visit.office, visit.who, ref, form.act(), seen()))
        if refused is None:
            return go(visit, "staff.acts.show", ref=ref)
        if _pending(view, kind):
            return _shown(visit, view, held, forms, errors=[(f"act-{kind}", refused)]), 409
        form.reason.errors = (refused,)
    return _shown(visit, view, held, forms, form), 422


@page.route("/<lang>/staff/<controller>/cases/<ref>/acts/visit", STAFF(Action.DECIDE), methods=("POST",))
def offer(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Send the invitation to listen on site."""
    view, held = _opened(visit, ref)
    if not _may(view, held)["visit"]:
        raise NotNow("state")
    forms = _forms(visit, view, held, "visit")
    if forms.visit.validate_on_submit():
        refused = _refusal(lambda: offer_visit(visit.office, visit.who, ref, forms.visit.chosen, seen()))
        if refused is None:
            return go(visit, "staff.acts.show", ref=ref)
        forms.visit.slots.errors = (refused,)
    return _shown(visit, view, held, forms, forms.visit), 422


@page.route(
    "/<lang>/staff/<controller>/cases/<ref>/acts/<kind>/approve", STAFF(Action.APPROVE, fresh=True), methods=("POST",)
)
def approve(visit: Visit, ref: str, kind: str) -> Response | tuple[str, int]:
    """The second person agrees: the letter goes out and the act takes effect."""
    refused = _refusal(lambda: acts.approve_act(visit.office, visit.who, ref, kind, seen()))
    if refused is None:
        return go(visit, "staff.acts.show", ref=ref)
    view, held = _opened(visit, ref)
    forms = _forms(visit, view, held, None)
    return _shown(visit, view, held, forms, errors=[(f"act-{kind}", refused)]), 409


@page.route("/<lang>/staff/<controller>/cases/<ref>/acts/<kind>/reject", STAFF(Action.DECIDE), methods=("POST",))
def reject(visit: Visit, ref: str, kind: str) -> Response | tuple[str, int]:
    """Do not agree, or take back, with a reason."""
    if kind not in ACT_KINDS:
        raise Absent(kind)
    view, held = _opened(visit, ref)
    forms = _forms(visit, view, held, f"reject-{kind}")
    form = forms.reject[kind]
    if form.validate_on_submit():
        step = RejectAct(kind, (form.reason.data or "").strip())
        refused = _refusal(lambda: acts.reject_act(visit.office, visit.who, ref, step, seen()))
        if refused is None:
            return go(visit, "staff.acts.show", ref=ref)
        form.reason.errors = (refused,)
    return _shown(visit, view, held, forms, form), 422


def _refusal(act: Callable[[], None]) -> str | None:
    """None when it is done; else why not, with the rule. A page that was made too early has a page of its own."""
    try:
        act()
    except NotNow as refused:
        if refused.code not in ACT_REFUSED:
            raise
        return str(ACT_REFUSED[refused.code])
    return None


def _opened(visit: Visit, ref: str) -> tuple[CaseView, tuple[Held, ...]]:
    view = lists.case_view(visit.office, visit.who, ref)
    return view, acts.held(visit.office, visit.who, ref)


def _pending(view: CaseView, kind: str) -> bool:
    act = view.case.act(kind)
    return act is not None and act.approver is None


def _may(view: CaseView, held: tuple[Held, ...]) -> dict[str, bool]:
    """What may be proposed now, by kind: the forms that the page shows."""
    case, steps = view.case, {step.__name__ for step in view.steps}
    free = {kind: "ProposeAct" in steps and not _pending(view, kind) for kind in ACT_KINDS}
    over = not case.state.open
    return {
        "fee": free["fee"] and case.state.open and view.register.fee.mode == "exceptional",
        "lifting": free["lifting"] and over and any(one.restricted for one in held),
        "hold_release": free["hold_release"] and over and any(not one.restricted for one in held),
        "visit": "OfferVisit" in steps and case.right is Right.ACCESS and offers_visits(view.register),
    }


def _forms(visit: Visit, view: CaseView, held: tuple[Held, ...], sent: str | None) -> Forms:
    today, language = visit.office.today(), visit.language

    def typed(name: str) -> dict[str, Any]:
        return {"formdata": request.form if name == sent else None}

    restricted = [one for one in held if one.restricted]
    plain = [one for one in held if not one.restricted]
    return Forms(
        FeeForm(view.register, language, today, **typed("fee")),
        LiftingForm(restricted, language, today, **typed("lifting")),
        ReleaseForm(plain, language, today, **typed("hold_release")),
        VisitForm(_to_offer(visit, view), language, today, **typed("visit")),
        {kind: RejectForm(today, prefix=f"reject-{kind}-", **typed(f"reject-{kind}")) for kind in ACT_KINDS},
    )


def _to_offer(visit: Visit, view: CaseView) -> tuple[Slot, ...]:
    """The nearest free times: as many as a page can show."""
    return slots_to_offer(visit.office, visit.who, view.case.ref)[:OFFERED]


def _shown(
    visit: Visit,
    view: CaseView,
    held: tuple[Held, ...],
    forms: Forms,
    sent: PortalForm | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    case = view.case
    errors = errors or (page_errors(sent) if sent else [])
    return render_template(
        "staff/acts/show.html",
        **case_desk(
            visit,
            view,
            "acts",
            forms=forms,
            may=_may(view, held),
            pending=[act for act in case.acts if act.approver is None],
            agreed=[act for act in reversed(case.acts) if act.approver is not None],
            letters=_letters(visit, view),
            names=_names(visit, view),
            grounds={code: ground.label[visit.language] for code, ground in GROUNDS.items()},
            visits=appointments(visit.office, visit.who, case.ref) if case.visit else (),
            euros=lambda cents: euros(cents, visit.language),
            earlier=decide.earlier_requests(visit.office, case),
            me=visit.who.id,
            **({"page_errors": errors} if errors else {}),
        ),
    )


def _letters(visit: Visit, view: CaseView) -> dict[str, Markup]:
    """The letter of each proposal that this visitor may approve: what is approved is what is printed."""
    shown = {}
    with visit.office.reading() as work:
        for act in view.case.acts:
            facts = _letter(visit, view, act, work) if act.approver is None else None
            if facts:
                # the letter comes from our own templates, which escape every fact
                shown[act.kind] = Markup(visit.office.letters.preview(facts))
    return shown


def _letter(visit: Visit, view: CaseView, act: Act, work: Work) -> LetterFacts | None:
    if "ApproveAct" not in {step.__name__ for step in view.steps} or act.author == visit.who.id:
        return None
    try:
        return acts.letter_of(visit.office, work, view.case, act.kind, visit.who)
    except NotNow:  # its day has come too near meanwhile: the page shows the proposal, and the approval says why not
        return None


def _names(visit: Visit, view: CaseView) -> dict[str, str]:
    people = {one for act in view.case.acts for one in (act.author, act.approver) if one}
    if not people:
        return {}
    with visit.office.reading() as work:
        return work.staff.names(people)
