"""The port of the listening stations: which attended visit may be heard on which device, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Seat:
    """One opening of a station for one attended appointment (its id)."""

    id: str
    register: str
    appointment: str
    opened_by: str
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        """May anything be played at this instant?"""
        return self.closed_at is None and now < self.ends_at

    @property
    def ended_at(self) -> datetime:
        """When it ended, or will by itself."""
        return self.closed_at or self.ends_at


class Stations(Protocol):
    """The stations of one unit of work."""

    def start(self, register: str, appointment: str, by: str, ends_at: datetime, now: datetime) -> str:
        """Open a station in place of the appointment's earlier one; returns the key, which is kept nowhere."""

    def of_key(self, key: str) -> Seat | None:
        """The station that a key was given for, open or not."""

    def of_appointment(self, appointment: str) -> tuple[Seat, ...]:
        """The appointment's stations, the earliest first."""

    def close(self, appointment: str, now: datetime) -> bool:
        """End the appointment's station; False where none was open."""
