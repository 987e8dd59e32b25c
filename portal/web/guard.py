"""Who may enter: PUBLIC, CITIZEN, STAFF(Action), and of these only who has proved lately who they are; STATION, who
sits at a device that staff have opened for an attended visit.

The guard hands the view its proven visitor; no view asks a global.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, render_template, request, url_for

from portal.domain.access import Action, Actor, actions_of
from portal.domain.identity import Identified
from portal.domain.register import Register
from portal.domain.words import Language
from portal.services import own_sessions, sign_in, staff_sign_in, station
from portal.services.office import Office
from portal.services.organisation_sign_in import provider_of
from portal.services.ports import Account, Session
from portal.services.ports.stations import Seat
from portal.web import session, waiting
from portal.web.session import SignedIn

_LANGUAGES = frozenset(language.value for language in Language)
_MOST_ADDRESSES = 4096


@dataclass
class Visit:
    """One request by a proven visitor: the office, the language, the register of the address, and who it is."""

    office: Office
    language: Language
    register: Register | None = None
    actor: Actor | None = None
    identity: Identified | None = None
    account: Account | None = None
    stored: Session | None = None
    seat: Seat | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of a page in this language and register (unless given otherwise)."""
        given = {"lang": self.language.value, "controller": self.register.id if self.register else None}
        return address(endpoint, **(given | values))

    @cached_property
    def signed_in(self) -> SignedIn | None:
        """Who is signed in on this face: Flask-Login's current user, asked for without its detours; None: nobody."""
        return session.load_user(request)

    @property
    def person_name(self) -> str | None:
        """The name shown in the page's header, where somebody is signed in."""
        return self.signed_in.name if self.signed_in else None

    @property
    def here(self) -> Register:
        """The register of the address; only pages under one ask for it."""
        if self.register is None:
            abort(404)
        return self.register

    @property
    def who(self) -> Actor:
        """The proven actor; only guarded pages ask for it. A citizen's is looked up by the first page that does."""
        if self.actor is None and self.identity and self.register:
            self.actor = sign_in.person_of(self.office, self.register.id, self.identity)
        if self.actor is None:
            abort(404)
        return self.actor


def address(endpoint: str, lang: str, controller: str | None = None, **values: Any) -> str:
    """The path of a page, which follows from these alone; made once, because every page shows a dozen of them."""
    known: dict[tuple[Any, ...], str] = current_app.addresses  # type: ignore[attr-defined]  # a Portal
    key = (request.root_path, endpoint, lang, controller, *values.items())
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST_ADDRESSES:
            known.clear()
        given: dict[str, Any] = {"lang": lang} | ({"controller": controller} if controller else {})
        found = known[key] = url_for(endpoint, **(given | values))
    return found


