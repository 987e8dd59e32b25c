"""The independent broker as a process: npm oidc-provider as tests/peers/broker.mjs sets it up."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from tests.adapters.identity.peers import CALLBACK, CLIENT, Parameters

SCRIPT = Path(__file__).parents[2] / "peers" / "broker.mjs"


@dataclass(frozen=True)
class Broker:
    """The running process."""

    process: "subprocess.Popen[str]"
    issuer: str

    def change(self, **what: Any) -> None:
        """Another setting while it runs: rotate=True, jwks=…, enc=…"""
        _tell(self.process, what)

    def press(self, url: str, browser: requests.Session | None = None, **form: str) -> tuple[Parameters, str]:
        """Follow an authorisation address and press a button: the callback's parameters, and the page seen."""
        with browser or requests.Session() as session:
            page = _walk(session, session.get(url, allow_redirects=False, timeout=10))
            assert isinstance(page, requests.Response), "no page was shown"
            found = _walk(session, session.post(page.url, data=form, allow_redirects=False, timeout=10))
            assert not isinstance(found, requests.Response), found.text
        return found, page.text


def _walk(session: requests.Session, answer: requests.Response) -> "requests.Response | Parameters":
    """Follow redirects inside the broker, to a page or to our callback."""
    for _hop in range(8):
        if answer.status_code not in (302, 303):
            form = re.search(r'<form method="post" action="([^"]+/session/end/confirm)">', answer.text)
            if not form:
                return answer
            # another person than last time: the provider ends the old session, which a browser does by itself
            data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
            answer = session.post(form[1], data=data, allow_redirects=False, timeout=10)
            continue
        url = urljoin(answer.url, answer.headers["Location"])
        if url.startswith(CALLBACK + "?"):
            return parse_qsl(urlsplit(url).query, keep_blank_values=True)
        answer = session.get(url, allow_redirects=False, timeout=10)
    raise AssertionError("an endless way")


def _tell(process: "subprocess.Popen[str]", what: dict[str, Any]) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if re.match(r"\{", line):
            return int(json.loads(line)["port"])
    raise AssertionError("the broker has fallen")


@contextmanager
def running_broker(jwks: dict[str, Any], enc: str = "A128CBC-HS256") -> Iterator[Broker]:
    """The broker, with the portal registered at it."""
    process = subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = _tell(process, {"client_id": CLIENT, "redirect_uri": CALLBACK, "jwks": jwks, "enc": enc})
        yield Broker(process, f"http://127.0.0.1:{port}")
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
