"""The copy as transcript text: asked for, word for word, and there before the grant is signed."""

from datetime import date

import pytest

from portal.domain.access import SYSTEM, Forbidden
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow, OpenProceeding
from portal.domain.rights import Right
from portal.domain.transcript import Transcript
from portal.domain.words import Language
from portal.jobs import runner
from portal.services import decide, lists, sign_letter
from portal.services.dispose import dispose_due
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.proceedings import open_proceeding
from portal.services.sweep import sweep
from portal.services.tell_complaint import tell_complaint
from portal.services.transcribe import (
    Unattributed,
    edition,
    load_transcript,
    open_text,
    transcripts_to_approve,
    write_transcript,
)
from tests import make
from tests.make import Clock
from tests.services.walk import Walk, walk

TALK = "Asiakaspalvelija: Espoon vaihde.\nSoittaja: Hei, kysyn lääkäriajasta."
ASKED = Wishes(transcript=True)
GRANTED = {"outcome": "granted"}
REFUSED = {"outcome": "refused", "ground": "R11-2", "facts": "The number is another's.", "assessment": "No link."}


def asked(here: Office, language: Language = Language.FI) -> Walk:
    return walk(here, make.request(Right.ACCESS, wishes=ASKED, language=language)).taken().heard()


def kept(made: Walk) -> Transcript | None:
    return load_transcript(made.office, made.listener, made.filed.ref, made.recordings[0])


def write(made: Walk, text: str = TALK, *, complete: bool = True) -> None:
    ref, recording = made.filed.ref, made.recordings[0]
    write_transcript(made.office, made.listener, ref, recording, text, complete=complete, seen=edition(kept(made)))


def in_store(made: Walk) -> bool:
    """Is the recording's text in the store?"""
    with made.office.reading() as work:
        box = work.cases.box(made.case)
        return work.transcripts.load(made.case.id, made.recordings[0], box) is not None


def given(here: Office, language: Language = Language.FI) -> Walk:
    made = asked(here, language)
    write(made)
    made.proposed(**GRANTED).approved().signed()
    runner.drain(here)
    return made


def test_a_grant_is_not_signed_before_the_transcript_that_was_asked_for_is_complete(here: Office) -> None:
    made = asked(here)
    decide.save_draft(here, made.handler, made.filed.ref, {"1": GRANTED})
    lacks = decide.load_draft(here, made.handler, made.filed.ref).missing
    assert [(one.code, one.field) for one in lacks] == [("transcript_missing", "transcript")]
    made.proposed(**GRANTED).approved()
    for half in (False, True):
        if half:
            write(made, "Soittaja: Hei", complete=False)
        with pytest.raises(NotNow, match="transcript_missing"):
            sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    assert made.case.state.value == "approved"
    write(made)
    assert decide.load_draft(here, made.handler, made.filed.ref).missing == ()
    made.signed()
    assert made.case.state.value == "answered"


def test_a_refusal_needs_no_transcript(here: Office) -> None:
    made = asked(here).proposed(**REFUSED).approved().signed()
    assert made.case.state.value == "answered"


def test_nothing_is_written_down_that_nobody_asked_for(here: Office) -> None:
    made = walk(here).taken().heard()
    with pytest.raises(Absent):
        write_transcript(here, made.listener, made.filed.ref, made.recordings[0], TALK, complete=True, seen="")
    made.proposed(**GRANTED).approved().signed()


def test_only_a_listener_writes_and_only_of_a_chosen_call(here: Office) -> None:
    made = asked(here)
    with pytest.raises(Forbidden):
        write_transcript(here, made.handler, made.filed.ref, made.recordings[0], TALK, complete=True, seen="")
    unheard = walk(here, make.request(Right.ACCESS, wishes=ASKED)).taken()
    with pytest.raises(Absent):
        write_transcript(
            here, unheard.listener, unheard.filed.ref, unheard.recordings[-1], TALK, complete=True, seen=""
        )


def test_a_text_is_complete_only_when_every_line_has_its_speaker(here: Office) -> None:
    made = asked(here)
    with pytest.raises(Unattributed) as fault:
        write(made, "Soittaja: Hei.\nKysyy aikaa.")
    assert fault.value.line == 2
    assert kept(made) is None
    write(made, "Soittaja: Hei.\nKysyy aikaa.", complete=False)
    assert kept(made) == Transcript("Soittaja: Hei.\nKysyy aikaa.", complete=False)


def test_a_page_that_a_colleague_overtook_overwrites_nothing(here: Office) -> None:
    made = asked(here)
    write(made, "Soittaja: Hei.", complete=False)
    with pytest.raises(NotNow, match="moved"):
        write_transcript(here, made.listener, made.filed.ref, made.recordings[0], "x", complete=False, seen="")
    found = kept(made)
    assert found is not None
    assert found.text == "Soittaja: Hei."


def test_completing_and_taking_back_are_recorded_and_a_half_text_is_not(here: Office) -> None:
    made = asked(here)
    write(made, "Soittaja: Hei.", complete=False)
    assert "transcript_written" not in made.actions
    write(made)
    write(made, complete=False)
    with here.reading() as work:
        told = [one.facts for one in work.cases.timeline(made.case) if one.action == "transcript_written"]
    assert [facts["complete"] for facts in told if facts] == [True, False]
    shown = lists.my_case(here, made.citizen, made.filed.ref)
    assert "transcript_written" not in {moment.kind for moment in shown.timeline}


