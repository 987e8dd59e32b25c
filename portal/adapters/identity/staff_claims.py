"""What an organisation's token must say of a colleague, and what is believed of it.

A colleague is `iss` and `sub` (Entra: `tid` and `oid`, since its `sub` differs by application), never an e-mail
address, which the organisation may give to the next person. What the claims leave open is refused; the organisation's
own identifiers go no further than here, as digests.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from portal.adapters.identity.id_token import LEEWAY, Untrue
from portal.adapters.identity.transport import is_safe
from portal.services.ports.organisation import LoggedOut, Member, Sent

OLDEST = 10 * 3600  # seconds since the person last showed their means of identification: a working day
LOGOUT_LIFE = 300  # seconds in which a logout message may arrive
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_MOST_GROUPS = 1000
_LONGEST_NAME = 80
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OVERAGE = (
    "more groups than the ID token holds (overage): in Entra ID, let the token carry only the groups assigned to the "
    "application"
)


@dataclass(frozen=True)
class StaffOidcSettings:
    """One organisation, as agreed with it. `groups_claim` is the way to the groups through nested claims. Either
    `mfa_amr` or `mfa_acr` (the values that prove several factors) must have something where `mfa` is demanded.
    Raises ValueError for what could never be right."""

    id: str
    kind: Literal["entra", "keycloak"]
    issuer: str
    client_id: str
    redirect_uri: str
    tenant: str | None = None
    scope: str = "openid profile"
    groups_claim: tuple[str, ...] = ("groups",)
    mfa: bool = True
    mfa_amr: frozenset[str] = frozenset({"mfa"})
    mfa_acr: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("issuer", "redirect_uri"):
            if not is_safe(getattr(self, name)):
                raise ValueError(f"{name} must be an https address (http on loopback only)")
        if not self.client_id:
            raise ValueError("client_id is empty")
        if "openid" not in self.scope.split():
            raise ValueError("scope must hold openid")
        if not all(self.groups_claim) or not self.groups_claim:
            raise ValueError("groups_claim names no claim")
        if self.kind == "entra" and not _UUID.fullmatch(self.tenant or ""):
            raise ValueError("tenant must be the directory's id (a UUID in small letters), never common")
        if self.mfa and not (self.mfa_amr or self.mfa_acr):
            raise ValueError("mfa is demanded, but neither mfa_amr nor mfa_acr says what proves it")


def check(settings: StaffOidcSettings, claims: dict[str, Any], sent: Sent, now: int) -> None:
    """Hold the claims against the sign-in under way. Raises Untrue with the names of the rules they break."""
    oldest = sent.sent_at - LEEWAY - (0 if sent.anew else OLDEST)
    holds = {
        **_frame(settings, claims),
        "sub": _text(claims.get("sub")) is not None,
        "nonce": same(claims.get("nonce"), sent.nonce),
        "iat": _within(claims.get("iat"), sent.sent_at - LEEWAY, now + LEEWAY),
        "exp": _within(claims.get("exp"), now - LEEWAY + 1, None),
        "nbf": _within(claims.get("nbf", now), None, now + LEEWAY),
        "auth_time": _within(claims.get("auth_time"), oldest, now + LEEWAY),
        "tid": settings.kind != "entra" or claims.get("tid") == settings.tenant,
        "several factors": not settings.mfa or _several_factors(settings, claims),
    }
    _demand("ID token", holds)


def _frame(settings: StaffOidcSettings, claims: dict[str, Any]) -> dict[str, bool]:
    client = settings.client_id
    return {
        "iss": claims.get("iss") == settings.issuer,
        "aud": claims.get("aud") in (client, [client]),
        "azp": claims.get("azp", client) == client,
    }


def _several_factors(settings: StaffOidcSettings, claims: dict[str, Any]) -> bool:
    """Did the person show more than a password? A list must be a list: "mfa" inside a text proves nothing."""
    means = claims.get("amr")
    levels = claims.get("acrs") if settings.kind == "entra" else [claims.get("acr")]
    shown = [one for one in means if isinstance(one, str)] if isinstance(means, list) else []
    reached = [one for one in levels if isinstance(one, str)] if isinstance(levels, list) else []
    return bool(settings.mfa_amr.intersection(shown) or settings.mfa_acr.intersection(reached))


def member(settings: StaffOidcSettings, claims: dict[str, Any]) -> Member:
    """The colleague of claims that have been checked. Raises Untrue for what is missing or of another type."""
    session = claims.get("sid")
    if session is not None and _text(session) is None:
        raise Untrue("a session that is no text")
    return Member(
        identity=_identity(settings, claims),
        subject=_digest("subject", settings.id, claims["iss"], claims["sub"]),
        session=_digest("session", settings.id, claims["iss"], session) if session else None,
        name=_name(claims),
        groups=_groups(settings, claims),
        authenticated_at=datetime.fromtimestamp(claims["auth_time"], UTC),
    )


def _identity(settings: StaffOidcSettings, claims: dict[str, Any]) -> str:
    if settings.kind == "keycloak":
        return _digest("identity", claims["iss"], claims["sub"])
    person = claims.get("oid")
    if not isinstance(person, str) or not _UUID.fullmatch(person):
        raise Untrue("no usable identifier of the person (oid)")
    return _digest("identity", claims["iss"], claims["tid"], person)


def _groups(settings: StaffOidcSettings, claims: dict[str, Any]) -> frozenset[str]:
    pointed = claims.get("_claim_names")
    if claims.get("hasgroups") or (isinstance(pointed, dict) and settings.groups_claim[0] in pointed):
        raise Untrue(_OVERAGE)
    found: Any = claims
    for name in settings.groups_claim:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return frozenset()
    if not isinstance(found, list) or not all(isinstance(group, str) for group in found):
        raise Untrue("the groups are not a list of texts")
    if len(found) > _MOST_GROUPS:
        raise Untrue(f"more than {_MOST_GROUPS} groups")
    return frozenset(found)


def logged_out(settings: StaffOidcSettings, claims: dict[str, Any], now: int) -> LoggedOut:
    """What the claims of a logout message end. Raises Untrue with the names of the rules they break."""
    told = claims.get("events")
    named = [claims[name] for name in ("sid", "sub") if name in claims]
    holds = {
        **_frame(settings, claims),
        "iat": _within(claims.get("iat"), now - LOGOUT_LIFE, now + LEEWAY),
        "exp": _within(claims.get("exp", now), now - LEEWAY + 1, None),
        "jti": _text(claims.get("jti")) is not None,
        "events": isinstance(told, dict) and isinstance(told.get(_LOGOUT_EVENT), dict),
        "nonce": "nonce" not in claims,  # with one it is an ID token, whatever else it says
        "sid or sub": bool(named) and all(_text(one) is not None for one in named),
    }
    _demand("logout token", holds)
    session, subject = _text(claims.get("sid")), _text(claims.get("sub"))
    return LoggedOut(
        key=_digest("logout", settings.id, claims["jti"]),
        until=datetime.fromtimestamp(now, UTC) + timedelta(seconds=LOGOUT_LIFE + 3 * LEEWAY),
        session=_digest("session", settings.id, claims["iss"], session) if session else None,
        subject=_digest("subject", settings.id, claims["iss"], subject) if subject else None,
    )


def _demand(what: str, holds: dict[str, bool]) -> None:
    broken = [name for name, right in holds.items() if not right]
    if broken:
        raise Untrue(f"{what}: {', '.join(broken)}")


def _within(value: object, lowest: int | None, highest: int | None) -> bool:
    """Is it a whole number of seconds (neither true, nor a text, nor 1e400) between these, ends included?"""
    if type(value) is not int:
        return False
    return (lowest is None or value >= lowest) and (highest is None or value <= highest)


def same(value: object, expected: str) -> bool:
    """Is it this secret text? Takes the same time wherever they differ."""
    return isinstance(value, str) and hmac.compare_digest(value.encode("utf-8", "replace"), expected.encode())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= 255 else None


def _digest(*parts: str) -> str:
    """SHA-256 of these in order, none running into the next: what we keep in place of the organisation's own ids."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _name(claims: dict[str, Any]) -> str:
    """The name that colleagues and letters show: control and direction marks gone. Raises Untrue without one."""
    given = claims.get("name") or " ".join(
        one for one in (claims.get("given_name"), claims.get("family_name")) if isinstance(one, str)
    )
    if not isinstance(given, str) or len(given) > 300:
        raise Untrue("no usable name")
    kept = "".join(mark for mark in given if unicodedata.category(mark) not in ("Cc", "Cf", "Cs"))
    name = unicodedata.normalize("NFC", " ".join(kept.split()))[:_LONGEST_NAME].strip()
    if not name:
        raise Untrue("no usable name")
    return name
