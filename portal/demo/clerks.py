"""Invented staff for the demo, each with a random password and a one-time-code secret of their own."""

import json
import secrets
from pathlib import Path

import pyotp

from portal.domain.access import Role
from portal.services import staff_accounts
from portal.services.office import Office
from portal.services.staff_recorder import link_by_login

_PEOPLE = (
    ("eeva", "Eeva Palvelinen", "tietosuojakäsittelijä", (Role.HANDLER, Role.LISTENER), None),
    ("ilmari", "Ilmari Testinen", "tietosuojapäällikkö", (Role.DECISION_MAKER, Role.LISTENER), None),
    ("aino", "Aino Luurinen", "asiakaspalvelija", (Role.LISTENER,), "espoo"),
    ("kalle", "Kalle Jonola", "asian käsittelijä, ei kuuntele", (Role.HANDLER,), "espoo"),
    ("maija", "Maija Luurila", "pääkäyttäjä", (Role.ADMINISTRATOR,), None),
    ("aarne", "Aarne Tarkastinen", "tarkastaja", (Role.AUDITOR,), None),
    ("tuija", "Tuija Turvalainen", "tietosuojavastaava", (Role.DPO,), None),
)
"""Sign-in name, name, title, roles, and the one register in which they are held (None: in all)."""
# In Espoo only the agent of the call and that agent's supervisors listen: Aino has sat in every seat that the demo's
# recorder names, Eeva and Ilmari supervise her, and Kalle has to ask.
_SEATS = tuple(f"neuvoja {number}" for number in range(10, 17))
_SUPERVISORS = ("eeva", "ilmari")


def make_clerks(office: Office, path: Path) -> None:
    """Make the accounts once and write how to sign in into `path` (mode 0600)."""
    if path.exists():
        return
    found = []
    for login, name, title, roles, only in _PEOPLE:
        held = {register: frozenset(roles) for register in office.registers if only in (None, register)}
        token = staff_accounts.add_staff(office, login, name, title, held)
        password, secret = new_password(), office.credentials.new_totp_secret()
        code = current_code(secret, office)
        made = staff_accounts.set_credentials(office, token, password, secret, code)
        if isinstance(made, str):
            raise RuntimeError(f"{login}: {made}")
        found.append({"login": login, "name": name, "title": title, "password": password, "secret": secret})
    link_by_login(office, "espoo", "aino", _SEATS, _SUPERVISORS)
    path.touch(mode=0o600)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def current_code(secret: str, office: Office) -> str:
    """The one-time code of this moment."""
    return pyotp.TOTP(secret).at(office.now())


def new_password() -> str:
    """A long random password that can be typed."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
