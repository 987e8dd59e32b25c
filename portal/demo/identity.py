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

from portal.demo import run
from portal.demo.calls import HELSINKI
from portal.demo.dialect import DemoClient
from portal.demo.provider import create_provider
from portal.domain.number_proof import CODE_LIFE


def main() -> None:
    """Serve until stopped."""
    app = provider()
    _add_codes(app)
    _add_messages(app)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines would hold codes and states
    make_server("127.0.0.1", run.port("identity"), app, threaded=True).serve_forever()


def provider() -> Flask:
    """The provider that the demo's portal is registered at."""
    redirect = f"http://127.0.0.1:{run.port('citizen')}/login/demo/callback"
    client = DemoClient(run.CLIENT, frozenset({redirect}), run.client_jwks())
    return create_provider(run.port("identity"), [client])


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


def _add_messages(app: Flask) -> None:
    """The text messages and e-mails of the last ten minutes, in place of the telephones and mailboxes that the demo's
    people do not have."""

    @app.get("/messages")
    def messages() -> str:
        since = datetime.now(UTC).timestamp() - CODE_LIFE.total_seconds()
        files = [(file.stat().st_mtime, file) for file in run.messages().glob("*.json")]
        for at, file in files:
            if at <= since:
                file.unlink(missing_ok=True)
        recent = sorted((one for one in files if one[0] > since), reverse=True)
        rows = "".join(_message(at, json.loads(file.read_text(encoding="utf-8"))) for at, file in recent)
        return (
            "<!doctype html><html lang=en><meta charset=utf-8><title>Demo messages</title>"
            "<h1>Messages of the last ten minutes</h1>"
            f"<table><thead><tr><th>Sent<th>To<th>Text<tbody>{rows}</table></html>"
        )


def _message(at: float, found: dict[str, str]) -> str:
    when = datetime.fromtimestamp(at, HELSINKI)
    text = "<br>".join(escape(line) for line in (found.get("subject", ""), *found["text"].splitlines()) if line)
    return f"<tr><th scope=row>{when:%H.%M.%S}<td>{escape(found['to'])}<td>{text}"


if __name__ == "__main__":
    main()
