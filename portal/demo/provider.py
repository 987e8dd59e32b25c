"""A demonstration provider of identification: a page of invented people to click, nothing proved.

It runs as a process of its own and speaks the trust network's whole dialect (signed request object, PKCE,
private_key_jwt, encrypted ID token), so that the portal uses its real adapter against it. Only the test level
`loatest2` and identity codes with individual numbers 900–999 come out: a portal configured for production refuses
both.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, g, jsonify, redirect, render_template, request
from joserfc.jwk import RSAKey

from portal.demo.dialect import LEVEL, Book, DemoClient, Server
from portal.demo.people import DEMO_PEOPLE, DemoPerson

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
    book = Book(issuer, key, {client.client_id: client for client in clients})
    app = Flask(__name__, static_folder=None)
    server = Server(app, book)
    _add_documents(app, book)
    _add_pages(app, server, tuple(people))
    app.after_request(_headers)
    return app


def _add_documents(app: Flask, book: Book) -> None:
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
            id_token_encryption_alg_values_supported=["RSA-OAEP"],
            id_token_encryption_enc_values_supported=["A128CBC-HS256"],
            request_object_signing_alg_values_supported=["RS256"],
            require_signed_request_object=True,
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


def _add_pages(app: Flask, server: Server, people: tuple[DemoPerson, ...]) -> None:
    @app.get("/authorize")
    def ask() -> tuple[str, int]:
        try:
            grant = server.grant()
        except OAuth2Error as error:
            return _page(error=str(error.error)), 400
        g.return_origin = _origin(grant.request.payload.redirect_uri)
        g.wanted = grant.request.payload.data.get("ui_locales", "")
        return _page(people=people), 200

    @app.post("/authorize")
    def answer() -> Response | tuple[str, int]:
        try:
            grant = server.grant()
        except OAuth2Error as error:
            return _page(error=str(error.error)), 400
        if "cancel" in request.form:
            return _turned_back(server.book.issuer, grant.request.payload)
        person = _chosen(people)
        if person is None:
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


def _turned_back(issuer: str, asked: Any) -> Response:
    """The way back of a person who cancelled, by hand: the library forgets the `state` of a request object."""
    answer = {"error": "access_denied", "state": asked.state, "iss": issuer}
    made = redirect(add_params_to_uri(asked.redirect_uri, list(answer.items())), 303)
    assert isinstance(made, Response)
    return made


def _chosen(people: tuple[DemoPerson, ...]) -> DemoPerson | None:
    number = request.form.get("person", "")
    return people[int(number)] if number.isascii() and number.isdigit() and int(number) < len(people) else None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _page(**content: Any) -> str:
    language = next((name for name in g.get("wanted", "").split() if name in _TEXTS), "fi")
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
