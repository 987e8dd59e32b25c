"""What the applicant and the authorities do with an answer: messages, complaints, inquiries, and the holds."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from portal.domain.access import SYSTEM, Forbidden, Role
from portal.domain.case import State, plan_on
from portal.domain.decisions import LetterKind
from portal.domain.letters import Corrected
from portal.domain.lifecycle import Ask, CloseProceeding, NotNow, OpenProceeding
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import (
    ask_applicant,
    close_case,
    decide,
    dispose,
    hand_over,
    listen,
    lists,
    narrow_request,
    open_cases,
    proceedings,
    reopen,
    review_holds,
    send_message,
    settle,
    sign_letter,
    sweep,
    tell_complaint,
    withdraw_request,
)
from portal.services.acknowledge import AlreadyDone
from portal.services.office import Office
from portal.services.ports import Absent, QueueFilter
from tests import make
from tests.services.walk import Walk, clerk, walk

REFUSED = {
    "outcome": "refused",
    "ground": "R11-2",
    "facts": "The voice is another person's.",
    "assessment": "Art. 11(2).",
}
GRANTED = {"outcome": "granted"}
INQUIRY = OpenProceeding("inquiry", "ombudsman", "TSV/12/2026", date(2026, 8, 31), "why the copy was refused")


def letters(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [one.kind for one in work.documents.of_case(made.case.id)]


def holds(made: Walk) -> list[int]:
    """The open holds on each of the case's recordings, other cases' too."""
    with made.office.reading() as work:
        assert work.recordings.miscounted() == ()
        return [one.hold_count for one in work.recordings.many(made.recordings).values()]


def inquired(made: Walk, step: OpenProceeding = INQUIRY) -> Walk:
    proceedings.open_proceeding(made.office, made.handler, made.filed.ref, step, made.case.moves)
    return made


def ended(made: Walk, index: int = 0) -> Walk:
    step = CloseProceeding(index, "no measures")
    proceedings.close_proceeding(made.office, made.handler, made.filed.ref, step, made.case.moves)
    return made


def refused(office: Office, register: str = "espoo") -> Walk:
    return walk(office, register=register).taken().proposed(**REFUSED).approved().signed()


def granted(office: Office) -> Walk:
    return walk(office).taken().heard().proposed(**GRANTED).approved().signed()


def days_on(office: Office, clock: make.Clock, days: int) -> None:
    """Time passes, with its jobs and its retention."""
    clock.move(days=days)
    runner.drain(office)
    dispose.dispose_due(office, SYSTEM, "espoo", dry_run=False)


# --- withdrawing and narrowing -------------------------------------------------------------------------------------


def test_a_withdrawal_is_confirmed_by_one_letter_that_the_applicant_reads(here: Office) -> None:
    made = walk(here).taken()
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    runner.drain(here)
    settle.settle(here, made.case.id)
    settle.release(here, made.case.id)
    assert letters(made) == ["ack", "request_withdrawn"]
    assert holds(made) == [0]
    assert made.actions.count("hold_released") == 1


def test_a_worker_that_confirms_a_withdrawal_too_late_leaves_no_letter_behind(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = walk(here).taken()
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    runner.drain(here)
    root: Path = here.vault._root  # type: ignore[attr-defined]  # the real vault
    before = set(root.rglob("*"))
    seen = iter((False, True))
    monkeypatch.setattr(settle, "_confirmed", lambda _work, _case: next(seen))
    with pytest.raises(AlreadyDone):
        settle.settle(here, made.case.id)
    assert {file for file in root.rglob("*") if file.is_file()} <= before
    assert letters(made) == ["ack", "request_withdrawn"]


def two_calls(office: Office) -> Walk:
    """A request about calls from two numbers, each with its recording."""
    other = "+358507654321"
    make.recorded(office, make.segment(), make.segment(caller=other))
    calls = (make.call(), make.call(2, own_number=other))
    return Walk(office, make.filed(office, make.request(Right.ACCESS, *calls)), "espoo").taken()


def test_what_was_held_for_a_call_that_is_left_out_is_held_no_longer(office: Office) -> None:
    made = two_calls(office)
    before = dict(zip(made.recordings, holds(made), strict=True))
    assert set(before.values()) == {1}
    narrow_request.narrow_request(office, made.citizen, made.filed.ref, (1,))
    with office.reading() as work:
        rows = work.recordings.candidates(made.case.id)
        mine = {row.recording for row in rows if row.call == 1}
        counts = {one.id: one.hold_count for one in work.recordings.many([row.recording for row in rows]).values()}
        assert work.recordings.miscounted() == ()
    assert made.case.items == (1,)
    assert {one: counts[one] for one in counts if one in mine} == dict.fromkeys(mine, 1)
    assert {one: counts[one] for one in counts if one not in mine} == dict.fromkeys(counts.keys() - mine, 0)
    assert counts.keys() - mine
    assert made.actions[-1] == "hold_released"
    shown = lists.case_view(office, made.handler, made.filed.ref)
    assert {one.recording.id for one in shown.candidates if one.recording} == mine
    with pytest.raises(Absent):
        listen.open_recording(office, made.listener, made.filed.ref, min(counts.keys() - mine))


def test_a_request_is_not_narrowed_once_its_decision_is_proposed(here: Office) -> None:
    made = two_calls(here)
    decide.save_draft(here, made.handler, made.filed.ref, {"1": REFUSED, "2": REFUSED})
    decide.propose(here, made.handler, made.filed.ref, made.case.moves)
    with pytest.raises(NotNow, match="state"):
        narrow_request.narrow_request(here, made.citizen, made.filed.ref, (1,))


# --- after the answer ----------------------------------------------------------------------------------------------


def test_what_is_written_after_the_answer_is_kept_and_seen_by_staff(here: Office) -> None:
    made = refused(here)
    send_message.send_message(here, made.citizen, made.filed.ref, "That is my voice.")
    close_case.close_case(here, made.handler, made.filed.ref, made.case.moves)
    send_message.send_message(here, made.citizen, made.filed.ref, "I say it again.")
    tell_complaint.tell_complaint(here, made.citizen, made.filed.ref, "ombudsman")
    found = proceedings.after_answers(here, made.handler)
    assert [(one.kind, one.text) for one in found] == [
        ("complaint_told", "ombudsman"),
        ("message_received", "I say it again."),
        ("message_received", "That is my voice."),
    ]
    assert made.case.state is State.CLOSED
    assert proceedings.after_answers(here, clerk("other", Role.HANDLER, register="pk_terveys")) == ()
    with pytest.raises(Forbidden):
        proceedings.after_answers(here, clerk("admin", Role.ADMINISTRATOR))


def test_what_was_written_before_the_answer_is_not_among_it(here: Office) -> None:
    made = walk(here).taken()
    send_message.send_message(here, made.citizen, made.filed.ref, "One more thing.")
    made.proposed(**REFUSED).approved().signed()
    assert proceedings.after_answers(here, made.handler) == ()


def unanswered(office: Office, clock: make.Clock) -> Walk:
    """A case closed because nobody answered its question."""
    made = walk(office).taken()
    ask = Ask("identity", "which number did you call from", "the voice is in doubt", office.today() + timedelta(14))
    ask_applicant.ask_applicant(office, made.handler, made.filed.ref, ask, made.case.moves)
    clock.move(days=31)
    reasons = {"facts": "Ei vastausta.", "assessment": "Henkilöä ei voitu varmistaa.", "ground": "R11-2"}
    return made.proposed(outcome="no_reply", **reasons).approved().signed()


def test_a_late_answer_takes_the_case_up_again_and_holds_its_recordings_anew(office: Office, clock: make.Clock) -> None:
    made = unanswered(office, clock)
    days_on(office, clock, 130)
    assert holds(made) == [0]
    send_message.send_message(office, made.citizen, made.filed.ref, "040 123 4567")
    assert made.case.state is State.IN_HAND
    assert holds(made) == [1]
    days_on(office, clock, 400)
    assert holds(made) == [1]
    assert plan_on(made.case) == made.case.reopened.due  # type: ignore[union-attr]  # it is
    mine = lists.my_case(office, made.citizen, made.filed.ref)
    assert mine.messages[-1].facts["text"] == "040 123 4567"
    assert lists.my_cases(office, made.citizen)[0].due == made.case.reopened.due  # type: ignore[union-attr]  # it is


def test_a_complaint_keeps_the_holds_until_it_has_ended_and_then_the_ordinary_time(
    office: Office, clock: make.Clock
) -> None:
    made = granted(office)
    runner.drain(office)
    tell_complaint.tell_complaint(office, made.citizen, made.filed.ref, "ombudsman")
    days_on(office, clock, 400)
    assert holds(made) == [1]
    ended(made)
    days_on(office, clock, 29)
    assert holds(made) == [1]
    days_on(office, clock, 8)
    assert holds(made) == [0]
    assert made.actions.count("hold_released") == 1


def test_a_complaint_told_after_the_holds_have_ended_holds_what_still_exists(office: Office, clock: make.Clock) -> None:
    made = granted(office)
    runner.drain(office)
    clock.move(days=60)
    runner.drain(office)
    assert holds(made) == [0]
    tell_complaint.tell_complaint(office, made.citizen, made.filed.ref, "ombudsman")
    assert holds(made) == [1]
    days_on(office, clock, 1000)
    assert holds(made) == [1]
    with office.reading() as work:
        assert work.recordings.many(made.recordings)[made.recordings[0]].state == 0


def test_a_complaint_about_what_is_gone_holds_nothing(here: Office, clock: make.Clock) -> None:
    made = granted(here)
    runner.drain(here)
    clock.move(days=60)
    days_on(here, clock, 1000)
    tell_complaint.tell_complaint(here, made.citizen, made.filed.ref, "ombudsman")
    assert made.actions[-1] == "complaint_told"
    assert made.case.disputed


def test_what_only_the_operator_keeps_is_asked_for_again(here: Office, clock: make.Clock) -> None:
    make.recorded(here, make.segment(), custody="operator")
    made = walk(here, found=0).taken().proposed(**REFUSED).approved().signed()
    runner.drain(here)
    clock.move(days=200)
    runner.drain(here)
    with here.writing() as work:  # the copy that was fetched is gone, as if its disk had been
        recording = made.recordings[0]
        work.recordings.stored(recording, None, None, 0, ())  # type: ignore[arg-type]  # emptied
    inquired(made, OpenProceeding("inquiry", "ombudsman", "TSV/1", date(2027, 6, 1), "why"))
    runner.drain(here)
    with here.reading() as work:
        assert [row.outcome for row in work.recordings.candidates(made.case.id)] == ["copied"]
        assert work.recordings.many([recording])[recording].vault_object


# --- an authority's inquiry and a second answer --------------------------------------------------------------------


def test_an_inquiry_takes_an_answered_case_up_with_the_authoritys_clock(office: Office, clock: make.Clock) -> None:
    made = inquired(refused(office))
    assert (made.case.state, plan_on(made.case)) == (State.IN_HAND, INQUIRY.reply_by)
    row = open_cases.page(office, made.handler, QueueFilter()).lines[0].row
    assert (row.ref, row.due_on, row.clock) == (made.filed.ref, INQUIRY.reply_by, "running")
    assert lists.my_cases(office, made.citizen)[0].due == INQUIRY.reply_by


def test_the_first_answer_stays_to_be_read_while_the_case_is_in_hand_again(here: Office) -> None:
    made = refused(here)
    first = lists.reply(here, made.citizen, made.filed.ref)
    inquired(made)
    again = lists.reply(here, made.citizen, made.filed.ref)
    assert first is not None
    assert again is not None
    assert (again.letter, again.answered_at) == (first.letter, first.answered_at)


def test_the_second_letter_names_the_first_and_is_the_answer_from_then_on(here: Office, clock: make.Clock) -> None:
    made = refused(here)
    runner.drain(here)
    first_day = here.today()
    clock.move(days=10)
    inquired(made)
    with here.reading() as work:
        assert reopen.corrected_of(work, made.case) == Corrected(LetterKind.REFUSE, first_day)
    made.heard().proposed(**GRANTED).approved()
    with here.reading() as work:
        facts = sign_letter.signing_facts(here, work, made.case, made.decider)
    assert facts.corrects == Corrected(LetterKind.REFUSE, first_day)
    made.signed()
    runner.drain(here)
    assert [kind for kind in letters(made) if kind != "ack"] == ["refuse", "grant"]
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer is not None
    assert answer.letter.kind == "grant"
    assert [copy.ready for copy in answer.copies] == [True]


def test_a_first_answer_takes_the_place_of_none(here: Office) -> None:
    made = walk(here).taken()
    with here.reading() as work:
        assert reopen.corrected_of(work, made.case) is None


def test_holds_of_a_second_answer_end_by_its_own_day_and_not_by_the_firsts(office: Office, clock: make.Clock) -> None:
    made = granted(office)
    runner.drain(office)
    days_on(office, clock, 20)
    inquired(made)
    made.proposed(**GRANTED).approved().signed()
    ended(made)
    days_on(office, clock, 17)  # past the first answer's own end
    assert holds(made) == [1]
    days_on(office, clock, 20)
    assert holds(made) == [0]


def test_nothing_is_released_while_the_case_is_in_hand_again(office: Office, clock: make.Clock) -> None:
    made = granted(office)
    runner.drain(office)
    ended(inquired(made))
    days_on(office, clock, 1000)
    assert holds(made) == [1]
    with office.reading() as work:
        assert work.recordings.many(made.recordings)[made.recordings[0]].state == 0


def test_the_last_of_several_proceedings_counts(office: Office, clock: make.Clock) -> None:
    made = granted(office)
    runner.drain(office)
    tell_complaint.tell_complaint(office, made.citizen, made.filed.ref, "ombudsman")
    tell_complaint.tell_complaint(office, made.citizen, made.filed.ref, "district_court")
    ended(made, 1)
    days_on(office, clock, 100)
    assert holds(made) == [1]
    ended(made, 0)
    days_on(office, clock, 40)
    assert holds(made) == [0]


def test_a_request_withdrawn_in_the_middle_of_an_inquiry_is_kept_until_the_inquiry_ends(
    office: Office, clock: make.Clock
) -> None:
    made = inquired(refused(office))
    withdraw_request.withdraw_request(office, made.citizen, made.filed.ref)
    days_on(office, clock, 400)
    assert (made.case.state, holds(made)) == (State.WITHDRAWN, [1])
    ended(made)
    runner.drain(office)
    assert holds(made) == [0]


@pytest.mark.parametrize("times", [1, 3])
def test_settling_and_releasing_twice_is_settling_and_releasing_once(
    here: Office, clock: make.Clock, times: int
) -> None:
    made = granted(here)
    for _ in range(times):
        settle.settle(here, made.case.id)
    clock.move(days=60)
    runner.drain(here)
    for _ in range(times):
        settle.release(here, made.case.id)
    assert made.actions.count("hold_released") == 1
    assert holds(made) == [0]


def test_a_settling_that_comes_after_the_reopening_touches_nothing(here: Office) -> None:
    made = inquired(granted(here))  # its job has not run
    decide.save_draft(here, made.handler, made.filed.ref, {"1": REFUSED})
    runner.drain(here)
    assert decide.load_draft(here, made.handler, made.filed.ref).decision.items
    assert holds(made) == [1]


def test_a_reopening_that_fails_leaves_neither_state_nor_hold(
    office: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = granted(office)
    runner.drain(office)
    clock.move(days=60)
    runner.drain(office)

    def killed(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reopen, "renew_keeping", killed)
    with pytest.raises(RuntimeError):
        inquired(made)
    assert (made.case.state, made.case.proceedings, holds(made)) == (State.ANSWERED, (), [0])


@pytest.mark.parametrize(
    "verb",
    [
        lambda made: proceedings.open_proceeding(made.office, made.handler, made.filed.ref, INQUIRY, 0),
        lambda made: proceedings.close_proceeding(
            made.office, made.handler, made.filed.ref, CloseProceeding(0, "x"), 0
        ),
    ],
    ids=["open", "close"],
)
def test_a_stale_page_opens_and_closes_no_proceeding(here: Office, verb: Callable[[Walk], None]) -> None:
    made = refused(here)
    with pytest.raises(NotNow, match="moved"):
        verb(made)


@pytest.mark.parametrize("days", [0, -1])
def test_an_inquiry_is_to_be_answered_by_a_day_to_come(here: Office, days: int) -> None:
    made = refused(here)
    step = OpenProceeding("inquiry", "ombudsman", "", here.today() + timedelta(days=days), "why")
    with pytest.raises(NotNow, match="no_time_to_reply"):
        inquired(made, step)


def test_nothing_is_erased_while_a_proceeding_is_open(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken().proposed(**REFUSED).approved().signed()
    inquired(made).heard().proposed(**GRANTED).approved()
    with pytest.raises(NotNow, match="disputed"):
        made.signed()
    with here.reading() as work:
        assert work.recordings.erased_on(made.recordings[0]) is None
    ended(made).signed()
    with here.reading() as work:
        assert work.recordings.erased_on(made.recordings[0]) == here.today()


# --- holds to look at again ----------------------------------------------------------------------------------------


def test_a_hold_that_lasts_is_looked_at_again_and_kept_with_a_reason(here: Office, clock: make.Clock) -> None:
    made = granted(here)
    runner.drain(here)
    tell_complaint.tell_complaint(here, made.citizen, made.filed.ref, "ombudsman")
    assert review_holds.holds_to_review(here, made.handler) == ()
    days_on(here, clock, 91)
    [waiting] = review_holds.holds_to_review(here, made.handler)
    assert (waiting.case.ref, waiting.recording is not None) == (made.filed.ref, True)
    with pytest.raises(Forbidden):
        review_holds.keep_hold(here, made.listener, waiting.hold.id, "because")
    with pytest.raises(Absent):
        review_holds.keep_hold(here, clerk("other", Role.HANDLER, register="pk_terveys"), waiting.hold.id, "because")
    review_holds.keep_hold(here, made.handler, waiting.hold.id, "The complaint is open.")
    assert made.actions[-1] == "hold_kept"
    assert review_holds.holds_to_review(here, made.handler) == ()
    with pytest.raises(Absent):
        review_holds.keep_hold(here, made.handler, waiting.hold.id, "again")
    days_on(here, clock, 91)
    assert len(review_holds.holds_to_review(here, made.handler)) == 1


def test_a_second_grant_gives_the_copy_anew_after_the_firsts_life_has_ended(office: Office, clock: make.Clock) -> None:
    made = granted(office)
    runner.drain(office)
    clock.move(days=60)
    runner.drain(office)
    sweep.sweep(office)
    inquired(made)
    made.proposed(**GRANTED).approved().signed()
    runner.drain(office)
    answer = lists.reply(office, made.citizen, made.filed.ref)
    assert answer is not None
    assert [copy.ready for copy in answer.copies] == [True]


def test_what_was_given_stays_to_be_heard_while_the_case_is_in_hand_again(here: Office) -> None:
    made = granted(here)
    runner.drain(here)
    inquired(made)
    assert hand_over.open_copy(here, made.citizen, made.filed.ref, 1).size > 0


def test_a_given_copy_stays_while_the_matter_is_disputed_and_goes_when_it_has_ended(
    here: Office, clock: make.Clock
) -> None:
    made = granted(here)
    runner.drain(here)
    tell_complaint.tell_complaint(here, made.citizen, made.filed.ref, "ombudsman")
    clock.move(days=200)
    sweep.sweep(here)
    assert hand_over.open_copy(here, made.citizen, made.filed.ref, 1).size > 0
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer
    assert not answer.files_gone
    ended(made)
    with pytest.raises(Absent):
        hand_over.open_copy(here, made.citizen, made.filed.ref, 1)
    sweep.sweep(here)
    with here.reading() as work:
        assert work.documents.copies(made.case.id, made.citizen.id)[0].vault_object is None
