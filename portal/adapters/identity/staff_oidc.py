"""Staff sign-in at their organisation over OpenID Connect: Entra ID and Keycloak as presets, one strict check.

Code flow with PKCE, state, nonce and the issuer of the answer (RFC 9207); a plain token signed RS256, whose claims are
held against the sign-in under way in `staff_claims`. Logout messages: OpenID Connect Back-Channel Logout 1.0.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_plus

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode
from requests import Session

from portal.adapters.identity.client_keys import ClientKeys, publish
from portal.adapters.identity.id_token import LEEWAY, Untrue, open_signed
from portal.adapters.identity.provider import Metadata, Provider, UnknownKey
from portal.adapters.identity.staff_claims import OLDEST, StaffOidcSettings, check, logged_out, member, same
from portal.adapters.identity.transport import TIMEOUT, Away, OneOfEach, guard, json_object
from portal.domain.identity import Cancelled, Refused, Unreachable
from portal.services.ports.organisation import LoggedOut, Member, Sending, Sent

LOGIN_LIFE = 600  # seconds from sending the browser away to its return
_ASSERTION_LIFE = 120
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LOGOUT_TYPES = {"jwt", "logout+jwt", "application/logout+jwt"}
_SHORTEST_SECRET = 16
_LONGEST_TOKEN = 64 * 1024  # characters

T = TypeVar("T")


def read_secret(path: Path) -> str:
    """The client's secret in a file. Raises OSError for a file that is away or that others may read, ValueError for
    one that holds no secret worth the name."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name}: others may read the secret; its mode must be 0600")
    secret = path.read_text(encoding="utf-8").strip()
    if len(secret) < _SHORTEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise ValueError(f"{path.name}: wants a secret of at least {_SHORTEST_SECRET} plain characters")
    return secret


