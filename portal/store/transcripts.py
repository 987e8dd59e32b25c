"""Transcripts: what was written down from a recording, sealed in the box of its case."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.transcript import Transcript
from portal.store.codec import from_plain, to_plain
from portal.store.crypto import Box
from portal.store.tables import cases, delivery, transcript


class Transcripts:
    """The transcripts of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def save(self, case_id: str, recording: str, found: Transcript, by: str, now: datetime, box: Box) -> None:
        """Keep a recording's transcript, over an earlier one of the same case."""
        values = {"sealed": box.seal_json(to_plain(found), _where(case_id, recording)), "by": by, "at": now}
        self._db.execute(
            self._insert(transcript)
            .values(case_id=case_id, recording=recording, **values)
            .on_conflict_do_update(index_elements=["case_id", "recording"], set_=values)
        )

    def load(self, case_id: str, recording: str, box: Box) -> Transcript | None:
        """The transcript of a recording in a case."""
        sealed = self._db.scalar(
            select(transcript.c.sealed).where(transcript.c.case_id == case_id, transcript.c.recording == recording)
        )
        return from_plain(Transcript, box.open_json(sealed, _where(case_id, recording))) if sealed else None

    def forget(self, recording: str) -> None:
        """The recording is gone, and with it what was written down from it in any case."""
        self._db.execute(delete(transcript).where(transcript.c.recording == recording))

    def sweep(self, today: date, kept: Collection[str] = ()) -> int:
        """Remove the transcripts of closed cases whose delivered copy's last day is past, save those of `kept`."""
        ended = (
            select(delivery.c.recording)
            .join(cases, cases.c.id == delivery.c.case_id)
            .where(
                delivery.c.case_id == transcript.c.case_id,
                delivery.c.recording == transcript.c.recording,
                delivery.c.available_until < today,
                cases.c.done_at.is_not(None),
            )
        )
        gone = delete(transcript).where(ended.exists(), transcript.c.case_id.not_in(tuple(kept)))
        return self._db.execute(gone).rowcount


def _where(case_id: str, recording: str) -> str:
    return f"transcript.sealed|{case_id}|{recording}"
