"""Strong identification by a broker of the Finnish Trust Network (Traficom 213/2023 S) over OpenID Connect.

Authorisation code flow with a signed request object (RFC 9101), PKCE, private_key_jwt and an ID token that is signed
inside and encrypted outside. Authlib speaks with the token endpoint; what it leaves unchecked (issuer of the callback,
doubled parameters, audience, level, age of the login, redirects) is checked here and in `id_token`.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.common.urls import add_params_to_qs, add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from requests import Response

from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.id_token import (
    LEEWAY,
    LONGEST,
    Expected,
    Untrue,
    check,
    check_repeated,
    open_encrypted,
    open_signed,
    transaction,
)
from portal.adapters.identity.maintenance import Maintenance
from portal.adapters.identity.person import identified
from portal.adapters.identity.presets import Preset
from portal.adapters.identity.provider import Metadata, Provider, UnknownKey
from portal.adapters.identity.transport import TIMEOUT, Away, guard, is_safe, json_object
from portal.domain.identity import Assurance, Begun, Cancelled, Outcome, PendingLogin, Refused, Unreachable

LOGIN_LIFE = 600  # seconds from sending the browser away to its return
REQUEST_LIFE = 600  # seconds of the request object
ASSERTION_LIFE = 120  # seconds; brokers allow an hour at most
LONGEST_NAME = 40  # characters of the name that the bank shows
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LANGUAGES = ("fi", "sv", "en")
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


@dataclass(frozen=True)
class FtnSettings:
    """One broker, as agreed with it. `accepted` holds the `acr` values that may enter; `redirect_uri` is this
    broker's own; `service_name` is what the bank shows the person. Raises ValueError for what could never be right."""

    id: str
    preset: Preset
    issuer: str
    client_id: str
    redirect_uri: str
    accepted: frozenset[str]
    service_name: str | None = None
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
        shown = self.service_name
        if shown is not None and not (len(shown) <= LONGEST_NAME and shown.replace(" ", "").isalnum()):
            raise ValueError(f"service_name wants at most {LONGEST_NAME} letters, digits and blanks")

    def unfit_for_production(self) -> list[str]:
        """Why this broker may not serve real people, one sentence a reason; empty when it may."""
        reasons = {
            "the preset is for tests": self.preset.for_tests,
            "a test level is accepted": any(Assurance(level).is_test for level in self.accepted),
            "temporary personal identity codes are accepted": self.allow_temporary_codes,
            "the issuer is not https": not self.issuer.startswith("https://"),
            "the redirect address is not https": not self.redirect_uri.startswith("https://"),
        }
        return [reason for reason, holds in reasons.items() if holds]


class FtnIdentities:
    """The port `Identities` over one broker. Safe to share between threads."""

    def __init__(
        self, settings: FtnSettings, keys: ClientKeys, entity_keys: Sequence[RSAKey] = (), timeout: float = TIMEOUT
    ) -> None:
        """`timeout` is in seconds, for each call to the broker. Raises ValueError when the broker's keys come signed
        and no entity key vouches for them."""
        preset = settings.preset
        if preset.signed_keys != bool(entity_keys):
            raise ValueError("entity_key: wanted by this preset" if preset.signed_keys else "entity_key: not used here")
        self.settings = settings
        self._keys = keys
        self._provider = Provider(settings.issuer, timeout, paths=preset.paths, entity_keys=entity_keys)
        self._maintenance = Maintenance(settings.issuer, preset.maintenance) if preset.maintenance else None

    @property
    def id(self) -> str:
        """Our short name of the broker."""
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
        return Begun(self._address(metadata, pending), pending)

    def notice(self, language: str, now: datetime) -> str | None:
        """What the broker says of interruptions, in this language; None where it says nothing."""
        return self._maintenance.text(language, int(now.timestamp())) if self._maintenance else None

    def finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: datetime) -> Outcome:
        """Judge the provider's answer: see `Identities.finish`. Never raises for what came from outside."""
        try:
            return self._finish(params, method, pending, int(now.timestamp()))
        except Away as away:
            return Unreachable(str(away))
        except Untrue as untrue:
            return Refused(str(untrue), untrue.kind)
        except UnknownKey:
            return Refused("ID token's key is not among the provider's current keys")
        except Exception as error:  # an answer nobody foresaw is refused, not a page of error 500
            return Refused(f"unexpected {type(error).__name__}")

    # What we send

    def _address(self, metadata: Metadata, pending: PendingLogin) -> str:
        """The authorisation address. Three parameters stand beside the request object as well: a conforming provider
        refuses it alone (OpenID Connect Core 6.1), others ignore them."""
        asked = self._asked(pending)
        query = {name: str(asked[name]) for name in ("client_id", "response_type", "scope")}
        claims = {"aud": metadata.issuer, **asked}
        query["request"] = self._sign(claims, pending.sent_at, REQUEST_LIFE, self.settings.preset.request_type)
        return add_params_to_uri(metadata.authorization_endpoint, list(query.items()))

    def _asked(self, pending: PendingLogin) -> dict[str, Any]:
        """What we ask for. `prompt` and `max_age` make the broker ask anew: else the second person at one browser is
        silently the first."""
        settings = self.settings
        asked = {
            "client_id": settings.client_id,
            "response_type": "code",
            "scope": settings.preset.scope,
            "redirect_uri": pending.redirect_uri,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": create_s256_code_challenge(pending.verifier),  # type: ignore[no-untyped-call]  # stubs lag
            "code_challenge_method": "S256",
            "prompt": settings.preset.prompt,
            "max_age": 0,
            "ui_locales": pending.language,
            "acr_values": " ".join(sorted(settings.accepted)),
        }
        return asked | ({"ftn_spname": settings.service_name} if settings.service_name else {})

    # The answer

    def _finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: int) -> Outcome:
        answer = self._callback(params, method, pending, now)
        metadata = self._provider.metadata(now)
        self._check_issuer(answer, metadata)
        if "error" in answer:
            return self._failure(answer["error"])
        if not 0 < len(answer.get("code", "")) <= 2048:
            raise Untrue("callback without a code")
        wrapped = self._exchange(answer["code"], pending, metadata, now)
        token, outside = open_encrypted(wrapped, self._keys.opening(now))
        claims = open_signed(token, lambda kid: self._provider.key(kid, now))
        check_repeated(outside, claims)
        check(claims, self._expected(pending, now))
        settings = self.settings
        return identified(
            claims, settings.preset.claims, provider=self.id, transaction=transaction(token), now=now,
            temporary=settings.allow_temporary_codes,
        )  # fmt: skip

    def _failure(self, error: str) -> Cancelled:
        if error in self.settings.preset.cancelled:
            return Cancelled()
        if error in _AWAY:
            raise Away(f"provider answered {error}")
        raise Untrue(f"provider answered {_known(error)}")

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
        if not isinstance(value, str) or not value.isascii() or len(value) > LONGEST:
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

    def _sign(self, claims: dict[str, Any], now: int, life: int, kind: str = "JWT") -> str:
        """A statement of ours to the broker. No `nbf`: nobody asks for it, and it fails when our clock is ahead."""
        key = self._keys.signing()
        frame = {
            "iss": self.settings.client_id,
            "iat": now,
            "exp": now + life,
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": kind}, frame | claims, key, ["RS256"])


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
