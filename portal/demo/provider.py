"""A demonstration provider of identification: a page of invented people to click, nothing proved.

It runs as a process of its own and speaks the same OpenID Connect as a real provider, so that the portal uses its
real adapter against it. Only the test level `loatest2` and identity codes with individual numbers 900–999 come out:
a portal configured for production refuses both.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, g, jsonify, render_template, request
from joserfc.jwk import KeySet, RSAKey

LEVEL = "http://ftn.ficora.fi/2017/loatest2"
TOKEN_LIFE = 120  # seconds, of an ID token and of a code
_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@dataclass(frozen=True)
class DemoPerson:
    """An invented person. `individual` is 900–999, a number that no real identity code has."""

    given: str
    family: str
    born: date
    individual: int
    sign: str = "-"

    @property
    def code(self) -> str:
        """The person's identity code, with its right check character."""
        digits = f"{self.born:%d%m%y}{self.individual:03d}"
        return f"{digits[:6]}{self.sign}{digits[6:]}{_CHECK_CHARACTERS[int(digits) % 31]}"

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


DEMO_PEOPLE = (
    DemoPerson("Tuulikki", "Soittola", date(1952, 10, 13), 902),
    DemoPerson("Eero", "Esimerkkilä", date(1987, 3, 4), 913),
    DemoPerson("Maj-Lis", "Provström", date(1961, 7, 22), 924),
    DemoPerson("Aava", "Esimerkki", date(1990, 1, 1), 930, sign="Y"),
    DemoPerson("Onni", "Malli", date(2003, 12, 24), 941, sign="A"),
    DemoPerson("Åke-Øystein", "O'Testinen", date(1975, 2, 28), 957),
)


