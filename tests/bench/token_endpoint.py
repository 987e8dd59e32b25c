"""A broker's back channel in a process of its own, so that its work is not in the portal's figures.

`python -m tests.bench.token_endpoint FOLDER` prints its port. The ID token of code N lies in FOLDER/N.token, the
broker's keys in FOLDER/keys.json; it ends with its input.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs


class _Endpoint(BaseHTTPRequestHandler):
    folder = Path()

    def do_GET(self) -> None:
        issuer = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]  # an HTTPServer
        if self.path == "/jwks":
            self._say((self.folder / "keys.json").read_text())
            return
        ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        self._say(json.dumps({"issuer": issuer} | {name: issuer + end for name, end in ends.items()}))

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        token = (self.folder / f"{int(form['code'][0])}.token").read_text()
        self._say(json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}))

    def _say(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    """Serve until the input ends."""
    _Endpoint.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
