"""The port of listening on site: places, the times free in them, and appointments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.visits import VisitState


@dataclass(frozen=True)
class Place:
    """Where one can come to listen: name and accessibility notes by language, and the address as it is."""

    id: str
    register: str
    name: Mapping[str, str]
    address: str
    access: Mapping[str, str]
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Slot:
    """A time in a place, and how many of its seats are taken."""

    id: str
    place: Place
    start: datetime
    minutes: int
    seats: int
    taken: int
    withdrawn_at: datetime | None = None

    @property
    def free(self) -> bool:
        """Is there a seat? Whether it lies ahead is the asker's to compare."""
        return self.withdrawn_at is None and self.taken < self.seats


@dataclass(frozen=True)
class Appointment:
    """A seat in a slot for one case. `slot` and `case` are ids; `uid` and `sequence` name its calendar entry."""

    id: str
    register: str
    case: str
    slot: str
    start: datetime
    minutes: int
    place: Place
    seat: int
    state: VisitState
    uid: str
    sequence: int
    booked_at: datetime
    changed_at: datetime
    checked_by: str | None = None
    document_kind: str | None = None


class Visits(Protocol):
    """Places, slots and appointments of one unit of work."""

    def add_place(self, place: Place) -> None:
        """Keep a new place, or its changed words."""

    def places(self, register: str) -> tuple[Place, ...]:
        """The register's places that are not closed, by their Finnish names."""

    def add_slots(
        self, register: str, place: str, starts: tuple[datetime, ...], minutes: int, seats: int
    ) -> tuple[datetime, ...]:
        """Add times to a place; the starts that are new. A time that is there stays as it is; a withdrawn one comes
        back."""

    def slots(self, register: str, after: datetime, before: datetime) -> tuple[Slot, ...]:
        """The register's times from `after` (included) to `before` (not), withdrawn ones left out, the earliest
        first."""

    def slot(self, slot_id: str) -> Slot | None:
        """One time, withdrawn or not."""

    def withdraw(self, slot_id: str, now: datetime) -> bool:
        """Take the time out of use; False where it is already. Its bookings are the caller's to cancel."""

    def booked_in(self, slot_id: str) -> tuple[Appointment, ...]:
        """The bookings of a slot that still stand, by case id."""

    def book(self, case_id: str, slot_id: str, now: datetime) -> Appointment | None:
        """Take the lowest free seat. None: full, withdrawn, past, or the case has a booking already."""

    def move(self, appointment_id: str, slot_id: str, now: datetime) -> Appointment | None:
        """Take a seat in another slot and give the old one back; None and nothing changed where there is none."""

    def cancel(self, appointment_id: str, now: datetime) -> bool:
        """Give the seat back; False where the appointment is not booked any more."""

    def get(self, appointment_id: str) -> Appointment | None:
        """One appointment."""

    def of_case(self, case_id: str) -> tuple[Appointment, ...]:
        """The case's appointments, newest first."""

    def day(self, register: str, first: datetime, last: datetime) -> tuple[Appointment, ...]:
        """The register's appointments that begin from `first` (included) to `last` (not), moved ones left out, by
        time and seat."""

    def attended(self, appointment_id: str, by: str, document_kind: str, now: datetime) -> bool:
        """The person came and showed a document of this kind; False where the appointment is not booked any more."""

    def no_show(self, appointment_id: str, by: str, now: datetime) -> bool:
        """Nobody came; False where the appointment is not booked any more."""
