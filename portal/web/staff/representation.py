"""Who acts for whom in a case: the documents, the verdict of staff, and the applicant's identity code on request."""

from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, TextAreaField

from portal.domain.access import Action
from portal.domain.lifecycle import CheckRepresentation, NotNow
from portal.domain.representation import Mandate, Proof
from portal.services import lists
from portal.services.attach_document import open_document
from portal.services.ports import FileForm
from portal.services.representation import ActingView, acting_view, check
from portal.services.reveal_code import LONGEST_REASON, reveal_code
from portal.web.fields import AtMost, Checks, Chosen, PortalForm, Radios, Typed, options, page_errors
from portal.web.guard import STAFF, Visit
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page
from portal.web.staff.desk import case_desk, go, seen
from portal.web.staff.representation_words import PROOF, VERDICT

page = Page("staff.representation")
LONGEST = 2000
_TYPES = {FileForm.PDF: "application/pdf", FileForm.JPEG: "image/jpeg", FileForm.PNG: "image/png"}


class VerdictForm(PortalForm):
    """May the applicant act for the other: the verdict, the types of the documents seen, and why."""

    verdict = Radios(
        _("Saako pyytäjä toimia?"), [Chosen(_("Valitse, saako pyytäjä toimia"))], choices=options(VERDICT.items())
    )
    proofs = Checks(
        _("Nähdyt asiakirjat"),
        choices=options(PROOF.items()),
        description=_("Kirjaa vain asiakirjan laji. Älä kirjoita asiakirjan numeroa tai henkilötunnusta."),
    )
    reasons = TextAreaField(_("Perustelut"), [Typed(_("Kirjoita perustelut")), AtMost(LONGEST)])
    confirmed = BooleanField(_("Olen arvioinut nuoren oman tahdon, ja huoltajan oikeus perustuu yllä kerrottuun"))

    def step(self) -> CheckRepresentation:
        """The step that the form describes, once it is valid."""
        proofs = tuple(Proof(one) for one in self.proofs.data or ())
        reasons = (self.reasons.data or "").strip()
        return CheckRepresentation(Mandate(self.verdict.data), proofs, reasons, confirmed=bool(self.confirmed.data))


class CodeForm(PortalForm):
    """Why the whole code is shown."""

    reason = TextAreaField(
        _("Miksi tarvitset tunnuksen?"), [Typed(_("Kirjoita, miksi tarvitset tunnuksen")), AtMost(LONGEST_REASON)]
    )


@page.route("/<lang>/staff/<controller>/cases/<ref>/representation", STAFF(Action.DECIDE), methods=("GET", "POST"))
def verdict(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """Decide whether the applicant may act. A young person's matter is asked once more before it is recorded."""
    standing = acting_view(visit.office, visit.who, ref)
    acting = standing.acting
    if acting is None or not acting.for_another:
        raise NotNow("own_matter")
    first = {"verdict": acting.verdict, "proofs": list(acting.proofs), "reasons": acting.reasons}
    form = VerdictForm(visit.office.today(), data=first if request.method == "GET" else None)
    confirm = False
    if form.validate_on_submit():
        allows = form.verdict.data == Mandate.ALLOWED
        if allows and not form.proofs.data:
            form.proofs.errors = (gettext("Valitse, minkä asiakirjan näit"),)
        elif allows and standing.young and not form.confirmed.data:
            confirm = True
            if "asked" in request.form:
                form.confirmed.errors = (gettext("Vahvista, että olet arvioinut nuoren oman tahdon"),)
        else:
            check(visit.office, visit.who, ref, form.step(), seen())
            return go(visit, "staff.case.show", ref=ref)
    return _shown(visit, ref, "verdict", form, standing=standing, confirm=confirm)


@page.route("/<lang>/staff/<controller>/cases/<ref>/representation/file", STAFF(Action.DECIDE), methods=("POST",))
def file(visit: Visit, ref: str) -> FlaskResponse:
    """An attached document, to be saved and not shown in the portal's own pages; opening it is recorded."""
    found = open_document(visit.office, visit.who, ref, request.form.get("document", ""))
    answer = FlaskResponse(found.data, mimetype=_TYPES[found.form])
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = f'attachment; filename="{ref}.{found.form.value}"'
    return answer


@page.route("/<lang>/staff/<controller>/cases/<ref>/identity-code", STAFF(Action.DECIDE), methods=("GET", "POST"))
def code(visit: Visit, ref: str) -> Response | tuple[str, int]:
    """The applicant's identity code: masked, and whole for a reason, in this one answer only."""
    form = CodeForm(visit.office.today())
    whole = reveal_code(visit.office, visit.who, ref, form.reason.data or "") if form.validate_on_submit() else ""
    standing = acting_view(visit.office, visit.who, ref)
    return _shown(visit, ref, "code", form, standing=standing, whole=whole)


def _shown(
    visit: Visit, ref: str, name: str, form: PortalForm, *, standing: ActingView, **values: Any
) -> tuple[str, int]:
    view = lists.case_view(visit.office, visit.who, ref)
    errors = page_errors(form)
    if errors:
        values["page_errors"] = errors
    shown = case_desk(visit, view, "case", form=form, standing=standing, may_decide=True, **values)
    return render_template(f"staff/representation/{name}.html", **shown), 422 if errors else 200
