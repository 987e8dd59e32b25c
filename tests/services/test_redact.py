"""What a copy leaves out: marked by one listener, rendered, approved by another, given, and told in the letter."""

import hashlib
import io
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.domain.access import Forbidden, Role
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.redaction import GUARD_MS
from portal.domain.redaction_version import VersionState
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import decide, lists, sign_letter
from portal.services.hand_over import open_copy
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.redact import (
    BadRow,
    Review,
    Typed,
    approve_redaction,
    drop_redaction,
    hear_passage,
    open_rendered,
    return_redaction,
    review,
    save_passages,
    speech_turns,
    submit,
)
from portal.services.sweep import sweep
from portal.services.transcribe import edition, write_transcript
from tests import make
from tests.make import Clock
from tests.services.walk import Walk, clerk, walk

CALL = Path(__file__).parents[1] / "data/audio/alaw.wav"
SECOND = clerk("second", Role.LISTENER)
PASSAGE = Typed("0.02,00", "0.03,50", "R15-4", note="a neighbour's name")
PART = {
    "outcome": "partly", "ground": "R15-4", "facts": "The neighbour's address is told.", "assessment": "Art. 15(4).",
    "left_out": "the neighbour's address",
}  # fmt: skip


@pytest.fixture
def made(here: Office) -> Walk:
    """An access to a call with two channels; found and heard."""
    return heard(here)


def heard(here: Office, wishes: Wishes | None = None) -> Walk:
    found = walk(here, make.request(Right.ACCESS, wishes=wishes or Wishes()))
    files = here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, CALL.read_bytes()))
    return found.taken().heard()


def state(made: Walk) -> Review:
    found = review(made.office, made.listener, made.filed.ref, made.recordings[0])
    assert found is not None
    return found


def mark(made: Walk, *typed: Typed) -> None:
    ref, one = made.filed.ref, made.recordings[0]
    save_passages(made.office, made.listener, ref, one, typed or (PASSAGE,), "mute", state(made).edition)


