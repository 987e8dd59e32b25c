"""The ID token, opened and judged: every check that makes it about this login, this portal and this moment.

The library's own check lets in foreign audiences, day-old tokens, lists of levels and doubled members; so each
rule stands here by name (OpenID Connect Core 3.1.3.7; the trust network's demands on a relying party).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from portal.adapters.identity.transport import OneOfEach

LEEWAY = 30  # seconds between the provider's clock and ours
LONGEST = 96 * 1024  # characters of a token, certificate chains in its headers included
_TYPES = {"jwt", "application/jwt"}
_WRAPPINGS = {"RSA-OAEP", "RSA-OAEP-256"}
_CONTENTS = {"A128CBC-HS256", "A128GCM"}


class Untrue(Exception):
    """The answer must not be believed. The message is for the log: it names the rule, never the value. `kind`: what
    the person may be told of it."""

    def __init__(self, reason: str, kind: Literal["level", "identifier", "other"] = "other") -> None:
        super().__init__(reason)
        self.kind: Literal["level", "identifier", "other"] = kind


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


class _Wrapped(JWERegistry):
    max_protected_header_length = 8 * 1024
    max_ciphertext_length = LONGEST


def open_encrypted(value: str, keys: Iterable[RSAKey]) -> tuple[str, dict[str, Any]]:
    """The signed token inside an encrypted one, and the claims repeated outside it (RFC 7519 5.3).

    Whatever key id it names, each of `keys` is tried: a broker may call our key by a name of its own. Raises Untrue.
    """
    if value.count(".") != 4 or len(value) > LONGEST:
        raise Untrue("ID token is not encrypted" if len(value) <= LONGEST else "ID token without end")
    header = _json_part(value.split(".", 1)[0], "ID token's wrapping is broken")
    if header.get("alg") not in _WRAPPINGS or header.get("enc") not in _CONTENTS or {"zip", "crit"} & set(header):
        raise Untrue("ID token is wrapped in another way")
    registry = _Wrapped(algorithms=sorted(_WRAPPINGS | _CONTENTS), strict_check_header=False)
    for key in keys:
        try:
            inner = jwe.decrypt_compact(value, key, registry=registry).plaintext
        except (JoseError, ValueError):
            continue
        return _ascii(inner), {name: header[name] for name in ("iss", "sub", "aud") if name in header}
    raise Untrue("no key of ours opens the ID token")


def _ascii(inner: bytes | None) -> str:
    try:
        return (inner or b"").decode("ascii")
    except UnicodeDecodeError:
        raise Untrue("ID token is not a plain signed token") from None


def check_repeated(outside: dict[str, Any], claims: dict[str, Any]) -> None:
    """What stands outside the encryption must be what stands inside. Raises Untrue."""
    if any(claims.get(name) != value for name, value in outside.items()):
        raise Untrue("ID token: header and claims disagree")


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
    header = _json_part(part, "ID token's header is broken")
    if not isinstance(header.get("kid", ""), str):
        raise Untrue("ID token's header is broken")
    if header.get("alg") != "RS256":
        raise Untrue("ID token is not signed RS256")
    if "crit" in header or "b64" in header:
        raise Untrue("ID token's header asks for an extension")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise Untrue("a token of another type")
    return header


def _json_part(part: str, reason: str) -> dict[str, Any]:
    try:
        found = json.loads(urlsafe_b64decode(part.encode("ascii")), cls=OneOfEach)
    except (ValueError, RecursionError):
        raise Untrue(reason) from None
    if not isinstance(found, dict):
        raise Untrue(reason)
    return found


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
    broken = [name for name, right in holds.items() if not right]
    if broken:
        raise Untrue("ID token: " + ", ".join(broken), "level" if broken == ["acr"] else "other")


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
