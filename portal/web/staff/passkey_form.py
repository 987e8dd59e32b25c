"""What the forms of passkeys share: the session that keeps the challenge, and the answer that a form brings."""

import json
from typing import Any

from flask import request

from portal.services import passkeys, sign_in
from portal.services.office import Office
from portal.services.ports import Session
from portal.web.language import gettext as _
from portal.web.session import current

_LONGEST = 32_768


def answer() -> dict[str, Any]:
    """The authenticator's answer in the posted form; empty when there is none that could be one."""
    text = request.form.get("answer", "")
    try:
        found = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def name(known: int) -> str:
    """The name typed for a new passkey, or one by its number."""
    typed = " ".join(request.form.get("name", "").split())[: passkeys.LONGEST_NAME]
    return typed or _("Pääsyavain %(n)d", n=known + 1)


def session_here(office: Office) -> Session:
    """The request's stored session; begun now where there is none yet, because a challenge must be kept in one."""
    web = current()
    if web.stored is None:
        web.cookie = sign_in.start_anonymous(office, web.face, dict(web))
        web.stored = sign_in.open_session(office, web.cookie, web.face)
    assert web.stored is not None, "a session begun this moment has not ended"
    return web.stored
