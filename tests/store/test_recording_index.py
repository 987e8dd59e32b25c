"""Hold, condemn, rescue: no confirmed hold is lost, none is counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

from portal.services.office import Office
from portal.services.ports import Recording, Search
from portal.store.recording_states import CONDEMNED, DELETING, GONE, LIVE
from tests import make

REVIEW = date(2026, 9, 1)
LEASE = timedelta(minutes=10)


def a_recording(office: Office, *, due: bool = False) -> str:
    start = make.NOON - timedelta(days=400 if due else 2)
    return make.recorded(office, make.segment(start))[0]


def hold(office: Office, recording: str, case: str = "case", reason: str = "request") -> bool:
    with office.writing() as work:
        return work.recordings.hold(recording, reason, case, "system", REVIEW, office.now())


def condemn(office: Office, worker: str = "w") -> int:
    with office.writing() as work:
        return work.recordings.condemn("espoo", office.now(), worker, LEASE)


def delete(office: Office, recording: str, worker: str = "w") -> bool:
    with office.writing() as work:
        if not work.recordings.start_deleting(recording, worker):
            return False
    with office.writing() as work:
        found = work.recordings.get(recording)
        assert found is not None
        why = "retention:customer_service"
        work.recordings.gone(work.tombstones.prepare(found, why, True, "system", office.now(), ()))
    return True


def now_is(office: Office, recording: str) -> Recording:
    with office.reading() as work:
        found = work.recordings.get(recording)
        assert work.recordings.miscounted() == ()
    assert found is not None
    return found


def test_holding_twice_is_holding_once(office: Office) -> None:
    one = a_recording(office)
    assert hold(office, one)
    assert hold(office, one)
    assert now_is(office, one).hold_count == 1


def test_two_cases_and_two_reasons_are_holds_of_their_own(office: Office) -> None:
    one = a_recording(office)
    assert all((hold(office, one), hold(office, one, "other"), hold(office, one, reason="restriction")))
    assert now_is(office, one).hold_count == 3


def test_what_is_due_and_unheld_is_condemned_once(office: Office) -> None:
    one, held = a_recording(office, due=True), a_recording(office, due=True)
    hold(office, held)
    assert (condemn(office), condemn(office)) == (1, 0)
    assert (now_is(office, one).state, now_is(office, held).state) == (CONDEMNED, LIVE)


def test_a_hold_rescues_what_is_condemned(office: Office) -> None:
    one = a_recording(office, due=True)
    condemn(office)
    assert hold(office, one)
    assert now_is(office, one).state == LIVE
    assert not delete(office, one)


def test_a_hold_is_too_late_once_deletion_has_begun(office: Office) -> None:
    one = a_recording(office, due=True)
    condemn(office)
    with office.writing() as work:
        assert work.recordings.start_deleting(one, "w")
    assert not hold(office, one)
    assert now_is(office, one).state == DELETING
    assert now_is(office, one).hold_count == 0


def test_a_search_finds_a_call_whose_deletion_has_begun_and_none_that_is_gone(office: Office) -> None:
    one = a_recording(office, due=True)
    start = now_is(office, one).start
    wanted = Search(((start - timedelta(hours=1), start + timedelta(hours=1)),), service=make.SERVICE)
    condemn(office)
    with office.writing() as work:
        work.recordings.start_deleting(one, "w")
        assert [found.id for found in work.recordings.search("espoo", wanted)] == [one]
    delete(office, one)
    with office.reading() as work:
        assert work.recordings.search("espoo", wanted) == ()


def test_what_is_gone_keeps_a_tombstone_and_no_number(office: Office) -> None:
    one = a_recording(office, due=True)
    condemn(office)
    assert delete(office, one)
    found = now_is(office, one)
    assert (found.state, found.caller, found.locator, found.agent) == (GONE, None, "", None)
    with office.reading() as work:
        assert work.recordings.erased_on(one) == office.today()


def test_only_the_worker_that_condemned_it_may_delete_it(office: Office) -> None:
    one = a_recording(office, due=True)
    condemn(office, "first")
    assert not delete(office, one, "second")
    assert delete(office, one, "first")


def test_a_dead_workers_recordings_are_taken_over_when_its_lease_has_run_out(office: Office, clock: make.Clock) -> None:
    one = a_recording(office, due=True)
    condemn(office, "dead")
    with office.writing() as work:
        assert work.recordings.condemned("espoo", "next", office.now()) == ()
    clock.move(minutes=11)
    with office.writing() as work:
        assert [found.id for found in work.recordings.condemned("espoo", "next", office.now())] == [one]
    assert delete(office, one, "next")


def test_a_release_counts_down_once_and_gives_only_its_own_cases_holds_up(office: Office) -> None:
    one, two = a_recording(office), a_recording(office)
    for recording in (one, two):
        hold(office, recording, "mine")
        hold(office, recording, "other")
    with office.writing() as work:
        assert set(work.recordings.release("mine", office.now())) == {one, two}
        assert work.recordings.release("mine", office.now()) == ()
    assert now_is(office, one).hold_count == 1
    assert hold(office, one, "mine")
    assert now_is(office, one).hold_count == 2


def test_one_recordings_hold_is_released_alone(office: Office) -> None:
    one, two = a_recording(office), a_recording(office)
    hold(office, one)
    hold(office, two)
    with office.writing() as work:
        assert work.recordings.release("case", office.now(), recording_id=one) == (one,)
    assert (now_is(office, one).hold_count, now_is(office, two).hold_count) == (0, 1)


def test_a_restriction_keeps_its_hold_when_the_case_releases_its_own(office: Office) -> None:
    one = a_recording(office, due=True)
    hold(office, one)
    hold(office, one, "restriction:case", "restriction")
    with office.writing() as work:
        work.recordings.restrict(one, on=True)
        work.recordings.release("case", office.now())
    assert condemn(office) == 0
    assert now_is(office, one).restricted


def test_an_erasure_by_decision_waits_while_anybody_else_holds(office: Office) -> None:
    one = a_recording(office)
    hold(office, one, "other")
    with office.writing() as work:
        assert not work.recordings.condemn_one(one, office.now(), "w", LEASE)
        work.recordings.release("other", office.now())
        assert work.recordings.condemn_one(one, office.now(), "w", LEASE)


def test_holders_and_the_purge_at_once_never_promise_what_is_deleted(office: Office) -> None:
    ids = make.recorded(office, *(make.segment(make.NOON - timedelta(days=400)) for _ in range(60)))
    start = Barrier(3)

    def keep(_n: int) -> set[str]:
        start.wait()
        return {one for one in ids[::2] if hold(office, one)}

    def purge(_n: int) -> set[str]:
        start.wait()
        while condemn(office):
            pass
        return {one for one in ids if delete(office, one)}

    with ThreadPoolExecutor(3) as pool:
        kept, twice, deleted = pool.submit(keep, 0), pool.submit(keep, 1), pool.submit(purge, 2)
        assert kept.result() == twice.result()
        assert not kept.result() & deleted.result()
        assert kept.result() | deleted.result() == set(ids)
    with office.reading() as work:
        assert work.recordings.miscounted() == ()


def test_a_call_loaded_again_is_the_same_call(office: Office) -> None:
    meta = make.segment()
    assert len(make.recorded(office, meta)) == 1
    assert make.recorded(office, meta) == ()


def test_a_miscount_is_found(office: Office) -> None:
    one = a_recording(office)
    hold(office, one)
    with office.writing() as work:
        work.recordings._db.exec_driver_sql("UPDATE recording SET hold_count = 2")  # type: ignore[attr-defined]
        assert work.recordings.miscounted() == (one,)
