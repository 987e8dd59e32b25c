"""Article 16: the index's number and time of a call are set right; the audio stays, the letter names the correction."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.access import Forbidden
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.retention import purge_at
from portal.domain.rights import Right
from portal.services.correct_metadata import Field, correct_metadata, corrected_data
from portal.services.office import Office
from portal.services.ports import Recording, Search
from tests import make
from tests.services.walk import Walk, walk

OTHER = "+358407654321"
WRONG = Wishes(wrong="Numero on väärin.", correct="Soitin numerosta 040 765 4321.")


@pytest.fixture
def made(here: Office) -> Walk:
    return walk(here, make.request(Right.RECTIFICATION, wishes=WRONG)).taken().heard()


def correct(made: Walk, field: Field, value: str) -> None:
    (recording,) = made.recordings
    correct_metadata(made.office, made.handler, made.filed.ref, recording, field, value, made.case.moves)


def indexed(made: Walk) -> Recording:
    with made.office.reading() as work:
        found = work.recordings.get(made.recordings[0])
    assert found is not None
    return found


def letter(made: Walk) -> str:
    with made.office.reading() as work:
        last = work.documents.of_case(made.case.id)[-1]
        return work.documents.html(made.case.id, last.id, work.cases.box(made.case)) or ""


def test_a_number_is_corrected_however_it_is_written_and_is_found_by_the_right_one(made: Walk) -> None:
    correct(made, "caller", "040-765 4321")
    found = indexed(made)
    assert (found.caller, found.withheld) == (OTHER, False)
    span = (found.start - timedelta(hours=1), found.end)
    with made.office.reading() as work:
        assert [one.id for one in work.recordings.search("espoo", Search((span,), number=OTHER))] == [found.id]
        assert work.recordings.search("espoo", Search((span,), number=make.NUMBER)) == ()


def test_the_trail_keeps_the_old_value_and_the_applicant_sees_nothing_before_the_answer(made: Walk) -> None:
    correct(made, "caller", OTHER)
    with made.office.reading() as work:
        last = work.cases.timeline(made.case)[-1]
    assert last.action == "metadata_corrected"
    assert last.facts == {
        "recording": made.recordings[0], "field": "caller", "old": make.NUMBER, "new": OTHER,
    }  # fmt: skip


def test_a_time_is_corrected_and_nothing_of_the_audio_changes(made: Walk) -> None:
    before = indexed(made)
    correct(made, "start", "2026-06-16T10:05:00+03:00")
    after = indexed(made)
    assert after.start == datetime(2026, 6, 16, 7, 5, tzinfo=UTC)
    assert after.end - after.start == before.end - before.start
    kept = ("source", "locator", "caller", "vault_object", "sha256", "hold_count", "restricted")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_retention_follows_a_later_end_and_is_never_shortened_while_the_recording_is_held(made: Walk) -> None:
    before = indexed(made)
    assert before.hold_count
    correct(made, "start", (before.start - timedelta(days=30)).isoformat())
    assert indexed(made).purge_at == before.purge_at
    correct(made, "start", (before.start + timedelta(days=1)).isoformat())
    rule = made.office.registers["espoo"].rule("customer_service")
    assert indexed(made).purge_at == purge_at(before.end + timedelta(days=1), rule) > before.purge_at


def test_what_is_so_already_is_no_correction(made: Walk) -> None:
    moves = made.case.moves
    correct(made, "caller", "040 123 4567")
    assert made.case.moves == moves


def test_what_is_no_number_and_no_instant_is_refused(made: Walk) -> None:
    with pytest.raises(ValueError, match="too_short"):
        correct(made, "caller", "04")
    with pytest.raises(ValueError, match="offset"):
        correct(made, "start", "2026-06-16T10:05:00")
    with pytest.raises(NotNow, match="call_in_future"):
        correct(made, "start", (made.office.now() - timedelta(minutes=1)).isoformat())
    assert "metadata_corrected" not in made.actions


def test_a_listener_corrects_nothing_and_a_stale_page_neither(made: Walk) -> None:
    (recording,) = made.recordings
    with pytest.raises(Forbidden):
        correct_metadata(made.office, made.listener, made.filed.ref, recording, "caller", OTHER, made.case.moves)
    with pytest.raises(NotNow, match="moved"):
        correct_metadata(made.office, made.handler, made.filed.ref, recording, "caller", OTHER, made.case.moves - 1)


def test_the_letter_names_what_was_corrected_with_the_number_masked(made: Walk) -> None:
    correct(made, "caller", "040 111 1111")
    made.proposed(outcome="granted")
    correct(made, "caller", OTHER)
    correct(made, "start", "2026-06-16T10:05:00+03:00")
    made.signed()
    printed = letter(made)
    assert "puhelun 16.6.2026 10.05 soittajan numero (nyt 040 *** **21)" in printed
    assert "puhelun alkamisaika (aiemmin 16.6.2026 14.12, nyt 16.6.2026 10.05)" in printed
    assert printed.count("soittajan numero") == 1


def test_a_value_that_was_put_back_is_not_told_as_corrected(made: Walk) -> None:
    correct(made, "caller", "salainen")
    assert indexed(made).withheld
    correct(made, "caller", make.NUMBER)
    with made.office.reading() as work:
        assert corrected_data(work, made.case, made.recordings) == ()


def test_what_was_corrected_in_hand_is_set_back_when_the_item_is_refused(made: Walk) -> None:
    before = indexed(made)
    correct(made, "caller", OTHER)
    correct(made, "start", "2026-06-16T10:05:00+03:00")
    made.proposed(outcome="refused", ground="R16-OK", facts="Numero on oikein.", assessment="Ei korjattavaa.")
    made.approved().signed()
    after = indexed(made)
    assert (after.caller, after.start, after.end) == (before.caller, before.start, before.end)
    assert made.actions.count("metadata_corrected") == 4
    assert OTHER[-4:] not in letter(made)


def test_a_statement_alone_is_named_as_before(made: Walk) -> None:
    made.proposed(outcome="granted").signed()
    assert "Soitin numerosta 040 765 4321." in letter(made)