class Guard:
    """Base: anybody may enter. Subclasses admit or turn away in `admit`."""

    name = "PUBLIC"

    def around(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """The view with this guard before it."""

        @wraps(view)
        def guarded(**values: Any) -> Any:
            visit = self.visit(values)
            turned_away = self.admit(visit)
            return turned_away if turned_away is not None else view(visit, **values)

        return guarded

    def visit(self, values: dict[str, Any]) -> Visit:
        """The visit that the address describes. An unknown language or register is not found."""
        office: Office = current_app.office  # type: ignore[attr-defined]  # a Portal
        lang = values.pop("lang", "fi")
        if lang not in _LANGUAGES:
            abort(404)
        visit = Visit(office, Language(lang))
        if "controller" in values:
            visit.register = office.registers.get(values.pop("controller"))
            if visit.register is None:
                abort(404)
        visit.values = dict(values)
        return visit

    def admit(self, visit: Visit) -> Any:
        """None to enter, or the answer that turns the visitor away."""
        return None


class CitizenGuard(Guard):
    """A strongly identified person; with `fresh`, identified within a quarter of an hour. Others go to sign-in and come
    back to where they were going; a form that they sent waits for them."""

    def __init__(self, fresh: bool = False) -> None:
        self.fresh = fresh
        self.name = "CITIZEN_FRESH" if fresh else "CITIZEN"

    def admit(self, visit: Visit) -> Any:
        identity = visit.signed_in.identity if visit.signed_in else None
        if identity is None or not _serves(identity, visit.register):
            if visit.register is None:
                abort(404)
            onward = request.full_path.rstrip("?") if request.method == "GET" else visit.url("citizen.cases.list")
            return redirect(visit.url("citizen.sign_in.begin", to=onward), 303)
        visit.identity = identity
        visit.stored = session.current().stored
        turned_away = identify_first(visit) if self.fresh else None
        if turned_away is None:
            _through(visit)
        return turned_away


def _serves(identity: Identified, register: Register | None) -> bool:
    """Does the provider that identified this person serve this register? Suomi.fi serves public bodies alone."""
    only: frozenset[str] | None = current_app.config["PROVIDER_REGISTERS"].get(identity.provider)
    return only is None or register is None or register.id in only


class StaffGuard(Guard):
    """A staff member with a second factor, the commitment accepted, and a role that allows the action here; with
    `fresh`, a second factor within ten minutes."""

    def __init__(self, action: Action | None, fresh: bool = False) -> None:
        self.action = action
        self.fresh = fresh
        given = ", ".join([*([action.name] if action else []), *(["fresh"] if fresh else [])])
        self.name = f"STAFF({given})" if given else "STAFF"

    def admit(self, visit: Visit) -> Any:
        account = visit.signed_in.account if visit.signed_in else None
        if account is None:
            if _from_elsewhere():
                return render_template("staff/arrival.html", to=request.full_path.rstrip("?"), language=visit.language)
            return redirect(visit.url("staff.sign_in.begin", to=_path_if_read()), 303)
        visit.account, visit.stored = account, session.current().stored
        if not account.committed and request.endpoint not in ("staff.sign_in.commitment", "staff.sign_in.leave"):
            return redirect(visit.url("staff.sign_in.commitment"), 303)
        if visit.register:
            visit.actor = staff_sign_in.actor_of(account, visit.register.id)
            if not visit.actor.roles or (self.action and self.action not in actions_of(visit.actor.roles)):
                abort(404)
        if self.fresh and visit.stored and not own_sessions.is_fresh(visit.stored, visit.office.now()):
            return step_up(visit)
        turned_away = _late(visit)
        if turned_away is None:
            _through(visit)
        return turned_away


class StationGuard(Guard):
    """The listening station's own cookie, while the station is open; nobody is signed in there. Anything else finds
    one and the same page, whether there ever was a station or not."""

    name = "STATION"

    def admit(self, visit: Visit) -> Any:
        name = session.station_cookie(current_app.config["SESSION_COOKIE_SECURE"])
        visit.seat = station.seat_of(visit.office, request.cookies.get(name), visit.here.id)
        if visit.seat is not None:
            return None
        owner = {"name": visit.here.controller.name[visit.language], "theme": visit.here.theme}
        shown = render_template("staff/station/over.html", language=visit.language.value, controller=owner, left=False)
        return shown, 404, {"Cache-Control": "no-store"}


def identify_first(visit: Visit) -> Any:
    """None where the identification is fresh; else the way to a new one. The form that was sent waits meanwhile."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    if own_sessions.is_fresh(visit.stored, visit.office.now()):
        return None
    onward = request.full_path.rstrip("?")
    if request.method == "POST":
        waiting.keep_for(visit.office, visit.stored)
        onward = visit.url("citizen.sessions.waiting")
    return redirect(visit.url("citizen.sign_in.begin", to=onward), 303)


def step_up(visit: Visit) -> Any:
    """The way to a second factor, and back to what was asked for. The form that was sent waits meanwhile."""
    assert visit.stored is not None, "the guard lets only live sessions in"
    onward = _path_if_read()
    if onward is None:
        onward = visit.url("staff.step_up.waiting", controller=None) if waiting.keep() else _came_from()
    endpoint = "staff.organisation.again" if provider_of(visit.stored) else "staff.step_up.begin"
    return redirect(visit.url(endpoint, controller=None, to=onward), 303)


def _late(visit: Visit) -> Any:
    """At the first page of a session: the way to a form that came when the last one had ended."""
    web = session.current()
    if not web.begins or request.method != "GET" or visit.stored is None or request.endpoint == "staff.step_up.waiting":
        return None
    form = waiting.of_session(visit.office, visit.stored)
    return redirect(visit.url("staff.step_up.waiting", controller=None), 303) if form else None


def _through(visit: Visit) -> None:
    """A form that has come through waits no longer."""
    web = session.current()
    if request.method == "POST" and visit.stored and ("waiting" in web or "saved" in web):
        waiting.sent(visit.office, visit.stored)


def _from_elsewhere() -> bool:
    """A link on another site was followed: the session's cookie stays at home (SameSite=Strict) until the next hop."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site" and not session.current()


def _came_from() -> str | None:
    """The page of ours that sent a form."""
    sender = urlsplit(request.referrer or "")
    return sender.path if sender.netloc == request.host else None


def _path_if_read() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


PUBLIC = Guard()
CITIZEN = CitizenGuard()
CITIZEN_FRESH = CitizenGuard(fresh=True)
STATION = StationGuard()


def STAFF(action: Action | None = None, *, fresh: bool = False) -> StaffGuard:  # noqa: N802 - reads as a guard beside PUBLIC and CITIZEN
    """Staff who may do `action` in the register of the address; None: any staff member. `fresh`: listening, signing,
    exporting, changing rights or retention ask for a second factor within ten minutes."""
    return StaffGuard(action, fresh)
