"""No recording, and erased already, are answers: the letter proves what was searched and which rule erased it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.access import SYSTEM
from portal.domain.moments import DaySureness
from portal.domain.rights import Right
from portal.services import decide, dispose, find_calls, harvest, retention_rules, settle
from portal.services.office import Office
from portal.services.search_proof import search_text
from tests import make
from tests.services.test_retention_rules import agreed, filed
from tests.services.walk import Walk, walk

NONE = {"outcome": "no_recording"}


def printed(made: Walk) -> str:
    with made.office.reading() as work:
        last = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, last.id, work.cases.box(made.case)) or ""
    return html.replace("\xa0", " ")


def answered(here: Office, *calls: object) -> Walk:
    return walk(here, make.request(Right.ACCESS, *calls), found=0).taken().proposed(**NONE).signed()  # type: ignore[arg-type]  # calls


def test_the_letter_says_what_was_searched_how_far_and_in_which_sources(here: Office) -> None:
    harvest.harvest(here, "fake-espoo")
    letter = printed(answered(here, make.call()))
    assert "Meillä ei ole pyyntöäsi vastaavaa tallennetta." in letter
    assert "haettu ajalta 6.6.2026–26.6.2026" in letter
    assert "fake-espoo (luettu viimeksi 18.6.2026 12.00)" in letter


def test_no_number_is_told_whole(here: Office) -> None:
    made = walk(here, found=0)
    with here.reading() as work:
        text = search_text(here, work, made.case)
    assert make.NUMBER[-6:] not in text.replace(" ", "")


def test_the_letter_lists_the_searches_that_staff_made_with_other_details(here: Office) -> None:
    made = walk(here, make.request(Right.ACCESS, make.call()), found=0).taken()
    other = replace(make.call(), day=date(2026, 5, 4), time=None, own_number="+358407654321")
    find_calls.find_more(here, made.handler, made.filed.ref, other)
    find_calls.find_more(here, made.handler, made.filed.ref, other)
    found = printed(made.proposed(**NONE).signed())
    assert found.count("; 4.5.2026,") == 1
    assert "040 *** **21" in found
    assert "7654321" not in found.replace(" ", "")
    assert made.actions.count("calls_searched") == 2


def test_a_call_older_than_anything_kept_is_answered_with_the_rule_and_the_day(here: Office) -> None:
    day = date(2025, 11, 3)
    letter = printed(answered(here, make.call(day=day)))
    assert "Tallenne on poistettu 3.5.2026 säilytysajan päätyttyä, ennen pyyntösi saapumista." in letter
    assert "Säilytysaika: 6 kuukautta." in letter


@pytest.mark.parametrize("sureness", [DaySureness.UNKNOWN, DaySureness.WEEK])
def test_a_day_that_may_still_be_kept_is_not_called_erased(here: Office, sureness: DaySureness) -> None:
    edge = here.today() - timedelta(days=190)
    assert "Meillä ei ole pyyntöäsi" in printed(answered(here, make.call(day=edge, day_sureness=sureness)))


def test_where_retention_was_shortened_no_day_of_erasure_is_told_by_rule(here: Office) -> None:
    retention_rules.adopt_file(here, "espoo")
    shorter = agreed(filed(here, "P1M"))
    letter = printed(answered(shorter, make.call(day=date(2025, 11, 3))))
    assert "Meillä ei ole pyyntöäsi" in letter
    assert "Tallenteiden säilytysaika: 1 kuukausi." in letter


def test_a_letter_tells_the_period_in_force_and_not_the_shorter_one_that_waits(here: Office) -> None:
    retention_rules.adopt_file(here, "espoo")
    assert "Tallenteiden säilytysaika: 6 kuukautta." in printed(answered(filed(here, "P1M"), make.call()))


def test_calls_with_different_fates_are_not_told_as_one(here: Office) -> None:
    calls = (make.call(1, day=date(2025, 11, 3)), make.call(2))
    made = walk(here, make.request(Right.ACCESS, *calls), found=0).taken()
    decide.save_draft(here, made.handler, made.filed.ref, {"1": NONE, "2": NONE})
    decide.propose(here, made.handler, made.filed.ref, made.case.moves)
    made.signed()
    assert "Meillä ei ole pyyntöäsi" in printed(made)


def test_a_tombstone_older_than_the_request_is_the_proof(here: Office, clock: make.Clock) -> None:
    first = walk(here)
    with here.writing() as work:
        work.recordings.release(first.case.id, here.now())
    clock.move(days=400)
    assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 1
    erased = here.today()
    settle.settle(here, first.case.id)
    clock.move(days=2)
    second = walk(here, make.request(Right.ACCESS, make.call(day=here.today() - timedelta(days=1))), found=0)
    with here.writing() as work:
        work.recordings.propose(second.case.id, first.recordings[0], 1, 0.5, "possible", [], "too_late", here.now())
    letter = printed(second.taken().proposed(**NONE).signed())
    assert f"Tallenne on poistettu {erased.day}.{erased.month}.{erased.year}" in letter
