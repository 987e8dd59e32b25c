"""Sources that may not be harvested are searched by a job for each case; what is found is held as any other call."""

from dataclasses import replace
from typing import Any

import pytest

from portal.domain.recording import Capability
from portal.jobs import periodic, runner
from portal.services import decide, find_calls, harvest, withdraw_request
from portal.services.match_dossier import dossier_view
from portal.services.office import Office
from tests import make
from tests.services.walk import Walk, walk

LIVE = "live-espoo"


@pytest.fixture
def live(here: Office) -> Office:
    """An office whose register has a source that is searched and not listed, with one call that fits."""
    can = frozenset({Capability.SEARCH, Capability.FETCH})
    source = make.FakeSource(LIVE, "espoo", custody="operator", capabilities=can)
    meta = make.segment()
    source.segments.append(meta)
    source.files[meta.locator] = make.tone()
    return replace(here, sources={**here.sources, LIVE: source})


def source_of(office: Office) -> Any:
    return office.sources[LIVE]


def outcomes(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [row.outcome for row in work.recordings.candidates(made.case.id)]


def test_the_search_runs_in_the_job_and_not_while_the_applicant_waits(live: Office) -> None:
    source_of(live).away = True  # a search in the request would fail it
    made = walk(live, found=0)
    assert outcomes(made) == []
    source_of(live).away = False
    runner.drain(live)
    assert outcomes(made) == ["copied"]
    assert made.actions.count("live_searched") == 1


def test_every_filing_queues_the_same_jobs_whether_calls_exist_or_not(live: Office) -> None:
    def queued() -> int:
        with live.reading() as work:
            return work.outbox.counts().get("queued", 0)

    walk(live, found=0)
    first = queued()
    source_of(live).segments.clear()
    make.recorded(live, make.segment())
    make.filed(live)
    assert queued() == 2 * first


def test_what_was_not_asked_for_is_not_taken_into_the_index(live: Office) -> None:
    source_of(live).segments.append(make.segment(caller="+358507654321", service_number="+358981600011"))
    walk(live, found=0)
    runner.drain(live)
    with live.reading() as work:
        assert [one.loaded for one in work.sources.harvests("espoo") if one.source == LIVE] == [1]


def test_nothing_is_harvested_from_it(live: Office) -> None:
    assert harvest.harvest(live, LIVE) == (0, 0)
    periodic._harvest(live, "w")
    with live.reading() as work:
        assert [state.fault for state in work.sources.states("espoo") if state.source == LIVE] == []


def test_a_source_that_is_away_is_told_in_the_dossier_and_asked_again(live: Office, clock: make.Clock) -> None:
    source_of(live).away = True
    made = walk(live, found=0)
    for _ in range(12):  # longer than any job's own tries
        runner.drain(live)
        clock.move(minutes=10)
    found = dossier_view(live, made.handler, made.filed.ref).dossier
    assert found.unanswered == (LIVE,)
    assert [one.fault for one in found.sources if one.live] == ["transient"]
    assert made.actions.count("live_searched") == 1
    with live.reading() as work:
        assert work.outbox.counts().get("dead", 0) == 0
    made.taken()
    with pytest.raises(decide.Incomplete, match="source_unanswered"):
        made.proposed(outcome="no_recording")
    source_of(live).away = False
    runner.drain(live)
    found = dossier_view(live, made.handler, made.filed.ref).dossier
    assert (found.unanswered, outcomes(made)) == ((), ["copied"])


def test_a_withdrawn_case_is_not_searched_for_any_more(live: Office, clock: make.Clock) -> None:
    source_of(live).away = True
    made = walk(live, found=0).taken()
    runner.drain(live)
    withdraw_request.withdraw_request(live, made.citizen, made.filed.ref)
    source_of(live).away = False
    clock.move(minutes=10)
    runner.drain(live)
    assert (outcomes(made), made.actions.count("live_searched")) == ([], 1)


def test_a_search_by_staff_asks_the_source_too_with_their_details(live: Office) -> None:
    other = make.segment(caller="+358407654321", service_number="+358981600011")
    source_of(live).segments[:] = [other]
    source_of(live).files[other.locator] = make.tone()
    made = walk(live, found=0).taken()
    runner.drain(live)
    assert outcomes(made) == []
    find_calls.find_more(live, made.handler, made.filed.ref, make.call(own_number="+358407654321", service_number=None))
    runner.drain(live)
    assert outcomes(made) == ["copied"]


def test_searching_again_records_no_second_candidate(live: Office, clock: make.Clock) -> None:
    made = walk(live, found=0)
    runner.drain(live)
    find_calls.find_more(live, made.handler, made.filed.ref, make.call())
    runner.drain(live)
    assert outcomes(made) == ["copied"]


def test_the_letter_names_the_source_and_when_it_was_searched(live: Office) -> None:
    source_of(live).segments.clear()
    made = walk(live, found=0).taken()
    runner.drain(live)
    made.proposed(outcome="no_recording").signed()
    with live.reading() as work:
        letter = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert f"{LIVE} (haettu 18.6.2026 12.00)" in html.replace("\xa0", " ")
