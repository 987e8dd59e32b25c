"""The ports of the proof that a number is the caller's: codes, limits, proofs, and the gateway of text messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from portal.domain.number_proof import FINLAND, CodesSent, CodeWay, code_way


@dataclass(frozen=True)
class CodeFor:
    """Whom a code is for: register, number (E.164), person, and what it is bound to (a session, or a case where staff
    read it out)."""

    register: str
    number: str
    person: str
    bound: str


class Tried(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    SPENT = "spent"


@dataclass(frozen=True)
class TextMessage:
    """A text message to one number; the same `id` twice is one message."""

    id: str
    number: str
    text: str


class NotSent(Exception):
    """The gateway did not take the message; the text of this names no number, message or code."""


class TextMessages(Protocol):
    """The gateway."""

    def send(self, message: TextMessage) -> None:
        """Hand the message over; NotSent when it was not taken."""


@dataclass(frozen=True)
class NumberCodes:
    """How this installation gives codes: the gateway of text messages (None: there is none), the calling codes of the
    countries whose numbers get one, and how many messages may go in a day."""

    texts: TextMessages | None = None
    countries: frozenset[int] = frozenset({FINLAND})
    budget: int = 500

    def way(self, e164: str | None) -> CodeWay:
        """How a code reaches this number here."""
        return code_way(e164, self.countries, texts=self.texts is not None)


class NumberBook(Protocol):
    """Codes, their limits and proofs of one unit of work; persons, numbers and addresses are kept as keyed digests."""

    def one_by_one(self) -> None:
        """Let nobody else count messages until this unit ends."""

    def sent(self, number: str, person: str, address: str, now: datetime) -> CodesSent:
        """How many messages have gone so far, by number, person, address and in all."""

    def note_sent(self, number: str, person: str, address: str, now: datetime) -> None: ...

    def keep_code(self, code_for: CodeFor, code: str | None, now: datetime) -> None:
        """A new code over any earlier one; None: one that nothing typed can be."""

    def waits(self, code_for: CodeFor, now: datetime) -> bool:
        """Has a code been asked for that can still be typed?"""

    def try_code(self, code_for: CodeFor, typed: str, now: datetime) -> Tried:
        """Count one try and compare; the right code is spent by it. Commit whatever the answer."""

    def keep_text(self, number: str, text: str, now: datetime) -> str:
        """Seal a message until it is sent; returns its id."""

    def text(self, text_id: str) -> tuple[TextMessage, datetime] | None:
        """A message that waits, and since when."""

    def drop_text(self, text_id: str) -> None: ...

    def prove(self, register: str, person: str, number: str, now: datetime) -> None:
        """Keep a proof until the request is sent."""

    def proved(self, register: str, person: str, number: str, since: datetime) -> datetime | None:
        """When the person proved the number, if that was after `since`."""

    def sweep(self, now: datetime) -> None:
        """Remove codes that have ended, messages too old to send, counts and proofs of more than a day."""


__all__ = ["CodeFor", "CodesSent", "NotSent", "NumberBook", "NumberCodes", "TextMessage", "TextMessages", "Tried"]
