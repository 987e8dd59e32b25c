"""Listening on site: places, slots and appointments. A seat is taken by one insert under the slot's lock; the partial
unique indexes stand behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.domain.visits import VisitState
from portal.services.ports.visits import Appointment, Place, Slot
from portal.store.tables_visits import appointment, visit_place, visit_slot

_LANGUAGES = ("fi", "sv", "en")
_SEATED = [state.value for state in VisitState if state.seated]
_TAKEN = (
    select(func.count())
    .where(appointment.c.slot == visit_slot.c.id, appointment.c.state.in_(_SEATED))
    .scalar_subquery()
    .label("taken")
)
_SLOTS = select(visit_slot, _TAKEN)


class Visits:
    """Places, slots and appointments of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._insert: Any = postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert

    def add_place(self, place: Place) -> None:
        """Keep a new place, or its changed words."""
        words = {f"name_{one}": place.name[one] for one in _LANGUAGES}
        words |= {f"access_{one}": place.access[one] for one in _LANGUAGES}
        values = {"address": place.address, "closed_at": place.closed_at, **words}
        self._db.execute(
            self._insert(visit_place)
            .values(id=place.id, register=place.register, **values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )

    def places(self, register: str) -> tuple[Place, ...]:
        """The register's places that are not closed, by their Finnish names."""
        query = select(visit_place).where(visit_place.c.register == register, visit_place.c.closed_at.is_(None))
        return tuple(_place(row) for row in self._db.execute(query.order_by(visit_place.c.name_fi, visit_place.c.id)))

    def add_slots(
        self, register: str, place: str, starts: tuple[datetime, ...], minutes: int, seats: int
    ) -> tuple[datetime, ...]:
        """Add times to a place; the starts that are new. A time that is there stays as it is; a withdrawn one comes
        back."""
        if not starts:
            return ()
        room = {"minutes": minutes, "seats": seats}
        rows = [{"id": uuid4().hex, "register": register, "place": place, "start": one, **room} for one in starts]
        adding = self._insert(visit_slot).on_conflict_do_update(
            index_elements=["place", "start"],
            set_={**room, "withdrawn_at": None},
            where=visit_slot.c.withdrawn_at.is_not(None),
        )
        new = self._db.scalars(adding.values(rows).returning(visit_slot.c.start)).all()
        return tuple(sorted(new))

    def slots(self, register: str, after: datetime, before: datetime) -> tuple[Slot, ...]:
        """The register's times from `after` (included) to `before` (not), withdrawn ones left out, the earliest
        first."""
        query = _SLOTS.where(
            visit_slot.c.register == register,
            visit_slot.c.start >= after,
            visit_slot.c.start < before,
            visit_slot.c.withdrawn_at.is_(None),
        )
        return self._slots(query.order_by(visit_slot.c.start, visit_slot.c.place))

    def slot(self, slot_id: str) -> Slot | None:
        """One time, withdrawn or not."""
        return next(iter(self._slots(_SLOTS.where(visit_slot.c.id == slot_id))), None)

    def withdraw(self, slot_id: str, now: datetime) -> bool:
        """Take the time out of use; False where it is already. Its bookings are the caller's to cancel."""
        changed = self._db.execute(
            visit_slot.update()
            .where(visit_slot.c.id == slot_id, visit_slot.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        return changed.rowcount == 1

    def booked_in(self, slot_id: str) -> tuple[Appointment, ...]:
        """The bookings of a slot that still stand, by case id."""
        query = select(appointment).where(appointment.c.slot == slot_id, appointment.c.state == VisitState.BOOKED.value)
        return self._appointments(query.order_by(appointment.c.case_id))

    def book(self, case_id: str, slot_id: str, now: datetime) -> Appointment | None:
        """Take the lowest free seat. None: full, withdrawn, past, or the case has a booking already."""
        seat = self._free_seat(slot_id, now)
        return self._seat(case_id, slot_id, seat, uuid4().hex, 0, now) if seat else None

    def move(self, appointment_id: str, slot_id: str, now: datetime) -> Appointment | None:
        """Take a seat in another slot and give the old one back; None and nothing changed where there is none."""
        old = self.get(appointment_id)
        seat = self._free_seat(slot_id, now) if old and old.slot != slot_id else None
        if old is None or seat is None or not self._end(old.id, VisitState.MOVED, now):
            return None
        return self._seat(old.case, slot_id, seat, old.uid, old.sequence + 1, now)

    def cancel(self, appointment_id: str, now: datetime) -> bool:
        """Give the seat back; False where the appointment is not booked any more."""
        return self._end(appointment_id, VisitState.CANCELLED, now, sequence=appointment.c.sequence + 1)

    def get(self, appointment_id: str) -> Appointment | None:
        """One appointment."""
        return next(iter(self._appointments(select(appointment).where(appointment.c.id == appointment_id))), None)

    def of_case(self, case_id: str) -> tuple[Appointment, ...]:
        """The case's appointments, newest first."""
        query = select(appointment).where(appointment.c.case_id == case_id)
        newest = (appointment.c.booked_at.desc(), appointment.c.sequence.desc(), appointment.c.id)
        return self._appointments(query.order_by(*newest))

    def day(self, register: str, first: datetime, last: datetime) -> tuple[Appointment, ...]:
        """The register's appointments that begin from `first` (included) to `last` (not), moved ones left out, by
        time and seat."""
        query = (
            select(appointment)
            .join(visit_slot, visit_slot.c.id == appointment.c.slot)
            .where(
                visit_slot.c.register == register,
                visit_slot.c.start >= first,
                visit_slot.c.start < last,
                appointment.c.state != VisitState.MOVED.value,
            )
        )
        return self._appointments(query.order_by(visit_slot.c.start, visit_slot.c.place, appointment.c.seat))

    def attended(self, appointment_id: str, by: str, document_kind: str, now: datetime) -> bool:
        """The person came and showed a document of this kind; False where the appointment is not booked any more."""
        return self._end(appointment_id, VisitState.ATTENDED, now, checked_by=by, document_kind=document_kind)

    def no_show(self, appointment_id: str, by: str, now: datetime) -> bool:
        """Nobody came; False where the appointment is not booked any more."""
        return self._end(appointment_id, VisitState.NO_SHOW, now, checked_by=by)

    def _free_seat(self, slot_id: str, now: datetime) -> int | None:
        """The lowest free seat, counted from 1; whoever asks next waits until this unit has ended."""
        locked = select(visit_slot).where(visit_slot.c.id == slot_id).with_for_update()
        row = self._db.execute(locked).first()
        if row is None or row.withdrawn_at is not None or row.start <= now:
            return None
        seated = select(appointment.c.seat).where(appointment.c.slot == slot_id, appointment.c.state.in_(_SEATED))
        taken = set(self._db.scalars(seated))
        return next((seat for seat in range(1, row.seats + 1) if seat not in taken), None)

    def _seat(
        self, case_id: str, slot_id: str, seat: int, uid: str, sequence: int, now: datetime
    ) -> Appointment | None:
        register = select(visit_slot.c.register).where(visit_slot.c.id == slot_id).scalar_subquery()
        made = self._db.scalar(
            self._insert(appointment)
            .values(
                id=uuid4().hex, register=register, case_id=case_id, slot=slot_id, seat=seat,
                state=VisitState.BOOKED.value, uid=uid, sequence=sequence, booked_at=now, changed_at=now,
            )
            .on_conflict_do_nothing()
            .returning(appointment.c.id)
        )  # fmt: skip
        return self.get(made) if made else None

    def _end(self, appointment_id: str, state: VisitState, now: datetime, **values: Any) -> bool:
        """What was booked is booked no more."""
        changed = self._db.execute(
            appointment.update()
            .where(appointment.c.id == appointment_id, appointment.c.state == VisitState.BOOKED.value)
            .values(state=state.value, changed_at=now, **values)
        )
        return changed.rowcount == 1

    def _slots(self, query: Select[Any]) -> tuple[Slot, ...]:
        rows = self._db.execute(query).all()
        places = self._known_places({row.place for row in rows})
        return tuple(
            Slot(row.id, places[row.place], row.start, row.minutes, row.seats, row.taken, row.withdrawn_at)
            for row in rows
        )

    def _known_places(self, ids: set[str]) -> dict[str, Place]:
        rows = self._db.execute(select(visit_place).where(visit_place.c.id.in_(sorted(ids)))) if ids else ()
        return {row.id: _place(row) for row in rows}

    def _appointments(self, query: Select[Any]) -> tuple[Appointment, ...]:
        rows = self._db.execute(query).all()
        ids = sorted({row.slot for row in rows})
        slots = {one.id: one for one in self._slots(_SLOTS.where(visit_slot.c.id.in_(ids)))} if ids else {}
        return _appointments(rows, slots)


def _appointments(rows: Sequence[Row[Any]], slots: dict[str, Slot]) -> tuple[Appointment, ...]:
    return tuple(
        Appointment(
            id=row.id,
            register=row.register,
            case=row.case_id,
            slot=row.slot,
            start=slots[row.slot].start,
            minutes=slots[row.slot].minutes,
            place=slots[row.slot].place,
            seat=row.seat,
            state=VisitState(row.state),
            uid=row.uid,
            sequence=row.sequence,
            booked_at=row.booked_at,
            changed_at=row.changed_at,
            checked_by=row.checked_by,
            document_kind=row.document_kind,
        )
        for row in rows
    )


def _place(row: Any) -> Place:
    return Place(
        id=row.id,
        register=row.register,
        name={one: getattr(row, f"name_{one}") for one in _LANGUAGES},
        address=row.address,
        access={one: getattr(row, f"access_{one}") for one in _LANGUAGES},
        closed_at=row.closed_at,
    )