class StaffOidc:
    """The port `OrganisationProvider` over one OpenID Connect provider. Safe to share between threads."""

    def __init__(self, settings: StaffOidcSettings, proof: Path | str, timeout: float = TIMEOUT) -> None:
        """`proof` is how we prove ourselves at the token endpoint: the file of our keys, or the secret we were given.
        `timeout` is in seconds, for each call to the provider. Raises ValueError for a file that cannot serve."""
        self.settings = settings
        self._secret = proof if isinstance(proof, str) else None
        self._file = proof if isinstance(proof, Path) else None
        self._keys = ClientKeys(proof) if isinstance(proof, Path) else None
        self._provider = Provider(settings.issuer, timeout)

    @property
    def id(self) -> str:
        """Our short name of the provider."""
        return self.settings.id

    def public_keys(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        """Our public keys for the provider; none where we prove ourselves by a secret."""
        if self._file is None:
            return ()
        shown = publish(self._file, int(now.timestamp()))["keys"]
        return [key for key in shown if key["use"] == "sig"]  # its ID tokens come unencrypted

    def begin(self, language: str, anew: bool, now: datetime) -> Sending | Unreachable:
        """The address that starts a sign-in, and what to keep until the browser returns."""
        sent = Sent(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            provider=self.id,
            redirect_uri=self.settings.redirect_uri,
            sent_at=int(now.timestamp()),
            anew=anew,
        )
        try:
            metadata = self._provider.metadata(sent.sent_at)
        except Away as away:
            return Unreachable(str(away))
        query = self._authorisation(sent, language)
        return Sending(add_params_to_uri(metadata.authorization_endpoint, list(query.items())), sent)

    def finish(
        self, params: Sequence[tuple[str, str]], method: str, sent: Sent, now: datetime
    ) -> Member | Cancelled | Refused | Unreachable:
        """Judge the provider's answer: see `OrganisationProvider.finish`."""
        return _judged(lambda: self._finish(params, method, sent, int(now.timestamp())))

    def logged_out(self, token: str, now: datetime) -> LoggedOut | Refused | Unreachable:
        """Judge a logout message: see `OrganisationProvider.logged_out`."""
        return _judged(lambda: self._logged_out(token, int(now.timestamp())))

    def _authorisation(self, sent: Sent, language: str) -> dict[str, str]:
        """The parameters of the authorisation address. `max_age` obliges the provider to tell `auth_time`."""
        wanted = sorted(self.settings.mfa_acr) if self.settings.mfa else []
        query = {
            "client_id": self.settings.client_id,
            "response_type": "code",
            "scope": self.settings.scope,
            "redirect_uri": sent.redirect_uri,
            "state": sent.state,
            "nonce": sent.nonce,
            "code_challenge": create_s256_code_challenge(sent.verifier),  # type: ignore[no-untyped-call]  # stubs lag
            "code_challenge_method": "S256",
            "max_age": "0" if sent.anew else str(OLDEST),
            "ui_locales": language,
        }
        if sent.anew:
            query["prompt"] = "login"
        if wanted and self.settings.kind == "keycloak":
            query["acr_values"] = " ".join(wanted)
        elif wanted:
            query["claims"] = json.dumps({"id_token": {"acrs": {"essential": True, "values": wanted}}})
        return query

    # The answer

    def _finish(self, params: Sequence[tuple[str, str]], method: str, sent: Sent, now: int) -> Member | Cancelled:
        answer = self._callback(params, method, sent, now)
        metadata = self._provider.metadata(now)
        if "iss" not in answer and metadata.announces_iss:
            raise Untrue("callback without the announced issuer")
        if answer.get("iss", metadata.issuer) != metadata.issuer:
            raise Untrue("callback from another issuer")
        if "error" in answer:
            return _turned_back(answer["error"])
        if not 0 < len(answer.get("code", "")) <= 4096:
            raise Untrue("callback without a code")
        claims = open_signed(self._exchange(answer["code"], sent, metadata, now), self._key(now))
        check(self.settings, claims, sent, now)
        return member(self.settings, claims)

    def _callback(self, params: Sequence[tuple[str, str]], method: str, sent: Sent, now: int) -> dict[str, str]:
        answer = dict(params)
        if method != "GET":
            raise Untrue("callback by another method")
        if len(answer) != len(params):
            raise Untrue("callback with a parameter twice")
        if (sent.provider, sent.redirect_uri) != (self.id, self.settings.redirect_uri):
            raise Untrue("sign-in begun at another provider")
        if not same(answer.get("state"), sent.state) or not sent.state:
            raise Untrue("callback with another state")
        if not -LEEWAY <= now - sent.sent_at <= LOGIN_LIFE:
            raise Untrue("sign-in begun too long ago")
        return answer

    def _key(self, now: int) -> Callable[[str | None], RSAKey]:
        return lambda kid: self._provider.key(kid, now)

    # The token endpoint

    def _exchange(self, code: str, sent: Sent, metadata: Metadata, now: int) -> str:
        """Change the code for an ID token, one attempt. The access token beside it is dropped."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": sent.verifier,
            "redirect_uri": sent.redirect_uri,
            "client_id": self.settings.client_id,
        }
        headers = {"Accept": "application/json"}
        if self._secret is not None:
            headers["Authorization"] = self._basic(self._secret)
        elif self._keys is not None:
            assertion = self._assertion(self._keys.signing(), metadata.token_endpoint, now)
            fields |= {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}
        with Session() as http:
            guard(http, self._provider.timeout)
            response = http.post(metadata.token_endpoint, data=fields, headers=headers, allow_redirects=False)
        if response.status_code >= 500:
            raise Away(f"token endpoint: HTTP {response.status_code}")
        value = json_object(response).get("id_token")
        if response.status_code != 200:
            raise Untrue(f"token endpoint: HTTP {response.status_code}")
        if not isinstance(value, str) or not value.isascii() or len(value) > _LONGEST_TOKEN:
            raise Untrue("token endpoint gave no ID token")
        return value

    def _basic(self, secret: str) -> str:
        """Client authentication by a secret; both halves are form-encoded first (RFC 6749 section 2.3.1)."""
        pair = f"{quote_plus(self.settings.client_id)}:{quote_plus(secret)}"
        return "Basic " + b64encode(pair.encode("ascii")).decode("ascii")

    def _assertion(self, key: RSAKey, endpoint: str, now: int) -> str:
        """Client authentication by our key, made anew for each call."""
        client = self.settings.client_id
        claims = {
            "iss": client, "sub": client, "aud": endpoint, "iat": now, "exp": now + _ASSERTION_LIFE,
            "jti": secrets.token_urlsafe(24),
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key, ["RS256"])

    # Logout messages

    def _logged_out(self, token: str, now: int) -> LoggedOut:
        return logged_out(self.settings, _open_logout(token, self._key(now)), now)


def _judged(judge: Callable[[], T]) -> T | Refused | Unreachable:
    try:
        return judge()
    except Away as away:
        return Unreachable(str(away))
    except Untrue as untrue:
        return Refused(str(untrue))
    except UnknownKey:
        return Refused("the token's key is not among the provider's current keys")
    except Exception as error:  # an answer nobody foresaw is refused, not a page of error 500
        return Refused(f"unexpected {type(error).__name__}")


class _Registry(JWSRegistry):
    max_header_length = 8 * 1024  # a certificate chain may stand in the header; it is never trusted


def _open_logout(token: str, key: Callable[[str | None], RSAKey]) -> dict[str, Any]:
    """The claims of a logout message; its type may differ from an ID token's. Raises Untrue."""
    if len(token) > _LONGEST_TOKEN or not token.isascii() or token.count(".") != 2:
        raise Untrue("logout token is not a plain signed token")
    try:
        header = json.loads(urlsafe_b64decode(token.split(".")[0].encode("ascii")), cls=OneOfEach)
    except ValueError:
        raise Untrue("logout token's header is broken") from None
    if not isinstance(header, dict) or not isinstance(header.get("kid", ""), str):
        raise Untrue("logout token's header is broken")
    if header.get("alg") != "RS256" or "crit" in header or "b64" in header:
        raise Untrue("logout token is not plainly signed RS256")
    if str(header.get("typ", "JWT")).lower() not in _LOGOUT_TYPES:
        raise Untrue("a token of another type")
    registry = _Registry(algorithms=["RS256"], strict_check_header=False)  # unknown members are to be ignored
    try:
        return jwt.decode(token, key(header.get("kid")), registry=registry, decoder_cls=OneOfEach).claims
    except (JoseError, ValueError) as error:
        raise Untrue(f"logout token does not open ({type(error).__name__})") from None


def _turned_back(error: str) -> Cancelled:
    """An error in place of a code; its text is a stranger's, so only known words are told apart."""
    if error in ("access_denied", "cancel"):
        return Cancelled()
    if error in ("temporarily_unavailable", "server_error"):
        raise Away(f"provider answered {error}")
    raise Untrue("provider answered an error")
