"""The files that show a right to act: rows about them. The bytes lie encrypted in the vault, under random ids."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from portal.services.ports.acting import Attachment
from portal.store.tables import attachment, cases

_ENDED = ("closed", "withdrawn")


class Attachments:
    """The attached files of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, found: Attachment, submission: str) -> None:
        """Keep a file of a request that is being written."""
        values = {name: getattr(found, name) for name in found.__dataclass_fields__}
        self._db.execute(attachment.insert().values(submission=submission, **values))

    def of_submission(self, register: str, submission: str) -> tuple[Attachment, ...]:
        """The files of a request being written, oldest first."""
        return self._where(
            attachment.c.register == register, attachment.c.submission == submission, attachment.c.case_id.is_(None)
        )

    def file(self, register: str, submission: str, case_id: str) -> None:
        """The request has become a case: its files are the case's."""
        mine = (attachment.c.register == register, attachment.c.submission == submission)
        self._db.execute(update(attachment).where(*mine, attachment.c.case_id.is_(None)).values(case_id=case_id))

    def of_case(self, case_id: str) -> tuple[Attachment, ...]:
        """The case's files, oldest first; those that were deleted too."""
        return self._where(attachment.c.case_id == case_id)

    def unfiled(self, before: datetime) -> tuple[Attachment, ...]:
        """The files added before an instant whose request was never sent."""
        return self._where(attachment.c.case_id.is_(None), attachment.c.added_at < before)

    def of_ended_cases(self) -> tuple[Attachment, ...]:
        """The files still in the vault whose case is closed or withdrawn."""
        ended = select(cases.c.id).where(cases.c.state.in_(_ENDED))
        return self._where(attachment.c.vault_object.is_not(None), attachment.c.case_id.in_(ended))

    def emptied(self, found: str) -> None:
        """The file is gone from the vault."""
        self._db.execute(update(attachment).where(attachment.c.id == found).values(vault_object=None))

    def forget(self, found: str) -> None:
        """Remove the row of a file whose request was never sent."""
        self._db.execute(delete(attachment).where(attachment.c.id == found, attachment.c.case_id.is_(None)))

    def _where(self, *conditions: Any) -> tuple[Attachment, ...]:
        rows = self._db.execute(select(attachment).where(*conditions).order_by(attachment.c.added_at, attachment.c.id))
        return tuple(
            Attachment(row.id, row.register, row.form, row.size, row.vault_object, row.added_at, row.case_id)
            for row in rows
        )
