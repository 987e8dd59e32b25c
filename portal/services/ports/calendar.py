"""The port of calendar files: a booking as an entry of the person's own calendar."""

from datetime import datetime
from typing import Protocol

from portal.services.ports.visits import Appointment


class CalendarFiles(Protocol):
    """Writes entries that tell a reader over the shoulder nothing: no controller, right, name or reference."""

    def entry(self, booked: Appointment, language: str, now: datetime, *, cancelled: bool = False) -> bytes:
        """The entry as a file (RFC 5545): a request to keep the time, or to take a kept time out again."""
