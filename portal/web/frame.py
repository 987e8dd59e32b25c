"""What every page's layout needs: the controller shown, the languages, the addresses, who is signed in."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request

from portal.domain.register import Register
from portal.domain.words import Language
from portal.services import own_sessions
from portal.services.office import HELSINKI
from portal.web.guard import Visit, address
from portal.web.session import current

_LABELS = {Language.FI: "Suomi", Language.SV: "Svenska", Language.EN: "English"}


@dataclass(frozen=True)
class Owner:
    """The controller as the layouts show it."""

    id: str
    name: str
    theme: str
    contact_lines: tuple[str, ...]
    dpo_lines: tuple[str, ...]


@dataclass(frozen=True)
class LanguageLink:
    """One link of the language choice: the same page in another language."""

    code: str
    label: str
    url: str
    current: bool


def frame(visit: Visit) -> dict[str, Any]:
    """Template values of the layouts for a visit; `seen_by_frame` tells what they follow from."""
    values: dict[str, Any] = {
        "visit": visit,
        "language": visit.language.value,
        "controller": owner(visit.register, visit.language) if visit.register else None,
        "languages": [_link(visit, language) for language in Language],
        "person_name": visit.person_name,
        "urls": _urls(visit),
        "url": visit.url,
    }
    ends = session_ends(visit)
    return values | {"session_ends": ends} if ends else values


def session_ends(visit: Visit) -> datetime | None:
    """When the session of who is signed in ends if this answer is the last (Helsinki time)."""
    stored = current().stored
    if stored is None or visit.signed_in is None:
        return None
    idle = own_sessions.idle_of(visit.office, stored.face)
    return min(stored.ends_at, visit.office.now() + idle).astimezone(HELSINKI)


def seen_by_frame(visit: Visit) -> Hashable:
    """All that the layouts' values (`frame`, and `desk` for staff) follow from, but for the name and the session's end.

    Kept pages (portal/web/kept.py) are found by it: what a layout shows beyond it would be shown stale.
    """
    roles = frozenset(visit.account.roles.items()) if visit.account else None
    return request.root_path, request.path, roles


def owner(register: Register, language: Language) -> Owner:
    """The controller's name, theme and contacts by role in a language."""
    return Owner(
        register.id,
        register.controller.name[language],
        register.theme,
        _lines(register.contact, language),
        _lines(register.dpo, language),
    )


def _lines(contact: Any, language: Language) -> tuple[str, ...]:
    phone = {"fi": "puh.", "sv": "tfn", "en": "tel."}[language]
    lines = [contact.role[language], ", ".join(contact.post), f"{phone} {contact.phone}" if contact.phone else ""]
    return tuple(line for line in (*lines, contact.email or "") if line)


def _link(visit: Visit, language: Language) -> LanguageLink:
    first, _, rest = request.path.lstrip("/").partition("/")
    path = f"/{language.value}/{rest}" if first in set(Language) else f"/{language.value}/"
    return LanguageLink(language.value, _LABELS[language], path, language is visit.language)


def shown_face() -> str:
    """The face of the page: the address's own, or the only one that is served here."""
    served: str = current_app.face  # type: ignore[attr-defined]  # a Portal
    return current().face if served == "both" else served


def _urls(visit: Visit) -> dict[str, str]:
    if shown_face() == "staff":
        return _staff_urls(visit)
    lang = visit.language.value
    urls = {"home": address("public.start.choose", lang), "verify": address("public.verify.check", lang)}
    if visit.register:
        urls |= {
            "home": visit.url("public.start.show"),
            "notice": visit.url("public.notice.show"),
            "accessibility": visit.url("public.accessibility.statement"),
            "paper": visit.url("public.paper.forms"),
            "sign_out": visit.url("citizen.sign_in.leave"),
            "my_cases": visit.url("citizen.cases.list"),
            "extend": visit.url("citizen.sign_in.stay"),
        }
    return urls


def _staff_urls(visit: Visit) -> dict[str, str]:
    lang = visit.language.value
    urls = {
        "home": address("staff.start.choose", lang),
        "sign_out": address("staff.sign_in.leave", lang),
        "extend": address("staff.sign_in.stay", lang),
        "account": address("staff.credentials.show", lang),
        "sessions": address("staff.sessions.list", lang),
    }
    if visit.register:
        urls["queue"] = visit.url("staff.queue.list")
        urls |= {"search": visit.url("staff.queue.search")}
    return urls
