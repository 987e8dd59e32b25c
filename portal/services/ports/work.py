"""The port of the database as a whole: units of work and what each of them holds."""

from contextlib import AbstractContextManager
from typing import Protocol

from portal.services.ports.books import (
    CaseBook,
    Documents,
    Drafts,
    Outbox,
    People,
    Queue,
    RecordingIndex,
    Sessions,
    Sources,
    StaffBook,
    Trail,
)
from portal.services.ports.feedback import FeedbackBook
from portal.services.ports.holds import Holds
from portal.services.ports.mail import MailBook
from portal.services.ports.metadata import Metadata
from portal.services.ports.retention import RetentionBook
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
    def outbox(self) -> Outbox: ...
    @property
    def people(self) -> People: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def staff(self) -> StaffBook: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def transcripts(self) -> Transcripts: ...
    @property
    def mail(self) -> MailBook: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def feedback(self) -> FeedbackBook: ...
    @property
    def retention(self) -> RetentionBook: ...
    @property
    def trail(self) -> Trail: ...


class Book(Protocol):
    """The database: reading units cannot write, writing units commit when the block ends."""

    def reading(self) -> AbstractContextManager[Work]: ...
    def writing(self) -> AbstractContextManager[Work]: ...
