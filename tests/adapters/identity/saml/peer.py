"""The independent SAML provider as a process: npm samlify as tests/peers/suomifi.mjs sets it up."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from lxml import html

from portal.adapters.identity.saml_keys import SamlKeys

SCRIPT = Path(__file__).parents[3] / "peers" / "suomifi.mjs"


@dataclass(frozen=True)
class Peer:
    """The running process: where it is, and its metadata."""

    process: subprocess.Popen[str]
    address: str
    metadata: bytes

    def meet(self, metadata: str) -> None:
        """Take the portal's own metadata in."""
        assert _tell(self.process, {"metadata": metadata}) == {"ready": True}

    def visit(self, address: str) -> requests.Response:
        """A browser comes by; it is not followed to where it is sent on."""
        return requests.get(address, allow_redirects=False, timeout=10)

    def press(self, address: str, button: str) -> dict[str, str]:
        """Follow a sign-in address and press a button: the fields of the form that is posted to the portal."""
        page = self.visit(address)
        assert page.status_code == 200, page.text
        for form in html.document_fromstring(page.text).iter("form"):
            if form.findtext("button") == button:
                return {str(box.get("name")): str(box.get("value")) for box in form.iter("input")}
        raise AssertionError(f"no button {button!r}")

    def heard(self) -> dict[str, Any]:
        """The next message that it has believed."""
        return _line(self.process)


def _tell(process: subprocess.Popen[str], what: dict[str, str]) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
    return _line(process)


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the provider has fallen"
    found: dict[str, Any] = json.loads(line)
    return found


@contextmanager
def running_peer(keys: SamlKeys) -> Iterator[Peer]:
    """Start the provider with this pair; it ends with the block."""
    process = subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        first = _tell(process, {"key": keys.signing_key, "certificate": keys.signing_certificate})
        yield Peer(process, f"http://127.0.0.1:{first['port']}", first["metadata"].encode())
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()
