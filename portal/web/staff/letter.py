"""The letter exactly as it will be printed, and the signature that gives it."""

from flask import Response as FlaskResponse
from flask import render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.domain.case import Case, State
from portal.domain.decisions import needs_second
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow
from portal.services import lists
from portal.services.sign_letter import must_tell, sign_letter, signing_facts
from portal.services.transcribe import untranscribed
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff import words
from portal.web.staff.approval import ReturnForm
from portal.web.staff.case import pdf_answer
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.letter")


@page.route("/<lang>/staff/<controller>/cases/<ref>/letter", STAFF(Action.SIGN))
def show(visit: Visit, ref: str) -> str:
    """An approved letter before it is signed; otherwise why there is none to sign, and the letters given."""
    view = lists.case_view(visit.office, visit.who, ref)
    case = view.case
    facts = _facts(visit, case) if case.state is State.APPROVED else None
    return render_template(
        "staff/letter/show.html",
        **case_desk(
            visit,
            view,
            "letter",
            facts=facts,
            untold=must_tell(visit.office, case, case.decision) if case.decision else (),
            # the letter comes from our own templates, which escape every fact
            preview=Markup(visit.office.letters.preview(facts)) if facts else None,
            unwritten=_unwritten(visit, case),
            second=case.decision is not None and needs_second(case.decision, case.right),
            form=ReturnForm(visit.office.today()),
            letter_kind=words.LETTER,
        ),
    )


def _unwritten(visit: Visit, case: Case) -> tuple[str, ...]:
    with visit.office.reading() as work:
        return untranscribed(work, case, case.decision)


def _facts(visit: Visit, case: Case) -> LetterFacts:
    with visit.office.reading() as work:
        return signing_facts(visit.office, work, case, visit.who)


@page.route("/<lang>/staff/<controller>/cases/<ref>/letter/sign", STAFF(Action.SIGN, fresh=True), methods=("POST",))
def sign(visit: Visit, ref: str) -> Response:
    """Sign and send: the decision takes effect and the answer is there."""
    sign_letter(visit.office, visit.who, ref, seen())
    return go(visit, "staff.case.show", ref=ref)


@page.route("/<lang>/staff/<controller>/cases/<ref>/letter.pdf", STAFF(Action.SIGN))
def pdf(visit: Visit, ref: str) -> FlaskResponse:
    """The approved letter as it would be printed today."""
    case = lists.case_view(visit.office, visit.who, ref).case
    if case.state is not State.APPROVED:
        raise NotNow("state")
    made = visit.office.letters.preview_pdf(_facts(visit, case), visit.office.now())
    return pdf_answer(made, f"{ref}.pdf")
