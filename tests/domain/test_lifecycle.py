"""The life of a case: every row of the table, who may, and what the law forbids."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, Forbidden, Role, actions_of
from portal.domain.acts import MOVES
from portal.domain.case import Case, Finding, State, Verdict, deadline
from portal.domain.contact import Channel, Contact
from portal.domain.dispatch import Way
from portal.domain.events import Event, kind_of
from portal.domain.lifecycle import (
    RECORDABLE,
    TABLE,
    Approve,
    Ask,
    ChangeLanguage,
    CheckRepresentation,
    CheckSpeaker,
    ChooseCall,
    ChooseContact,
    ChooseDispatch,
    Close,
    CloseProceeding,
    CorrectMetadata,
    Extend,
    NotNow,
    Propose,
    Record,
    RejectCall,
    Reply,
    Return,
    Sign,
    Step,
    TakeUp,
    Withdraw,
    decide_step,
    open_steps,
)
from portal.domain.number_steps import NUMBER_MOVES
from portal.domain.rights import Right
from portal.domain.words import Language
from tests.domain.cases import (
    ADMIN,
    AUDITOR,
    CITIZEN,
    DECIDER,
    FOUND,
    GRANT,
    HANDLER,
    LISTENER,
    NOW,
    RECEIVED,
    RECTIFY,
    REFUSAL,
    a_case,
)

STEPS: tuple[Step, ...] = (
    TakeUp(),
    Ask("call", "which day", "no call found", date(2026, 7, 3)),
    Reply("it was Tuesday"),
    Extend("complex", "forty calls"),
    ChooseCall("rec", 1),
    RejectCall("rec", 1),
    CheckSpeaker("rec", Verdict.FITS, "name"),
    CorrectMetadata("rec", "caller", "", "+358401234567"),
    Propose(GRANT, "granted"),
    Approve(),
    Return("say more"),
    Sign("grant", date(2026, 8, 1)),
    Withdraw(),
    Close(),
    ChooseDispatch(Way.PORTAL, None),
    ChangeLanguage(Language.SV),
    ChooseContact(Contact(Channel.EMAIL, "soili@example.fi")),
)
"""One of each step that answers the request or how it is sent; those beside and after the decision: test_acts."""
WHO = {
    Action.WRITE_MESSAGE: CITIZEN,
    Action.WITHDRAW: CITIZEN,
    Action.CHECK_SPEAKER: LISTENER,
    Action.APPROVE: DECIDER,
    Action.SIGN: DECIDER,
}
LEADS_TO = {
    (TakeUp, State.RECEIVED): State.IN_HAND,
    (Ask, State.IN_HAND): State.ASKED,
    (Reply, State.ASKED): State.IN_HAND,
    (Propose, State.IN_HAND): State.FOR_APPROVAL,
    (Propose, State.ASKED): State.FOR_APPROVAL,
    (Approve, State.FOR_APPROVAL): State.APPROVED,
    (Return, State.FOR_APPROVAL): State.IN_HAND,
    (Return, State.APPROVED): State.IN_HAND,
    (Sign, State.APPROVED): State.ANSWERED,
    (Close, State.ANSWERED): State.CLOSED,
}


def who_may(step: Step) -> Actor:
    return WHO.get(TABLE[type(step)].action, HANDLER)


def test_the_table_and_the_steps_are_the_same_set() -> None:
    assert {type(step) for step in STEPS} | set(MOVES) | set(NUMBER_MOVES) | {CheckRepresentation} == set(TABLE)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.CLOSED, State.WITHDRAWN)])
def test_every_state_that_is_not_final_has_an_exit_that_staff_are_responsible_for(state: State) -> None:
    exits = {
        step
        for step, rule in TABLE.items()
        if state in rule.of and (rule.to or LEADS_TO.get((step, state), state)) is not state
    }
    responsible = {role for role in Role for step in exits if TABLE[step].action in actions_of(frozenset({role}))}
    assert responsible


def test_nothing_leads_out_of_a_withdrawn_request() -> None:
    assert {step for step, rule in TABLE.items() if State.WITHDRAWN in rule.of} == {CloseProceeding}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_each_row_of_the_table_leads_where_it_says_and_from_nowhere_else(step: Step, state: State) -> None:
    right = Right.RECTIFICATION if isinstance(step, CorrectMetadata) else Right.ACCESS
    case, actor = a_case(state, right=right), who_may(step)
    if state not in TABLE[type(step)].of:
        with pytest.raises(NotNow, match="state"):
            decide_step(case, step, actor, NOW)
        return
    after, event = decide_step(case, step, actor, NOW)
    expected = State.WITHDRAWN if isinstance(step, Withdraw) else LEADS_TO.get((type(step), state), state)
    assert after.state is expected
    assert (after.seq, after.moves) == (case.seq + 1, case.moves + 1)
    assert kind_of(event)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
@pytest.mark.parametrize("actor", [CITIZEN, HANDLER, DECIDER, LISTENER, ADMIN, AUDITOR, SYSTEM], ids=lambda a: a.id)
def test_who_lacks_the_action_is_refused_in_every_state(step: Step, actor: Actor) -> None:
    action = TABLE[type(step)].action
    given = {CITIZEN.id: {Action.WRITE_MESSAGE, Action.WITHDRAW}}.get(actor.id, actions_of(actor.roles))
    if action in given:
        return
    for state in State:
        with pytest.raises(Forbidden):
            decide_step(a_case(state), step, actor, NOW)


def test_an_auditor_and_an_administrator_can_move_nothing() -> None:
    assert not any(open_steps(a_case(state), actor) for state in State for actor in (AUDITOR, ADMIN))


def test_another_person_and_another_controllers_staff_are_refused() -> None:
    with pytest.raises(Forbidden):
        decide_step(a_case(), Withdraw(), replace(CITIZEN, id="somebody"), NOW)
    with pytest.raises(Forbidden):
        decide_step(a_case(), Propose(GRANT, ""), replace(HANDLER, controller="janakkala"), NOW)


def test_the_author_cannot_approve_their_own_decision() -> None:
    case = a_case(State.FOR_APPROVAL, author=DECIDER.id)
    assert Approve not in open_steps(case, DECIDER)
    with pytest.raises(NotNow, match="own_decision"):
        decide_step(case, Approve(), DECIDER, NOW)


def test_a_release_that_only_its_author_has_seen_cannot_be_signed() -> None:
    for approver in (None, "handler"):
        with pytest.raises(NotNow, match="not_approved"):
            decide_step(a_case(State.APPROVED, approver=approver), Sign("grant", None), DECIDER, NOW)


@pytest.mark.parametrize("speaker", [None, Verdict.UNSURE, Verdict.DIFFERS])
def test_a_release_without_a_confirmed_speaker_is_not_now(speaker: Verdict | None) -> None:
    case = a_case(findings=(replace(FOUND, speaker=speaker),))
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        decide_step(case, Propose(GRANT, ""), HANDLER, NOW)


def test_one_unconfirmed_recording_among_two_of_the_same_call_stops_the_release() -> None:
    case = a_case(findings=(FOUND, Finding("other", 1, chosen=True)))
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        decide_step(case, Propose(GRANT, ""), HANDLER, NOW)


def test_a_release_without_any_chosen_recording_is_not_now() -> None:
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        decide_step(a_case(findings=()), Propose(GRANT, ""), HANDLER, NOW)


def test_choosing_a_call_anew_takes_the_old_verdict_away() -> None:
    after, _ = decide_step(a_case(), ChooseCall("rec", 1), HANDLER, NOW)
    assert after.chosen[0].speaker is None


def test_a_refusal_needs_no_speaker_but_a_second_person() -> None:
    after, event = decide_step(a_case(findings=()), Propose(REFUSAL, "refused"), HANDLER, NOW)
    assert after.state is State.FOR_APPROVAL
    assert event == events.DecisionProposed("refused", second=True)


def test_a_rectification_goes_straight_to_signing() -> None:
    after, _ = decide_step(a_case(right=Right.RECTIFICATION), Propose(RECTIFY, "granted"), HANDLER, NOW)
    assert after.state is State.APPROVED
    signed, _ = decide_step(after, Sign("rectified", None), DECIDER, NOW)
    assert signed.answered_at == NOW


def test_a_returned_decision_loses_its_approval() -> None:
    after, _ = decide_step(a_case(State.APPROVED), Return("facts"), DECIDER, NOW)
    assert (after.state, after.approver) == (State.IN_HAND, None)


def test_taking_up_ones_own_case_again_is_not_now_but_a_colleague_may_take_over() -> None:
    case = a_case(handler=HANDLER.id)
    with pytest.raises(NotNow, match="yours"):
        decide_step(case, TakeUp(), HANDLER, NOW)
    after, _ = decide_step(case, TakeUp(), DECIDER, NOW)
    assert after.handler == DECIDER.id


def test_the_language_changes_until_the_case_is_decided_and_only_to_another() -> None:
    assert {state for state in State if ChangeLanguage in open_steps(a_case(state), HANDLER)} == {
        State.RECEIVED, State.IN_HAND, State.ASKED,
    }  # fmt: skip
    after, event = decide_step(a_case(), ChangeLanguage(Language.SV), HANDLER, NOW)
    assert (after.language, event) == (Language.SV, events.LanguageChanged("sv"))
    with pytest.raises(NotNow, match="same_language"):
        decide_step(after, ChangeLanguage(Language.SV), HANDLER, NOW)


def test_metadata_are_corrected_for_a_rectification_of_a_heard_call_and_never_against_the_decision() -> None:
    step = CorrectMetadata("rec", "caller", "+358401234567", "")
    case = a_case(right=Right.RECTIFICATION)
    after, event = decide_step(case, step, HANDLER, NOW)
    assert (after.state, event) == (case.state, events.MetadataCorrected("rec", "caller", "+358401234567", ""))
    with pytest.raises(NotNow, match="call_not_chosen"):
        decide_step(a_case(), step, HANDLER, NOW)
    with pytest.raises(NotNow, match="call_not_chosen"):
        decide_step(replace(case, findings=(replace(FOUND, chosen=False),)), step, HANDLER, NOW)
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        decide_step(replace(case, findings=(replace(FOUND, speaker=Verdict.UNSURE),)), step, HANDLER, NOW)
    with pytest.raises(NotNow, match="correction_refused"):
        decide_step(replace(case, state=State.APPROVED, decision=REFUSAL), step, HANDLER, NOW)


def test_recording_an_event_moves_no_state_and_makes_no_page_stale() -> None:
    case = a_case()
    after, _ = decide_step(case, Record(events.RecordingListened("rec", 0, 1000)), LISTENER, NOW)
    assert (after.seq, after.moves, after.state) == (case.seq + 1, case.moves, case.state)


@pytest.mark.parametrize("kind", list(RECORDABLE), ids=lambda kind: kind.__name__)
def test_an_auditor_records_nothing_but_that_a_letter_exists_and_what_anybody_was_refused(kind: type[Event]) -> None:
    allowed = {action for action in Action if action in actions_of(AUDITOR.roles)}
    assert (RECORDABLE[kind] in allowed) == (kind in (events.LetterIssued, events.RestrictedUseRefused))


# --- pauses and extension ------------------------------------------------------------------------------------------


def asked(case: Case, at: datetime, kind: str = "identity", *, doubt: bool = False, large: bool = False) -> Case:
    step = Ask(kind, "what", "why", date(2026, 7, 10), doubt=doubt, large_quantity=large)
    return decide_step(case, step, HANDLER, at)[0]


def answered(case: Case, at: datetime) -> Case:
    return decide_step(case, Reply("here"), CITIZEN, at)[0]


def test_a_question_about_the_call_never_stops_the_clock() -> None:
    case = asked(a_case(), NOW, "call")
    assert case.pauses == ()
    assert deadline(case).due == deadline(a_case()).due


def test_doubt_about_identity_stops_the_clock_until_the_answer() -> None:
    case = asked(a_case(), NOW, doubt=True)
    assert deadline(case).due is None
    back = answered(case, NOW + timedelta(days=7))
    assert back.state is State.IN_HAND
    assert deadline(back).paused_days == 7


def test_without_doubt_a_question_about_identity_stops_nothing_and_says_why() -> None:
    step = Ask("identity", "what", "why", date(2026, 7, 10))
    after, event = decide_step(a_case(), step, HANDLER, NOW)
    assert isinstance(event, events.QuestionAsked)
    assert not event.counts
    assert event.why_not
    assert deadline(after).due is not None


def test_a_question_asked_late_stops_nothing() -> None:
    case = asked(a_case(), RECEIVED + timedelta(days=12), doubt=True)
    assert deadline(case).due is not None


def test_a_second_round_counts_when_it_follows_the_answer_promptly() -> None:
    first = answered(asked(a_case(), NOW, doubt=True), NOW + timedelta(days=3))
    second = answered(asked(first, NOW + timedelta(days=5), doubt=True), NOW + timedelta(days=9))
    assert deadline(second).paused_days == 3 + 4


def test_asking_for_a_scope_counts_only_for_a_large_quantity() -> None:
    assert deadline(asked(a_case(), NOW, "scope", large=True)).due is None
    assert deadline(asked(a_case(), NOW, "scope")).due is not None


def test_the_work_goes_on_while_a_question_is_open() -> None:
    steps = open_steps(asked(a_case(), NOW, doubt=True), HANDLER)
    assert {ChooseCall, RejectCall, Extend} <= steps


def test_a_question_that_nobody_answers_is_decided_on_what_is_known_after_its_day() -> None:
    case = asked(a_case(), NOW, doubt=True)
    with pytest.raises(NotNow, match="answer_awaited"):
        decide_step(case, Propose(REFUSAL, ""), HANDLER, datetime(2026, 7, 10, 20, 0, tzinfo=UTC))
    after, _ = decide_step(case, Propose(REFUSAL, ""), HANDLER, datetime(2026, 7, 10, 21, 30, tzinfo=UTC))
    assert after.state is State.FOR_APPROVAL
    assert after.question is None
    assert deadline(after).due is not None


def test_an_extension_gives_two_months_more_once() -> None:
    case, event = decide_step(a_case(), Extend("complex", "forty calls"), HANDLER, NOW)
    assert deadline(case).effective_due == date(2026, 9, 18)
    assert event == events.DeadlineExtended("complex", "forty calls", date(2026, 9, 18), warned=False)
    with pytest.raises(NotNow, match="extended_already"):
        decide_step(case, Extend("complex", "again"), HANDLER, NOW)


def test_an_extension_after_the_statutory_day_is_void() -> None:
    with pytest.raises(NotNow, match="extension_too_late"):
        decide_step(a_case(), Extend("complex", "late"), HANDLER, RECEIVED + timedelta(days=45))


def test_an_extension_that_only_a_pause_saves_needs_the_data_protection_officer() -> None:
    case = answered(asked(a_case(), NOW, doubt=True), NOW + timedelta(days=10))
    with pytest.raises(NotNow, match="extension_needs_dpo"):
        decide_step(case, Extend("complex", "late"), HANDLER, RECEIVED + timedelta(days=36))


def test_a_leave_for_a_late_question_is_spent_by_one_question() -> None:
    late = RECEIVED + timedelta(days=12)
    case = replace(a_case(State.IN_HAND), allowed_late=("pause", "extension"))
    asked, _event = decide_step(case, Ask("identity", "who", "doubt", date(2026, 7, 20), doubt=True), HANDLER, late)
    assert asked.pauses[-1].counts
    assert asked.allowed_late == ("extension",)
