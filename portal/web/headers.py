"""Headers of every answer: a strict content security policy, and no-store on everything personal."""

import logging
import secrets
from time import perf_counter

from flask import Flask, Response, g, request

from portal.web.session import current

log = logging.getLogger("portal.web")

_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'{targets}"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def register(app: Flask, *, secure: bool, form_targets: tuple[str, ...]) -> None:
    """Add the headers. `form_targets`: origins of identity providers, to which a sign-in form is redirected."""
    targets = "".join(f" {origin}" for origin in form_targets)
    fixed = _FIXED | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.before_request
    def _begin() -> None:
        g.begun = perf_counter()

    @app.after_request
    def _headers(response: Response) -> Response:
        log.info("request", extra=_line(response))
        headers = response.headers
        headers.extend(fixed)
        if g.get("public_file"):
            return response
        headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce(), targets=targets)
        visitor = current()
        if visitor.stored or visitor.cookie or visitor:  # whoever has a session: pages, PDF and sound alike
            headers["Cache-Control"] = "no-store"
        headers.setdefault("Cache-Control", "no-cache")
        headers.add("Vary", "Cookie")
        return response


def _line(response: Response) -> dict[str, object]:
    """What a log line says of a request: never its address, which may hold a token."""
    begun = g.get("begun")
    ms = round((perf_counter() - begun) * 1000, 1) if begun else None
    return {"endpoint": request.endpoint, "method": request.method, "status": response.status_code, "ms": ms}


def nonce() -> str:
    """The answer's nonce for its own scripts and style sheets."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    found: str = g.csp_nonce
    return found
