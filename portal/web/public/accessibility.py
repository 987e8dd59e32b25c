"""The accessibility statement (Act 306/2019 s. 9) and the feedback that is answered within fourteen days."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from portal.services import give_feedback
from portal.web.fields import AtMost, PortalForm, Typed, page_errors
from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page

page = Page("public.accessibility")
_LONGEST_ADDRESS = 200


class FeedbackForm(PortalForm):
    """What does not work, and where to answer."""

    text = TextAreaField(_("Mikä ei toimi?"), [Typed(_("Kirjoita, mikä ei toimi")), AtMost(give_feedback.LONGEST)])
    reply_to = StringField(_("Sähköpostiosoite tai puhelinnumero vastausta varten"), [AtMost(_LONGEST_ADDRESS)])


@page.route("/<lang>/<controller>/accessibility", PUBLIC)
def statement(visit: Visit) -> str:
    """The statement; public bodies name their supervisor."""
    return render_template(
        "public/accessibility/statement.html", public=visit.here.controller.sector.public, **frame(visit)
    )


@page.route("/<lang>/<controller>/accessibility/feedback", PUBLIC, methods=("GET", "POST"))
def feedback(visit: Visit) -> str | Response | tuple[str, int]:
    """Feedback without signing in; its fourteen days run from the moment it is sent."""
    form = FeedbackForm(visit.office.today())
    if request.method == "GET":
        return _feedback_page(visit, form)
    if not form.validate():
        return _feedback_page(visit, form), 422
    text, reply_to = str(form.text.data).strip(), str(form.reply_to.data or "").strip()
    try:
        give_feedback.give_feedback(visit.office, visit.here.id, text, reply_to, visit.language)
    except give_feedback.TooMany:
        return _feedback_page(visit, form, too_many=True), 429
    return redirect(visit.url("public.accessibility.thanks"), 303)


@page.route("/<lang>/<controller>/accessibility/thanks", PUBLIC)
def thanks(visit: Visit) -> str:
    """The feedback has been kept."""
    return render_template("public/accessibility/thanks.html", **frame(visit))


def _feedback_page(visit: Visit, form: FeedbackForm, *, too_many: bool = False) -> str:
    errors = page_errors(form)
    shown = {"page_errors": errors} if errors else {}
    return render_template("public/accessibility/feedback.html", form=form, too_many=too_many, **shown, **frame(visit))
