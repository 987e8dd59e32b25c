"""What the demonstration's provider says and demands: the trust network's dialect, by Authlib's server side.

Signed request objects only (RFC 9101), PKCE with S256, private_key_jwt, an ID token signed and then encrypted.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9101 import JWTAuthenticationRequest
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response
from joserfc import jwe
from joserfc.jwk import KeySet, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from portal.demo.people import DemoPerson

LEVEL = "http://ftn.ficora.fi/2017/loatest2"
TOKEN_LIFE = 120  # seconds, of an ID token and of a code


@dataclass(frozen=True)
class DemoClient(ClientMixin):
    """A portal registered here: its redirect addresses and the public halves of its keys, one to verify its
    statements, one to encrypt for it."""

    client_id: str
    redirect_uris: frozenset[str]
    jwks: Mapping[str, Any]

    def keys(self, use: str) -> KeySet:
        """The portal's keys for this use."""
        return KeySet.import_key_set({"keys": [key for key in self.jwks["keys"] if key["use"] == use]})

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: Collection[str] | str) -> str:
        asked = scope.split() if isinstance(scope, str) else scope
        return " ".join(name for name in asked if name in ("openid", "profile", "personal_identity_code"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "private_key_jwt"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass(frozen=True)
class Code(AuthorizationCodeMixin):
    """One person's one login, until it is fetched."""

    code: str
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    person: DemoPerson
    auth_time: int

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str:
        return LEVEL

    def get_amr(self) -> list[str]:
        return ["urn:kuuluu:demo"]


@dataclass
class Book:
    """What this process remembers: open codes and used assertion ids."""

    issuer: str
    key: RSAKey
    clients: Mapping[str, DemoClient]
    codes: dict[str, Code] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def keep(self, code: Code) -> None:
        now = int(time.time())
        with self.lock:
            self.codes = {name: old for name, old in self.codes.items() if now - old.auth_time < TOKEN_LIFE}
            self.codes[code.code] = code

    def take(self, name: str, client: DemoClient) -> Code | None:
        with self.lock:
            code = self.codes.pop(name, None)
        if code is None or code.client_id != client.client_id or time.time() - code.auth_time >= TOKEN_LIFE:
            return None
        return code

    def use(self, jti: str) -> bool:
        now = int(time.time())
        with self.lock:
            self.used = {name: at for name, at in self.used.items() if now - at < 3600}
            first = jti not in self.used
            self.used[jti] = now
            return first


class _CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["private_key_jwt"]  # noqa: RUF012 - the library's own form

    @property
    def book(self) -> Book:
        server = self.server
        assert isinstance(server, Server)
        return server.book

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        self.book.keep(
            Code(
                code=code,
                client_id=request.client.client_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                nonce=data["nonce"],
                code_challenge=data["code_challenge"],
                code_challenge_method=data["code_challenge_method"],
                person=request.user,
                auth_time=int(time.time()),
            )
        )

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        return self.book.take(code, client)

    def delete_authorization_code(self, authorization_code: Any) -> None:
        """Nothing left to do: a code is gone as soon as somebody asks for it."""

    def authenticate_user(self, authorization_code: Any) -> DemoPerson:
        person = authorization_code.person
        assert isinstance(person, DemoPerson)
        return person


class _S256Required(CodeChallenge):
    """PKCE for every client, and S256 only."""

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is required")
        super().validate_code_challenge(grant, redirect_uri)


class _IdToken(OpenIDCode):
    def __init__(self, book: Book) -> None:
        super().__init__(require_nonce=True)
        self._book = book

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False  # the page may be reloaded; single use is the code's matter

    def resolve_client_private_key(self, client: Any) -> RSAKey:
        return self._book.key

    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": "RS256", "kid": self._book.key.kid}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._book.issuer, "aud": [client.client_id], "exp": int(time.time()) + TOKEN_LIFE}

    def encode_id_token(self, token: Any, request: Any) -> str:
        signed = super().encode_id_token(token, request)
        key = request.client.keys("enc").keys[0]
        header = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256", "cty": "JWT", "kid": key.kid}
        return jwe.encrypt_compact(header, signed, key, algorithms=["RSA-OAEP", "A128CBC-HS256"])

    def generate_user_info(self, user: Any, scope: str) -> UserInfo:
        return UserInfo(
            sub=secrets.token_urlsafe(16),  # never the same twice: a portal must not lean on it
            given_name=user.given,
            family_name=user.family,
            name=user.name,
            birthdate=user.born.isoformat(),
            **({"eidas_id": user.foreign} if user.foreign else {"personal_identity_code": user.code}),
        )


class _Assertion(JWTBearerClientAssertion):
    CLIENT_AUTH_METHOD = "private_key_jwt"  # type: ignore[misc]  # the stubs call final what the library lets one set

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book

    def get_audiences(self) -> list[str]:
        return [f"{self._book.issuer}/token"]

    def validate_jti(self, claims: Any, jti: str) -> bool:
        return self._book.use(f"{claims['sub']} {jti}")

    def resolve_client_public_key(self, client: Any) -> KeySet:
        keys: KeySet = client.keys("sig")
        return keys


class _RequestObject(JWTAuthenticationRequest):
    """What is asked counts only as the portal signed it, with an end and for this provider."""

    def __init__(self, issuer: str) -> None:
        super().__init__(support_request_uri=False)
        self.claims_validator = JWTClaimsRegistry(
            leeway=30,
            client_id={"essential": True},
            iss={"essential": True},
            aud={"essential": True, "value": issuer},
            exp={"essential": True},
            jti={"essential": True},
        )

    def resolve_client_public_key(self, client: ClientMixin) -> KeySet:
        assert isinstance(client, DemoClient)
        return client.keys("sig")

    def get_request_object_signing_algorithms(self, client: ClientMixin) -> list[str]:
        return ["RS256"]

    def get_server_metadata(self) -> dict[str, Any]:
        return {"require_signed_request_object": True}

    def get_client_require_signed_request_object(self, client: ClientMixin) -> bool:
        return True


class _Issuer(IssuerParameter):
    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer


class Server(AuthorizationServer):
    def __init__(self, app: Flask, book: Book) -> None:
        super().__init__(app, query_client=book.clients.get, save_token=_forget)
        self.book = book
        self.register_client_auth_method("private_key_jwt", _Assertion(book))
        self.register_grant(_CodeGrant, [_IdToken(book), _S256Required(required=True)])
        self.register_extension(_RequestObject(book.issuer))
        self.register_extension(_Issuer(book.issuer))

    def grant(self) -> Any:
        """The authorisation request of this HTTP request, judged. Raises OAuth2Error."""
        return self.get_consent_grant(end_user=None)  # type: ignore[no-untyped-call]  # the stubs left it out

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Response:
        return Response(json.dumps(payload) if isinstance(payload, dict) else payload, status_code, headers)


def _forget(*_: object) -> None:
    """Access tokens open nothing here, so none is kept."""
