"""The office: every port in one frozen bundle, and the two kinds of unit of work."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.domain.identity import Identities
from portal.domain.register import Register
from portal.services.ports import (
    Audio,
    Book,
    CalendarFiles,
    Credentials,
    FileCheck,
    KeySet,
    Ledger,
    Letters,
    Mandates,
    Passkeys,
    Press,
    Source,
    Uploads,
    Vault,
    Work,
)
from portal.services.ports.delivery import ConversationWriter, Manifests
from portal.services.ports.duties import DutyDesk
from portal.services.ports.emails import Emails
from portal.services.ports.numbers import NumberCodes
from portal.services.ports.organisation import Organisation
from portal.services.ports.transcripts import Transcriber

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Office:
    """What every verb needs. `scratch` is a private folder for files while they are worked on; `staff_idle` is how long
    a staff member's session lasts without a visit, `host` what the citizens' face is called on the network."""

    registers: Mapping[str, Register]
    clock: Callable[[], datetime]
    book: Book
    vault: Vault
    keys: KeySet
    ledger: Ledger
    letters: Letters
    press: Press
    audio: Audio
    sources: Mapping[str, Source]
    uploads: Mapping[str, Uploads]
    identities: Mapping[str, Identities]
    credentials: Credentials
    passkeys: Passkeys
    mandates: Mandates
    file_check: FileCheck
    calendar: CalendarFiles
    scratch: Path
    manifests: Manifests
    conversation: ConversationWriter
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    staff_idle: timedelta = timedelta(minutes=15)
    codes: NumberCodes = field(default_factory=NumberCodes)
    emails: Emails | None = None
    host: str = ""
    duty: DutyDesk | None = None
    transcriber: Transcriber | None = None

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
