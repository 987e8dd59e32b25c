"""Colleagues and their roles in one register. Nobody changes their own: an administrator cannot let themselves in."""

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.access import Action, Role, demand
from portal.services import own_sessions
from portal.services.ports import Absent, Account
from portal.services.staff_accounts import set_roles
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


@page.route("/<lang>/staff/<controller>/accounts/sessions", STAFF(Action.MANAGE_STAFF, fresh=True), methods=("POST",))
def end_sessions(visit: Visit) -> Response:
    """End every session of a colleague at once: a lost laptop, somebody who left without signing out."""
    own_sessions.end_sessions(visit.office, visit.who, request.form.get("account", ""))
    return go(visit, "staff.accounts.list")


def _listed(visit: Visit, errors: list[tuple[str, str]] | None = None) -> str:
    given = {"page_errors": errors} if errors else {}
    return render_template(
        "staff/accounts/list.html",
        **desk(
            visit,
            colleagues=_colleagues(visit),
            register=visit.here.id,
            me=visit.who.id,
            all_roles=tuple(Role),
            with_passkey=_with_passkey(visit),
            **given,
        ),
    )


def _colleagues(visit: Visit) -> tuple[Account, ...]:
    demand(visit.who, Action.MANAGE_STAFF, visit.here.id)
    with visit.office.reading() as work:
        return work.staff.everyone(visit.here.id)


def _with_passkey(visit: Visit) -> frozenset[str]:
    with visit.office.reading() as work:
        return work.passkeys.holders()
