"""The message to the duty address, by SMTP: that a hold is not confirmed, and nothing of whom it concerns.

A recorder's own purge does not wait for somebody to open the queue (art. 5(1)(f)). The message is always the same.
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from portal.services.ports import NotSent

TIMEOUT = 20.0
"""Seconds for the connection and for each answer."""
SUBJECT = "Poistokielto vahvistamatta / Raderingsspärren är inte bekräftad / Hold not confirmed"


@dataclass(frozen=True)
class DutyMail:
    """The duty address behind a mail server. `security`: tls (from the first byte), starttls, or none (a server on this
    machine); `link` is where staff sign in. The password's file is read anew each time."""

    address: str
    sender: str
    host: str
    port: int
    security: str
    link: str
    user: str = ""
    password_file: Path | None = None

    def tell(self) -> None:
        """Send the message; NotSent when the server did not take it."""
        try:
            with self._server() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user and self.password_file:
                    server.login(self.user, self.password_file.read_text("utf-8").strip())
                server.send_message(self._message())
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            raise NotSent(type(fault).__name__) from None

    def _server(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)

    def _message(self) -> EmailMessage:
        made = EmailMessage()
        made["Subject"], made["From"], made["To"] = SUBJECT, self.sender, self.address
        made.set_content(f"{SUBJECT}\n\n{self.link}\n")
        return made
