"""One's own account: passkeys, the password, recovery codes. A fresh second factor opens it, and every change of it."""

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.moments import format_date, helsinki
from portal.services import change_password, passkeys, password_age, staff_accounts
from portal.services.ports import Absent, Account, Session
from portal.web.fields import page_errors
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.session import current
from portal.web.staff.desk import desk
from portal.web.staff.passkey_form import answer, name
from portal.web.staff.sign_in import NewPasswordForm, onward, patiently

page = Page("staff.credentials")


@page.route("/<lang>/staff/account", STAFF(fresh=True))
def show(visit: Visit) -> str:
    """What opens the account, and what it was used for last."""
    return _shown(visit)


def _shown(visit: Visit, **values: Any) -> str:
    account, session = _own(visit)
    keys = passkeys.of(visit.office, account)
    local = account.password is not None or bool(keys)
    options = passkeys.offer(visit.office, session, account) if local else {}
    return render_template(
        "staff/credentials/show.html",
        keys=keys,
        local=local,
        removable=len(keys) > 1 or account.factor is not None,
        passkey_options=options,
        days=password_age.days_left(visit.office, account),
        account=account,
        day=lambda at: format_date(helsinki(at).date()),
        **desk(visit, **values),
    )


@page.route("/<lang>/staff/account/passkeys", STAFF(fresh=True), methods=("POST",))
def add(visit: Visit) -> Response | tuple[str, int]:
    """Keep a new passkey."""
    account, session = _own(visit)
    known = len(passkeys.of(visit.office, account))
    if passkeys.add(visit.office, session, account, answer(), name(known)):
        return redirect(visit.url("staff.credentials.show"), 303)
    refused = [("passkey", _("Pääsyavain ei kelvannut. Yritä uudelleen tai jatka toisella tavalla"))]
    return _shown(visit, page_errors=refused), 422


@page.route("/<lang>/staff/account/passkeys/name", STAFF(fresh=True), methods=("POST",))
def rename(visit: Visit) -> Response:
    """Give a passkey another name."""
    account, _session = _own(visit)
    which = request.form.get("passkey", "")
    if not passkeys.rename(visit.office, account, which, name(0)):
        raise Absent("passkey")
    return redirect(visit.url("staff.credentials.show"), 303)


@page.route("/<lang>/staff/account/passkeys/remove", STAFF(fresh=True), methods=("POST",))
def remove(visit: Visit) -> Response | tuple[str, int]:
    """Remove a passkey, unless nothing else would open the account."""
    account, _session = _own(visit)
    if passkeys.remove(visit.office, account, request.form.get("passkey", "")):
        return redirect(visit.url("staff.credentials.show"), 303)
    refused = [("passkeys", _("Ainoaa kirjautumistapaa ei voi poistaa. Lisää ensin toinen pääsyavain."))]
    return _shown(visit, page_errors=refused), 422


@page.route("/<lang>/staff/account/recovery-codes", STAFF(fresh=True), methods=("POST",))
def recovery(visit: Visit) -> str:
    """Ten new recovery codes, shown once."""
    account, _session = _own(visit)
    if account.factor is None:
        raise Absent("codes")
    codes = staff_accounts.renew_recovery_codes(visit.office, account)
    return render_template("staff/sign_in/recovery_codes.html", codes=codes, **desk(visit))


@page.route("/<lang>/staff/account/password", STAFF(), methods=("GET", "POST"))
@patiently
def password(visit: Visit) -> Response | tuple[str, int]:
    """Change the password: the old one is asked for, so the sign-in need not be fresh."""
    account, session = _own(visit)
    if account.password is None:
        raise Absent("password")
    form = NewPasswordForm(visit.office.today())
    if form.validate_on_submit() and form.change(visit, session, account):
        current().renew(change_password.stay_signed_in(visit.office, session, account))
        return redirect(onward() or visit.url("staff.start.choose"), 303)
    errors = page_errors(form)
    given = {"page_errors": errors} if errors else {}
    shown = render_template("staff/credentials/password.html", form=form, to=onward(), **desk(visit, **given))
    return shown, 422 if errors else 200


@page.route("/<lang>/staff/account/ageing", STAFF())
def ageing(visit: Visit) -> Response | str:
    """After sign-in, from a fortnight before the password's last good day on."""
    account, _session = _own(visit)
    days = password_age.warning(visit.office, account)
    if days is None:
        return redirect(onward() or visit.url("staff.start.choose"), 303)
    over = password_age.must_change(visit.office, account)
    return render_template("staff/credentials/ageing.html", days=days, over=over, to=onward(), **desk(visit))


def _own(visit: Visit) -> tuple[Account, Session]:
    assert visit.account is not None, "the guard lets only accounts in"
    assert visit.stored is not None, "the guard lets only live sessions in"
    return visit.account, visit.stored
