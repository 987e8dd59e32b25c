"""Server-side sessions as Flask's session, and who is signed in as Flask-Login's user.

The cookie holds a random id only. A page that stores nothing and has no cookie makes no session at all. At a listening
station nobody is signed in: its pages open no session, and their forms' tokens follow from the station's own cookie.
"""

import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import UserMixin

from portal.domain.identity import Identified
from portal.services import drafts, own_sessions, sign_in, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, Session
from portal.web.browser import kind_of

_SEEN_EVERY = timedelta(seconds=60)
SAME_SITE = {"citizen": "Lax", "staff": "Strict"}
"""Citizens come back from their bank by a link; nobody comes to the staff's pages from elsewhere with a session."""


class WebSession(dict[str, Any], SessionMixin):
    """The data of a stored session (`stored`), or of none yet. `cookie` is set when a new id must go out.

    `draft` is the request being written, by its register, where it was read together with the session; `begins`: this
    is the first page of a staff member's session. `stores`: what is changed is kept, which it is not at a station.
    """

    def __init__(self, stored: Session | None = None, face: str = "citizen") -> None:
        super().__init__(stored.data if stored else {})
        self.stored = stored
        self.account: Account | None = None
        self.draft: tuple[str, dict[str, Any] | None] | None = None
        self.face = face
        self.cookie: str | None = None
        self.ended = False
        self.begins = False
        self.stores = True
        self.failure: Exception | None = None
        self._before = dict(self)

    @property
    def modified(self) -> bool:  # type: ignore[override]  # computed, where Flask keeps a flag
        """Has the data changed since it was read?"""
        return dict(self) != self._before

    def renew(self, cookie: str) -> None:
        """A new session has been stored; its id goes out and the old one is forgotten."""
        self.cookie = cookie
        self.stored = None

    def end(self) -> None:
        """The session is over; its cookie is taken back."""
        self.clear()
        self.ended = True


def current() -> WebSession:
    """This request's session."""
    found: object = session._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy
    return found if isinstance(found, WebSession) else WebSession()


class StoredSessions(SessionInterface):
    """Opens and saves sessions through the services; distinct cookies for the two faces."""

    def __init__(self, secure: bool) -> None:
        self._secure = secure

    def cookie_name(self, face: str) -> str:
        name = "kuuluu" if face == "citizen" else "kuuluu-staff"
        return f"__Host-{name}" if self._secure else name

    def open_session(self, app: Flask, request: Request) -> WebSession:
        """The request's session: stored, or empty."""
        face = face_of(request.path)
        if at_station(request.path):
            return _seated(request.cookies.get(station_cookie(self._secure)))
        cookie = request.cookies.get(self.cookie_name(face))
        if not cookie or request.path.startswith("/static/"):
            return WebSession(face=face)
        office = app.office  # type: ignore[attr-defined]  # a Portal
        try:
            register = _writing_at(request.path)
            if register:
                stored, draft = sign_in.open_with_draft(office, cookie, register)
                found = WebSession(_live(office, stored, cookie, face), face)
                found.draft = register, draft
                return found
            if face == "citizen":
                return WebSession(_live(office, sign_in.open_session(office, cookie, face), cookie, face), face)
            stored, account = staff_sign_in.enter(office, cookie)
            found = WebSession(_live(office, stored, cookie, face), face)
            found.account = account
            if account and "browser" not in found:
                found["browser"] = kind_of(request.user_agent.string)
                found.begins = True
            return found
        except Exception as failure:  # Flask answers faults only later: kept, and raised before the view
            empty = WebSession(face=face)
            empty.failure = failure
            return empty

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write back what changed; send or take back the cookie."""
        assert isinstance(session, WebSession)
        office = app.office  # type: ignore[attr-defined]  # a Portal
        name = self.cookie_name(session.face)
        if not session.stores:
            return
        if session.ended:
            response.delete_cookie(name, path="/", secure=self._secure, httponly=True, samesite=SAME_SITE[session.face])
            return
        if session.cookie is None and session.stored is None and session:
            session.cookie = sign_in.start_anonymous(office, session.face, dict(session))
        elif session.stored is not None:
            now = office.now()
            if session.modified:
                session.stored.data = dict(session)
                drafts.save_session(office, session.stored)
            elif now - session.stored.seen_at > _SEEN_EVERY:
                sign_in.extend_session(office, session.stored)
        if session.cookie is not None:
            response.set_cookie(
                name, session.cookie, path="/", secure=self._secure, httponly=True, samesite=SAME_SITE[session.face]
            )


def _live(office: Office, stored: Session | None, cookie: str, face: str) -> Session | None:
    """The session that was found; where time has ended it, it is closed for good, whatever the clock does then."""
    if stored is None:
        own_sessions.ended_session(office, cookie, face)
    return stored


def face_of(path: str) -> str:
    """Which face a path belongs to: /<lang>/staff/… and /staff-login/… are the staff's."""
    parts = path.split("/", 3)
    return "staff" if parts[2:3] == ["staff"] or parts[1:2] == ["staff-login"] else "citizen"


def at_station(path: str) -> bool:
    """Is this a page of a listening station: /<lang>/staff/<controller>/station…?"""
    parts = path.split("/", 5)
    return parts[2:3] == ["staff"] and parts[4:5] == ["station"]


def station_cookie(secure: bool) -> str:
    """The name of the listening station's cookie, which goes to its own pages alone."""
    return "__Secure-kuuluu-station" if secure else "kuuluu-station"


def _seated(key: str | None) -> WebSession:
    """What a station's page knows instead of a session: the secret of its form tokens, which only its key gives."""
    web = WebSession(face="staff")
    web.stores = False
    if key:
        web["csrf_token"] = hashlib.sha256(f"station form|{key}".encode()).hexdigest()
    return web


def _writing_at(path: str) -> str | None:
    """The register at which a request is being written on this page: /<lang>/<controller>/request/…"""
    parts = path.split("/", 4)
    return parts[2] if len(parts) > 4 and parts[3] == "request" and parts[2] != "staff" else None


class SignedIn(UserMixin):
    """Flask-Login's current_user: a citizen by identity, or a staff member by account."""

    def __init__(self, identity: Identified | None, account: Account | None) -> None:
        self.identity = identity
        self.account = account

    def get_id(self) -> str:
        """The account's id; a citizen has none before the first request."""
        return self.account.id if self.account else "citizen"

    @property
    def name(self) -> str:
        """The name shown in the page's header."""
        if self.account:
            return self.account.name
        return f"{self.identity.given} {self.identity.family}" if self.identity else ""


def load_user(_request: object) -> SignedIn | None:
    """Who is signed in, from the stored session alone."""
    stored = current().stored
    if stored is None:
        return None
    if stored.face == "citizen":
        identity = sign_in.identity_of(stored)
        return SignedIn(identity, None) if identity else None
    account = current().account
    return SignedIn(None, account) if account else None
