"""The message to the duty address: always the same, and it names nobody."""

import socketserver
import threading
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from config import Duty
from portal.adapters.post.duty import DutyMail
from portal.services.ports import NotSent


class Server(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it is given, or refuses it."""

    allow_reuse_address = True
    refuses = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.taken: list[str] = []


class Talk(socketserver.StreamRequestHandler):
    """As much SMTP as one message needs."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        self.say("220 here")
        while line := self.rfile.readline().decode():
            verb = line[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                server.taken.append(text.decode())
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("550 no" if server.refuses and verb == "RCPT" else "250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()


def mail(server: Server) -> DutyMail:
    port = server.server_address[1]
    return DutyMail("duty@example.fi", "kuuluu@example.fi", "127.0.0.1", port, "none", "https://staff.example.fi/")


def test_the_message_says_that_a_hold_is_not_confirmed_in_three_languages(server: Server) -> None:
    mail(server).tell()
    (text,) = server.taken
    assert "To: duty@example.fi" in text
    assert "https://staff.example.fi/" in text
    assert "Hold not confirmed" in text


def test_what_the_server_refuses_is_not_sent_and_the_fault_names_no_address(server: Server) -> None:
    server.refuses = True
    with pytest.raises(NotSent, match="SMTPRecipientsRefused") as fault:
        mail(server).tell()
    assert "example" not in str(fault.value)


def test_a_server_that_is_away_is_tried_again_by_the_job(server: Server) -> None:
    gone = DutyMail("duty@example.fi", "kuuluu@example.fi", "127.0.0.1", 1, "none", "")
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        gone.tell()
    assert server.taken == []


@pytest.mark.parametrize("wrong", [{"security": "none"}, {"user": "kuuluu"}, {"address": "nobody"}])
def test_settings_that_would_send_in_the_clear_or_to_nobody_are_refused(wrong: dict[str, str]) -> None:
    given = {"address": "duty@example.fi", "sender": "kuuluu@example.fi", "host": "smtp.example.fi"}
    with pytest.raises(ValidationError):
        Duty.model_validate(given | wrong)
