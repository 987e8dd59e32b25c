"""Match dossiers: versions that are added and never changed, sealed in the box of their case."""

import hashlib
import json
from datetime import datetime

from sqlalchemy import Connection, insert, select

from portal.domain.dossier import Dossier
from portal.services.ports.dossiers import DossierVersion
from portal.store.codec import from_plain, to_plain
from portal.store.crypto import Box
from portal.store.tables import match_dossier


class Dossiers:
    """The match dossiers of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, case_id: str, n: int, dossier: Dossier, now: datetime, box: Box) -> str:
        """Keep a new version; returns the SHA-256 of its text."""
        plain = to_plain(dossier)
        sealed = box.seal_json(plain, _where(case_id, n))
        self._db.execute(insert(match_dossier).values(case_id=case_id, n=n, sealed=sealed, made_at=now))
        return _digest(_text(plain))

    def newest(self, case_id: str, box: Box) -> DossierVersion | None:
        """The case's last version."""
        mine = select(match_dossier).where(match_dossier.c.case_id == case_id)
        row = self._db.execute(mine.order_by(match_dossier.c.n.desc()).limit(1)).first()
        if row is None:
            return None
        plain = box.open_json(row.sealed, _where(case_id, row.n))
        text = _text(plain)
        return DossierVersion(row.n, row.made_at, from_plain(Dossier, plain), text, _digest(text))


def _text(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _where(case_id: str, n: int) -> str:
    return f"match_dossier.sealed|{case_id}|{n}"
