"""A form that has to wait: for a fresh proof of who sends it, or because it came when the session had ended.

It waits in the session or, where that is over, for a day under the person's own key. A page then shows in one sentence
what waits, and one button sends the same fields again. Files do not wait, nor do passwords, codes, and forms above
64 kB.
"""

import hmac
import secrets
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from portal.services import own_sessions
from portal.services.office import Office
from portal.services.ports import Session
from portal.web.language import lazy_gettext as _
from portal.web.session import WebSession, current, face_of

MARK = "_waiting"
"""The field by which a form that waited is known when it is sent again."""
_WAITING, _SAVED = "waiting", "saved"
_NOT_KEPT = frozenset({"csrf_token", MARK, "old_password", "password", "again", "code", "answer"})  # no secret waits
_NEVER = (
    "citizen.sign_in.", "citizen.sessions.", "citizen.proof.", "staff.sign_in.", "staff.step_up.", "staff.sessions.",
    "staff.credentials.", "staff.organisation.",
)  # fmt: skip
Form = dict[str, Any]
"""path, endpoint, fields ([name, value] pairs), id; late: the key under which it lies with the person, page: where
they find it."""

WORDS = {
    "citizen.request.send": _("pyynnön lähettäminen"),
    "citizen.request": _("pyyntö, jota olit kirjoittamassa"),
    "citizen.case": _("viestisi tai vastauksesi pyyntöön"),
    "citizen.copies.kept": _("kopion kuittaus"),
    "staff.approval": _("päätöksen hyväksyminen tai palauttaminen"),
    "staff.acts": _("toimen hyväksyminen"),
    "staff.letter": _("kirjeen allekirjoittaminen"),
    "staff.decision": _("päätösluonnos"),
    "staff.accounts": _("käyttäjän tietojen muutos"),
    "staff.retention": _("säilytysajan muutos"),
    "staff.mailroom": _("postituserä"),
    "staff.listen": _("kuuntelun tulos"),
    "staff.transcript": _("puhelu tekstinä"),
}
"""What waits, by endpoint or page, as the end of the sentence that begins with 'Odottaa:'."""


def words_of(form: Form) -> Any:
    """What this form does, in words."""
    endpoint = str(form["endpoint"])
    return WORDS.get(endpoint) or WORDS.get(endpoint.rpartition(".")[0]) or _("lomake, jota olit lähettämässä")


def keep() -> bool:
    """Let the request's form wait in its session. False: it has files or is too large, and nothing is kept."""
    form = _of_request()
    if form is None:
        return False
    current()[_WAITING] = form
    return True


def keep_for(office: Office, session: Session) -> bool:
    """Let the request's form wait for the person of a session, whoever is signed in next. False as with `keep`."""
    form = _of_request()
    if form is None:
        return False
    _keep_late(office, session, form)
    return True


def keep_late(office: Office, web: WebSession, cookie: str | None) -> bool:
    """A form came after its session's end: let it wait for that session's person, if it was their own page's form."""
    if not cookie or web.stored is not None:
        return False
    ended = own_sessions.ended_session(office, cookie, web.face)
    return ended is not None and _of_its_page(ended) and keep_for(office, ended)


def keep_open(office: Office, session: Session) -> None:
    """The script sent the form that stands open beside the wish to stay signed in: keep it, in case it never comes."""
    path, typed = request.form.get("open_path", ""), request.form.get("open_fields", "")
    endpoint = _endpoint(path)
    if endpoint is None or _secret(endpoint) or face_of(path) != session.face or len(typed) > own_sessions.MOST:
        return
    fields = [[name, value] for name, value in parse_qsl(typed, keep_blank_values=True) if name not in _NOT_KEPT]
    _keep_late(office, session, {"path": path, "endpoint": endpoint, "fields": fields, "id": secrets.token_hex(8)})
    current()[_SAVED] = path


def of_session(office: Office, session: Session) -> Form | None:
    """The form that waits in this session, or for its person."""
    kept: Form | None = current().get(_WAITING)
    if kept is None:
        kept = own_sessions.late_form(office, session, _key(request.path))
        if kept:
            current()[_WAITING] = kept
    return kept


def sent(office: Office, session: Session) -> None:
    """A form has come through: what waited of it waits no longer."""
    web = current()
    if web.get(_SAVED) == request.path:
        own_sessions.drop_late(office, session, _key(web.pop(_SAVED)))
    kept = web.get(_WAITING)
    if kept and request.form.get(MARK) == kept["id"]:
        forget(office, session)


def forget(office: Office, session: Session) -> None:
    """It is not wanted any more."""
    kept = current().pop(_WAITING, None)
    if kept and kept.get("late"):
        own_sessions.drop_late(office, session, kept["late"])


def _of_request() -> Form | None:
    if _secret(str(request.endpoint)):
        return None
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
    size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    if size > own_sessions.MOST or any(file.filename for file in request.files.values()):
        return None
    return {"path": request.path, "endpoint": request.endpoint, "fields": fields, "id": secrets.token_hex(8)}


def _keep_late(office: Office, session: Session, form: Form) -> None:
    path, key = form["path"], _key(form["path"])
    here = "/".join([*path.split("/")[:3], "waiting"])
    own_sessions.keep_late(office, session, key, form | {"late": key, "page": here})


def _secret(endpoint: str) -> bool:
    """Does the form hold passwords, codes or answers of a key? These are typed anew."""
    return endpoint.startswith(_NEVER)


def _of_its_page(ended: Session) -> bool:
    """Does the form carry the token of a page of this session? Nobody else's page may leave anything here."""
    serializer = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")
    try:
        said = str(serializer.loads(request.form.get("csrf_token", "")))
    except BadData:
        return False
    return hmac.compare_digest(said, str(ended.data.get("csrf_token", "")))


def _endpoint(path: str) -> str | None:
    """The endpoint that takes a form at this path of ours."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return None
    return str(endpoint)


def _key(path: str) -> str:
    """Under which a late form lies: the register of its page, or the face of staff."""
    return path.split("/", 3)[2]
