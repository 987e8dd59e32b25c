"""What happens beside and after the decision: from which states, by whom, and what each step refuses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain import events
from portal.domain.access import SYSTEM, Actor, Forbidden
from portal.domain.acts import (
    ACT_KINDS,
    CLOSE_AFTER,
    LIFTING_NOTICE,
    MOVES,
    REMIND_AFTER,
    closed_unanswered,
    may_close_unanswered,
    reminder_due,
)
from portal.domain.case import Act, Case, CostLine, Proceeding, Question, Route, State, Visit, plan_on
from portal.domain.decisions import Decision, ItemDecision, Outcome, Reasons
from portal.domain.lifecycle import (
    TABLE,
    AllowLate,
    AnswerFee,
    ApproveAct,
    CloseProceeding,
    Complain,
    DecideRoute,
    Narrow,
    NotNow,
    OfferVisit,
    OpenProceeding,
    Propose,
    ProposeAct,
    RejectAct,
    Remind,
    Reply,
    Step,
    Tell,
    decide_step,
    open_steps,
)
from portal.domain.rights import Right
from tests.domain.cases import (
    ADMIN,
    AUDITOR,
    CALL,
    CITIZEN,
    DECIDER,
    DPO,
    FOUND,
    GRANT,
    HANDLER,
    LISTENER,
    NOW,
    RECEIVED,
    REFUSAL,
    a_case,
)

TODAY = date(2026, 6, 19)
OPEN = {state for state in State if state.open}
WORK = {State.IN_HAND, State.ASKED}
AFTER = {State.ANSWERED, State.CLOSED}
FEE = Act(
    "fee", "the same request for the fifth time", ground="R12-5E", facts="five requests", assessment="excessive",
    lines=(CostLine("copying", 1250),), reply_by=date(2026, 7, 3),
)  # fmt: skip
LIFTING = Act(
    "lifting", "the data were found correct", recordings=("rec",), on=date(2026, 7, 3), reply_by=date(2026, 7, 2)
)
RELEASE = Act("hold_release", "the police took it over", recordings=("rec",))
TIMES = (NOW + timedelta(days=5), NOW + timedelta(days=7), NOW + timedelta(days=8, hours=2))
SLOTS = tuple(zip(("one", "two", "three"), TIMES, strict=True))
VISIT = Visit("Kirjaamo", TIMES, 30, ("one", "two", "three"))
COMPLAINT = Proceeding("complaint", "ombudsman", RECEIVED)
INQUIRY = OpenProceeding("inquiry", "ombudsman", "TSV/1/2026", date(2026, 7, 31), "why was it refused")
NO_REPLY = Decision((ItemDecision(1, Outcome.NO_REPLY, Reasons("R11-2", "facts", "assessment"), "copy"),))

STEPS: tuple[Step, ...] = (
    DecideRoute(Route.OPENNESS, large=False, why="asks for a document"),
    AllowLate("extension", "the portal was away"),
    Remind(),
    Narrow((1,)),
    ProposeAct(FEE),
    ApproveAct("fee"),
    RejectAct("fee", "not excessive"),
    AnswerFee(accepted=True),
    OfferVisit("Kirjaamo", SLOTS, 30),
    Tell("processor", "told"),
    Complain("ombudsman"),
    INQUIRY,
    CloseProceeding(0, "no measures"),
)
FROM = {
    DecideRoute: OPEN,
    AllowLate: OPEN,
    Remind: {State.ASKED},
    Narrow: {State.RECEIVED, *WORK},
    ProposeAct: OPEN | AFTER,
    ApproveAct: OPEN | AFTER,
    RejectAct: OPEN | AFTER,
    AnswerFee: OPEN,
    OfferVisit: WORK | AFTER,
    Tell: OPEN - {State.RECEIVED} | AFTER,
    Complain: AFTER,
    OpenProceeding: OPEN | AFTER,
    CloseProceeding: set(State),
}
WHO: dict[type[Step], set[Actor]] = {
    DecideRoute: {HANDLER, DECIDER},
    AllowLate: {DPO},
    Remind: {SYSTEM},
    Narrow: {CITIZEN},
    ProposeAct: {HANDLER, DECIDER},
    ApproveAct: {DECIDER},
    RejectAct: {HANDLER, DECIDER},
    AnswerFee: {CITIZEN},
    OfferVisit: {HANDLER, DECIDER},
    Tell: {HANDLER, DECIDER},
    Complain: {CITIZEN},
    OpenProceeding: {HANDLER, DECIDER, DPO},
    CloseProceeding: {HANDLER, DECIDER, DPO},
}
READY: dict[type[Step], dict[str, object]] = {
    Remind: {"question": Question("call", "what", "why", RECEIVED, date(2026, 7, 3))},
    Narrow: {"calls": (CALL, replace(CALL, number=2))},
    ApproveAct: {"acts": (replace(FEE, author="handler"),)},
    RejectAct: {"acts": (replace(FEE, author="handler"),)},
    AnswerFee: {"acts": (replace(FEE, author="handler", approver="decider"),)},
    CloseProceeding: {"proceedings": (COMPLAINT,)},
}
"""What a case must hold before each step, beside its state."""


def ready(step: Step, state: State) -> Case:
    """A case in this state that holds what the step is about."""
    return a_case(state, **READY.get(type(step), {}))


def for_state(step: Step, state: State) -> Step:
    """The step in this state: a fee is for a request that is still open, the release of a hold for one that is not."""
    return ProposeAct(RELEASE) if isinstance(step, ProposeAct) and not state.open else step


def one_of(step: Step) -> Actor:
    return min(WHO[type(step)], key=lambda actor: actor.id)


def test_each_step_beside_the_decision_has_its_row_here() -> None:
    assert {type(step) for step in STEPS} == set(MOVES) == set(FROM) == set(WHO)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_each_step_is_taken_from_its_own_states_only(step: Step, state: State) -> None:
    case, step = ready(step, state), for_state(step, state)
    actor = DECIDER if isinstance(step, ApproveAct) else one_of(step)
    if state not in FROM[type(step)]:
        with pytest.raises(NotNow, match="state"):
            decide_step(case, step, actor, NOW)
        return
    if isinstance(step, ApproveAct) and not state.open:
        case = replace(case, acts=(replace(RELEASE, author="handler"),))
        step = ApproveAct("hold_release")
    after, event = decide_step(case, step, actor, NOW)
    reopens = isinstance(step, OpenProceeding) and state in AFTER
    assert after.state is (State.IN_HAND if reopens else state)
    assert (after.seq, after.moves) == (case.seq + 1, case.moves + 1)
    assert isinstance(event, events.Event)


@pytest.mark.parametrize(
    "actor", [CITIZEN, HANDLER, DECIDER, LISTENER, ADMIN, AUDITOR, DPO, SYSTEM], ids=lambda actor: actor.id
)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: type(step).__name__)
def test_each_step_is_its_own_peoples_only(step: Step, actor: Actor) -> None:
    for state in FROM[type(step)]:
        case = ready(step, state)
        assert (type(step) in open_steps(case, actor)) == (actor in WHO[type(step)])
        if actor not in WHO[type(step)]:
            with pytest.raises(Forbidden):
                decide_step(case, step, actor, NOW)


@pytest.mark.parametrize("step", [step for step in STEPS if CITIZEN in WHO[type(step)]], ids=lambda s: type(s).__name__)
def test_nobody_acts_on_another_persons_answer(step: Step) -> None:
    state = min(FROM[type(step)])
    with pytest.raises(Forbidden):
        decide_step(ready(step, state), step, replace(CITIZEN, id="somebody"), NOW)


def test_no_row_of_these_steps_names_a_state_that_it_leads_to() -> None:
    assert {TABLE[step].to for step in MOVES} == {None}


# --- the open question ---------------------------------------------------------------------------------------------


def waiting(**changes: object) -> Case:
    question = Question("identity", "what", "why", RECEIVED, date(2026, 7, 3))
    return a_case(State.ASKED, question=question, **changes)


def test_the_reminder_is_due_once_after_fourteen_days() -> None:
    case = waiting()
    assert not reminder_due(case, RECEIVED + REMIND_AFTER - timedelta(seconds=1))
    assert reminder_due(case, RECEIVED + REMIND_AFTER)
    reminded, event = decide_step(case, Remind(), SYSTEM, RECEIVED + REMIND_AFTER)
    assert event == events.ReminderSent(date(2026, 7, 3))
    assert not reminder_due(reminded, RECEIVED + timedelta(days=60))
    with pytest.raises(NotNow):
        decide_step(reminded, Remind(), SYSTEM, NOW)


def test_a_question_may_be_left_unanswered_for_thirty_days_and_past_its_own_day() -> None:
    case = waiting()
    asked_on = date(2026, 6, 18)
    assert not may_close_unanswered(case, asked_on + CLOSE_AFTER - timedelta(days=1))
    assert may_close_unanswered(case, asked_on + CLOSE_AFTER)
    late = replace(case, question=replace(case.question, answer_by=asked_on + CLOSE_AFTER))  # type: ignore[type-var]  # there is a question
    assert not may_close_unanswered(late, asked_on + CLOSE_AFTER)
    assert not may_close_unanswered(a_case(), date(2027, 1, 1))


def test_closing_for_want_of_an_answer_waits_for_its_day() -> None:
    case = waiting(findings=())
    with pytest.raises(NotNow, match="answer_awaited"):
        decide_step(case, Propose(NO_REPLY, ""), HANDLER, datetime(2026, 7, 10, 9, 0, tzinfo=UTC))
    after, _ = decide_step(case, Propose(NO_REPLY, ""), HANDLER, datetime(2026, 7, 18, 9, 0, tzinfo=UTC))
    assert after.state is State.FOR_APPROVAL


def test_closing_for_want_of_an_answer_is_not_for_a_case_without_a_question() -> None:
    with pytest.raises(NotNow, match="answer_awaited"):
        decide_step(a_case(findings=()), Propose(NO_REPLY, ""), HANDLER, NOW)


@pytest.mark.parametrize("state", sorted(AFTER))
def test_an_answer_that_comes_after_such_a_closing_opens_the_case_with_a_month_of_its_own(state: State) -> None:
    case = a_case(state, decision=NO_REPLY, answered_at=NOW, author="handler", approver="decider")
    assert closed_unanswered(case)
    after, event = decide_step(case, Reply("here it is"), CITIZEN, datetime(2026, 8, 3, 9, 0, tzinfo=UTC))
    assert (after.state, after.decision, after.answered_at, after.approver) == (State.IN_HAND, None, None, None)
    assert event == events.CaseReopened("answered_late", date(2026, 9, 3), "here it is")
    assert plan_on(after) == date(2026, 9, 3)
    assert after.findings == case.findings


@pytest.mark.parametrize("decision", [GRANT, REFUSAL])
def test_a_message_after_any_other_answer_is_kept_and_opens_nothing(decision: Decision) -> None:
    case = a_case(State.CLOSED, decision=decision, answered_at=NOW)
    after, event = decide_step(case, Reply("thank you"), CITIZEN, NOW)
    assert event == events.MessageReceived("thank you")
    assert (after.state, after.decision) == (State.CLOSED, decision)


# --- narrowing -----------------------------------------------------------------------------------------------------


def test_narrowing_leaves_the_named_calls_and_forgets_what_was_found_of_the_others() -> None:
    two = a_case(calls=(CALL, replace(CALL, number=2)), findings=(FOUND, replace(FOUND, recording="other", call=2)))
    after, event = decide_step(two, Narrow((2,)), CITIZEN, NOW)
    assert after.items == (2,)
    assert [finding.recording for finding in after.findings] == ["other"]
    assert event == events.RequestNarrowed((2,))


@pytest.mark.parametrize("kept", [(), (3,), (1, 2), (1, 2, 3)])
def test_narrowing_to_nothing_or_to_everything_is_none(kept: tuple[int, ...]) -> None:
    two = a_case(calls=(CALL, replace(CALL, number=2)))
    with pytest.raises(NotNow, match="nothing_narrowed"):
        decide_step(two, Narrow(kept), CITIZEN, NOW)


# --- acts of two people --------------------------------------------------------------------------------------------


def after_answer(**changes: object) -> Case:
    return a_case(State.ANSWERED, answered_at=NOW, decision=GRANT, **changes)


@pytest.mark.parametrize(
    ("case", "act", "why"),
    [
        (a_case(), replace(FEE, reason=" "), "no_reason"),
        (a_case(), replace(FEE, ground="R11-2"), "fee_not_reasoned"),
        (a_case(), replace(FEE, facts=" "), "fee_not_reasoned"),
        (a_case(), replace(FEE, assessment=""), "fee_not_reasoned"),
        (a_case(), replace(FEE, lines=()), "fee_not_reasoned"),
        (a_case(), replace(FEE, reply_by=TODAY), "no_time_to_reply"),
        (a_case(), replace(FEE, reply_by=None), "no_time_to_reply"),
        (after_answer(), FEE, "state"),
        (a_case(), LIFTING, "state"),
        (after_answer(), replace(LIFTING, recordings=()), "state"),
        (after_answer(), replace(LIFTING, on=TODAY + LIFTING_NOTICE - timedelta(days=1)), "lifting_without_notice"),
        (after_answer(), replace(LIFTING, on=None), "lifting_without_notice"),
        (after_answer(), replace(LIFTING, reply_by=TODAY), "lifting_without_notice"),
        (after_answer(), replace(LIFTING, reply_by=date(2026, 7, 4)), "lifting_without_notice"),
        (a_case(), RELEASE, "hold_needed"),
        (after_answer(), replace(RELEASE, recordings=()), "hold_needed"),
        (after_answer(proceedings=(COMPLAINT,)), RELEASE, "hold_needed"),
        (a_case(acts=(FEE,)), FEE, "act_open"),
    ],
)
def test_an_act_without_its_conditions_is_refused_with_its_reason(case: Case, act: Act, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        decide_step(case, ProposeAct(act), HANDLER, NOW)


@pytest.mark.parametrize(("case", "act"), [(a_case(), FEE), (after_answer(), LIFTING), (after_answer(), RELEASE)])
def test_an_act_takes_two_people(case: Case, act: Act) -> None:
    proposed, _ = decide_step(case, ProposeAct(act), DECIDER, NOW)
    with pytest.raises(NotNow, match="own_decision"):
        decide_step(proposed, ApproveAct(act.kind), DECIDER, NOW)
    second = replace(DECIDER, id="another")
    approved, event = decide_step(proposed, ApproveAct(act.kind), second, NOW)
    found = approved.act(act.kind)
    assert found is not None
    assert (found.author, found.approver) == (DECIDER.id, second.id)
    assert event == events.ActApproved(act.kind)
    with pytest.raises(NotNow, match="no_act"):
        decide_step(approved, ApproveAct(act.kind), second, NOW)


def test_every_kind_of_act_is_tested_above() -> None:
    assert set(ACT_KINDS) == {FEE.kind, LIFTING.kind, RELEASE.kind}


def test_conditions_are_checked_again_when_the_second_person_agrees() -> None:
    proposed, _ = decide_step(after_answer(), ProposeAct(RELEASE), HANDLER, NOW)
    disputed = replace(proposed, proceedings=(COMPLAINT,))
    with pytest.raises(NotNow, match="hold_needed"):
        decide_step(disputed, ApproveAct("hold_release"), DECIDER, NOW)
    lifting, _ = decide_step(after_answer(), ProposeAct(LIFTING), HANDLER, NOW)
    with pytest.raises(NotNow, match="lifting_without_notice"):
        decide_step(lifting, ApproveAct("lifting"), DECIDER, NOW + timedelta(days=1))


def test_a_rejected_act_is_gone_and_may_be_proposed_anew() -> None:
    proposed, _ = decide_step(a_case(), ProposeAct(FEE), HANDLER, NOW)
    rejected, event = decide_step(proposed, RejectAct("fee", "once is not excess"), DECIDER, NOW)
    assert (rejected.acts, event) == ((), events.ActRejected("fee", "once is not excess"))
    assert decide_step(rejected, ProposeAct(FEE), HANDLER, NOW)[0].acts


@pytest.mark.parametrize("accepted", [True, False])
def test_an_announced_fee_is_answered_once_and_never_stops_the_clock(accepted: bool) -> None:
    case = a_case(acts=(replace(FEE, author="handler", approver="decider"),))
    after, event = decide_step(case, AnswerFee(accepted), CITIZEN, NOW)
    assert event == events.FeeAnswered(accepted)
    assert plan_on(after) == plan_on(case) == plan_on(a_case())
    with pytest.raises(NotNow, match="no_act"):
        decide_step(after, AnswerFee(accepted), CITIZEN, NOW)


@pytest.mark.parametrize("acts", [(), (replace(FEE, author="handler"),)])
def test_nobody_answers_a_fee_that_has_not_been_announced(acts: tuple[Act, ...]) -> None:
    with pytest.raises(NotNow, match="no_act"):
        decide_step(a_case(acts=acts), AnswerFee(accepted=True), CITIZEN, NOW)


# --- visits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slots", [SLOTS[:2], (), (("now", NOW), *SLOTS[1:])])
def test_a_visit_is_offered_at_several_times_to_come(slots: tuple[tuple[str, datetime], ...]) -> None:
    with pytest.raises(NotNow, match="several_times"):
        decide_step(a_case(), OfferVisit("Kirjaamo", slots, 30), HANDLER, NOW)


def test_a_visit_belongs_to_access_alone() -> None:
    with pytest.raises(NotNow, match="not_access"):
        decide_step(a_case(right=Right.ERASURE), OfferVisit("Kirjaamo", SLOTS, 30), HANDLER, NOW)


def test_an_invitation_keeps_the_times_in_order_with_their_slots() -> None:
    offered, event = decide_step(a_case(), OfferVisit("Kirjaamo", SLOTS[::-1], 30), HANDLER, NOW)
    assert offered.visit == VISIT
    assert event == events.VisitOffered("Kirjaamo", TIMES, VISIT.slots)


# --- recipients, route, lateness -----------------------------------------------------------------------------------


def test_what_a_recipient_was_told_is_kept_once_a_recipient_and_impossible_needs_its_reason() -> None:
    for state, why in (("impossible", " "), ("perhaps", "x")):
        with pytest.raises(NotNow, match="no_reason"):
            decide_step(a_case(), Tell("processor", state, why), HANDLER, NOW)
    first, _ = decide_step(a_case(), Tell("processor", "impossible", "no longer exists"), HANDLER, NOW)
    again, event = decide_step(first, Tell("processor", "told"), HANDLER, NOW)
    assert [(one.recipient, one.state) for one in again.told] == [("processor", "told")]
    assert event == events.RecipientTold("processor", "told", "")


def test_the_nearer_of_two_laws_days_is_planned_on() -> None:
    both, event = decide_step(a_case(), DecideRoute(Route.BOTH, large=False, why="a document"), HANDLER, NOW)
    assert plan_on(both) == date(2026, 7, 2)
    assert event == events.RouteDecided("both", False, "a document", date(2026, 7, 2))
    back, event = decide_step(both, DecideRoute(Route.DATA_PROTECTION, large=True, why="own data"), HANDLER, NOW)
    assert plan_on(back) == plan_on(a_case())
    assert event == events.RouteDecided("data_protection", False, "own data", None)


@pytest.mark.parametrize(("what", "reason"), [("extension", " "), ("anything", "because")])
def test_lateness_is_allowed_for_a_named_thing_with_a_reason(what: str, reason: str) -> None:
    with pytest.raises(NotNow, match="no_reason"):
        decide_step(a_case(), AllowLate(what, reason), DPO, NOW)


# --- complaints and proceedings ------------------------------------------------------------------------------------


def test_a_complaint_that_the_person_tells_keeps_the_case_disputed_and_answered() -> None:
    after, event = decide_step(after_answer(), Complain("ombudsman"), CITIZEN, NOW)
    assert after.disputed
    assert after.state is State.ANSWERED
    assert event == events.ComplaintTold("ombudsman")
    with pytest.raises(NotNow, match="told_already"):
        decide_step(after, Complain("ombudsman"), CITIZEN, NOW)
    both, _ = decide_step(after, Complain("administrative_court"), CITIZEN, NOW)
    assert len(both.proceedings) == 2


@pytest.mark.parametrize("body", ["", " "])
def test_a_complaint_names_where_it_was_made(body: str) -> None:
    with pytest.raises(NotNow, match="no_body"):
        decide_step(after_answer(), Complain(body), CITIZEN, NOW)


@pytest.mark.parametrize("step", [replace(INQUIRY, body=" "), replace(INQUIRY, kind="complaint")])
def test_a_proceeding_names_who_asks_and_is_an_inquiry_or_a_court(step: OpenProceeding) -> None:
    with pytest.raises(NotNow, match="no_body"):
        decide_step(after_answer(), step, HANDLER, NOW)


@pytest.mark.parametrize("state", sorted(AFTER))
def test_an_inquiry_opens_an_answered_case_until_the_authoritys_day(state: State) -> None:
    case = a_case(state, decision=REFUSAL, author="handler", approver="decider", answered_at=NOW, closed_at=NOW)
    after, event = decide_step(case, INQUIRY, HANDLER, NOW)
    assert (after.state, after.decision, after.answered_at, after.closed_at) == (State.IN_HAND, None, None, None)
    assert plan_on(after) == INQUIRY.reply_by
    assert (after.findings, after.calls) == (case.findings, case.calls)
    assert event == events.ProceedingOpened("inquiry", "ombudsman", "TSV/1/2026", INQUIRY.reply_by, INQUIRY.matter)
    proposed, _ = decide_step(after, Propose(GRANT, "granted"), HANDLER, NOW)
    assert proposed.state is State.FOR_APPROVAL


def test_an_inquiry_about_an_open_case_leaves_its_own_clock() -> None:
    after, _ = decide_step(a_case(), INQUIRY, HANDLER, NOW)
    assert after.reopened is None
    assert plan_on(after) == plan_on(a_case())


def test_a_case_is_disputed_until_the_last_of_its_proceedings_has_ended() -> None:
    case = after_answer(proceedings=(COMPLAINT, replace(COMPLAINT, body="district_court")))
    one, event = decide_step(case, CloseProceeding(0, "no measures"), HANDLER, NOW)
    assert one.disputed
    assert event == events.ProceedingClosed("complaint", "no measures")
    none, _ = decide_step(one, CloseProceeding(1, "dismissed"), DPO, NOW)
    assert not none.disputed
    assert [each.outcome for each in none.proceedings] == ["no measures", "dismissed"]


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (CloseProceeding(-1, "x"), "state"),
        (CloseProceeding(1, "x"), "state"),
        (CloseProceeding(0, " "), "no_reason"),
    ],
)
def test_what_is_not_open_cannot_be_closed_nor_anything_without_its_outcome(step: CloseProceeding, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        decide_step(after_answer(proceedings=(COMPLAINT,)), step, HANDLER, NOW)


def test_what_has_ended_does_not_end_again() -> None:
    step = CloseProceeding(0, "done")
    once, _ = decide_step(after_answer(proceedings=(COMPLAINT,)), step, HANDLER, NOW)
    with pytest.raises(NotNow, match="state"):
        decide_step(once, step, HANDLER, NOW)