@dataclass(frozen=True)
class DemoClient(ClientMixin):
    """A portal registered here: its redirect addresses and the public half of its signing key."""

    client_id: str
    redirect_uris: frozenset[str]
    jwks: Mapping[str, Any]

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
class _Code(AuthorizationCodeMixin):
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
class _Book:
    """What this process remembers: open codes and used assertion ids."""

    issuer: str
    key: RSAKey
    clients: Mapping[str, DemoClient]
    codes: dict[str, _Code] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def keep(self, code: _Code) -> None:
        now = int(time.time())
        with self.lock:
            self.codes = {name: old for name, old in self.codes.items() if now - old.auth_time < TOKEN_LIFE}
            self.codes[code.code] = code

    def take(self, name: str, client: DemoClient) -> _Code | None:
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
    def book(self) -> _Book:
        server = self.server
        assert isinstance(server, _Server)
        return server.book

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        self.book.keep(
            _Code(
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

    def query_authorization_code(self, code: str, client: Any) -> _Code | None:
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
    def __init__(self, book: _Book) -> None:
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

    def generate_user_info(self, user: Any, scope: str) -> UserInfo:
        return UserInfo(
            sub=secrets.token_urlsafe(16),  # never the same twice: a portal must not lean on it
            given_name=user.given,
            family_name=user.family,
            name=user.name,
            birthdate=user.born.isoformat(),
            personal_identity_code=user.code,
        )


class _Assertion(JWTBearerClientAssertion):
    CLIENT_AUTH_METHOD = "private_key_jwt"  # type: ignore[misc]  # the stubs call final what the library lets one set

    def __init__(self, book: _Book) -> None:
        super().__init__()
        self._book = book

    def get_audiences(self) -> list[str]:
        return [f"{self._book.issuer}/token"]

    def validate_jti(self, claims: Any, jti: str) -> bool:
        return self._book.use(f"{claims['sub']} {jti}")

    def resolve_client_public_key(self, client: Any) -> KeySet:
        return KeySet.import_key_set(client.jwks)


class _Issuer(IssuerParameter):
    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer


class _Server(AuthorizationServer):
    def __init__(self, app: Flask, book: _Book) -> None:
        super().__init__(app, query_client=book.clients.get, save_token=_forget)
        self.book = book
        self.register_client_auth_method("private_key_jwt", _Assertion(book))
        self.register_grant(_CodeGrant, [_IdToken(book), _S256Required(required=True)])
        self.register_extension(_Issuer(book.issuer))

    def grant(self) -> Any:
        """The authorisation request of this HTTP request, judged. Raises OAuth2Error."""
        return self.get_consent_grant(end_user=None)  # type: ignore[no-untyped-call]  # the stubs left it out

    def handle_response(self, status_code: int, payload: Any, headers: Any) -> Response:
        return Response(json.dumps(payload) if isinstance(payload, dict) else payload, status_code, headers)


def _forget(*_: object) -> None:
    """Access tokens open nothing here, so none is kept."""


_TEXTS = {
    "fi": {
        "banner": "DEMO – ei oikeaa tunnistautumista",
        "title": "Valitse, kenenä tunnistaudut",
        "lead": "Henkilöt ovat keksittyjä. Tämä sivu on osa esittelyä eikä varmista kenenkään henkilöllisyyttä.",
        "born": "syntynyt",
        "cancel": "Peruuta ja palaa palveluun",
        "wrong": "Pyyntö ei kelpaa",
        "back": "Palaa palveluun ja aloita tunnistautuminen alusta.",
    },
    "sv": {
        "banner": "DEMO – ingen riktig identifiering",
        "title": "Välj vem du identifierar dig som",
        "lead": "Personerna är påhittade. Den här sidan är en del av demonstrationen och styrker ingens identitet.",
        "born": "född",
        "cancel": "Avbryt och gå tillbaka till tjänsten",
        "wrong": "Begäran kan inte godkännas",
        "back": "Gå tillbaka till tjänsten och börja identifieringen från början.",
    },
    "en": {
        "banner": "DEMO – not a real identification",
        "title": "Choose who you identify as",
        "lead": "These people are invented. This page is part of a demonstration and proves nobody’s identity.",
        "born": "born",
        "cancel": "Cancel and return to the service",
        "wrong": "The request is not acceptable",
        "back": "Return to the service and start the identification again.",
    },
}


def create_provider(
    port: int,
    clients: Sequence[DemoClient],
    people: Sequence[DemoPerson] = DEMO_PEOPLE,
    *,
    host: str = "127.0.0.1",
    key: RSAKey | None = None,
) -> Flask:
    """The provider as an application of its own, with issuer http://{host}:{port}.

    `clients` are the portals it serves; `key` signs the ID tokens and is made anew when not given.
    """
    key = key or RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    issuer = f"http://{host}:{port}"
    book = _Book(issuer, key, {client.client_id: client for client in clients})
    app = Flask(__name__, static_folder=None)
    server = _Server(app, book)
    _add_documents(app, book)
    _add_pages(app, server, tuple(people))
    app.after_request(_headers)
    return app


def _add_documents(app: Flask, book: _Book) -> None:
    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        return jsonify(
            issuer=book.issuer,
            authorization_endpoint=f"{book.issuer}/authorize",
            token_endpoint=f"{book.issuer}/token",
            jwks_uri=f"{book.issuer}/jwks",
            response_types_supported=["code"],
            grant_types_supported=["authorization_code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            token_endpoint_auth_methods_supported=["private_key_jwt"],
            token_endpoint_auth_signing_alg_values_supported=["RS256"],
            code_challenge_methods_supported=["S256"],
            acr_values_supported=[LEVEL],
            scopes_supported=["openid", "profile", "personal_identity_code"],
            ui_locales_supported=list(_TEXTS),
            authorization_response_iss_parameter_supported=True,
        )

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify(keys=[book.key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}])


def _add_pages(app: Flask, server: _Server, people: tuple[DemoPerson, ...]) -> None:
    @app.get("/authorize")
    def ask() -> tuple[str, int]:
        try:
            grant = server.grant()
        except OAuth2Error as error:
            return _page(error=str(error.error)), 400
        g.return_origin = _origin(grant.request.payload.redirect_uri)
        return _page(people=people), 200

    @app.post("/authorize")
    def answer() -> Response | tuple[str, int]:
        try:
            grant = server.grant()
        except OAuth2Error as error:
            return _page(error=str(error.error)), 400
        person = _chosen(people)
        if person is None and "cancel" not in request.form:
            return _page(error="invalid_request"), 400
        response = server.create_authorization_response(grant_user=person, grant=grant)
        assert isinstance(response, Response)
        response.status_code = 303
        return response

    @app.post("/token")
    def token() -> Response:
        response = server.create_token_response()
        assert isinstance(response, Response)
        return response


def _chosen(people: tuple[DemoPerson, ...]) -> DemoPerson | None:
    number = request.form.get("person", "")
    return people[int(number)] if number.isascii() and number.isdigit() and int(number) < len(people) else None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _page(**content: Any) -> str:
    wanted = request.args.get("ui_locales", "").split()
    language = next((name for name in wanted if name in _TEXTS), "fi")
    g.nonce = secrets.token_urlsafe(16)
    return render_template("authorise.html", language=language, texts=_TEXTS[language], nonce=g.nonce, **content)


def _headers(response: Response) -> Response:
    # Browsers hold the redirect after a form to form-action too: the portal's origin must stand in it.
    targets = " ".join(["'self'", *([g.return_origin] if "return_origin" in g else [])])
    style = f"'nonce-{g.nonce}'" if "nonce" in g else "'none'"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style}; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
