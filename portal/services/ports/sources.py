"""The values of the recording sources' state."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SourceState:
    """How a source stands: how much of it is read (0 to 1, None: it cannot tell), by how many seconds its wall clock
    is ahead, its newest call, and why it could not be read the last time (fault None: it could)."""

    source: str
    register: str
    progress: float | None
    skew: int | None
    newest: datetime | None
    fault: str | None
    detail: str
    fault_at: datetime | None