def submitted(made: Walk, *typed: Typed) -> Walk:
    mark(made, *typed)
    submit(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    runner.drain(made.office)
    return made


def approved(made: Walk, *typed: Typed) -> Walk:
    submitted(made, *typed)
    approve_redaction(made.office, SECOND, made.filed.ref, made.recordings[0], state(made).edition)
    return made


def given(made: Walk) -> Walk:
    approved(made).proposed(**PART).approved().signed()
    runner.drain(made.office)
    return made


def sound(data: bytes) -> tuple[numpy.ndarray, int]:
    samples, rate = soundfile.read(io.BytesIO(data), dtype="int16", always_2d=True)
    return samples, rate


def rendered(made: Walk, number: int = 1) -> bytes:
    file = open_rendered(made.office, made.listener, made.filed.ref, made.recordings[0], number)
    return b"".join(file.read(0, file.size))


def lacking(made: Walk, **item: str) -> list[str]:
    decide.save_draft(made.office, made.handler, made.filed.ref, {"1": item})
    return [one.code for one in decide.load_draft(made.office, made.handler, made.filed.ref).missing]


def test_the_rendering_lacks_the_passage_on_all_channels_and_nothing_else(made: Walk) -> None:
    submitted(made)
    source, rate = soundfile.read(CALL, dtype="int16", always_2d=True)
    got, _rate = sound(rendered(made))
    guard = GUARD_MS * rate // 1000
    begin, end = 2 * rate - guard, int(3.5 * rate) + guard
    assert numpy.array_equal(got[:begin], source[:begin])
    assert numpy.array_equal(got[end:], source[end:])
    assert not got[2 * rate : int(3.5 * rate)].any()


def test_the_proof_names_what_it_was_made_of_and_what_was_made(made: Walk, here: Office) -> None:
    approved(made)
    version = state(made).current
    assert version is not None
    assert version.rendering is not None
    assert version.rendering.output_sha256 == hashlib.sha256(rendered(made)).hexdigest()
    with here.reading() as work:
        one = work.recordings.get(made.recordings[0])
        told = [entry.facts for entry in work.cases.timeline(made.case) if entry.action == "redaction_approved"]
    assert one is not None
    assert version.rendering.source_sha256 == one.sha256
    assert told[0] is not None
    assert told[0]["output_sha256"] == version.rendering.output_sha256
    assert told[0]["renderer"] == "1"


def test_the_author_of_the_passages_never_approves_them(made: Walk) -> None:
    submitted(made)
    with pytest.raises(NotNow, match="own_redaction"):
        approve_redaction(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    with pytest.raises(Forbidden):
        approve_redaction(made.office, made.decider, made.filed.ref, made.recordings[0], state(made).edition)
    assert "redaction_approved" not in made.actions


def test_nothing_is_approved_before_it_can_be_heard(made: Walk) -> None:
    mark(made)
    submit(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    with pytest.raises(NotNow, match="not_rendered"):
        approve_redaction(made.office, SECOND, made.filed.ref, made.recordings[0], state(made).edition)


def test_a_decision_in_part_lacks_its_passages_until_a_second_listener_has_approved_them(made: Walk) -> None:
    assert lacking(made, **PART) == ["redaction_missing"]
    mark(made)
    assert lacking(made, **PART) == ["redaction_waiting"]
    with pytest.raises(decide.Incomplete):
        made.proposed(**PART)
    submitted(made)
    assert lacking(made, **PART) == ["redaction_waiting"]
    approve_redaction(made.office, SECOND, made.filed.ref, made.recordings[0], state(made).edition)
    assert lacking(made, **PART) == []


def test_a_call_with_passages_marked_is_not_given_whole(made: Walk) -> None:
    approved(made)
    assert lacking(made, outcome="granted") == ["redaction_unused"]
    drop_redaction(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    assert lacking(made, outcome="granted") == []
    assert state(made).current is None


def test_a_decision_is_not_signed_when_its_passages_are_no_longer_approved(made: Walk, here: Office) -> None:
    approved(made).proposed(**PART).approved()
    with here.writing() as work:  # what no page can do
        box = work.cases.box(made.case)
        (version,) = work.redactions.versions(made.case.id, made.recordings[0], box)
        work.redactions.save(
            type(version)(**(vars(version) | {"state": VersionState.DRAFT, "approver": None})), here.now(), box
        )
    with pytest.raises(NotNow, match=r"redaction_waiting|letter_incomplete"):
        sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    assert made.case.state.value == "approved"


def test_what_is_delivered_is_what_was_approved(made: Walk, here: Office) -> None:
    given(made)
    file = open_copy(here, made.citizen, made.filed.ref, 1)
    got, rate = sound(b"".join(file.read(0, file.size)))
    source, _rate = soundfile.read(CALL, dtype="int16", always_2d=True)
    quiet, loud = got[int(2.2 * rate) : int(3.3 * rate)], source[int(2.2 * rate) : int(3.3 * rate)]
    assert numpy.abs(loud.astype(int)).max() > 1000
    assert numpy.abs(quiet.astype(int)).max() < 60  # MP3 rings a little
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer is not None
    assert answer.copies[0].gaps == ((2, 4),)


def test_the_letter_lists_each_passage_with_its_time_and_ground(made: Walk, here: Office) -> None:
    given(made)
    with here.reading() as work:
        letter = next(one for one in work.documents.of_case(made.case.id) if one.kind == "part")
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert "0.02–0.04" in html
    assert "15 artiklan 4 kohta" in html
    assert "neighbour's name" not in html


def test_a_bad_line_is_refused_with_its_place_and_nothing_is_kept(made: Walk) -> None:
    rows = {
        ("0.02,00", "0.01,00", "R15-4", None): "order",
        ("9.59,00", "9.59,90", "R15-4", None): "outside",
        ("soon", "0.03,00", "R15-4", None): "time",
        ("0.02,00", "0.03,00", "", None): "ground",
        ("0.02,00", "0.03,00", "R12-5E", None): "ground",
        ("0.02,00", "0.03,00", "R15-4", 7): "channel",
    }
    for (begin, end, ground, channel), code in rows.items():
        with pytest.raises(BadRow) as fault:
            mark(made, PASSAGE, Typed(begin, end, ground, channel))
        assert (fault.value.row, fault.value.code) == (1, code)
    assert state(made).current is None


def test_a_page_that_a_colleague_overtook_changes_nothing(made: Walk) -> None:
    stale = state(made).edition
    mark(made)
    ref, one = made.filed.ref, made.recordings[0]
    with pytest.raises(NotNow, match="moved"):
        save_passages(made.office, SECOND, ref, one, (), "mute", stale)
    with pytest.raises(NotNow, match="moved"):
        submit(made.office, SECOND, ref, one, stale)
    submitted(made)
    with pytest.raises(NotNow, match="redaction_submitted"):
        save_passages(made.office, SECOND, ref, one, (), "mute", state(made).edition)


def test_a_returned_version_is_marked_again_and_its_rendering_is_gone(made: Walk, here: Office) -> None:
    submitted(made)
    first = state(made).current
    assert first is not None
    assert first.vault_object is not None
    return_redaction(here, SECOND, made.filed.ref, made.recordings[0], state(made).edition)
    assert not here.vault.exists("espoo", first.vault_object)
    with pytest.raises(Absent):
        rendered(made)
    approved(made, Typed("0.01,00", "0.02,00", "R15-4"))
    assert made.actions[-3:] == ["redaction_returned", "redaction_submitted", "redaction_approved"]


def test_an_approved_version_is_never_changed_a_new_one_takes_its_place(made: Walk) -> None:
    approved(made)
    mark(made, PASSAGE, Typed("0.05,00", "0.06,00", "R15-4"))
    found = state(made)
    assert [(one.n, one.state.value, len(one.spans)) for one in found.versions] == [(1, "approved", 1), (2, "draft", 2)]
    assert lacking(made, **PART) == ["redaction_waiting"]


def test_two_requesters_of_one_recording_get_versions_of_their_own(made: Walk, here: Office) -> None:
    approved(made)
    other = Walk(here, make.filed(here, who=make.identified("Eero Esimerkkilä", "040387-913K")), "espoo")
    other.taken().heard()
    assert set(other.recordings) & set(made.recordings)
    assert review(here, other.listener, other.filed.ref, other.recordings[0]).versions == ()  # type: ignore[union-attr]  # chosen


def test_a_preview_is_the_rendering_around_the_passage_and_is_recorded(made: Walk, here: Office) -> None:
    mark(made, Typed("0.00,50", "0.01,00", "R15-4"))
    got, rate = sound(hear_passage(here, made.listener, made.filed.ref, made.recordings[0], 0))
    assert len(got) == 6 * rate
    assert not got[rate // 2 : rate].any()
    assert made.actions[-1] == "recording_listened"
    with pytest.raises(Absent):
        hear_passage(here, made.listener, made.filed.ref, made.recordings[0], 1)


def test_only_a_chosen_call_of_a_request_that_gives_copies_is_marked(here: Office) -> None:
    unchosen = walk(here).taken()
    assert review(here, unchosen.listener, unchosen.filed.ref, unchosen.recordings[0]) is None
    erasing = walk(here, make.request(Right.ERASURE)).taken().heard()
    assert review(here, erasing.listener, erasing.filed.ref, erasing.recordings[0]) is None


def test_after_the_decision_nothing_is_marked(made: Walk) -> None:
    approved(made).proposed(**PART)
    with pytest.raises(NotNow, match="state"):
        mark(made)
    with pytest.raises(NotNow, match="state"):
        drop_redaction(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)


def test_a_transcript_shows_what_the_copy_leaves_out_before_it_is_given(here: Office) -> None:
    made = approved(heard(here, Wishes(transcript=True)))
    ref, one = made.filed.ref, made.recordings[0]
    write_transcript(here, made.listener, ref, one, "Soittaja: Hei, naapurini on", complete=True, seen="")
    assert "transcript_missing" in lacking(made, **PART)
    with here.reading() as work:
        found = work.transcripts.load(made.case.id, one, work.cases.box(made.case))
    write_transcript(here, made.listener, ref, one, "Soittaja: Hei, [0.02–0.04]", complete=True, seen=edition(found))
    assert lacking(made, **PART) == []


def test_the_rendering_goes_with_the_copy_and_the_proof_stays(made: Walk, here: Office, clock: Clock) -> None:
    given(made)
    with here.reading() as work:
        (file,) = work.redactions.files_of(made.case.id, made.recordings[0])
    clock.move(days=120)
    sweep(here)
    assert not here.vault.exists("espoo", file)
    with here.reading() as work:
        (version,) = work.redactions.versions(made.case.id, made.recordings[0], work.cases.box(made.case))
    assert version.vault_object is None
    assert version.rendering is not None


def test_speech_is_proposed_for_each_channel_and_marks_nothing(made: Walk, here: Office) -> None:
    turns = speech_turns(here, made.listener, made.filed.ref, made.recordings[0])
    assert {channel for channel, _begin, _end in turns} == {0, 1}
    assert all(begin < end for _channel, begin, end in turns)
    assert state(made).current is None
