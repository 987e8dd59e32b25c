"""Frozen letters and delivered copies: what was given to the data subject, byte for byte."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.grants import MOST_DOWNLOADS
from portal.services.ports import Copy, Document
from portal.store.crypto import Box
from portal.store.tables import delivery, document


class Documents:
    """The letters and copies of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def add(self, case_id: str, letter: Document, html: str, rows: tuple[str, ...], box: Box) -> None:
        """Keep an issued letter, its text as a page, and the address rows printed in its window."""
        values = {name: getattr(letter, name) for name in letter.__dataclass_fields__}
        sealed = box.seal(html.encode(), f"document.html|{letter.id}")
        recipient = box.seal_json(list(rows), f"document.recipient|{letter.id}")
        self._db.execute(document.insert().values(case_id=case_id, html=sealed, recipient=recipient, **values))

    def of_case(self, case_id: str) -> tuple[Document, ...]:
        """The case's letters, oldest first."""
        rows = self._db.execute(select(document).where(document.c.case_id == case_id).order_by(document.c.issued_at))
        return tuple(document_of(row) for row in rows)

    def html(self, case_id: str, document_id: str, box: Box) -> str | None:
        """A letter's text as a page."""
        sealed = self._db.scalar(
            select(document.c.html).where(document.c.id == document_id, document.c.case_id == case_id)
        )
        return box.open(sealed, f"document.html|{document_id}").decode() if sealed else None

    def posted(self, document_id: str, on: date) -> None:
        """The letter was posted on a day; that an earlier posting came back is past."""
        values = {"posted_on": on, "returned_on": None}
        self._db.execute(update(document).where(document.c.id == document_id).values(values))

    def deliver(self, case_id: str, recording: str, person: str, available_until: date) -> None:
        """Grant a person a recording's copy until a day, anew if need be; the copy itself is made by a job."""
        granted = {"available_until": available_until, "downloads": 0, "most_downloads": MOST_DOWNLOADS}
        self._db.execute(
            self._insert(delivery)
            .values(case_id=case_id, recording=recording, person=person, **granted)
            .on_conflict_do_update(index_elements=["case_id", "recording"], set_={**granted, "revoked_at": None})
        )

    def copy_made(
        self, case_id: str, recording: str, vault_object: str, sha256: str, size: int, version: int | None = None
    ) -> bool:
        """The copy lies in the vault, made from this `version`; False: the grant was taken back meanwhile."""
        values = {"vault_object": vault_object, "sha256": sha256, "size": size, "version": version}
        return self._changed(case_id, recording, delivery.c.revoked_at.is_(None), **values)

    def take(self, case_id: str, recording: str) -> bool:
        """Count one download in the same statement that sees whether one is left; False: none is, or it was revoked."""
        left = and_(delivery.c.downloads < delivery.c.most_downloads, delivery.c.revoked_at.is_(None))
        return self._changed(case_id, recording, left, downloads=delivery.c.downloads + 1)

    def revoke(self, case_id: str, recording: str, at: datetime) -> bool:
        """The grant is taken back and its file forgotten; False: it was taken back before."""
        return self._changed(case_id, recording, delivery.c.revoked_at.is_(None), revoked_at=at, vault_object=None)

    def renew(self, case_id: str, recording: str, most: int) -> bool:
        """The grant allows `most` downloads in all; False: it has been taken back."""
        return self._changed(case_id, recording, delivery.c.revoked_at.is_(None), most_downloads=most)

    def _changed(self, case_id: str, recording: str, where: ColumnElement[bool], **values: Any) -> bool:
        mine = (delivery.c.case_id == case_id, delivery.c.recording == recording)
        return self._db.execute(update(delivery).where(*mine, where).values(values)).rowcount == 1

    def copies(self, case_id: str, person: str) -> tuple[Copy, ...]:
        """The copies granted to this person in this case, always in the same order: they are known by number."""
        mine = select(delivery).where(delivery.c.case_id == case_id, delivery.c.person == person)
        rows = self._db.execute(mine.order_by(delivery.c.recording))
        return tuple(_copy(row) for row in rows)

    def copies_of(self, recording: str) -> tuple[str, ...]:
        """Vault objects of every delivered copy of a recording: its children, deleted with it."""
        return tuple(
            found
            for found in self._db.scalars(select(delivery.c.vault_object).where(delivery.c.recording == recording))
            if found
        )

    def expired(self, today: date) -> tuple[tuple[str, str, str], ...]:
        """(case, recording, vault object) of copies whose life has ended and whose file still lies in the vault."""
        rows = self._db.execute(
            select(delivery.c.case_id, delivery.c.recording, delivery.c.vault_object).where(
                delivery.c.available_until < today, delivery.c.vault_object.is_not(None)
            )
        )
        return tuple((row.case_id, row.recording, row.vault_object) for row in rows)

    def forget_copy(self, vault_object: str) -> None:
        self._db.execute(update(delivery).where(delivery.c.vault_object == vault_object).values(vault_object=None))


def _copy(row: Any) -> Copy:
    return Copy(
        row.recording,
        row.vault_object,
        row.sha256,
        row.size,
        row.available_until,
        row.downloads,
        row.most_downloads,
        row.revoked_at,
        row.version,
    )


def recipient_rows(sealed: bytes, document_id: str, box: Box) -> tuple[str, ...]:
    """The address rows printed in a letter."""
    return tuple(box.open_json(sealed, f"document.recipient|{document_id}"))


def document_of(row: Any) -> Document:
    """The letter of a row."""
    return Document(
        row.id,
        row.kind,
        row.language,
        row.sha256,
        row.size,
        row.template,
        row.vault_object,
        row.issued_at,
        row.posted_on,
        row.code,
        row.dispatch,
        row.returned_on,
    )
