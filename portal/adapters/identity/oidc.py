"""Strong identification over OpenID Connect: authorisation code flow with PKCE, state, nonce and private_key_jwt.

Authlib speaks with the token endpoint; what it leaves unchecked (issuer of the callback, doubled parameters,
audience, level, age of the login, redirects) is checked here and in `id_token`. A broker's dialect overrides
`_authorisation` (a signed request object) and `_unwrap` (an encrypted ID token); all else stays.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from authlib.common.urls import add_params_to_qs, add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from requests import Response

from portal.adapters.identity.client_key import BITS, ensure_client_key, public_jwks
from portal.adapters.identity.id_token import LEEWAY, Expected, Untrue, check, open_signed, transaction
from portal.adapters.identity.provider import Metadata, Provider, UnknownKey
from portal.adapters.identity.transport import TIMEOUT, Away, guard, is_safe, json_object
from portal.domain.identity import (
    Assurance,
    BadCode,
    Begun,
    Cancelled,
    Identified,
    Outcome,
    PendingLogin,
    PersonalIdentityCode,
    Refused,
    Unreachable,
)

__all__ = [
    "OP_CLAIMS",
    "TELIA_CLAIMS",
    "ClaimNames",
    "OidcIdentities",
    "OidcSettings",
    "ensure_client_key",
    "public_jwks",
]

LOGIN_LIFE = 600  # seconds from sending the browser away to its return
ASSERTION_LIFE = 120  # seconds; brokers allow an hour at most
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LANGUAGES = ("fi", "sv", "en")
_HELSINKI = ZoneInfo("Europe/Helsinki")
_CANCELLED = {"access_denied", "cancel"}
_AWAY = {"temporarily_unavailable", "server_error"}
# The only error words that may reach the log; anything else from an address bar is a stranger's text.
_KNOWN_ERRORS = {
    "invalid_request",
    "unauthorized_client",
    "unsupported_response_type",
    "invalid_scope",
    "login_required",
    "interaction_required",
    "consent_required",
    "account_selection_required",
    "invalid_request_object",
    "unmet_authentication_requirements",
    "invalid_client",
    "invalid_grant",
    "unsupported_grant_type",
}
_FOREIGN = re.compile(r"[A-Z]{2}/FI/[\x21-\x7e]{1,256}")  # eIDAS: country of the person, country asking, identifier


@dataclass(frozen=True)
class ClaimNames:
    """What a provider calls the attributes. `born` or `foreign` None: the provider does not give it."""

    code: str
    given: str
    family: str
    born: str | None
    foreign: str | None = None


OP_CLAIMS = ClaimNames("personal_identity_code", "given_name", "family_name", "birthdate")
TELIA_CLAIMS = ClaimNames(
    code="urn:oid:1.2.246.21",
    given="urn:oid:1.2.246.575.1.14",
    family="urn:oid:2.5.4.4",
    born="urn:oid:1.3.6.1.5.5.7.9.1",
)


@dataclass(frozen=True)
class OidcSettings:
    """One provider, as agreed with it. `accepted` holds the `acr` values that may enter; `redirect_uri` is this
    provider's own. Raises ValueError for what could never be right."""

    id: str
    issuer: str
    client_id: str
    redirect_uri: str
    accepted: frozenset[str]
    scope: str = "openid"
    claims: ClaimNames = OP_CLAIMS
    allow_temporary_codes: bool = False

    def __post_init__(self) -> None:
        for name in ("issuer", "redirect_uri"):
            if not is_safe(getattr(self, name)):
                raise ValueError(f"{name} must be an https address (http on loopback only)")
        if not self.client_id:
            raise ValueError("client_id is empty")
        known = {level.value for level in Assurance}
        if not self.accepted or not self.accepted <= known:
            raise ValueError(f"accepted must name levels out of {', '.join(sorted(known))}")
        if "openid" not in self.scope.split():
            raise ValueError("scope must hold openid")

    def unfit_for_production(self) -> list[str]:
        """Why this provider may not serve real people, one sentence a reason; empty when it may."""
        reasons = {
            "a test level is accepted": any(Assurance(level).is_test for level in self.accepted),
            "temporary personal identity codes are accepted": self.allow_temporary_codes,
            "the issuer is not https": not self.issuer.startswith("https://"),
            "the redirect address is not https": not self.redirect_uri.startswith("https://"),
        }
        return [reason for reason, holds in reasons.items() if holds]


