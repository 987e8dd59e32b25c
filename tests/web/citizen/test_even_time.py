"""The same answer after the same time, whether recordings exist or not: strong identity is no proof of a number."""

import statistics
import time

import pytest

from portal.services.office import Office
from portal.web.app import Portal
from portal.web.citizen import even_time
from tests import make
from tests.web.citizen.steps import check_page
from tests.web.client import Browser, entered

STEP = 0.9


def timed(app: Portal, office: Office, code: str) -> tuple[float, str, int]:
    """How long one filing took, what was answered (its own reference left out), and how many jobs it queued."""
    browser: Browser = entered(app, office, make.identified(code=code))
    page = check_page(browser)
    app.config[even_time.EVEN_SECONDS] = STEP
    with office.reading() as work:
        before = work.outbox.counts().get("queued", 0)
    begun = time.perf_counter()
    receipt = browser.press(page, "Lähetä pyyntö")
    took = time.perf_counter() - begun
    with office.reading() as work:
        jobs = work.outbox.counts().get("queued", 0) - before
        ref = receipt.text.split("R-2026-")[1][:5]
    app.config[even_time.EVEN_SECONDS] = 0.0
    return took, receipt.text.replace(ref, "#"), jobs


def test_the_answer_comes_after_the_same_time_with_twelve_recordings_as_with_none(app: Portal, office: Office) -> None:
    codes = ["131052-902N"]
    without = [timed(app, office, code) for code in codes]
    make.recorded(office, *(make.segment() for _ in range(12)))
    found = [timed(app, office, code) for code in codes]
    assert {jobs for _took, _text, jobs in without} == {jobs for _took, _text, jobs in found}
    assert [text for _took, text, _jobs in without] == [text for _took, text, _jobs in found]
    mean = [statistics.mean(took for took, _text, _jobs in some) for some in (without, found)]
    assert abs(mean[0] - mean[1]) < STEP / 4, mean
    with office.reading() as work:
        case_ids = work.cases.open_ids("espoo")
        assert sum(bool(work.recordings.candidates(one)) for one in case_ids) == len(codes)


@pytest.mark.parametrize(("passed", "wanted"), [(0.0, 0.05), (0.03, 0.05), (0.06, 0.10)])
def test_the_wait_ends_at_a_whole_step(passed: float, wanted: float) -> None:
    begun = time.perf_counter() - passed
    even_time.wait(begun, 0.05)
    assert wanted <= time.perf_counter() - begun < wanted + 0.04
