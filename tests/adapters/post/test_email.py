"""E-mail: in plain text, to one address, with no header of anybody else's; what is refused for good is told from what
is only late. The message to the duty address is always the same, and names nobody."""

import json
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import Email as EmailSettings
from portal.adapters.post.email import DutyEmail, EmailFolder, EmailServer
from portal.services.ports import NotSent
from portal.services.ports.emails import Email, Refused
from tests import make


class Server(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it is given, or refuses it."""

    allow_reuse_address = True
    answer_to_rcpt = "250 ok"

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
                self.say(server.answer_to_rcpt if verb == "RCPT" else "250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()


NEWS = Email("a1", "soili@example.fi", "Uusi viesti asiointipalvelussa", "Sinulle on uutta tietoa: ääkköset.\n")


def at(server: Server) -> EmailServer:
    return EmailServer("kuuluu@example.fi", "127.0.0.1", server.server_address[1], "none")


def test_a_message_is_plain_text_to_one_address_with_an_id_of_its_own(server: Server) -> None:
    at(server).send(NEWS)
    [text] = server.taken
    read = message_from_string(text, policy=default)
    assert read["To"] == "soili@example.fi"
    assert read["From"] == "kuuluu@example.fi"
    assert read["Message-ID"] == "<a1@example.fi>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "text/plain"
    assert "ääkköset" in read.get_content()


def test_what_the_server_never_takes_is_told_from_what_it_takes_later_and_the_fault_names_no_address(
    server: Server,
) -> None:
    for answer, fault in (("550 no such mailbox", Refused), ("450 busy", NotSent)):
        server.answer_to_rcpt = answer
        with pytest.raises(fault) as raised:
            at(server).send(NEWS)
        assert "example" not in str(raised.value)
    assert server.taken == []


def test_a_server_that_is_away_is_tried_again_by_the_job() -> None:
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        EmailServer("kuuluu@example.fi", "127.0.0.1", 1, "none").send(NEWS)


def test_it_is_known_whether_a_message_would_go(server: Server) -> None:
    assert at(server).fault() is None
    assert EmailServer("kuuluu@example.fi", "127.0.0.1", 1, "none").fault() == "ConnectionRefusedError"
    assert server.taken == []


def test_a_server_that_offers_no_encryption_gets_nothing(server: Server) -> None:
    careful = EmailServer("kuuluu@example.fi", "127.0.0.1", server.server_address[1], "starttls")
    with pytest.raises(NotSent, match="SMTP"):
        careful.send(NEWS)
    assert server.taken == []


def test_on_duty_a_hold_is_said_not_to_be_confirmed_in_three_languages(server: Server) -> None:
    DutyEmail("duty@example.fi", at(server), "https://staff.example.fi/").tell()
    [text] = server.taken
    read = message_from_string(text, policy=default)
    assert read["To"] == "duty@example.fi"
    for told in ("https://staff.example.fi/", "Hold not confirmed", "Poistokielto vahvistamatta", "inte bekräftad"):
        assert told in read.get_content()


def test_a_duty_address_that_is_refused_is_tried_again(server: Server) -> None:
    server.answer_to_rcpt = "550 no"
    with pytest.raises(NotSent):
        DutyEmail("duty@example.fi", at(server), "").tell()


def test_the_demo_keeps_its_messages_in_a_folder_of_their_owner(tmp_path: Path) -> None:
    EmailFolder(tmp_path / "messages").send(NEWS)
    [file] = (tmp_path / "messages").glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text("utf-8"))["subject"] == NEWS.subject


@pytest.mark.parametrize(
    "wrong", [{"security": "none"}, {"user": "kuuluu"}, {"sender": "nobody"}, {"host": ""}, {"kind": "post"}]
)
def test_settings_that_would_send_in_the_clear_or_as_nobody_are_refused(wrong: dict[str, str]) -> None:
    given = {"sender": "kuuluu@example.fi", "host": "smtp.example.fi"}
    assert EmailSettings.model_validate(given).security == "starttls"
    with pytest.raises(ValidationError):
        EmailSettings.model_validate(given | wrong)


def test_a_duty_address_wants_a_mail_server(tmp_path: Path) -> None:
    smtp = EmailSettings(sender="kuuluu@example.fi", host="smtp.example.fi")
    url = f"sqlite:///{tmp_path}/portal.db"
    assert make.settings(tmp_path, url, email=smtp, duty="duty@example.fi").duty
    with pytest.raises(ValidationError, match="PORTAL_EMAIL"):
        make.settings(tmp_path, url, duty="duty@example.fi")
