"""An organisation's sign-in on loopback: answers rightly until a test spoils one thing."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from portal.adapters.identity.staff_claims import StaffOidcSettings
from portal.adapters.identity.staff_oidc import StaffOidc
from portal.domain.access import Role
from portal.services.ports.organisation import Organisation
from tests.web.client import Browser, Fetched

CLIENT, SECRET = "kuuluu-staff", "a secret of the tests"
TENANT, PERSON = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ROLES = {
    "kuuluu-handlers": frozenset({("espoo", Role.HANDLER), ("janakkala", Role.HANDLER)}),
    "kuuluu-listeners": frozenset({("espoo", Role.LISTENER)}),
}
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class Employer:
    """The provider. `claims` go over those of a right ID token, `dropped` are left out, `metadata` and `header` too
    may be spoiled; `forms` are what came to the token endpoint."""

    def __init__(self, key: RSAKey, foreign: RSAKey) -> None:
        self.key, self.foreign, self.issuer = key, foreign, ""
        self.reset()

    def reset(self, now: Callable[[], datetime] = lambda: datetime(2000, 1, 1)) -> None:
        self.now = now
        self.nonce = ""
        self.signer = self.key
        self.claims: dict[str, Any] = {}
        self.dropped: set[str] = set()
        self.header: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.forms: list[dict[str, str]] = []
        self.authorisations: list[str | None] = []
        self.answer: Callable[[], Response] | None = None

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def member(self) -> dict[str, Any]:
        """The claims of a right answer, fit for both presets."""
        now = self.seconds()
        return {
            "iss": self.issuer, "aud": CLIENT, "sub": "f:1:aino", "iat": now, "exp": now + 300, "auth_time": now - 5,
            "nonce": self.nonce, "sid": "session-1", "amr": ["pwd", "mfa"], "name": "Aino Asianhoitaja",
            "email": "aino@organisation.example", "groups": ["kuuluu-handlers", "everybody"],
            "tid": TENANT, "oid": PERSON,
        }  # fmt: skip

    def signed(self, claims: dict[str, Any], **header: Any) -> str:
        """Signed by hand: a library refuses to write what a hostile one would."""
        full = {"alg": "RS256", "kid": self.key.kid, "typ": "JWT"} | header
        body = f"{segment(json.dumps(full).encode())}.{segment(json.dumps(claims).encode())}"
        method = SHA512() if full["alg"] == "RS512" else SHA256()
        assert self.signer.private_key is not None
        signature = self.signer.private_key.sign(body.encode(), PKCS1v15(), method)
        return f"{body}.{segment(signature)}"

    def id_token(self) -> str:
        claims = {name: value for name, value in (self.member() | self.claims).items() if name not in self.dropped}
        return self.signed(claims, **self.header)

    def logout_token(self, **changes: Any) -> str:
        """A right logout message, with changes; None leaves a member out."""
        now = self.seconds()
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": f"jti-{id(changes)}-{now}",
            "events": {LOGOUT: {}}, "sid": "session-1", "sub": "f:1:aino",
        } | changes  # fmt: skip
        return self.signed({name: value for name, value in claims.items() if value is not None}, typ="logout+jwt")

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        if request.path.endswith("openid-configuration"):
            places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            found = {"issuer": self.issuer} | {name: f"{self.issuer}/{name}" for name in places}
            return as_json(found | self.metadata)(environ, start)
        if request.path == "/jwks_uri":
            return as_json({"keys": [self.key.as_dict(private=False) | {"use": "sig"}]})(environ, start)
        if request.path == "/authorization_endpoint":  # for a real browser: nobody is asked anything
            self.nonce = request.args["nonce"]
            query = urlencode({"code": "c", "state": request.args["state"]})
            return redirect(f"{request.args['redirect_uri']}?{query}")(environ, start)
        self.forms.append(dict(request.form))
        self.authorisations.append(request.headers.get("Authorization"))
        answer = self.answer() if self.answer else as_json({"access_token": "x", "id_token": self.id_token()})
        return answer(environ, start)


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def as_json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")


@contextmanager
def serving(employer: Employer, host: str = "127.0.0.1") -> Iterator[Employer]:
    """The provider on a free port of this machine, known by this name of it."""
    server = make_server("127.0.0.1", 0, employer, threaded=True)
    employer.issuer = f"http://{host}:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield employer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def organisation(kind: str, issuer: str, **changes: Any) -> Organisation:
    """An organisation as it would be configured, its provider's id that of its preset."""
    values: dict[str, Any] = {
        "id": kind, "kind": kind, "issuer": issuer, "client_id": CLIENT,
        "redirect_uri": f"http://127.0.0.1:8010/staff-login/{kind}/callback",
        "tenant": TENANT if kind == "entra" else None,
    }  # fmt: skip
    return Organisation(
        f"{kind.title()}-tunnus", "käsittelijä", StaffOidc(StaffOidcSettings(**values | changes), SECRET, 3), ROLES
    )


def asked(address: str) -> dict[str, str]:
    """The parameters of an authorisation address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def leave(browser: Browser, page: Fetched, button: str) -> dict[str, str]:
    """Press the button that leads to the organisation: what it is asked."""
    form = page.form(button)
    sent = {box.get("name"): box.get("value") for box in form.xpath('.//input[@type="hidden"]')}
    answer = browser.client.post(form.get("action"), data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return asked(answer.headers["Location"])


def back(browser: Browser, provider: str, **params: str) -> Fetched:
    """The organisation sends the browser back; a cookie that is Strict does not come along."""
    kept = browser.client.get_cookie("kuuluu-staff")
    browser.client.delete_cookie("kuuluu-staff")
    page = browser.get(f"/staff-login/{provider}/callback", query_string=params)
    if kept is not None and browser.client.get_cookie("kuuluu-staff") is None:
        browser.client.set_cookie("kuuluu-staff", kept.value)
    return page


def sign_in(browser: Browser, employer: Employer, provider: str = "keycloak", to: str = "/fi/staff/") -> Fetched:
    """The whole way: the sign-in page, the organisation, the answer."""
    page = browser.get("/fi/staff/sign-in", query_string={"to": to})
    query = leave(browser, page, f"{provider.title()}-tunnus")
    employer.nonce = query["nonce"]
    return back(browser, provider, code="c", state=query["state"], iss=employer.issuer)
