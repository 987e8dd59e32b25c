"""Keep one recording longer than its class: one proposes in words, another agrees (services/lengthen.py)."""

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.domain.access import Action, actions_of
from portal.domain.lifecycle import NotNow
from portal.domain.moments import format_date
from portal.services import lists
from portal.services.lengthen import Longer, agree_longer, end_longer, longer_of, propose_longer, reject_longer
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import gettext as _
from portal.web.routes import Page
from portal.web.staff.alarm_words import LONGER
from portal.web.staff.desk import case_desk, go, seen

page = Page("staff.longer")
LONGEST = 2000
_ADDRESS = "/<lang>/staff/<controller>/cases/<ref>/calls/<recording>/longer"


class ProposeForm(PortalForm):
    """For which of the register's reasons, and why in words."""

    reason = Radios(
        lazy_gettext("Miksi tallennetta säilytetään pidempään?"), [Chosen(lazy_gettext("Valitse säilyttämisen syy"))]
    )
    why = TextAreaField(
        lazy_gettext("Perustelu"), [Typed(lazy_gettext("Kirjoita perustelu")), AtMost(LONGEST)]
    )  # fmt: skip


class WhyForm(PortalForm):
    """Why it is not agreed to, or why the reason is over."""

    why = TextAreaField(
        lazy_gettext("Perustelu"), [Typed(lazy_gettext("Kirjoita perustelu")), AtMost(LONGEST)]
    )  # fmt: skip


@page.route(_ADDRESS, STAFF(Action.SEE_CASE))
def show(visit: Visit, ref: str, recording: str) -> str:
    """What the register allows, what is proposed and what is in force."""
    return _shown(visit, ref, recording)


@page.route(_ADDRESS, STAFF(Action.DECIDE), methods=("POST",))
def propose(visit: Visit, ref: str, recording: str) -> Response | tuple[str, int]:
    """Propose it."""
    found = longer_of(visit.office, visit.who, ref, recording)
    form = _propose_form(visit, found, sent=True)
    if not found.chances:
        raise NotNow("no_longer_retention")
    if form.validate_on_submit():
        why = (form.why.data or "").strip()
        propose_longer(visit.office, visit.who, ref, recording, str(form.reason.data), why, seen())
        return go(visit, "staff.longer.show", ref=ref, recording=recording)
    return _shown(visit, ref, recording, proposing=form), 422


@page.route(f"{_ADDRESS}/<hold>/agree", STAFF(Action.APPROVE_RETENTION, fresh=True), methods=("POST",))
def agree(visit: Visit, ref: str, recording: str, hold: str) -> Response:
    """The second person agrees: it is held until the cap."""
    agree_longer(visit.office, visit.who, ref, hold, seen())
    return go(visit, "staff.longer.show", ref=ref, recording=recording)


@page.route(f"{_ADDRESS}/<hold>/reject", STAFF(Action.SEE_CASE), methods=("POST",))
def reject(visit: Visit, ref: str, recording: str, hold: str) -> Response | tuple[str, int]:
    """Not agreed to, or taken back by its author."""
    form = WhyForm(visit.office.today(), prefix="why-")
    if form.validate_on_submit():
        reject_longer(visit.office, visit.who, ref, hold, (form.why.data or "").strip(), seen())
        return go(visit, "staff.longer.show", ref=ref, recording=recording)
    return _shown(visit, ref, recording, sent=hold, ending=form), 422


@page.route(f"{_ADDRESS}/<hold>/end", STAFF(Action.APPROVE_RETENTION), methods=("POST",))
def end(visit: Visit, ref: str, recording: str, hold: str) -> Response | tuple[str, int]:
    """The reason is over."""
    form = WhyForm(visit.office.today(), prefix="why-")
    if form.validate_on_submit():
        end_longer(visit.office, visit.who, ref, hold, (form.why.data or "").strip(), seen())
        return go(visit, "staff.longer.show", ref=ref, recording=recording)
    return _shown(visit, ref, recording, sent=hold, ending=form), 422


def _propose_form(visit: Visit, found: Longer, *, sent: bool) -> ProposeForm:
    form = ProposeForm(visit.office.today()) if sent else ProposeForm(visit.office.today(), formdata=None)
    form.reason.choices = options(
        (
            chance.reason.value,
            _("%(reason)s, enintään %(day)s saakka", reason=LONGER[chance.reason], day=format_date(chance.until))
            if chance.until
            else LONGER[chance.reason],
        )
        for chance in found.chances
    )
    return form


def _shown(
    visit: Visit, ref: str, recording: str, *, proposing: ProposeForm | None = None, sent: str = "",
    ending: WhyForm | None = None,
) -> str:  # fmt: skip
    """The page; one of its forms perhaps as it was sent, with its errors."""
    view, found = lists.case_view(visit.office, visit.who, ref), longer_of(visit.office, visit.who, ref, recording)
    forms = {}
    for n, hold in enumerate((*found.proposed, *found.agreed), 1):
        mine = ending if ending and hold.id == sent else WhyForm(visit.office.today(), formdata=None, prefix="why-")
        mine.why.id = f"why-{n}"
        forms[hold.id] = mine
    may = actions_of(visit.who.roles)
    form = proposing or ending
    errors = page_errors(form) if form else []
    return render_template(
        "staff/longer/show.html",
        **case_desk(
            visit,
            view,
            "calls",
            found=found,
            forms=forms,
            reasons=LONGER,
            me=visit.who.id,
            proposing=proposing or _propose_form(visit, found, sent=False),
            may_propose=Action.DECIDE in may and bool(found.chances),
            **({"page_errors": errors} if errors else {}),
        ),
    )
