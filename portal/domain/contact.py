"""Where the applicant wants to be told that there is news: an e-mail address, or a number that they have proved.

What is told says nothing of the matter (see notifications); a wrong address learns no more than that somebody uses
the service.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 254
"""Characters of an e-mail address (RFC 5321 s. 4.5.3.1.3)."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class Channel(StrEnum):
    """How news is told."""

    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True)
class Contact:
    """Where news goes: `to` is an e-mail address, or a number in E.164."""

    channel: Channel
    to: str


def email_address(typed: str) -> str:
    """The address as a mail server takes it (RFC 5321 s. 4.1.2, no quoted names): spaces around it are dropped and a
    domain with letters of its own language is written in ASCII (RFC 5891). ValueError when it is no address."""
    local, _, domain = typed.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        raise ValueError("domain") from None
    address = f"{local}@{ascii_domain}"
    if len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(ascii_domain) or len(address) > LONGEST:
        raise ValueError("address")
    return address
