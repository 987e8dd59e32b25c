"""E-mail by SMTP: to applicants that there is news, to the duty address that a hold is not confirmed; for the demo,
into a folder. Nothing here logs, and no fault names an address.

A recorder's own purge does not wait for somebody to open the queue (art. 5(1)(f)); the message on duty is always the
same and says nothing of whom it concerns.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from uuid import uuid4

from portal.adapters.post.drop import put
from portal.services.ports import NotSent
from portal.services.ports.emails import Email, Refused

TIMEOUT = 20.0
"""Seconds for the connection and for each answer."""
_PLAIN = SMTP.clone(cte_type="7bit")  # no server needs an extension for it
DUTY = "Poistokielto vahvistamatta / Raderingsspärren är inte bekräftad / Hold not confirmed"


@dataclass(frozen=True)
class EmailServer:
    """A mail server. `security`: tls (from the first byte), starttls, or none (a server on this machine). The
    password's file is read anew each time."""

    sender: str
    host: str
    port: int
    security: str
    user: str = ""
    password_file: Path | None = None

    def send(self, email: Email) -> None:
        """Hand the message over. Refused: the server says that it never takes it (RFC 5321 s. 4.2.1, 5yz)."""
        try:
            with self._ready() as server:
                server.send_message(self._message(email), self.sender, [email.to])
        except smtplib.SMTPRecipientsRefused as fault:
            codes = [code for code, _ in fault.recipients.values()]
            raise (Refused if all(code >= 500 for code in codes) else NotSent)(f"SMTP {codes}") from None
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            raise NotSent(type(fault).__name__) from None

    def fault(self) -> str | None:
        """Why no message would go now: the server is away, its certificate is not trusted, it lets us not in."""
        try:
            with self._ready() as server:
                server.noop()
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            return type(fault).__name__
        return None

    @contextmanager
    def _ready(self) -> Iterator[smtplib.SMTP]:
        """The server, encrypted and signed in as the settings want it."""
        with self._server() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user and self.password_file:
                server.login(self.user, self.password_file.read_text("utf-8").strip())
            yield server

    def _server(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)

    def _message(self, email: Email) -> EmailMessage:
        made = EmailMessage(_PLAIN)
        made["Subject"], made["From"], made["To"] = email.subject, self.sender, email.to
        made["Message-ID"] = f"<{email.id}@{self.sender.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
        made.set_content(email.text)
        return made


@dataclass(frozen=True)
class EmailFolder:
    """Each message as a file `<id>.json` that its owner alone can read: the demo's page shows them."""

    path: Path

    def send(self, email: Email) -> None:
        """Put the message into the folder; NotSent when it cannot be written."""
        put(self.path, email.id, {"to": email.to, "subject": email.subject, "text": email.text})


@dataclass(frozen=True)
class DutyEmail:
    """The duty address behind a mail server; `link` is where staff sign in."""

    address: str
    server: EmailServer
    link: str

    def tell(self) -> None:
        """Send the message; NotSent when the server did not take it."""
        try:
            self.server.send(Email(uuid4().hex, self.address, DUTY, f"{DUTY}\n\n{self.link}\n"))
        except Refused as fault:
            raise NotSent(str(fault)) from None
