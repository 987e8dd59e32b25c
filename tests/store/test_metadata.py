"""What the index says of a call, corrected: sealed, found by its key, and never shortening what is held."""

from datetime import date, timedelta

from portal.services.office import Office
from portal.store.recording_states import CONDEMNED
from tests import make
from tests.store.raw import Raw

OTHER = "+358407654321"


def moved(office: Office, recording: str, **shift: float) -> bool:
    """The recording's times and retention moved; its number changed."""
    by = timedelta(**shift)
    with office.writing() as work:
        one = work.recordings.get(recording)
        assert one is not None
        return work.metadata.correct(recording, OTHER, one.start + by, one.end + by, one.purge_at + by)


def columns(raw: Raw) -> dict[str, object]:
    return dict(raw("SELECT * FROM recording")[0]._mapping)


def test_only_number_and_times_change_and_the_number_is_never_stored_in_the_open(office: Office, raw: Raw) -> None:
    (recording,) = make.recorded(office, make.segment())
    before = columns(raw)
    assert moved(office, recording, hours=-1)
    after = columns(raw)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"caller_key", "sealed", "start_ms", "end_ms", "purge_at"}
    assert OTHER not in str(after)
    with office.reading() as work:
        found = work.recordings.get(recording)
    assert found is not None
    assert (found.caller, found.agent, found.queue) == (OTHER, "A. Agentti", "Vaihde")


def test_a_held_recording_keeps_the_longer_retention_and_a_free_one_follows_the_call(office: Office) -> None:
    held, free = make.recorded(office, make.segment(), make.segment())
    with office.writing() as work:
        work.recordings.hold(held, "request", "case", "system", date(2026, 9, 1), office.now())
        ends = {one.id: one.purge_at for one in work.recordings.many([held, free]).values()}
    for recording in (held, free):
        assert moved(office, recording, days=-3)
    with office.reading() as work:
        now = {one.id: one.purge_at for one in work.recordings.many([held, free]).values()}
    assert now == {held: ends[held], free: ends[free] - timedelta(days=3)}


def test_what_is_being_deleted_is_not_corrected(office: Office, raw: Raw) -> None:
    (recording,) = make.recorded(office, make.segment(make.NOON - timedelta(days=400)))
    with office.writing() as work:
        work.recordings.condemn("espoo", office.now(), "w", timedelta(minutes=10))
    assert not moved(office, recording, days=1)
    assert columns(raw)["state"] == CONDEMNED
    with office.writing() as work:
        assert not work.metadata.correct("nothing", OTHER, office.now(), office.now(), office.now())
