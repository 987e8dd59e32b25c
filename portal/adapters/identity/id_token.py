"""The ID token, opened and judged: every check that makes it about this login, this portal and this moment.

The library's own check lets in foreign audiences, day-old tokens, lists of levels and doubled members; so each
rule stands here by name (OpenID Connect Core 3.1.3.7; the trust network's demands on a relying party).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from portal.adapters.identity.transport import OneOfEach

LEEWAY = 30  # seconds between the provider's clock and ours
_TYPES = {"jwt", "application/jwt"}


class Untrue(Exception):
    """The answer must not be believed. The message is for the log: it names the rule, never the value."""


@dataclass(frozen=True)
class Expected:
    """What the token must say, from the login that is under way. Times are epoch seconds."""

    issuer: str
    client_id: str
    nonce: str
    sent_at: int
    now: int
    levels: frozenset[str]


class _Registry(JWSRegistry):
    max_header_length = 8 * 1024  # a certificate chain may stand in the header; it is never trusted


def open_signed(value: str, key: Callable[[str | None], RSAKey]) -> dict[str, Any]:
    """The claims of a token signed RS256 by the provider's key, which `key` finds by its id. Raises Untrue."""
    parts = value.split(".")
    if len(parts) != 3:
        raise Untrue("ID token is not a plain signed token")
    header = _header(parts[0])
    signer = key(header.get("kid"))
    registry = _Registry(algorithms=["RS256"], strict_check_header=False)  # unknown members are to be ignored
    try:
        return jwt.decode(value, signer, registry=registry, decoder_cls=OneOfEach).claims
    except (JoseError, ValueError) as error:
        raise Untrue(f"ID token does not open ({type(error).__name__})") from None


def _header(part: str) -> dict[str, Any]:
    try:
        header = json.loads(urlsafe_b64decode(part.encode("ascii")), cls=OneOfEach)
    except ValueError:
        raise Untrue("ID token's header is broken") from None
    if not isinstance(header, dict) or not isinstance(header.get("kid", ""), str):
        raise Untrue("ID token's header is broken")
    if header.get("alg") != "RS256":
        raise Untrue("ID token is not signed RS256")
    if "crit" in header or "b64" in header:
        raise Untrue("ID token's header asks for an extension")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise Untrue("a token of another type")
    return header


def check(claims: dict[str, Any], expected: Expected) -> None:
    """Hold the claims against the login under way. Raises Untrue with the names of the rules they break."""
    audience = claims.get("aud")
    holds = {
        "iss": claims.get("iss") == expected.issuer,
        "sub": isinstance(claims.get("sub"), str) and claims["sub"] != "",
        "aud": audience == expected.client_id or audience == [expected.client_id],
        "azp": claims.get("azp", expected.client_id) == expected.client_id,
        "nonce": _same(claims.get("nonce"), expected.nonce),
        "acr": isinstance(claims.get("acr"), str) and claims["acr"] in expected.levels,
        **_times(claims, expected.sent_at, expected.now),
    }
    if not all(holds.values()):
        raise Untrue("ID token: " + ", ".join(name for name, right in holds.items() if not right))


def _times(claims: dict[str, Any], sent_at: int, now: int) -> dict[str, bool]:
    issued, ends, signed_in = (_seconds(claims, name) for name in ("iat", "exp", "auth_time"))
    starts = _seconds(claims, "nbf") if "nbf" in claims else now
    return {
        "iat": issued is not None and sent_at - LEEWAY <= issued <= now + LEEWAY,
        "exp": ends is not None and ends > now - LEEWAY,
        "nbf": starts is not None and starts <= now + LEEWAY,
        # A login older than our request is somebody's earlier visit: the next person at a shared browser.
        "auth_time": signed_in is not None and sent_at - LEEWAY <= signed_in <= now + LEEWAY,
    }


def _seconds(claims: dict[str, Any], name: str) -> int | None:
    value = claims.get(name)
    return value if type(value) is int else None  # neither true, nor "1700000000", nor 1e400


def _same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode("utf-8", "replace"), expected.encode())


def transaction(value: str) -> str:
    """Evidence of this token that does not keep it: SHA-256 of its signature, in hex."""
    return hashlib.sha256(urlsafe_b64decode(value.rsplit(".", 1)[1].encode("ascii"))).hexdigest()
