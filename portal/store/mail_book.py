"""Letters on their way by post, and the batches that they are printed in."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select, update

from portal.services.ports import Absent, BatchItem, Mail, PrintBatch
from portal.store.crypto import Cipher
from portal.store.documents import document_of, recipient_rows
from portal.store.tables import cases, document, print_batch, print_batch_item

_MAIL = select(document, cases.c.register, cases.c.ref).join(cases, cases.c.id == document.c.case_id)
_IN_OPEN_BATCH = exists().where(
    print_batch_item.c.document == document.c.id,
    print_batch.c.id == print_batch_item.c.batch,
    print_batch.c.posted_on.is_(None),
    print_batch.c.dropped_at.is_(None),
)


_LONGEST_LIST = 500


class MailBook:
    """The mail of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._writes = connection.get_execution_options().get("write", False)

    def to_post(self, register: str, *, every: bool = False, only: Collection[str] | None = None) -> tuple[Mail, ...]:
        """Letters not yet posted and in no open batch, oldest first: those that go by post or wait for an address;
        `every`: also those that are only in the portal, newest first. At most 500; or those of `only`, all of them."""
        ways = ("post", "check", "portal", "counter") if every else ("post", "check")
        age = (document.c.issued_at.desc() if every else document.c.issued_at, document.c.id)
        query = (
            _MAIL.where(cases.c.register == register, document.c.posted_on.is_(None))
            .where(document.c.dispatch.in_(ways), ~_IN_OPEN_BATCH)
            .order_by(*age)
        )
        query = query.limit(_LONGEST_LIST) if only is None else query.where(document.c.id.in_(only))
        if self._writes:
            query = query.with_for_update(of=document)
        return tuple(_mail(row) for row in self._db.execute(query))

    def of_code(self, code: str) -> Mail | None:
        """The letter with this code."""
        return self._one(document.c.code == code)

    def of_sha256(self, sha256: str) -> Mail | None:
        """The letter whose exact bytes have this hash."""
        return self._one(document.c.sha256 == sha256)

    def _one(self, term: Any) -> Mail | None:
        row = self._db.execute(_MAIL.where(term)).first()
        return _mail(row) if row else None

    def rows(self, mail: Mail) -> tuple[str, ...]:
        """The address rows printed in the letter; empty where none were kept."""
        row = self._db.execute(
            select(document.c.recipient, cases.c.data_key)
            .join(cases, cases.c.id == document.c.case_id)
            .where(document.c.id == mail.document.id)
        ).first()
        if row is None or row.recipient is None:
            return ()
        box = self._cipher.data_box(mail.register, mail.case_id, row.data_key)
        return recipient_rows(row.recipient, mail.document.id, box)

    def dispatch(self, document_id: str, way: str) -> None:
        """How the letter goes now: portal, post, counter, or check (somebody must choose)."""
        self._db.execute(update(document).where(document.c.id == document_id).values(dispatch=way))

    def returned(self, document_id: str, on: date) -> None:
        """The posted letter came back: it is unposted again and waits for a choice."""
        values = {"posted_on": None, "returned_on": on, "dispatch": "check"}
        self._db.execute(update(document).where(document.c.id == document_id).values(values))

    def open_batch_of(self, case_id: str) -> int | None:
        """The number of the open batch in which a letter of the case lies."""
        query = (
            select(print_batch.c.number)
            .join(print_batch_item, print_batch_item.c.batch == print_batch.c.id)
            .where(print_batch_item.c.case_id == case_id)
            .where(print_batch.c.posted_on.is_(None), print_batch.c.dropped_at.is_(None))
        )
        return self._db.scalar(query)

    def next_number(self, register: str) -> int:
        """The number of the register's next batch."""
        newest = select(func.max(print_batch.c.number)).where(print_batch.c.register == register)
        return (self._db.scalar(newest) or 0) + 1

    def add_batch(self, batch: PrintBatch, items: Iterable[BatchItem]) -> None:
        self._db.execute(print_batch.insert(), asdict(batch))
        self._db.execute(print_batch_item.insert(), [asdict(item) | {"batch": batch.id} for item in items])

    def batches(self, register: str, limit: int = 20) -> tuple[PrintBatch, ...]:
        """The register's batches, newest first."""
        query = select(print_batch).where(print_batch.c.register == register)
        return tuple(_batch(row) for row in self._db.execute(query.order_by(print_batch.c.number.desc()).limit(limit)))

    def batch(self, register: str, number: int, *, lock: bool = False) -> PrintBatch:
        """One batch. Absent when the register has none of this number."""
        query = select(print_batch).where(print_batch.c.register == register, print_batch.c.number == number)
        row = self._db.execute(query.with_for_update() if lock else query).first()
        if row is None:
            raise Absent(str(number))
        return _batch(row)

    def items(self, batch: str) -> tuple[BatchItem, ...]:
        """The letters of a batch in the order of the pile."""
        query = select(print_batch_item).where(print_batch_item.c.batch == batch).order_by(print_batch_item.c.place)
        return tuple(
            BatchItem(row.place, row.document, row.case_id, row.ref, row.code, row.pages, row.cover)
            for row in self._db.execute(query)
        )

    def batch_posted(self, batch: str, on: date) -> None:
        self._db.execute(update(print_batch).where(print_batch.c.id == batch).values(posted_on=on))

    def batch_dropped(self, batch: str, at: datetime) -> None:
        self._db.execute(update(print_batch).where(print_batch.c.id == batch).values(dropped_at=at))

    def batches_ended(self, before: datetime) -> tuple[PrintBatch, ...]:
        """Batches that ended before an instant and whose file still lies in the vault."""
        ended = or_(print_batch.c.posted_on < before.date(), print_batch.c.dropped_at < before)
        rows = self._db.execute(select(print_batch).where(ended, print_batch.c.vault_object.is_not(None)))
        return tuple(_batch(row) for row in rows)

    def forget_file(self, batch: str) -> None:
        """The batch's file is gone from the vault; what was in it stays on record."""
        self._db.execute(update(print_batch).where(print_batch.c.id == batch).values(vault_object=None))


def _mail(row: Any) -> Mail:
    return Mail(document_of(row), row.case_id, row.register, row.ref)


def _batch(row: Any) -> PrintBatch:
    return PrintBatch(
        row.id, row.register, row.number, row.made_at, row.made_by, row.letters, row.pages, row.vault_object,
        row.sha256, row.size, row.posted_on, row.dropped_at,
    )  # fmt: skip
