"""Invented staff for the demo, each with a random password and a one-time-code secret of their own."""

import json
import secrets
from pathlib import Path

import pyotp

from portal.domain.access import Role
from portal.services import staff_accounts
from portal.services.office import Office

_PEOPLE = (
    ("eeva", "Eeva Palvelinen", "tietosuojakäsittelijä", (Role.HANDLER, Role.LISTENER)),
    ("ilmari", "Ilmari Testinen", "tietosuojapäällikkö", (Role.DECISION_MAKER, Role.LISTENER)),
    ("maija", "Maija Luurila", "pääkäyttäjä", (Role.ADMINISTRATOR,)),
    ("aarne", "Aarne Tarkastinen", "tarkastaja", (Role.AUDITOR,)),
    ("tuija", "Tuija Turvalainen", "tietosuojavastaava", (Role.DPO,)),
)


def make_clerks(office: Office, path: Path) -> None:
    """Make the accounts once and write how to sign in into `path` (mode 0600)."""
    if path.exists():
        return
    found = []
    for login, name, title, roles in _PEOPLE:
        held = {register: frozenset(roles) for register in office.registers}
        token = staff_accounts.add_staff(office, login, name, title, held)
        password, secret = new_password(), office.credentials.new_totp_secret()
        code = current_code(secret, office)
        made = staff_accounts.set_credentials(office, token, password, secret, code)
        if isinstance(made, str):
            raise RuntimeError(f"{login}: {made}")
        found.append({"login": login, "name": name, "title": title, "password": password, "secret": secret})
    path.touch(mode=0o600)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def current_code(secret: str, office: Office) -> str:
    """The one-time code of this moment."""
    return pyotp.TOTP(secret).at(office.now())


def new_password() -> str:
    """A long random password that can be typed."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))
