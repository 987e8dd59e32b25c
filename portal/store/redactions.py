"""Redaction versions: state, people and proof in the open, passages and notes sealed in the box of their case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.redaction import Fill, Span
from portal.domain.redaction_version import Rendering, Version, VersionState
from portal.store.codec import from_plain, to_plain
from portal.store.crypto import Box
from portal.store.tables import redaction


@dataclass(frozen=True)
class _Marked:
    """What is sealed of a version."""

    samplerate: int
    frames: int
    channels: int
    fill: Fill
    spans: tuple[Span, ...]


class Redactions:
    """The redaction versions of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def save(self, version: Version, now: datetime, box: Box) -> None:
        """Keep a version, over its own earlier state."""
        marked = _Marked(version.samplerate, version.frames, version.channels, version.fill, version.spans)
        proof = version.rendering
        values = {
            "state": version.state.value,
            "sealed": box.seal_json(to_plain(marked), _where(version.case, version.recording, version.n)),
            "author": version.author,
            "approver": version.approver,
            "moves": version.moves,
            "changed_at": now,
            "vault_object": version.vault_object,
            "source_sha256": proof.source_sha256 if proof else None,
            "output_sha256": proof.output_sha256 if proof else None,
            "size": proof.size if proof else None,
            "renderer": proof.renderer if proof else None,
        }
        self._db.execute(
            self._insert(redaction)
            .values(case_id=version.case, recording=version.recording, n=version.n, **values)
            .on_conflict_do_update(index_elements=["case_id", "recording", "n"], set_=values)
        )

    def versions(self, case_id: str, recording: str, box: Box) -> tuple[Version, ...]:
        """The versions of a recording in a case, oldest first."""
        mine = select(redaction).where(redaction.c.case_id == case_id, redaction.c.recording == recording)
        return tuple(_version(row, box) for row in self._db.execute(mine.order_by(redaction.c.n)))

    def files_of(self, case_id: str, recording: str) -> tuple[str, ...]:
        """Vault objects rendered of a recording for a case."""
        query = select(redaction.c.vault_object).where(
            redaction.c.case_id == case_id,
            redaction.c.recording == recording,
            redaction.c.vault_object.is_not(None),
        )
        return tuple(str(found) for found in self._db.scalars(query))

    def forget_file(self, vault_object: str) -> None:
        """The rendered file is gone; what was marked and the proof of it stay."""
        self._db.execute(update(redaction).where(redaction.c.vault_object == vault_object).values(vault_object=None))


def _version(row: Any, box: Box) -> Version:
    marked = from_plain(_Marked, box.open_json(row.sealed, _where(row.case_id, row.recording, row.n)))
    proof = Rendering(row.source_sha256, row.output_sha256, row.size, row.renderer) if row.output_sha256 else None
    return Version(
        case=row.case_id,
        recording=row.recording,
        n=row.n,
        state=VersionState(row.state),
        author=row.author,
        samplerate=marked.samplerate,
        frames=marked.frames,
        channels=marked.channels,
        spans=marked.spans,
        fill=marked.fill,
        approver=row.approver,
        vault_object=row.vault_object,
        rendering=proof,
        moves=row.moves,
    )


def _where(case_id: str, recording: str, n: int) -> str:
    return f"redaction.sealed|{case_id}|{recording}|{n}"
