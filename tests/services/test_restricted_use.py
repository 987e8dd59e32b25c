"""Art. 18: a restricted recording is only stored; every other use is refused, recorded once, and said in words."""

import pytest

from portal.domain.access import Role
from portal.domain.case import Verdict, Wishes
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import check_speaker, dispose, listen, sign_letter
from portal.services.hand_over import open_copy
from portal.services.office import Office
from portal.services.redact import Typed, hear_passage, picture, review, save_passages, speech_turns, submit
from portal.services.restricted_use import Restricted
from portal.services.transcribe import load_transcript, transcripts_to_approve, write_transcript
from tests import make
from tests.services.walk import Walk, clerk, walk

GRANTED = {"outcome": "granted"}
PART = {
    "outcome": "partly", "ground": "R15-4", "facts": "The neighbour's address is told.", "assessment": "Art. 15(4).",
    "left_out": "the neighbour's address",
}  # fmt: skip


def refusals(made: Walk) -> list[str]:
    with made.office.reading() as work:
        found = [one.facts for one in work.cases.timeline(made.case) if one.action == "restricted_use_refused"]
    return [str(facts["use"]) for facts in found if facts]


def others(here: Office, right: Right = Right.ACCESS, wishes: Wishes | None = None) -> Walk:
    """Another person's request that the same recording fits."""
    stranger = make.identified("Eero Esimerkkilä", "040387-913K")
    return Walk(here, make.filed(here, make.request(right, wishes=wishes or Wishes()), who=stranger), "espoo")


def restricted(here: Office) -> Walk:
    """A case by which its recording is restricted."""
    made = walk(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))).taken().heard()
    return made.proposed(**GRANTED).signed()


@pytest.mark.parametrize(
    ("use", "way"),
    [
        ("play", lambda here, who, ref, one, seen: listen.open_recording(here, who, ref, one)),
        ("play", lambda here, who, ref, one, seen: picture(here, who, ref, one, 100)),
        ("play", lambda here, who, ref, one, seen: speech_turns(here, who, ref, one)),
        (
            "play",
            lambda here, who, ref, one, seen: check_speaker.check_speaker(here, who, ref, one, Verdict.FITS, "", seen),
        ),
        ("preview", lambda here, who, ref, one, seen: hear_passage(here, who, ref, one, 0)),
        ("redaction", lambda here, who, ref, one, seen: review(here, who, ref, one)),
        ("redaction", lambda here, who, ref, one, seen: save_passages(here, who, ref, one, [], "mute", "")),
        ("redaction", lambda here, who, ref, one, seen: submit(here, who, ref, one, "")),
        ("transcript", lambda here, who, ref, one, seen: load_transcript(here, who, ref, one)),
        (
            "transcript",
            lambda here, who, ref, one, seen: write_transcript(here, who, ref, one, "", complete=False, seen=""),
        ),
    ],
)
def test_each_refused_use_is_recorded_once_and_leaves_nothing_else(here: Office, use, way) -> None:  # type: ignore[no-untyped-def]
    restricted(here)
    foreign = others(here, wishes=Wishes(transcript=True)).taken()
    before, seen = foreign.actions, foreign.case.moves
    with pytest.raises(Restricted):
        way(here, foreign.listener, foreign.filed.ref, foreign.recordings[0], seen)
    assert refusals(foreign) == [use]
    assert foreign.actions == [*before, "restricted_use_refused"]
    assert foreign.case.moves == seen


def test_the_attempts_are_counted_one_by_one_and_by_who_made_them(here: Office) -> None:
    restricted(here)
    foreign = others(here).taken()
    for who in (foreign.listener, clerk("second", Role.LISTENER)):
        with pytest.raises(Restricted):
            listen.open_recording(here, who, foreign.filed.ref, foreign.recordings[0])
    with here.reading() as work:
        made = [(one.action, one.actor) for one in work.cases.timeline(foreign.case)][-2:]
    assert made == [("restricted_use_refused", name.ljust(32, "0")) for name in ("listener", "second")]


def test_the_persons_own_case_goes_on(here: Office) -> None:
    made = restricted(here)
    own = Walk(here, make.filed(here), "espoo").taken()
    assert listen.open_recording(here, own.listener, own.filed.ref, made.recordings[0]).size > 0
    own.heard().proposed(**GRANTED).approved().signed()
    runner.drain(here)
    assert open_copy(here, own.citizen, own.filed.ref, 1).size > 0
    assert refusals(own) == []


def test_a_copy_is_not_signed_for_another_once_the_recording_is_restricted(here: Office) -> None:
    make.recorded(here, make.segment())
    foreign = others(here).taken()
    walk(here, found=0)
    foreign.heard().proposed(**GRANTED).approved()
    restricted_by = Walk(
        here, make.filed(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))), "espoo"
    )
    restricted_by.taken().heard().proposed(**GRANTED).signed()
    with pytest.raises(Restricted):
        sign_letter.sign_letter(here, foreign.decider, foreign.filed.ref, foreign.case.moves)
    assert refusals(foreign) == ["copy"]
    assert "answer_given" not in foreign.actions
    with here.reading() as work:
        assert work.documents.copies(foreign.case.id, foreign.citizen.id) == ()


def test_erasing_for_another_is_refused_and_said(here: Office) -> None:
    make.recorded(here, make.segment())
    foreign = others(here, Right.ERASURE).taken()
    walk(here, found=0)
    foreign.heard()
    mine = Walk(here, make.filed(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))), "espoo")
    mine.taken().heard().proposed(**GRANTED).signed()
    with pytest.raises(Restricted):
        dispose.erase_by_decision(here, foreign.decider, foreign.filed.ref, foreign.recordings[0])
    assert refusals(foreign) == ["erasure"]
    with here.reading() as work:
        one = work.recordings.get(foreign.recordings[0])
        assert one is not None
        assert one.state == 0
        assert work.recordings.miscounted() == ()


def test_what_was_submitted_before_the_restriction_is_not_rendered_after_it(here: Office) -> None:
    make.recorded(here, make.segment())
    foreign = others(here).taken()
    walk(here, found=0)
    foreign.heard()
    ref, one = foreign.filed.ref, foreign.recordings[0]
    draft = save_passages(here, foreign.listener, ref, one, [Typed("0.00,10", "0.00,50", "R15-4")], "mute", "")
    submit(here, foreign.listener, ref, one, draft.edition)
    mine = Walk(here, make.filed(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))), "espoo")
    mine.taken().heard().proposed(**GRANTED).signed()
    runner.drain(here)
    assert refusals(foreign) == ["redaction"]
    with here.reading() as work:
        version = work.redactions.versions(foreign.case.id, one, work.cases.box(foreign.case))[0]
    assert version.vault_object is None


def test_the_text_of_a_restricted_call_is_not_read_by_whoever_approves(here: Office) -> None:
    make.recorded(here, make.segment())
    foreign = others(here, wishes=Wishes(transcript=True)).taken()
    walk(here, found=0)
    foreign.heard().proposed(**GRANTED)
    mine = Walk(here, make.filed(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))), "espoo")
    mine.taken().heard().proposed(**GRANTED).signed()
    with pytest.raises(Restricted):
        transcripts_to_approve(here, foreign.decider, foreign.filed.ref)
    assert refusals(foreign) == ["transcript"]
