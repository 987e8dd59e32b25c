"""A recording's number and time set right in the index (arts. 5(1)(d), 16); the audio and its place stay."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, case, select, update

from portal.store.crypto import Cipher
from portal.store.recording_states import GONE, LIVE
from portal.store.tables import recording

MOST_LEGS = 200


class Metadata:
    """The metadata of recordings in one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def correct(
        self, recording_id: str, caller: str | None, start: datetime, end: datetime, purge_at: datetime
    ) -> bool:
        """Set a recording's number (None: withheld), times, and the end of its retention; its audio is not touched.

        While the recording is held its retention never becomes shorter. False: its deletion has begun."""
        row = self._db.execute(select(recording).where(recording.c.id == recording_id)).first()
        if row is None:
            return False
        where, ends = f"recording.sealed|{recording_id}", _ms(purge_at)
        sealed = self._cipher.open_field(row.register, row.sealed, where) | {"caller": caller}
        shorter_while_held = and_(recording.c.hold_count > 0, recording.c.purge_at > ends)
        changed = self._db.execute(
            update(recording)
            .where(recording.c.id == recording_id, recording.c.state == LIVE)
            .values(
                caller_key=self._cipher.number_key(row.register, caller) if caller else None,
                withheld=caller is None,
                sealed=self._cipher.field(row.register).seal_json(sealed, where),
                start_ms=_ms(start),
                end_ms=_ms(end),
                purge_at=case((shorter_while_held, recording.c.purge_at), else_=ends),
            )
        )
        return changed.rowcount == 1

    def legs(self, register: str, calls: Collection[str]) -> tuple[str, ...]:
        """The recordings that bear one of these calls' ids and are not gone."""
        query = select(recording.c.id).where(
            recording.c.register == register, recording.c.call_key.in_(tuple(calls)), recording.c.state < GONE
        )
        return tuple(self._db.scalars(query.order_by(recording.c.id).limit(MOST_LEGS)))


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
