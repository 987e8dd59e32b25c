"""The database as the services see it: units of work with everything in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, Engine, select

from portal.domain.access import Actor
from portal.domain.events import Event
from portal.services.ports import TrailLine
from portal.store import audit_trail, engine
from portal.store.arrivals import Arrivals
from portal.store.attachments import Attachments
from portal.store.case_book import CaseBook, Figures, Queue
from portal.store.controllers import Controllers
from portal.store.crypto import Cipher
from portal.store.documents import Documents
from portal.store.dossiers import Dossiers
from portal.store.drafts import Drafts
from portal.store.duties import Duties
from portal.store.feedback import FeedbackBook
from portal.store.holds import Holds
from portal.store.identity_codes import IdentityCodes
from portal.store.listeners import Listeners
from portal.store.mail_book import MailBook
from portal.store.metadata import Metadata
from portal.store.number_proofs import NumberBook
from portal.store.organisation_accounts import OrganisationAccounts
from portal.store.outbox import Outbox
from portal.store.passkey_book import PasskeyBook
from portal.store.people import People
from portal.store.recording_index import RecordingIndex
from portal.store.redactions import Redactions
from portal.store.retention_book import RetentionBook
from portal.store.sessions import Sessions
from portal.store.sources import Sources
from portal.store.staff_book import StaffBook
from portal.store.stations import Stations
from portal.store.tables import audit, cases
from portal.store.throttle import Throttle
from portal.store.tombstones import Tombstones
from portal.store.transcripts import Transcripts
from portal.store.visits import Visits


class Trail:
    """Events without a case, and the trail as an auditor reads it."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def note(self, register: str, actor: Actor, event: Event, about: str, now: datetime) -> None:
        """Write an event into one of the register's chains."""
        chain = audit_trail.register_chain(register)
        audit_trail.append(self._db, chain, register, actor, event, about, now, self._cipher.field(register))

    def page(self, register: str, before: int | None, size: int, action: str | None = None) -> tuple[TrailLine, ...]:
        """The register's rows, newest first, without their payloads."""
        query = (
            select(audit, cases.c.ref)
            .outerjoin(cases, cases.c.id == audit.c.object)
            .where(audit.c.register == register)
            .order_by(audit.c.id.desc())
            .limit(size)
        )
        if before is not None:
            query = query.where(audit.c.id < before)
        if action:
            query = query.where(audit.c.action == action)
        return tuple(
            TrailLine(row.id, row.at, row.actor_kind, row.actor, row.action, row.object, row.ref)
            for row in self._db.execute(query)
        )


class Work:
    """One unit of work; its parts are made when they are first used."""

    def __init__(self, connection: Connection, cipher: Cipher, figures: Figures) -> None:
        self._db = connection
        self._cipher = cipher
        self._figures = figures

    @cached_property
    def cases(self) -> CaseBook:
        return CaseBook(self._db, self._cipher)

    @cached_property
    def queue(self) -> Queue:
        return Queue(self._db, self._cipher, self._figures)

    @cached_property
    def recordings(self) -> RecordingIndex:
        return RecordingIndex(self._db, self._cipher)

    @cached_property
    def metadata(self) -> Metadata:
        return Metadata(self._db, self._cipher)

    @cached_property
    def holds(self) -> Holds:
        return Holds(self._db)

    @cached_property
    def duties(self) -> Duties:
        return Duties(self._db, self._cipher)

    @cached_property
    def controllers(self) -> Controllers:
        return Controllers(self._db, self._cipher)

    @cached_property
    def tombstones(self) -> Tombstones:
        return Tombstones(self._db, self._cipher)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self._db)

    @cached_property
    def people(self) -> People:
        return People(self._db, self._cipher)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self._db, self._cipher)

    @cached_property
    def arrivals(self) -> Arrivals:
        return Arrivals(self._db, self._cipher)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self._db, self._cipher)

    @cached_property
    def staff(self) -> StaffBook:
        return StaffBook(self._db, self._cipher)

    @cached_property
    def passkeys(self) -> PasskeyBook:
        return PasskeyBook(self._db)

    @cached_property
    def throttle(self) -> Throttle:
        return Throttle(self._db, self._cipher)

    @cached_property
    def organisation_accounts(self) -> OrganisationAccounts:
        return OrganisationAccounts(self._db)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self._db)

    @cached_property
    def transcripts(self) -> Transcripts:
        return Transcripts(self._db)

    @cached_property
    def dossiers(self) -> Dossiers:
        return Dossiers(self._db)

    @cached_property
    def redactions(self) -> Redactions:
        return Redactions(self._db)

    @cached_property
    def listeners(self) -> Listeners:
        return Listeners(self._db)

    @cached_property
    def mail(self) -> MailBook:
        return MailBook(self._db, self._cipher)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self._db)

    @cached_property
    def feedback(self) -> FeedbackBook:
        return FeedbackBook(self._db, self._cipher)

    @cached_property
    def retention(self) -> RetentionBook:
        return RetentionBook(self._db)

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(self._db)

    @cached_property
    def identity_codes(self) -> IdentityCodes:
        return IdentityCodes(self._db, self._cipher)

    @cached_property
    def numbers(self) -> NumberBook:
        return NumberBook(self._db, self._cipher)

    @cached_property
    def visits(self) -> Visits:
        return Visits(self._db)

    @cached_property
    def stations(self) -> Stations:
        return Stations(self._db)

    @cached_property
    def trail(self) -> Trail:
        return Trail(self._db, self._cipher)


class Book:
    """Units of work over one engine."""

    def __init__(self, db: Engine, cipher: Cipher) -> None:
        self.engine = db
        self._cipher = cipher
        self._figures: Figures = {}

    @contextmanager
    def reading(self) -> Iterator[Work]:
        with engine.reading(self.engine) as connection:
            yield Work(connection, self._cipher, self._figures)

    @contextmanager
    def writing(self) -> Iterator[Work]:
        with engine.writing(self.engine) as connection:
            yield Work(connection, self._cipher, self._figures)