class OidcIdentities:
    """The port `Identities` over one OpenID Connect provider. Safe to share between threads."""

    def __init__(self, settings: OidcSettings, signing_key: RSAKey, timeout: float = TIMEOUT) -> None:
        """`timeout` is in seconds, for each call to the provider. Raises ValueError for a weak or public key."""
        if not signing_key.is_private or signing_key.raw_value.key_size < BITS:
            raise ValueError(f"the signing key must be a private RSA key of at least {BITS} bits")
        signing_key.ensure_kid()
        self.settings = settings
        self._key = signing_key
        self._provider = Provider(settings.issuer, timeout)

    @property
    def id(self) -> str:
        """Our short name of the provider."""
        return self.settings.id

    def begin(self, language: str, return_to: str, now: datetime) -> Begun | Unreachable:
        """The address that starts a login, and what to keep until the browser returns."""
        pending = PendingLogin(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            provider=self.id,
            redirect_uri=self.settings.redirect_uri,
            sent_at=int(now.timestamp()),
            return_to=return_to,
            language=language if language in _LANGUAGES else "fi",
        )
        try:
            metadata = self._provider.metadata(pending.sent_at)
        except Away as away:
            return Unreachable(str(away))
        query = self._authorisation(pending)
        return Begun(add_params_to_uri(metadata.authorization_endpoint, list(query.items())), pending)

    def finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: datetime) -> Outcome:
        """Judge the provider's answer: see `Identities.finish`. Never raises for what came from outside."""
        try:
            return self._finish(params, method, pending, int(now.timestamp()))
        except Away as away:
            return Unreachable(str(away))
        except Untrue as untrue:
            return Refused(str(untrue))
        except UnknownKey:
            return Refused("ID token's key is not among the provider's current keys")
        except Exception as error:  # an answer nobody foresaw is refused, not a page of error 500
            return Refused(f"unexpected {type(error).__name__}")

    # What a broker's dialect replaces

    def _authorisation(self, pending: PendingLogin) -> dict[str, str]:
        """The parameters of the authorisation address. `prompt` and `max_age` make the provider ask anew: else the
        second person at one browser is silently the first."""
        return {
            "client_id": self.settings.client_id,
            "response_type": "code",
            "scope": self.settings.scope,
            "redirect_uri": pending.redirect_uri,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": create_s256_code_challenge(pending.verifier),  # type: ignore[no-untyped-call]  # stubs lag
            "code_challenge_method": "S256",
            "prompt": "login",
            "max_age": "0",
            "ui_locales": pending.language,
            "acr_values": " ".join(sorted(self.settings.accepted)),
        }

    def _unwrap(self, value: str) -> str:
        """The signed token inside what the token endpoint gave; here it comes plain."""
        return value

    # The answer

    def _finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: int) -> Outcome:
        answer = self._callback(params, method, pending, now)
        metadata = self._provider.metadata(now)
        self._check_issuer(answer, metadata)
        if "error" in answer:
            return _failure(answer["error"])
        if not 0 < len(answer.get("code", "")) <= 2048:
            raise Untrue("callback without a code")
        token = self._unwrap(self._exchange(answer["code"], pending, metadata, now))
        claims = open_signed(token, lambda kid: self._provider.key(kid, now))
        check(claims, self._expected(pending, now))
        return self._identified(claims, transaction(token), now)

    def _callback(
        self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: int
    ) -> dict[str, str]:
        answer = dict(params)
        if method != "GET":
            raise Untrue("callback by another method")
        if len(answer) != len(params):
            raise Untrue("callback with a parameter twice")
        if (pending.provider, pending.redirect_uri) != (self.id, self.settings.redirect_uri):
            raise Untrue("login begun at another provider")
        if not hmac.compare_digest(answer.get("state", "").encode(), pending.state.encode()) or not pending.state:
            raise Untrue("callback with another state")
        if not -LEEWAY <= now - pending.sent_at <= LOGIN_LIFE:
            raise Untrue("login begun too long ago")
        return answer

    def _check_issuer(self, answer: dict[str, str], metadata: Metadata) -> None:
        if "iss" not in answer and metadata.announces_iss:
            raise Untrue("callback without the announced issuer")
        if answer.get("iss", metadata.issuer) != metadata.issuer:
            raise Untrue("callback from another issuer")

    def _expected(self, pending: PendingLogin, now: int) -> Expected:
        settings = self.settings
        return Expected(settings.issuer, settings.client_id, pending.nonce, pending.sent_at, now, settings.accepted)

    # The token endpoint

    def _exchange(self, code: str, pending: PendingLogin, metadata: Metadata, now: int) -> str:
        """Change the code for an ID token, one attempt. The access token beside it is dropped."""
        with OAuth2Session(self.settings.client_id, token_endpoint_auth_method="private_key_jwt") as http:
            guard(http, self._provider.timeout)
            http.register_client_auth_method(("private_key_jwt", self._proof(metadata.token_endpoint, now)))
            http.register_compliance_hook("access_token_response", _token_answer)
            try:
                answer = http.fetch_token(
                    metadata.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=pending.verifier,
                    redirect_uri=pending.redirect_uri,
                    allow_redirects=False,
                )
            except OAuthError as error:
                raise Untrue(f"token endpoint: {_known(error.error)}") from None
        value = answer.get("id_token")
        if not isinstance(value, str) or not value.isascii():
            raise Untrue("token endpoint gave no ID token")
        return value

    def _proof(self, endpoint: str, now: int) -> Callable[..., tuple[str, Any, str]]:
        """Client authentication by our key, made anew for each call. The library's own repeats `jti`, omits `kid`
        and lives for an hour."""
        client = self.settings.client_id

        def prove(_auth: object, _method: str, uri: str, headers: Any, body: str) -> tuple[str, Any, str]:
            claims = {"sub": client, "aud": endpoint}
            fields = [
                ("client_id", client),
                ("client_assertion_type", _ASSERTION_TYPE),
                ("client_assertion", self._sign(claims, now, ASSERTION_LIFE)),
            ]
            return uri, headers, add_params_to_qs(body or "", fields)

        return prove

    def _sign(self, claims: dict[str, Any], now: int, life: int) -> str:
        """A statement of ours to the provider. No `nbf`: nobody asks for it, and it fails when our clock is ahead."""
        frame = {
            "iss": self.settings.client_id,
            "iat": now,
            "exp": now + life,
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": "RS256", "kid": self._key.kid, "typ": "JWT"}, frame | claims, self._key, ["RS256"])

    # The person

    def _identified(self, claims: dict[str, Any], evidence: str, now: int) -> Identified:
        names = self.settings.claims
        given, family = _name(claims.get(names.given)), _name(claims.get(names.family))
        if not given and not family:
            raise Untrue("no name")
        key, code = self._subject(claims, now)
        return Identified(
            subject_key=key,
            code=code,
            given=given,
            family=family,
            born=self._born(claims, code),
            level=Assurance(claims["acr"]),
            method=_method(claims.get("amr"), self.id),
            authenticated_at=datetime.fromtimestamp(claims["auth_time"], UTC),
            provider=self.id,
            transaction=evidence,
        )

    def _subject(self, claims: dict[str, Any], now: int) -> tuple[str, PersonalIdentityCode | None]:
        names = self.settings.claims
        if names.code in claims:
            code = self._code(claims[names.code], now)
            return f"hetu:{code.value}", code
        foreign = claims.get(names.foreign) if names.foreign else None
        if not isinstance(foreign, str) or not _FOREIGN.fullmatch(foreign):
            raise Untrue("no usable identifier of the person")
        return f"eidas:{foreign}", None

    def _code(self, text: object, now: int) -> PersonalIdentityCode:
        today = datetime.fromtimestamp(now, _HELSINKI).date()
        try:
            return PersonalIdentityCode.parse(str(text), self.settings.allow_temporary_codes, today=today)
        except BadCode as error:
            raise Untrue(str(error)) from None

    def _born(self, claims: dict[str, Any], code: PersonalIdentityCode | None) -> date | None:
        """The birth date, which must be the same in the code and in its own claim."""
        name = self.settings.claims.born
        if name is None:
            return code.born if code else None
        try:
            born = datetime.strptime(claims[name], "%Y-%m-%d").date()
        except (KeyError, TypeError, ValueError):
            raise Untrue("no usable birth date") from None
        if code is not None and born != code.born:
            raise Untrue("birth date and personal identity code disagree")
        return born


def _failure(error: str) -> Cancelled:
    if error in _CANCELLED:
        return Cancelled()
    if error in _AWAY:
        raise Away(f"provider answered {error}")
    raise Untrue(f"provider answered {_known(error)}")


def _known(error: object) -> str:
    return str(error) if error in _KNOWN_ERRORS else "an error of its own"


def _token_answer(response: Response) -> Response:
    """Hold the token endpoint's answer before the library reads it: JSON, one of each member, and an ID token only
    under status 200."""
    if response.status_code >= 500:
        raise Away(f"token endpoint: HTTP {response.status_code}")
    found = json_object(response)
    if response.status_code != 200 and not isinstance(found.get("error"), str):
        raise Away(f"token endpoint: HTTP {response.status_code}")
    return response


def _name(value: object) -> str:
    """A name for a letter: blanks joined, control and direction marks gone."""
    if value is not None and not isinstance(value, str):
        raise Untrue("a name that is no text")
    kept = "".join(mark for mark in value or "" if unicodedata.category(mark) not in ("Cc", "Cf", "Cs"))
    if len(kept) > 300:
        raise Untrue("a name without end")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _method(amr: object, fallback: str) -> str:
    """The means of identification, when the provider names exactly one; else the provider itself."""
    first = amr[0] if isinstance(amr, list) and len(amr) == 1 else amr
    return first if isinstance(first, str) and re.fullmatch(r"[\x21-\x7e]{1,200}", first) else fallback