def test_the_applicant_reads_and_keeps_the_call_in_words(here: Office) -> None:
    made = given(here)
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer is not None
    assert answer.copies[0].transcript == Transcript(TALK, complete=True)
    file = open_text(here, made.citizen, made.filed.ref, 1)
    assert file.name == f"{made.filed.ref}-1.txt"
    head, _line, rest = file.data.decode().partition("\n\n")
    assert "Sanatarkka tekstiversio puhelusta 16.6.2026 14.12" in head.replace("\xa0", " ")
    assert made.filed.ref in head
    assert rest == f"{TALK}\n"
    assert made.actions[-1] == "transcript_downloaded"


@pytest.mark.parametrize(
    ("language", "words"), [(Language.SV, "ordagrann utskrift"), (Language.EN, "verbatim transcript")]
)
def test_the_letter_names_the_text_in_the_cases_language(here: Office, language: Language, words: str) -> None:
    made = given(here, language)
    with here.reading() as work:
        letter = next(one for one in work.documents.of_case(made.case.id) if one.kind == "grant")
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert words in html
    assert "MP3, TXT" in html
    assert words.capitalize() in open_text(here, made.citizen, made.filed.ref, 1).data.decode()


def test_a_letter_without_the_wish_names_the_audio_alone(here: Office) -> None:
    made = walk(here).taken().heard().proposed(**GRANTED).approved().signed()
    with here.reading() as work:
        letter = next(one for one in work.documents.of_case(made.case.id) if one.kind == "grant")
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert "tekstiversio" not in html
    with pytest.raises(Absent):
        open_text(here, made.citizen, made.filed.ref, 1)


def test_nobody_has_the_text_before_the_answer_or_from_another_person(here: Office) -> None:
    made = asked(here)
    write(made)
    with pytest.raises(Absent):
        open_text(here, made.citizen, made.filed.ref, 1)
    made.proposed(**GRANTED).approved().signed()
    assert open_text(here, made.citizen, made.filed.ref, 1).data
    foreign = make.citizen(make.filed(here, who=make.identified("Eero Esimerkkilä", "040387-913K")))
    with pytest.raises(Absent):
        open_text(here, foreign, made.filed.ref, 1)


def test_after_the_answer_nothing_is_rewritten(here: Office) -> None:
    made = given(here)
    with pytest.raises(NotNow, match="state"):
        write_transcript(here, made.listener, made.filed.ref, made.recordings[0], "x", complete=False, seen="")


def test_in_a_reopened_case_a_given_text_is_corrected_whole_and_outlives_the_sweep(here: Office, clock: Clock) -> None:
    made = given(here)
    inquiry = OpenProceeding("inquiry", "ombudsman", "TSV/12/2026", date(2027, 1, 29), "the transcript")
    open_proceeding(here, made.handler, made.filed.ref, inquiry, made.case.moves)
    clock.move(days=120)
    sweep(here)
    assert in_store(made)
    with pytest.raises(NotNow, match="transcript_given"):
        write(made, complete=False)
    write(made, TALK.replace("lääkäriajasta", "ajasta"))
    found = kept(made)
    assert found is not None
    assert "ajasta" in found.text


def test_the_text_goes_with_the_delivered_copy(here: Office, clock: Clock) -> None:
    made = given(here)
    sweep(here)
    assert in_store(made)
    clock.move(days=120)
    with pytest.raises(Absent):
        open_text(here, made.citizen, made.filed.ref, 1)
    sweep(here)
    assert not in_store(made)


def test_the_text_goes_with_its_recording(here: Office, clock: Clock) -> None:
    made = asked(here)
    write(made, complete=False)
    made.proposed(**REFUSED).approved().signed()
    clock.move(days=800)
    runner.drain(here)
    sweep(here)
    assert in_store(made)
    with here.writing() as work:
        work.recordings.release(made.case.id, here.now())
    dispose_due(here, SYSTEM, "espoo", dry_run=False)
    assert not in_store(made)


def test_opening_the_text_leaves_an_event_that_the_approver_leaves_too(here: Office) -> None:
    made = asked(here)
    kept(made)
    assert made.actions[-1] == "transcript_opened"
    write(made)
    made.proposed(**GRANTED)
    ((recording, text),) = transcripts_to_approve(here, made.decider, made.filed.ref)
    assert (recording, text) == (made.recordings[0], Transcript(TALK, complete=True))
    assert made.actions[-1] == "transcript_checked"
    with pytest.raises(Forbidden):
        transcripts_to_approve(here, made.handler, made.filed.ref)


def test_there_is_no_text_to_approve_where_none_was_asked_for(here: Office) -> None:
    made = walk(here).taken().heard().proposed(**GRANTED)
    assert transcripts_to_approve(here, made.decider, made.filed.ref) == ()
    assert "transcript_checked" not in made.actions


def test_the_text_of_a_disputed_matter_stays_with_its_copy(here: Office, clock: Clock) -> None:
    made = given(here)
    tell_complaint(here, made.citizen, made.filed.ref, "ombudsman")
    clock.move(days=200)
    sweep(here)
    assert in_store(made)
