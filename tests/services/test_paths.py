"""Whole ways of a request: granted and heard, refused with a certificate, erased, corrected, restricted, withdrawn."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.access import SYSTEM, Forbidden, Role
from portal.domain.case import State, Wishes
from portal.domain.lifecycle import Ask, Extend, NotNow
from portal.domain.recording import Transient
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import (
    approve,
    ask_applicant,
    close_case,
    confirm_hold,
    decide,
    dispose,
    extend,
    hand_over,
    listen,
    lists,
    post_letter,
    send_message,
    settle,
    sign_letter,
    sweep,
    take_up,
    withdraw_request,
)
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.restricted_use import Restricted
from tests import make
from tests.services.walk import Walk, clerk, walk

REFUSED = {
    "outcome": "refused",
    "ground": "R11-2",
    "facts": "The voice is another person's.",
    "assessment": "Art. 11(2).",
}
GRANTED = {"outcome": "granted"}


def letters(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [one.kind for one in work.documents.of_case(made.case.id)]


def vault_files(office: Office) -> set[str]:
    root: Path = office.vault._root  # type: ignore[attr-defined]  # the real vault
    return {file.name for file in root.rglob("*") if file.is_file()}


def test_a_granted_request_is_heard_downloaded_and_its_letter_read(office: Office) -> None:
    made = walk(office).taken().heard().proposed(**GRANTED)
    assert made.case.state is State.FOR_APPROVAL
    made.approved().signed()
    runner.drain(office)
    view = lists.reply(office, made.citizen, made.filed.ref)
    assert view is not None
    assert [copy.ready for copy in view.copies] == [True]
    audio = hand_over.open_copy(office, made.citizen, made.filed.ref, 1)
    assert len(b"".join(audio.read(0, audio.size))) == audio.size > 0
    hand_over.note_heard(office, made.citizen, made.filed.ref, 1, downloaded=False)
    hand_over.note_heard(office, made.citizen, made.filed.ref, 1, downloaded=True)
    letter = hand_over.open_letter(office, made.citizen, made.filed.ref, view.letter.id)
    assert letter.pdf.startswith(b"%PDF")
    close_case.close_case(office, made.handler, made.filed.ref, made.case.moves)
    assert made.case.state is State.CLOSED
    steps = ["answer_given", "copy_played", "copy_downloaded", "letter_read"]
    assert [one for one in made.actions if one in steps] == steps


def test_a_frozen_letter_is_read_again_byte_for_byte_and_its_hash_stands_in_the_event(here: Office) -> None:
    made = walk(here).taken().heard().proposed(**GRANTED).approved().signed()
    with here.reading() as work:
        letter = work.documents.of_case(made.case.id)[-1]
        event = next(e for e in work.cases.timeline(made.case) if e.action == "letter_issued")
    first, again = (hand_over.open_letter(here, made.handler, made.filed.ref, letter.id).pdf for _ in range(2))
    assert first == again
    assert event.facts is not None
    assert event.facts["sha256"] == letter.sha256 == hashlib.sha256(first).hexdigest()


@pytest.mark.parametrize("register", ["espoo", "pk_terveys"], ids=["public", "private"])
def test_a_refusal_ends_in_a_certificate(here: Office, register: str) -> None:
    made = walk(here, register=register).taken().proposed(**REFUSED)
    made.approved().signed()
    assert letters(made) == ["refuse"]
    assert made.case.state is State.ANSWERED
    assert lists.reply(here, made.citizen, made.filed.ref).copies == ()  # type: ignore[union-attr]  # answered
    with pytest.raises(Absent):
        hand_over.open_copy(here, made.citizen, made.filed.ref, 1)


def test_a_request_without_a_recording_is_answered_so(here: Office) -> None:
    made = walk(here, found=0).taken().proposed(outcome="no_recording")
    assert made.case.state is State.APPROVED
    made.signed()
    assert letters(made) == ["no_recordings"]


def test_a_refusal_without_reasons_is_incomplete_and_moves_nothing(here: Office) -> None:
    made = walk(here).taken()
    decide.save_draft(here, made.handler, made.filed.ref, {"1": {"outcome": "refused", "ground": "R11-2"}})
    with pytest.raises(decide.Incomplete) as refused:
        decide.propose(here, made.handler, made.filed.ref, made.case.moves)
    assert {one.code for one in refused.value.missing} == {"no_facts", "no_assessment"}
    assert made.case.state is State.IN_HAND


def test_a_release_is_not_now_before_the_speaker_is_confirmed(here: Office) -> None:
    made = walk(here).taken()
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        made.proposed(**GRANTED)


def test_nobody_approves_their_own_decision(here: Office) -> None:
    made = walk(here).taken()
    decide.save_draft(here, made.decider, made.filed.ref, {"1": REFUSED})
    decide.propose(here, made.decider, made.filed.ref, made.case.moves)
    with pytest.raises(NotNow, match="own_decision"):
        made.approved()


def test_a_returned_decision_comes_back_to_be_written_again(here: Office) -> None:
    made = walk(here).taken().proposed(**REFUSED)
    approve.return_decision(here, made.decider, made.filed.ref, "say more", made.case.moves)
    assert made.case.state is State.IN_HAND
    assert decide.load_draft(here, made.handler, made.filed.ref).decision.items


def test_a_stale_page_moves_nothing(here: Office) -> None:
    made = walk(here)
    seen = made.case.moves
    made.taken()
    for verb in (
        lambda: take_up.take_up(here, made.decider, made.filed.ref, seen),
        lambda: decide.propose(here, made.handler, made.filed.ref, seen),
        lambda: sign_letter.sign_letter(here, made.decider, made.filed.ref, seen),
        lambda: extend.extend(here, made.handler, made.filed.ref, Extend("complex", "x"), seen),
    ):
        with pytest.raises(NotNow, match="moved"):
            verb()
    assert made.case.moves == seen + 1


def test_a_signing_that_fails_leaves_no_letter_behind(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = walk(here, make.request(Right.RECTIFICATION, wishes=Wishes(wrong="a", correct="b"))).taken().heard()
    made.proposed(**GRANTED)
    before = vault_files(here)
    monkeypatch.setattr(sign_letter, "_take_effect", lambda *_: {}["disk full"])
    with pytest.raises(KeyError):
        made.signed()
    assert vault_files(here) == before
    assert made.case.state is State.APPROVED


def test_a_question_its_letter_its_answer_and_the_extension(here: Office) -> None:
    made = walk(here).taken()
    ask = Ask("call", "mihin numeroon soititte", "puhelua ei löytynyt", here.today() + timedelta(days=14))
    ask_applicant.ask_applicant(here, made.handler, made.filed.ref, ask, made.case.moves)
    assert (made.case.state, letters(made)) == (State.ASKED, ["ask"])
    send_message.send_message(here, made.citizen, made.filed.ref, "09 816 21")
    assert (made.case.state, made.case.question) == (State.IN_HAND, None)
    step = Extend("complex", "Puheluita on monta.")
    extend.extend(here, made.handler, made.filed.ref, step, made.case.moves)
    assert letters(made) == ["ask", "extend"]
    with pytest.raises(NotNow, match="extended_already"):
        extend.extend(here, made.handler, made.filed.ref, step, made.case.moves)
    assert letters(made) == ["ask", "extend"]


def test_a_letter_is_posted_on_a_day(here: Office) -> None:
    made = walk(here).taken().proposed(**REFUSED).approved().signed()
    with here.reading() as work:
        letter = work.documents.of_case(made.case.id)[0]
    post_letter.post_letter(here, made.handler, made.filed.ref, letter.id, date(2026, 6, 18), made.case.moves)
    with here.reading() as work:
        assert work.documents.of_case(made.case.id)[0].posted_on == date(2026, 6, 18)
    with pytest.raises(Absent):
        post_letter.post_letter(here, made.handler, made.filed.ref, "other", date(2026, 6, 18), made.case.moves)


# --- erasure -------------------------------------------------------------------------------------------------------


def erasable(office: Office, **item: str) -> Walk:
    return walk(office, make.request(Right.ERASURE)).taken().heard().proposed(**GRANTED, **item).approved()


def test_an_erasure_leaves_a_tombstone_and_nothing_else(office: Office) -> None:
    made = erasable(office)
    recording, source = made.recordings[0], office.sources["fake-espoo"]
    listen.open_recording(office, made.listener, made.filed.ref, recording)
    assert source.files  # type: ignore[attr-defined]  # a FakeSource
    before = vault_files(office)
    made.signed()
    assert not source.files  # type: ignore[attr-defined]  # a FakeSource
    assert not before & vault_files(office)  # only the letter is there
    with office.reading() as work:
        assert work.recordings.erased_on(recording) == office.today()
        assert work.recordings.miscounted() == ()
    assert made.actions.count("recording_erased") == 1
    assert letters(made) == ["erased"]


def test_an_erasure_that_the_source_does_not_confirm_is_not_declared(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = erasable(here)
    monkeypatch.setattr(make.FakeSource, "erase", lambda _source, _locator: False)
    with pytest.raises(NotNow, match="source_cannot_erase"):
        made.signed()
    with here.reading() as work:
        assert work.recordings.erased_on(made.recordings[0]) is None
    assert letters(made) == []


def test_nothing_is_erased_while_its_letter_lacks_something(here: Office) -> None:
    made = erasable(here, what="Soittajan tunnus on 131052-308T")  # an identity code may stand in no letter
    with pytest.raises(NotNow, match="letter_incomplete"):
        made.signed()
    with here.reading() as work:
        assert work.recordings.erased_on(made.recordings[0]) is None


def test_an_erasure_waits_while_another_request_holds_the_recording(here: Office) -> None:
    made = erasable(here)
    make.filed(here, who=make.identified("Eero Esimerkki", "010190-900P"))
    with pytest.raises(NotNow, match="held_by_others"):
        made.signed()
    assert here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    with here.reading() as work:
        assert work.recordings.many(made.recordings)[made.recordings[0]].hold_count == 2
    assert made.case.state is State.APPROVED


def test_an_erasure_whose_signing_was_interrupted_is_finished_by_signing_again(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = erasable(here)
    monkeypatch.setattr(sign_letter, "signing_facts", lambda *_: {}["killed"])
    with pytest.raises(KeyError):
        made.signed()
    monkeypatch.undo()
    made.signed()
    assert made.actions.count("recording_erased") == 1
    assert made.case.state is State.ANSWERED


def test_what_only_the_operator_can_delete_is_not_claimed_to_be_erased(here: Office) -> None:
    make.recorded(here, make.segment(), custody="operator")
    made = walk(here, make.request(Right.ERASURE), found=0).taken().heard().proposed(**GRANTED).approved()
    made.signed()
    assert letters(made) == ["erased"]
    assert "recording_erased" not in made.actions
    with here.reading() as work:
        assert work.tombstones.verified(made.recordings[0]) is False


# --- rectification, restriction, withdrawal ------------------------------------------------------------------------


def test_a_correcting_statement_is_attached_and_shown_wherever_the_recording_is_opened(office: Office) -> None:
    wishes = Wishes(wrong="Osoite on väärin.", correct="Oikea osoite on Esimerkkikuja 4.")
    made = walk(office, make.request(Right.RECTIFICATION, wishes=wishes)).taken().heard().proposed(**GRANTED).signed()
    assert letters(made) == ["rectified"]
    later = Walk(office, make.filed(office), "espoo")
    view = lists.case_view(office, later.handler, later.filed.ref)
    assert view.candidates[0].statements == ("Oikea osoite on Esimerkkikuja 4.",)


def test_a_restriction_outlives_the_case_and_retention(here: Office, clock: make.Clock) -> None:
    made = walk(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))).taken().heard()
    made.proposed(**GRANTED).signed()
    clock.move(days=1000)
    settle.release(here, made.case.id)
    done = dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False)
    assert (done.condemned, done.held) == (0, 1)
    with here.reading() as work:
        found = work.recordings.many(made.recordings)[made.recordings[0]]
    assert found.restricted


def test_a_restricted_recording_is_heard_in_the_persons_own_cases_only(here: Office) -> None:
    made = walk(here, make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))).taken().heard()
    made.proposed(**GRANTED).signed()
    recording = made.recordings[0]
    own = Walk(here, make.filed(here), "espoo")
    stranger = make.identified("Eero Esimerkkilä", "040387-913K")
    foreign = Walk(here, make.filed(here, who=stranger), "espoo")
    assert recording in own.recordings
    assert recording in foreign.recordings
    assert listen.open_recording(here, own.listener, own.filed.ref, recording).size > 0
    with pytest.raises(Restricted):
        listen.open_recording(here, foreign.listener, foreign.filed.ref, recording)


def test_a_statement_goes_with_its_recording(here: Office, clock: make.Clock) -> None:
    wishes = Wishes(wrong="Osoite on väärin.", correct="Oikea osoite on Esimerkkikuja 4.")
    made = walk(here, make.request(Right.RECTIFICATION, wishes=wishes)).taken().heard().proposed(**GRANTED).signed()
    recording = made.recordings[0]
    clock.move(days=1000)
    settle.release(here, made.case.id)
    with here.writing() as work:  # contested accuracy had restricted it
        work.recordings.release(made.case.id, here.now(), recording_id=recording, restriction=True)
    assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 1
    with here.reading() as work:
        assert work.recordings.statements(recording, "espoo") == ()


def test_the_listening_copy_brings_the_calls_picture(here: Office) -> None:
    made = walk(here).taken()
    listen.open_recording(here, made.listener, made.filed.ref, made.recordings[0])
    with here.reading() as work:
        found = work.recordings.many(made.recordings)[made.recordings[0]]
    assert 0 < len(found.bars) <= 150
    assert max(found.bars) == 100


def test_a_withdrawal_releases_the_holds_and_the_draft(here: Office) -> None:
    made = walk(here).taken()
    decide.save_draft(here, made.handler, made.filed.ref, {"1": REFUSED})
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    runner.drain(here)
    with here.reading() as work:
        assert work.recordings.many(made.recordings)[made.recordings[0]].hold_count == 0
        assert work.recordings.miscounted() == ()
        assert work.drafts.load(made.case.id, decide.DRAFT, made.filed.ref) is None
    assert made.actions[-1] == "hold_released"


def test_holds_end_thirty_days_after_a_grant_and_with_the_appeal_after_a_refusal(
    here: Office, clock: make.Clock
) -> None:
    made = walk(here).taken().heard().proposed(**GRANTED).approved().signed()
    for days, count in ((0, 1), (29, 1), (8, 0)):
        clock.move(days=days)
        runner.drain(here)
        with here.reading() as work:
            assert work.recordings.many(made.recordings)[made.recordings[0]].hold_count == count, days


# --- what ends by itself -------------------------------------------------------------------------------------------


def test_the_sweep_takes_a_delivered_copy_after_its_last_day_and_the_letter_stays(
    here: Office, clock: make.Clock
) -> None:
    made = walk(here).taken().heard().proposed(**GRANTED).approved().signed()
    runner.drain(here)
    hand_over.open_copy(here, made.citizen, made.filed.ref, 1)
    files = len(vault_files(here))
    clock.move(days=60)
    sweep.sweep(here)
    assert len(vault_files(here)) == files - 1
    with pytest.raises(Absent):
        hand_over.open_copy(here, made.citizen, made.filed.ref, 1)
    view = lists.reply(here, made.citizen, made.filed.ref)
    assert view is not None
    assert view.files_gone
    assert hand_over.open_letter(here, made.citizen, made.filed.ref, view.letter.id).pdf


def test_a_dry_run_of_retention_touches_nothing(here: Office, clock: make.Clock) -> None:
    ids = make.recorded(here, *(make.segment() for _ in range(3)))
    clock.move(days=1000)
    done = dispose.dispose_due(here, SYSTEM, "espoo", dry_run=True)
    assert (done.condemned, done.deleted) == (3, 0)
    assert len(here.sources["fake-espoo"].files) == 3  # type: ignore[attr-defined]  # a FakeSource
    with here.reading() as work:
        assert {one.state for one in work.recordings.many(ids).values()} == {0}
        assert work.trail.page("espoo", None, 10) == ()


def test_retention_takes_what_is_due_and_leaves_what_is_held(office: Office, clock: make.Clock) -> None:
    made = walk(office)
    make.recorded(office, *(make.segment(caller="+358507654321") for _ in range(3)))
    clock.move(days=1000)
    done = dispose.dispose_due(office, SYSTEM, "espoo", dry_run=False)
    assert (done.condemned, done.deleted, done.failed, done.held) == (3, 3, 0, 1)
    with office.reading() as work:
        assert work.recordings.many(made.recordings)[made.recordings[0]].state == 0


def test_what_the_source_cannot_delete_now_is_counted_once_and_left_for_the_next_run(
    here: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.recorded(here, make.segment())
    clock.move(days=1000)

    def away(_locator: str) -> bool:
        raise Transient("away")

    monkeypatch.setattr(here.sources["fake-espoo"], "erase", away)
    done = dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False)
    assert (done.condemned, done.deleted, done.failed) == (1, 0, 1)
    monkeypatch.undo()
    clock.move(minutes=11)
    assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 1


def test_a_deletion_that_never_goes_through_is_said_once_and_tried_ever_more_seldom(
    here: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.recorded(here, make.segment())
    clock.move(days=1000)
    tried: list[object] = []

    def shut(_locator: str) -> bool:
        tried.append(clock.at)
        raise Transient("the container does not open")

    monkeypatch.setattr(here.sources["fake-espoo"], "erase", shut)
    for _ten_minutes in range(24 * 6):
        assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).failed == 1
        clock.move(minutes=10)
    assert len(tried) == 8  # after 10, 20, 40 … minutes, within a day
    with here.reading() as work:
        lines = [line.action for line in work.trail.page("espoo", None, 100)]
        assert [(one.source, one.number) for one in work.duties.stuck()] == [("fake-espoo", 1)]
    assert lines.count("deletion_stuck") == 1
    monkeypatch.undo()
    clock.move(days=1)
    assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 1
    with here.reading() as work:
        assert work.duties.stuck() == ()


# --- who may not ---------------------------------------------------------------------------------------------------


def test_only_a_listener_hears_and_only_a_candidate_of_the_case(here: Office) -> None:
    made = walk(here).taken()
    stranger = make.recorded(here, make.segment(caller="+358507654321"))[0]
    with pytest.raises(Forbidden):
        listen.open_recording(here, made.handler, made.filed.ref, made.recordings[0])
    both = clerk("both", Role.LISTENER, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        listen.open_recording(here, both, made.filed.ref, made.recordings[0])
    with pytest.raises(Absent):
        listen.open_recording(here, made.listener, made.filed.ref, stranger)
    audio = listen.open_recording(here, made.listener, made.filed.ref, made.recordings[0])
    listen.note_listened(here, made.listener, made.filed.ref, made.recordings[0], 0, audio.size, audio.size)
    assert made.actions[-1] == "recording_listened"


def test_a_hold_can_only_be_confirmed_for_a_candidate(here: Office) -> None:
    made = walk(here)
    with pytest.raises(Absent):
        confirm_hold.confirm_hold(
            here, made.handler, made.filed.ref, "nothing", kept=True, note="", seen=made.case.moves
        )
    assert made.actions.count("hold_outcome_recorded") == 1


def test_copies_keep_their_numbers_whatever_is_made_first(office: Office) -> None:
    made = walk(office, found=3).taken().heard().proposed(**GRANTED).approved().signed()
    with office.reading() as work:
        before = [copy.recording for copy in work.documents.copies(made.case.id, made.filed.person)]
    runner.drain(office)
    with office.reading() as work:
        assert [copy.recording for copy in work.documents.copies(made.case.id, made.filed.person)] == before
