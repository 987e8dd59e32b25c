"""The demo's identity provider as a process of its own: `python -m portal.demo.identity`.

It also shows the one-time codes of the demo's invented staff, in place of the telephones they do not have.
"""

import json
import logging
from datetime import UTC, datetime

import pyotp
from flask import Flask
from markupsafe import escape
from werkzeug.serving import make_server

from portal.adapters.identity.oidc import ensure_client_key, public_jwks
from portal.demo import run
from portal.demo.provider import DemoClient, create_provider


def main() -> None:
    """Serve until stopped."""
    number = run.port("identity")
    key = ensure_client_key(run.client_jwks_path())
    redirect = f"http://127.0.0.1:{run.port('citizen')}/login/demo/callback"
    app = create_provider(number, [DemoClient(run.CLIENT, frozenset({redirect}), public_jwks(key))])
    _add_codes(app)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines would hold codes and states
    make_server("127.0.0.1", number, app, threaded=True).serve_forever()


def _add_codes(app: Flask) -> None:
    @app.get("/codes")
    def codes() -> str:
        clerks = json.loads((run.folder() / "clerks.json").read_text(encoding="utf-8"))
        now = datetime.now(UTC)
        rows = "".join(
            f"<tr><th scope=row>{escape(c['login'])}<td>{escape(c['name'])}<td>{escape(c['password'])}"
            f"<td><code>{pyotp.TOTP(c['secret']).at(now)}</code>"
            for c in clerks
        )
        left = 30 - int(now.timestamp()) % 30
        return (
            "<!doctype html><html lang=en><meta charset=utf-8><title>Demo codes</title>"
            f"<h1>One-time codes of the demo's staff</h1><p>New codes in {left} s. Each code works once.</p>"
            f"<table><thead><tr><th>Sign-in name<th>Name<th>Password<th>Code now<tbody>{rows}</table></html>"
        )


if __name__ == "__main__":
    main()
