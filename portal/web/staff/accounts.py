"""Colleagues in one register: their roles, and who they are in the recorder where the notice lets only the agent of
the call and that agent's supervisor listen. Nobody changes their own: an administrator cannot let themselves in."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.access import Action, Role, demand
from portal.domain.listeners import AGENT_AND_SUPERVISOR
from portal.services import own_sessions
from portal.services.ports import Absent, Account
from portal.services.ports.listeners import RecorderLink
from portal.services.staff_accounts import set_roles
from portal.services.staff_recorder import LONGEST_NAME, MOST_NAMES, BadLink, link_staff
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import desk, go

page = Page("staff.accounts")


@page.route("/<lang>/staff/<controller>/accounts", STAFF(Action.MANAGE_STAFF))
def list_(visit: Visit) -> str:
    """Everybody with a role in this register."""
    return _listed(visit)


@page.route("/<lang>/staff/<controller>/accounts", STAFF(Action.MANAGE_STAFF, fresh=True), methods=("POST",))
def change(visit: Visit) -> Response | tuple[str, int]:
    """Set a colleague's roles; their sessions end at once."""
    account = request.form.get("account", "")
    if account not in {one.id for one in _colleagues(visit)}:
        raise Absent(account)
    if account == visit.who.id:
        own = [(f"own-{account}", _("Omia rooleja ei voi muuttaa. Pyydä toista pääkäyttäjää."))]
        return _listed(visit, errors=own), 422
    roles = frozenset(role for role in Role if role.value in request.form.getlist("roles"))
    set_roles(visit.office, visit.who, account, roles)
    return go(visit, "staff.accounts.list")


@page.route("/<lang>/staff/<controller>/accounts/recorder", STAFF(Action.MANAGE_STAFF, fresh=True), methods=("POST",))
def link(visit: Visit) -> Response | tuple[str, int]:
    """Set a colleague's names in the recorder and their supervisors, one a line."""
    account = request.form.get("account", "")
    if account not in {one.id for one in _colleagues(visit)} or not _linked_here(visit):
        raise Absent(account)
    names, above = request.form.get("names", ""), request.form.get("supervisors", "")
    try:
        link_staff(visit.office, visit.who, account, tuple(names.splitlines()), tuple(above.splitlines()))
    except BadLink as fault:
        field = "supervisors" if fault.code in ("unknown", "own") else "names"
        wrong = [(f"{field}-{account}", _fault(fault))]
        return _listed(visit, wrong, {account: (names, above)}), 422
    return go(visit, "staff.accounts.list")


def _fault(fault: BadLink) -> str:
    texts = {
        "many": _("Kirjoita enintään %(num)d nimeä", num=MOST_NAMES),
        "long": _("Nimessä saa olla enintään %(num)d merkkiä", num=LONGEST_NAME),
        "taken": _("Nimi %(name)s on jo toisella käyttäjällä", name=fault.what),
        "unknown": _("Käyttäjää %(login)s ei ole tässä rekisterissä", login=fault.what),
        "own": _("Kukaan ei ole oma esihenkilönsä"),
    }
    return str(texts[fault.code])


def _linked_here(visit: Visit) -> bool:
    return visit.here.listeners.rule == AGENT_AND_SUPERVISOR


@page.route("/<lang>/staff/<controller>/accounts/sessions", STAFF(Action.MANAGE_STAFF, fresh=True), methods=("POST",))
def end_sessions(visit: Visit) -> Response:
    """End every session of a colleague at once: a lost laptop, somebody who left without signing out."""
    own_sessions.end_sessions(visit.office, visit.who, request.form.get("account", ""))
    return go(visit, "staff.accounts.list")


def _listed(
    visit: Visit,
    errors: list[tuple[str, str]] | None = None,
    typed: dict[str, tuple[str, str]] | None = None,
) -> str:
    given: dict[str, Any] = {"page_errors": errors} if errors else {}
    colleagues = _colleagues(visit)
    return render_template(
        "staff/accounts/list.html",
        **desk(
            visit,
            colleagues=colleagues,
            register=visit.here.id,
            listeners=visit.here.listeners.text[visit.language],
            lines=_lines(visit, colleagues) | (typed or {}) if _linked_here(visit) else {},
            me=visit.who.id,
            all_roles=tuple(Role),
            with_passkey=_with_passkey(visit),
            **given,
        ),
    )


def _lines(visit: Visit, colleagues: tuple[Account, ...]) -> dict[str, tuple[str, str]]:
    """Names in the recorder and supervisors' logins of each account, one a line."""
    with visit.office.reading() as work:
        links = work.listeners.links(visit.here.id)
    logins = {one.id: one.login for one in colleagues}
    found = {one.id: links.get(one.id, RecorderLink()) for one in colleagues}
    return {
        id: ("\n".join(link.names), "\n".join(logins[one] for one in link.supervisors if one in logins))
        for id, link in found.items()
    }


def _colleagues(visit: Visit) -> tuple[Account, ...]:
    demand(visit.who, Action.MANAGE_STAFF, visit.here.id)
    with visit.office.reading() as work:
        return work.staff.everyone(visit.here.id)


def _with_passkey(visit: Visit) -> frozenset[str]:
    with visit.office.reading() as work:
        return work.passkeys.holders()
