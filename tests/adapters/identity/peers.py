"""The other side of a login, on loopback: servers for the demo provider and for a hostile one."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from joserfc import jwe, jwt
from joserfc.jwe import JWERegistry
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

TEST_LEVEL = "http://ftn.ficora.fi/2017/loatest2"
CLIENT = "kuuluu-test"
CALLBACK = "http://127.0.0.1:8000/login/demo/callback"
_ALGORITHMS = [*JWERegistry.algorithms["alg"], *JWERegistry.algorithms["enc"], *JWERegistry.algorithms["zip"]]
Parameters = list[tuple[str, str]]


class _Quiet(WSGIRequestHandler):
    """Writes no log: its lines would hold codes and states."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@contextmanager
def serving(make: Callable[[int], Any]) -> Iterator[str]:
    """Serve the WSGI application that `make` builds for a free port; gives its address."""
    server = make_server("127.0.0.1", 0, lambda environ, start: [], threaded=True, request_handler=_Quiet)
    server.app = make(server.port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def click(url: str, **form: str) -> Parameters:
    """Follow an authorisation address in a fresh browser and press one button: the callback's parameters."""
    with requests.Session() as browser:
        assert browser.get(url, timeout=5).status_code == 200
        answer = browser.post(url, data=form, allow_redirects=False, timeout=5)
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith(CALLBACK + "?")
    return parse_qsl(urlsplit(answer.headers["Location"]).query, keep_blank_values=True)


def asked(url: str) -> dict[str, str]:
    """The parameters of an authorisation address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class Hostile:
    """A provider that answers rightly until a test spoils one thing."""

    def __init__(self, key: RSAKey, foreign: RSAKey, portal: RSAKey | None = None) -> None:
        """`portal` is the key to encrypt for; without one the ID token comes plain."""
        self.key, self.foreign, self.portal = key, foreign, portal
        self.issuer = ""
        self.reset()

    def reset(self) -> None:
        """Forget what the last test spoiled."""
        self.calls: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.metadata: dict[str, Any] = {}
        self.keys: list[dict[str, Any]] = [self.public(self.key)]
        self.replies: dict[str, Callable[[Request], Response]] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": self.key.kid, "typ": "JWT"}
        self.claims: dict[str, Any] = {}
        self.dropped: set[str] = set()
        self.wrap: Callable[[str], Any] = lambda token: token
        self.seal: Callable[[str], Any] = self.encrypt if self.portal else lambda token: token
        self.outside: dict[str, Any] = {}
        self.level = TEST_LEVEL
        self.client = CLIENT
        self.encode: Callable[[dict[str, Any], dict[str, Any]], str] = self.sign
        self.nonce = ""

    @staticmethod
    def public(key: RSAKey, **more: Any) -> dict[str, Any]:
        return key.as_dict(private=False) | {"use": "sig", "alg": "RS256"} | more

    def sign(self, header: dict[str, Any], claims: dict[str, Any], key: RSAKey | None = None) -> str:
        registry = JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        registry.max_header_length = 64 * 1024
        return jwt.encode(header, claims, key or self.key, registry=registry)

    def encrypt(self, token: str, key: RSAKey | None = None, **header: Any) -> str:
        """The token as only the portal can read it."""
        right = {"alg": "RSA-OAEP", "enc": "A128CBC-HS256", "cty": "JWT"} | self.outside | header
        registry = JWERegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        registry.max_protected_header_length = 64 * 1024
        registry.max_ciphertext_length = 512 * 1024
        whose = key or self.portal
        assert whose is not None, "nobody to encrypt for"
        return jwe.encrypt_compact(right, token, whose, registry=registry)

    def person(self) -> dict[str, Any]:
        """The claims of a right answer."""
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": [self.client],
            "sub": "transient",
            "iat": now,
            "exp": now + 120,
            "auth_time": now,
            "nonce": self.nonce,
            "acr": self.level,
            "amr": ["urn:bank:one"],
            "given_name": "Eero",
            "family_name": "Esimerkkilä",
            "birthdate": "1987-03-04",
            "personal_identity_code": "040387-913W",
        }

    def token(self) -> Any:
        claims = {name: value for name, value in (self.person() | self.claims).items() if name not in self.dropped}
        wrapped = self.wrap(self.encode(self.header, claims))
        return self.seal(wrapped) if isinstance(wrapped, str) else wrapped

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.calls.append(request.path)
        reply = self.replies.get(request.path) or getattr(self, "at_" + request.path.rsplit("/", 1)[1].split("-")[0])
        return reply(request)(environ, start)

    def at_openid(self, request: Request) -> Response:
        endpoints = {
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        return as_json({"issuer": self.issuer} | endpoints | self.metadata)

    def at_jwks(self, request: Request) -> Response:
        return as_json({"keys": self.keys})

    def at_token(self, request: Request) -> Response:
        self.forms.append(dict(request.form))
        return as_json({"access_token": "x", "token_type": "Bearer", "id_token": self.token()})


def as_json(content: Any, status: int = 200) -> Response:
    """An answer in JSON; a string is taken for JSON already written."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Response(text, status, content_type="application/json")


def segment(content: str) -> str:
    """One part of a compact token."""
    return base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()


def raw_token(key: RSAKey, header: str, claims: str) -> str:
    """A token rightly signed over parts written by hand, doubled members included."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    body = f"{segment(header)}.{segment(claims)}"
    assert key.private_key is not None
    signature = key.private_key.sign(body.encode(), PKCS1v15(), SHA256())
    return f"{body}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
