"""The ports of giving an answer: the key that signs what was given, and the writer of conversations (vCon)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID


class Manifests(Protocol):
    """The portal's own signature on what it gives."""

    def sign(self, payload: bytes) -> str:
        """The payload as a compact JWS (RFC 7515) whose header names the key."""

    def public_keys(self) -> dict[str, Any]:
        """The JWK set (RFC 7517) of the key in use and of every earlier one, public halves only."""


@dataclass(frozen=True)
class Conversation:
    """A call as it is handed over. `own_number`: the data subject's, None when withheld; `organisation` and `service`
    are the other side, never the agent; `inward`: the data subject rang. `left_out`: parts of it were taken out."""

    uuid: UUID
    created_at: datetime
    subject: str
    own_number: str | None
    organisation: str
    service: str | None
    inward: bool
    start: datetime
    duration: timedelta
    mediatype: str
    filename: str
    left_out: bool


class ConversationWriter(Protocol):
    """A call and its sound as one file of a published format."""

    def __call__(self, told: Conversation, audio: Iterable[bytes]) -> Iterator[bytes]:
        """The file's bytes, piece by piece, the sound inside as it comes."""
