"""A draft of the call in words by the controller's own program: asked for, made beside the other work, never given as
it is."""

import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from portal.adapters.audio.transcriber import CommandTranscriber
from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.rights import Right
from portal.domain.transcript import Transcript
from portal.jobs import runner
from portal.services import sign_letter
from portal.services.draft_transcript import ask_draft, draft_state, draft_transcript
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.transcribe import edition, write_transcript
from tests import make
from tests.services.walk import Walk, walk

TALK = "Asiakaspalvelija: Espoon vaihde.\nSoittaja: Hei."
HEARS = f"import sys; head = sys.stdin.buffer.read(4); print({TALK!r} if head == b'fLaC' else 'no sound')"


@pytest.fixture
def asking(here: Office) -> Callable[..., Walk]:
    """A heard call whose applicant wants it in words, at an office with a program (of Python) that drafts them."""

    def made(program: str = HEARS, seconds: float = 20, *, wanted: bool = True) -> Walk:
        found = walk(here, make.request(Right.ACCESS, wishes=Wishes(transcript=wanted))).taken().heard()
        return using(found, CommandTranscriber((sys.executable, "-c", program), seconds))

    return made


def using(made: Walk, program: CommandTranscriber | None) -> Walk:
    return replace(made, office=replace(made.office, transcriber=program))


def ask(made: Walk) -> None:
    ask_draft(made.office, made.listener, made.filed.ref, made.recordings[0])


def draft(made: Walk) -> None:
    draft_transcript(made.office, made.case.id, made.recordings[0])


def kept(made: Walk) -> Transcript | None:
    with made.office.reading() as work:
        return work.transcripts.load(made.case.id, made.recordings[0], work.cases.box(made.case))


def state(made: Walk) -> str:
    with made.office.reading() as work:
        return draft_state(made.office, work, made.case, made.recordings[0])


def test_the_program_hears_the_call_and_its_text_waits_for_a_listener(asking: Callable[..., Walk]) -> None:
    made = asking()
    ask(made)
    assert state(made) == "asked"
    draft(made)
    assert (state(made), kept(made)) == ("made", Transcript(TALK, complete=False))
    made.proposed(outcome="granted").approved()
    with pytest.raises(NotNow, match="transcript_missing"):
        sign_letter.sign_letter(made.office, made.decider, made.filed.ref, made.case.moves)


def test_the_job_is_done_beside_the_others(asking: Callable[..., Walk]) -> None:
    made = asking()
    ask(made)
    runner.drain(made.office)
    for thread in threading.enumerate():
        if thread.name == "draft":
            thread.join(30)
    assert state(made) == "made"


@pytest.mark.parametrize(
    ("program", "seconds"),
    [
        ("raise SystemExit(3)", 20),
        ("import time; time.sleep(60)", 0.3),
        (r"import sys; sys.stdout.buffer.write(b'\xe4\xf6')", 20),
        ("print('a' * 1_100_000)", 20),
        ("pass", 20),
    ],
    ids=["it fails", "it takes too long", "it prints no UTF-8", "it prints too much", "it prints nothing"],
)
def test_what_comes_to_nothing_is_said_and_can_be_asked_for_again(
    asking: Callable[..., Walk], program: str, seconds: float
) -> None:
    made = asking(program, seconds)
    ask(made)
    draft(made)
    assert (state(made), kept(made)) == ("failed", None)
    ask(made)
    assert state(made) == "asked"


def test_a_program_that_is_not_there_is_a_failure_too(asking: Callable[..., Walk], tmp_path: Path) -> None:
    made = using(asking(), CommandTranscriber((str(tmp_path / "nothing"),), 5))
    ask(made)
    draft(made)
    assert state(made) == "failed"


def test_what_a_listener_has_written_stays(asking: Callable[..., Walk]) -> None:
    made = asking()
    ask(made)
    typed = "Soittaja: Itse kirjoitettu."
    write_transcript(
        made.office, made.listener, made.filed.ref, made.recordings[0], typed, complete=False, seen=edition(None)
    )
    draft(made)
    assert kept(made) == Transcript(typed, complete=False)
    with pytest.raises(NotNow):
        ask(made)


def test_asking_twice_is_asking_once_and_a_lost_draft_is_asked_for_anew(
    asking: Callable[..., Walk], clock: make.Clock
) -> None:
    made = asking(seconds=60)
    ask(made)
    ask(made)
    assert made.actions.count("transcript_draft_asked") == 1
    clock.move(minutes=3)
    assert state(made) == "failed"
    ask(made)
    assert made.actions.count("transcript_draft_asked") == 2


def test_a_recording_that_was_restricted_meanwhile_is_not_read(asking: Callable[..., Walk]) -> None:
    made = asking()
    ask(made)
    with made.office.writing() as work:
        work.recordings.restrict(made.recordings[0], on=True)
    draft(made)
    assert (state(made), kept(made)) == ("failed", None)


def test_nothing_is_drafted_where_nobody_asked_for_it_or_no_program_is_there(asking: Callable[..., Walk]) -> None:
    with pytest.raises(Absent):
        ask(asking(wanted=False))
    with pytest.raises(NotNow):
        ask(using(asking(), None))
