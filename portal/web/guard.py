"""Who may enter: PUBLIC, CITIZEN, STAFF(Action). The guard hands the view its proven visitor; no view asks a global."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any

from flask import abort, current_app, redirect, request, url_for

from portal.domain.access import Action, Actor, actions_of
from portal.domain.identity import Identified
from portal.domain.register import Register
from portal.domain.words import Language
from portal.services import sign_in, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, Session
from portal.web import session
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
    """A strongly identified person. Others go to sign-in and come back to where they were going."""

    name = "CITIZEN"

    def admit(self, visit: Visit) -> Any:
        identity = visit.signed_in.identity if visit.signed_in else None
        if identity is None:
            if visit.register is None:
                abort(404)
            onward = request.full_path.rstrip("?") if request.method == "GET" else visit.url("citizen.cases.list")
            return redirect(visit.url("citizen.sign_in.begin", to=onward), 303)
        visit.identity = identity
        visit.stored = session.current().stored
        return None


class StaffGuard(Guard):
    """A staff member with a second factor, the commitment accepted, and a role that allows the action here."""

    def __init__(self, action: Action | None) -> None:
        self.action = action
        self.name = f"STAFF({action.name})" if action else "STAFF"

    def admit(self, visit: Visit) -> Any:
        account = visit.signed_in.account if visit.signed_in else None
        if account is None:
            return redirect(visit.url("staff.sign_in.begin", to=_path_if_read()), 303)
        visit.account, visit.stored = account, session.current().stored
        if not account.committed and request.endpoint not in ("staff.sign_in.commitment", "staff.sign_in.leave"):
            return redirect(visit.url("staff.sign_in.commitment"), 303)
        if visit.register:
            visit.actor = staff_sign_in.actor_of(account, visit.register.id)
            if not visit.actor.roles or (self.action and self.action not in actions_of(visit.actor.roles)):
                abort(404)
        return None


def _path_if_read() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


PUBLIC = Guard()
CITIZEN = CitizenGuard()


def STAFF(action: Action | None = None) -> StaffGuard:  # noqa: N802 - reads as a guard beside PUBLIC and CITIZEN
    """Staff who may do `action` in the register of the address; None: any staff member."""
    return StaffGuard(action)
