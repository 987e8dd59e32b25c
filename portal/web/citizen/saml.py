"""The addresses at which Suomi.fi speaks to us through the browser: an answer by post, and logout in both directions.

The answer's post comes from another site, so it carries neither our cookie nor a form token: it proves itself by its
signature and by the secret of a pending sign-in, touches no session, and only sends the browser on to `arrive`.
"""

from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from portal.domain.identity import SingleLogout
from portal.services import cross_site_answer, single_logout
from portal.services.sign_in import NotEntered
from portal.services.single_logout import WayBack
from portal.web.citizen.sign_in import not_entered
from portal.web.errors import page as error_page
from portal.web.guard import PUBLIC, Visit
from portal.web.routes import Page
from portal.web.session import current

page = Page("citizen.saml")
_LARGEST = 400 * 1024  # bytes of the form: an answer of 256 kB in base64, and what is beside it


@page.from_outside
@page.route("/login/<provider>/acs", PUBLIC, methods=("POST",))
def answer(visit: Visit, provider: str) -> Any:
    """Take an answer in; the browser goes on to fetch it. The address it goes to follows from no parameter."""
    _known(visit, provider)
    request.max_content_length = request.max_form_memory_size = _LARGEST
    try:
        params = list(request.form.items(multi=True))
    except RequestEntityTooLarge:
        return not_entered(visit, NotEntered("refused", "fi", "/", "answer too large"))
    outcome = cross_site_answer.receive(visit.office, provider, params)
    if isinstance(outcome, NotEntered):
        return not_entered(visit, outcome)
    return redirect(url_for("citizen.saml.arrive", provider=provider, answer=outcome), 303)


@page.route("/login/<provider>/arrive", PUBLIC)
def arrive(visit: Visit, provider: str) -> Any:
    """Fetch the answer that waits for this session; whoever is in it comes in."""
    _known(visit, provider)
    outcome = cross_site_answer.fetch(visit.office, current().stored, provider, request.args.get("answer", ""))
    if isinstance(outcome, NotEntered):
        return not_entered(visit, outcome)
    current().renew(outcome.cookie)
    return redirect(outcome.return_to, 303)


@page.route("/login/<provider>/logout", PUBLIC)
def logout(visit: Visit, provider: str) -> Any:
    """The provider's word that a session ended, which is answered; or its answer to ours, which leads to the page."""
    _known(visit, provider)
    outcome = single_logout.hear(visit.office, provider, request.query_string.decode("ascii", "replace"))
    if outcome is None:
        return error_page(400, "expired")
    if isinstance(outcome, WayBack):
        return redirect(url_for("citizen.sign_in.left", lang=outcome.language, controller=outcome.register), 303)
    return redirect(outcome, 303)


def _known(visit: Visit, provider: str) -> None:
    """Only a provider that speaks SAML has these addresses."""
    if not isinstance(visit.office.identities.get(provider), SingleLogout):
        abort(404)
