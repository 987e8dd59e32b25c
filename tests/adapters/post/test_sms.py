"""Text messages into a folder, and to a gateway that answers well, badly, late or not at all."""

import hashlib
import hmac
import json
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from portal.adapters.post.sms import Folder, Gateway
from portal.services.ports.numbers import NotSent, TextMessage
from tests import make

MESSAGE = TextMessage("m1", "+358401234567", 'Koodisi on 123456. Älä kerro {text} "koodia".')
KEY, TOKEN = b"k" * 32, "a-bearer-token"


@dataclass
class Peer:
    """What the gateway answers, and what it got."""

    answers: list[int] = field(default_factory=list)
    wait: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A gateway on this machine."""
    made = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            time.sleep(made.wait)
            status = made.answers.pop(0) if made.answers else 202
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", f"{made.address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(peer: Peer, tmp_path: Path) -> Gateway:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (tmp_path / "key").write_bytes(KEY)
    return Gateway(
        f"{peer.address}/send", tmp_path / "token", tmp_path / "key", make.Clock(), sender="Kuuluu", timeout=2, pause=0
    )


def test_the_gateway_gets_one_signed_json_object_with_its_token(gateway: Gateway, peer: Peer) -> None:
    gateway.send(MESSAGE)
    [(headers, body)] = peer.got
    assert json.loads(body) == {"id": "m1", "from": "Kuuluu", "to": MESSAGE.number, "text": MESSAGE.text}
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == "m1"
    at = headers["X-Kuuluu-Timestamp"]
    assert int(at) == int(make.NOON.timestamp())
    expected = hmac.new(KEY, at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Kuuluu-Signature"] == f"sha256={expected}"


def test_the_shape_of_the_json_is_the_operators_own(gateway: Gateway, peer: Peer) -> None:
    shape = {"messages": [{"destination": "tel:{number}", "content": {"body": "{text}", "n": 1}}], "note": "{other}"}
    Gateway(gateway.url, gateway.token_file, gateway.key_file, gateway.now, body=shape).send(MESSAGE)
    assert json.loads(peer.got[0][1]) == {
        "messages": [{"destination": f"tel:{MESSAGE.number}", "content": {"body": MESSAGE.text, "n": 1}}],
        "note": "{other}",
    }


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ([503, 202], 2),
        ([500, 429, 200], 3),
        ([503, 503, 503, 200], 3),
        ([400, 200], 1),
        ([401], 1),
        ([302, 302, 302], 3),
    ],
)
def test_it_tries_at_most_twice_more_and_only_while_the_gateway_is_away_or_busy(
    gateway: Gateway, peer: Peer, answers: list[int], tries: int
) -> None:
    peer.answers = list(answers)
    if answers[tries - 1] < 300:
        gateway.send(MESSAGE)
    else:
        with pytest.raises(NotSent):
            gateway.send(MESSAGE)
    assert len(peer.got) == tries
    assert {headers["Idempotency-Key"] for headers, _body in peer.got} == {"m1"}


def test_a_redirect_is_not_followed(gateway: Gateway, peer: Peer) -> None:
    peer.answers = [307, 307, 307]
    with pytest.raises(NotSent, match="redirect"):
        gateway.send(MESSAGE)


def test_a_gateway_that_does_not_answer_is_left_in_time(gateway: Gateway, peer: Peer) -> None:
    peer.wait = 5
    slow = Gateway(gateway.url, gateway.token_file, gateway.key_file, gateway.now, timeout=0.2, pause=0)
    begun = time.monotonic()
    with pytest.raises(NotSent, match="no whole answer"):
        slow.send(MESSAGE)
    assert time.monotonic() - begun < 4


def test_nothing_goes_over_plain_http_to_another_machine(gateway: Gateway) -> None:
    plain = Gateway("http://gateway.example/send", gateway.token_file, gateway.key_file, gateway.now, pause=0)
    with pytest.raises(NotSent, match="https"):
        plain.send(MESSAGE)


def test_a_missing_token_stops_the_message_and_no_fault_says_whose(gateway: Gateway, peer: Peer) -> None:
    gateway.token_file.unlink()
    with pytest.raises(NotSent) as fault:
        gateway.send(MESSAGE)
    assert peer.got == []
    assert not [secret for secret in (MESSAGE.number, MESSAGE.text, TOKEN) if secret in str(fault.value)]


def test_a_folder_holds_each_message_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "messages")
    folder.send(MESSAGE)
    folder.send(MESSAGE)
    [file] = (tmp_path / "messages").iterdir()
    assert file.name == "m1.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text("utf-8")) == {"id": "m1", "to": MESSAGE.number, "text": MESSAGE.text}


def test_a_folder_that_cannot_be_written_takes_no_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSent):
        Folder(tmp_path / "file").send(MESSAGE)
