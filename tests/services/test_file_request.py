"""Filing: the case, its holds and its acknowledgement together or not at all; once however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from portal.domain.access import Forbidden
from portal.domain.events import TO_CITIZEN
from portal.domain.matching import CallDescription
from portal.domain.moments import DaySureness, TimeSureness
from portal.domain.retention import HoldOutcome
from portal.jobs import runner
from portal.services import confirm_hold, find_calls, harvest, searched, secure
from portal.services.office import Office
from tests import make
from tests.services.walk import clerk, walk

NOTHING_KNOWN = CallDescription(1, None, None, DaySureness.UNKNOWN, TimeSureness.UNKNOWN, None, None)


def outcomes(office: Office, ref: str, register: str = "espoo") -> list[str]:
    with office.reading() as work:
        case = work.cases.open(ref, clerk("x", register=register))
        return [row.outcome for row in work.recordings.candidates(case.id)]


def test_every_candidate_is_held_when_filing_returns(office: Office) -> None:
    ids = make.recorded(office, make.segment(), make.segment())
    filed = make.filed(office)
    with office.reading() as work:
        assert {one.hold_count for one in work.recordings.many(ids).values()} == {1}
    assert outcomes(office, filed.ref) == ["held", "held"]


def test_a_filing_that_fails_after_the_case_was_written_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make.recorded(office, make.segment())

    def fall(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(find_calls, "renew_keeping", fall)
    with pytest.raises(OSError, match="disk full"):
        make.filed(office)
    monkeypatch.undo()
    with office.reading() as work:
        assert work.recordings.many(ids)[ids[0]].hold_count == 0
        assert work.outbox.counts() == {}
        assert work.cases.open_ids("espoo") == ()
    assert make.filed(office).ref == "R-2026-00001"


def test_a_second_click_is_the_first_case(office: Office) -> None:
    request = make.request()
    first, again = make.filed(office, request), make.filed(office, request)
    assert (again.ref, again.again, first.again) == (first.ref, True, False)
    with office.reading() as work:
        assert len(work.cases.of_person(make.citizen(first))) == 1


def test_two_clicks_at_the_same_moment_are_one_case(office: Office) -> None:
    request, start = make.request(), Barrier(4)

    def send(_n: int) -> str:
        start.wait()
        return make.filed(office, request).ref

    with ThreadPoolExecutor(4) as pool:
        refs = set(pool.map(send, range(4)))
    assert len(refs) == 1
    with office.reading() as work:
        assert len(work.cases.open_ids("espoo")) == 1


def test_the_same_form_sent_by_somebody_else_on_the_same_screen_is_their_own_request(here: Office) -> None:
    request = make.request()
    mine = make.filed(here, request)
    theirs = make.filed(here, request, make.identified("Eero Esimerkki", "010190-900P"))
    assert theirs.ref != mine.ref
    assert not theirs.again


def test_a_call_is_found_by_the_callers_number_a_week_beside_the_day(here: Office) -> None:
    make.recorded(here, make.segment(make.NOON - timedelta(days=9)))
    assert outcomes(here, make.filed(here).ref) == ["held"]


def test_a_call_from_another_number_is_not_found_by_number_but_by_service_when_asked(here: Office) -> None:
    make.recorded(here, make.segment(caller="+358507654321"))
    own = make.filed(here, make.request(make.Right.ACCESS, make.call(service_number=None)))
    assert outcomes(here, own.ref) == []
    other = make.filed(here, make.request(make.Right.ACCESS, make.call(other_phone=True)))
    assert outcomes(here, other.ref) == ["held"]


def test_a_withheld_call_is_found_by_service_and_time(here: Office) -> None:
    make.recorded(here, make.segment(caller=None, withheld=True))
    withheld = make.call(own_number=None, withheld=True)
    assert outcomes(here, make.filed(here, make.request(make.Right.ACCESS, withheld)).ref) == ["held"]


def test_another_registers_recordings_are_never_candidates(here: Office) -> None:
    make.recorded(here, make.segment(), register="janakkala")
    assert outcomes(here, make.filed(here).ref) == []


def test_a_request_that_knows_nothing_still_files(here: Office) -> None:
    made = walk(here, make.request(make.Right.ACCESS, NOTHING_KNOWN))
    assert made.actions == ["request_received", "hold_outcome_recorded", "dossier_kept"]
    assert outcomes(here, made.filed.ref) == []


def test_a_call_older_than_retention_still_files(here: Office) -> None:
    old = make.call(day=date(2020, 1, 7))
    made = walk(here, make.request(make.Right.ACCESS, old), found=0)
    assert made.case.calls == (old,)


def test_a_request_without_any_call_still_files(here: Office) -> None:
    plain = replace(make.request(make.Right.OBJECTION), calls=())
    assert walk(here, plain).case.items == (1,)


def test_what_the_citizen_sees_is_the_same_whether_a_recording_was_found_or_not(here: Office) -> None:
    nothing, something = walk(here, found=0), walk(here, found=2)
    shown = []
    for made in (nothing, something):
        with here.reading() as work:
            actions = [entry.action for entry in work.cases.timeline(made.case)]
        shown.append([action for action in actions if action in TO_CITIZEN])
    assert shown == [["request_received"], ["request_received"]]


def test_the_acknowledgement_is_made_by_the_worker_once(here: Office, clock: make.Clock) -> None:
    made = walk(here)
    runner.drain(here)
    with here.writing() as work:
        work.outbox.add("acknowledge", {"case": made.case.id}, "again", here.now())
    runner.drain(here)
    assert made.actions.count("letter_issued") == 1


def test_an_unknown_day_is_searched_as_far_back_as_a_recording_may_be_kept(here: Office) -> None:
    today = date(2026, 6, 18)
    oldest = {name: searched.oldest_searched(today, register) for name, register in here.registers.items()}
    assert oldest["pk_terveys"] == date(2026, 5, 18)  # thirty days: the five years of feedback keep no recording
    assert oldest["espoo"] == date(2025, 12, 17)
    assert oldest["te_kaakkois_suomi"] == date(2025, 6, 17)  # single recordings up to twelve months


# --- harvested later, and in the operator's custody ----------------------------------------------------------------


def late(office: Office, *metas: object, custody: str = "ours") -> None:
    """Calls that come into the register's source now; harvested, and the worker's jobs done."""
    source = office.sources["fake-espoo"]
    source.custody = custody  # type: ignore[misc]  # a FakeSource
    for meta in metas:
        source.segments.append(meta)  # type: ignore[attr-defined]  # a FakeSource
        source.files[meta.locator] = make.tone()  # type: ignore[attr-defined]
    harvest.harvest(office, "fake-espoo")


def test_a_call_harvested_after_filing_is_held_for_the_open_case(office: Office) -> None:
    made = walk(office, found=0)
    late(office, make.segment())
    runner.drain(office)
    assert outcomes(office, made.filed.ref) == ["held"]
    assert made.actions.count("hold_outcome_recorded") == 2


def test_the_search_for_open_cases_is_queued_in_the_unit_that_loads_the_calls(here: Office) -> None:
    walk(here, found=0)
    late(here, make.segment())
    with here.reading() as work:
        assert work.outbox.counts() == {"queued": 2}  # the acknowledgement and the search


def test_a_fruitless_harvest_writes_nothing_into_the_open_cases(here: Office) -> None:
    made = walk(here, found=0)
    for _ in range(3):
        late(here, make.segment(caller="+358507654321", service_number="+358981600011"))
        runner.drain(here)
    assert made.actions.count("hold_outcome_recorded") == 1


def test_what_staff_learnt_about_a_hold_survives_the_next_harvest(here: Office) -> None:
    make.recorded(here, make.segment(), custody="operator")
    made = walk(here, found=0)
    recording = made.recordings[0]
    note = "kept, said the operator"
    confirm_hold.confirm_hold(here, made.handler, made.filed.ref, recording, kept=True, note=note, seen=made.case.moves)
    late(here, make.segment(caller="+358507654321"))
    harvest.search_again(here, "espoo")
    with here.reading() as work:
        row = work.recordings.candidates(made.case.id)[0]
    assert (row.outcome, row.note) == ("held", note)


def test_a_harvest_counts_each_call_once_over_several_batches(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "BATCH", 2)
    late(here, *(make.segment() for _ in range(5)))
    with here.reading() as work:
        reached = next(one for one in work.sources.harvests("espoo") if one.source == "fake-espoo")
    assert reached.loaded == 5


def test_a_class_without_a_retention_rule_is_refused_with_its_reason_and_the_rest_is_loaded(here: Office) -> None:
    late(here, make.segment(recording_class=make.RecordingClass.QUALITY), make.segment())
    with here.reading() as work:
        refused = work.sources.refusals("espoo")
        reached = next(one for one in work.sources.harvests("espoo") if one.source == "fake-espoo")
    assert [(one.code, one.file) for one in refused] == [("bad_class", "class quality")]
    assert reached.loaded == 1


def operators(office: Office) -> tuple[str, str, str]:
    """A case, one candidate that only the operator has, and its locator."""
    meta = make.segment()
    ids = make.recorded(office, meta, custody="operator")
    made = walk(office, found=0)
    assert outcomes(office, made.filed.ref) == [HoldOutcome.ASKED.value]
    return made.filed.ref, ids[0], meta.locator


def test_a_recording_in_the_operators_hands_is_copied_to_safety(here: Office) -> None:
    ref, recording, _locator = operators(here)
    runner.drain(here)
    assert outcomes(here, ref) == ["copied"]
    with here.reading() as work:
        found = work.recordings.get(recording)
    assert found is not None
    assert found.vault_object
    assert here.vault.exists("espoo", found.vault_object)


def test_a_later_request_finds_the_operators_recording_copied_already(here: Office) -> None:
    make.recorded(here, make.segment(), custody="operator")
    make.filed(here)
    runner.drain(here)
    later = make.filed(here)
    assert outcomes(here, later.ref) == ["copied"]


def test_a_recording_that_the_operator_no_longer_has_is_too_late(here: Office) -> None:
    ref, _recording, locator = operators(here)
    del here.sources["fake-espoo"].files[locator]  # type: ignore[attr-defined]  # a FakeSource
    runner.drain(here)
    assert outcomes(here, ref) == ["too_late"]


def test_a_recording_that_cannot_be_decoded_becomes_a_task(here: Office) -> None:
    ref, _recording, locator = operators(here)
    here.sources["fake-espoo"].files[locator] = b"<html>not a call</html>"  # type: ignore[attr-defined]  # a FakeSource
    runner.drain(here)
    assert outcomes(here, ref) == ["task"]


def test_securing_twice_records_one_outcome(here: Office) -> None:
    ref, recording, _locator = operators(here)
    with here.reading() as work:
        case = work.cases.open(ref, clerk("x"))
    secure.secure(here, case.id, recording)
    secure.secure(here, case.id, recording)
    with here.reading() as work:
        actions = [entry.action for entry in work.cases.timeline(case)]
    assert actions.count("hold_outcome_recorded") == 2  # asked, copied


def test_an_auditor_cannot_make_staff_search(here: Office) -> None:
    made = walk(here)
    with pytest.raises(Forbidden):
        find_calls.find_more(here, clerk("auditor", make.Role.AUDITOR), made.filed.ref, make.call())
