"""Harvest and the source's own holds: why it could not be read, what its clock betrays, holds in step."""

from datetime import timedelta

import pytest

from portal.domain.recording import Capability, Denied, NotFound, RecordingClass, ScanBatch, SegmentMeta
from portal.services.harvest import clock_warning, harvest
from portal.services.office import Office
from portal.services.ports import Search
from portal.services.source_holds import bring_into_step
from tests.make import FakeSource


@pytest.fixture
def source(office: Office) -> FakeSource:
    made = FakeSource("pbx", "espoo")
    office.sources["pbx"] = made  # type: ignore[index]  # the test's own office
    return made


def call(office: Office, uid: str = "1", **changes: timedelta) -> SegmentMeta:
    at = office.now() - timedelta(hours=1) + changes.get("later", timedelta())
    return SegmentMeta(
        uid, f"{uid}.wav", at, at + timedelta(minutes=2), "+358401234567", False, None, "+35898160011", None, None,
        "in", RecordingClass.CUSTOMER_SERVICE, True,
    )  # fmt: skip


def test_why_a_source_could_not_be_read_is_kept_until_it_can(office: Office, source: FakeSource) -> None:
    def refuses(*_: object) -> ScanBatch:
        raise Denied("host key changed")

    source.scan = refuses  # type: ignore[method-assign,assignment]  # a server that was changed
    with pytest.raises(Denied):
        harvest(office, "pbx")
    with office.reading() as work:
        (state,) = work.sources.states("espoo")
    assert (state.fault, state.detail, state.fault_at) == ("denied", "host key changed", office.now())
    del source.scan  # and is right again
    source.segments = [call(office)]
    harvest(office, "pbx")
    with office.reading() as work:
        (state,) = work.sources.states("espoo")
    assert (state.fault, state.newest) == (None, source.segments[0].start)


def test_a_harvest_that_dies_between_batches_goes_on_where_it_was(
    office: Office, source: FakeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.services.harvest.BATCH", 20)
    source.segments = [call(office, str(n)) for n in range(45)]
    plain, calls = source.scan, [0]

    def dies(cursor: str | None = None, limit: int = 20) -> ScanBatch:
        calls[0] += 1
        if calls[0] == 2:
            raise KeyboardInterrupt
        return plain(cursor, limit)

    source.scan = dies  # type: ignore[method-assign]  # the process is killed in its second batch
    with pytest.raises(KeyboardInterrupt):
        harvest(office, "pbx")
    assert harvest(office, "pbx") == (25, 0)
    with office.reading() as work:
        (one,) = work.sources.harvests("espoo")
    assert one.loaded == 45


def test_a_call_from_the_future_betrays_a_fast_clock(office: Office, source: FakeSource) -> None:
    source.segments = [call(office, later=timedelta(minutes=65))]
    harvest(office, "pbx")
    with office.reading() as work:
        (state,) = work.sources.states("espoo")
    assert state.skew == 7 * 60
    assert clock_warning(state.skew) == "clock"


@pytest.mark.parametrize(
    ("skew", "means"),
    [(None, ""), (0, ""), (-60, ""), (61, "clock"), (420, "clock"), (-7200, "zone"), (10_790, "zone"), (5400, "clock")],
)
def test_whole_hours_are_a_zone_and_other_differences_a_clock(skew: int | None, means: str) -> None:
    assert clock_warning(skew) == means


def test_what_is_held_here_is_held_at_the_source_and_released_when_nobody_holds_it(
    office: Office, source: FakeSource
) -> None:
    source.capabilities |= {Capability.HOLD}
    source.segments = [call(office, "1"), call(office, "2")]
    harvest(office, "pbx")
    assert bring_into_step(office, "pbx") == {}
    with office.writing() as work:
        window = (office.now() - timedelta(days=1), office.now())
        one = next(each for each in work.recordings.search("espoo", Search((window,), number="+358401234567")))
        work.recordings.hold(one.id, "request", "c" * 32, "system", office.today(), office.now())
    assert bring_into_step(office, "pbx") == {"hold": 1}
    assert source.held == {(one.locator, one.id)}
    assert bring_into_step(office, "pbx") == {}
    with office.writing() as work:
        work.recordings.release("c" * 32, office.now(), recording_id=one.id)
    assert bring_into_step(office, "pbx") == {"release": 1}
    assert source.held == set()


def test_a_recording_that_is_gone_at_its_source_stops_no_other_hold(office: Office, source: FakeSource) -> None:
    source.capabilities |= {Capability.HOLD}
    source.segments = [call(office, "1"), call(office, "2")]
    harvest(office, "pbx")
    with office.writing() as work:
        window = (office.now() - timedelta(days=1), office.now())
        for one in work.recordings.search("espoo", Search((window,), number="+358401234567")):
            work.recordings.hold(one.id, "request", "c" * 32, "system", office.today(), office.now())

    def hold(locator: str, ref: str) -> None:
        if locator == "1.wav":
            raise NotFound("gone")
        source.held.add((locator, ref))

    source.hold = hold  # type: ignore[method-assign]  # one of the two was purged
    assert bring_into_step(office, "pbx") == {"hold": 1}
    assert [locator for locator, _ in source.held] == ["2.wav"]


def test_a_restriction_here_closes_the_recording_at_the_source_until_it_is_lifted(
    office: Office, source: FakeSource
) -> None:
    source.capabilities |= {Capability.RESTRICT}
    source.segments = [call(office, "1")]
    harvest(office, "pbx")
    with office.writing() as work:
        window = (office.now() - timedelta(days=1), office.now())
        (one,) = work.recordings.search("espoo", Search((window,), number="+358401234567"))
        work.recordings.hold(one.id, "restriction", "c" * 32, "system", office.today(), office.now())
        work.recordings.restrict(one.id, True)
    assert bring_into_step(office, "pbx") == {"restrict": 1}
    assert source.restricted == {"1.wav"}
    with office.writing() as work:
        work.recordings.release("c" * 32, office.now(), recording_id=one.id, restriction=True)
        work.recordings.restrict(one.id, False)
    assert bring_into_step(office, "pbx") == {"open": 1}
    assert source.restricted == set()
