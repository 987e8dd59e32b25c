"""The port of e-mail to applicants."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Email:
    """A message in plain text to one address; the same `id` twice is one message."""

    id: str
    to: str
    subject: str
    text: str


class Refused(Exception):
    """The server will never take this message, for its address is none of its; the text of this names no address."""


class Emails(Protocol):
    """The mail server."""

    def send(self, email: Email) -> None:
        """Hand the message over; NotSent when it was not taken now, Refused when it never will be."""
