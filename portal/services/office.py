"""The office: every port in one frozen bundle, and the two kinds of unit of work."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.domain.identity import Identities
from portal.domain.register import Register
from portal.services.ports import Audio, Book, Credentials, Letters, Press, Source, Uploads, Vault, Work

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Office:
    """What every verb needs. `scratch` is a private folder for files while they are worked on."""

    registers: Mapping[str, Register]
    clock: Callable[[], datetime]
    book: Book
    vault: Vault
    letters: Letters
    press: Press
    audio: Audio
    sources: Mapping[str, Source]
    uploads: Mapping[str, Uploads]
    identities: Mapping[str, Identities]
    credentials: Credentials
    scratch: Path

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self.clock()

    def today(self) -> date:
        """The present day in Helsinki."""
        return self.clock().astimezone(HELSINKI).date()

    def reading(self) -> AbstractContextManager[Work]:
        """A unit that cannot write."""
        return self.book.reading()

    def writing(self) -> AbstractContextManager[Work]:
        """A unit that commits when its block ends."""
        return self.book.writing()
