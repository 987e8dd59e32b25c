"""The port of the match dossiers: what was searched and found for each case, version by version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from portal.domain.dossier import Dossier


@dataclass(frozen=True)
class DossierVersion:
    """Version `n` as it was kept; `text` is its JSON, word for word, and `sha256` of that text."""

    n: int
    made_at: datetime
    dossier: Dossier
    text: str
    sha256: str


class Dossiers(Protocol):
    """The dossiers of one unit of work, sealed in their case's box."""

    def add(self, case_id: str, n: int, dossier: Dossier, now: datetime, box: Any) -> str:
        """Keep a new version; returns the SHA-256 of its text. A version is never changed."""

    def newest(self, case_id: str, box: Any) -> DossierVersion | None:
        """The case's last version."""
