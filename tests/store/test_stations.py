"""Listening stations in the database: one open at a time, found by a key that is kept nowhere."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.services.office import Office
from tests.make import Clock
from tests.store.raw import run
from tests.visiting import TE, visiting


def test_one_station_of_a_visit_is_open_and_only_its_keys_digest_is_kept(office: Office, clock: Clock) -> None:
    made = visiting(office, answered=False)
    by, until = made.clerk.actor.id, clock() + timedelta(hours=1)
    with office.writing() as work:
        first = work.stations.start(TE, made.appointment, by, until, clock())
        second = work.stations.start(TE, made.appointment, by, until, clock())
    rows = run(office, "SELECT key_digest, closed_at FROM visit_session")
    assert [row.closed_at is None for row in rows].count(True) == 1
    assert not {first, second} & {row.key_digest for row in rows}
    with office.reading() as work:
        known = {key: work.stations.of_key(key) for key in (first, second)}
        assert work.stations.of_key(rows[0].key_digest) is None
    assert [seat.open_at(clock()) for seat in known.values() if seat] == [False, True]
    with pytest.raises(IntegrityError):
        run(office, "UPDATE visit_session SET closed_at = NULL")


def test_a_station_that_ended_by_itself_ended_then_and_not_when_it_was_closed(office: Office, clock: Clock) -> None:
    made = visiting(office, answered=False)
    until = clock() + timedelta(hours=1)
    with office.writing() as work:
        work.stations.start(TE, made.appointment, made.clerk.actor.id, until, clock())
    clock.move(hours=2)
    with office.writing() as work:
        assert work.stations.close(made.appointment, clock()) is False
    with office.reading() as work:
        (seat,) = work.stations.of_appointment(made.appointment)
    assert (seat.closed_at, seat.ended_at) == (until, until)
