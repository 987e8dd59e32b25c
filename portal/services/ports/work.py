"""The port of the database as a whole: units of work and what each of them holds."""

from contextlib import AbstractContextManager
from typing import Protocol

from portal.services.ports.acting import Attachments, IdentityCodes
from portal.services.ports.arrivals import Arrivals
from portal.services.ports.books import (
    CaseBook,
    Documents,
    Drafts,
    Outbox,
    People,
    Queue,
    RecordingIndex,
    Sources,
    StaffBook,
    Trail,
)
from portal.services.ports.controllers import Controllers
from portal.services.ports.credentials import PasskeyBook, Throttle
from portal.services.ports.feedback import FeedbackBook
from portal.services.ports.holds import Holds
from portal.services.ports.ledger import Tombstones
from portal.services.ports.mail import MailBook
from portal.services.ports.metadata import Metadata
from portal.services.ports.numbers import NumberBook
from portal.services.ports.organisation import OrganisationAccounts
from portal.services.ports.redactions import Redactions
from portal.services.ports.retention import RetentionBook
from portal.services.ports.sessions import Sessions
from portal.services.ports.transcripts import Transcripts


class Work(Protocol):
    """One unit of work: everything in it commits together or not at all."""

    @property
    def cases(self) -> CaseBook: ...
    @property
    def queue(self) -> Queue: ...
    @property
    def recordings(self) -> RecordingIndex: ...
    @property
    def metadata(self) -> Metadata: ...
    @property
    def holds(self) -> Holds: ...
    @property
    def controllers(self) -> Controllers: ...
    @property
    def tombstones(self) -> Tombstones: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def people(self) -> People: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def arrivals(self) -> Arrivals: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def staff(self) -> StaffBook: ...
    @property
    def passkeys(self) -> PasskeyBook: ...
    @property
    def throttle(self) -> Throttle: ...
    @property
    def organisation_accounts(self) -> OrganisationAccounts: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def transcripts(self) -> Transcripts: ...
    @property
    def redactions(self) -> Redactions: ...
    @property
    def mail(self) -> MailBook: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def feedback(self) -> FeedbackBook: ...
    @property
    def retention(self) -> RetentionBook: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def identity_codes(self) -> IdentityCodes: ...
    @property
    def numbers(self) -> NumberBook: ...
    @property
    def trail(self) -> Trail: ...


class Book(Protocol):
    """The database: reading units cannot write, writing units commit when the block ends."""

    def reading(self) -> AbstractContextManager[Work]: ...
    def writing(self) -> AbstractContextManager[Work]: ...
