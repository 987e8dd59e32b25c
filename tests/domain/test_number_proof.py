"""Was the number the caller's: ways, limits, grades, and the gate that a release passes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.access import Actor, Forbidden
from portal.domain.case import Case, State, Wishes
from portal.domain.decisions import Decision, ItemDecision, Outcome
from portal.domain.lifecycle import Approve, NotNow, Propose, Sign, decide_step
from portal.domain.number_proof import (
    CodesSent,
    CodeWay,
    Grade,
    How,
    Limit,
    NumberProof,
    code_way,
    days_apart,
    far_apart,
    limit_reached,
    note_fault,
)
from portal.domain.number_steps import releases, unproved_items
from portal.domain.rights import Right
from portal.domain.steps import ProveNumber, ShareNumber, Step, SupportNumber, UnproveNumber
from tests.domain.cases import (
    AUDITOR,
    CITIZEN,
    DECIDER,
    GRANT,
    HANDLER,
    LISTENER,
    NOW,
    REFUSAL,
    SUPPORTED,
    a_case,
)

FINLAND = frozenset({358})
PROVE = ProveNumber(1, How.TEXT, NOW)
SUPPORT = SupportNumber(1, How.REGISTER, "Sama numero asiakasrekisterissä")


def bare(**changes: object) -> Case:
    """A case about whose number nothing is known."""
    return a_case(**({"numbers": ()} | changes))  # type: ignore[arg-type]  # fields by name


def after(case: Case, step: Step, actor: Actor) -> Case:
    return decide_step(case, step, actor, NOW)[0]


@pytest.mark.parametrize(
    ("number", "way"),
    [
        ("+358401234567", CodeWay.TEXT),
        ("+358457123456", CodeWay.TEXT),
        ("+358505550123", CodeWay.TEXT),
        ("+35898160011", CodeWay.CALL_BACK),
        ("+358161234567", CodeWay.CALL_BACK),
        ("+358103808000", CodeWay.STAFF),
        ("+358295042000", CodeWay.STAFF),
        ("+358800123456", CodeWay.STAFF),
        ("+35860012345", CodeWay.STAFF),
        ("112", CodeWay.STAFF),
        ("+35840", CodeWay.STAFF),
        ("+46701740610", CodeWay.STAFF),
        ("+", CodeWay.STAFF),
        (None, CodeWay.STAFF),
    ],
)
def test_a_code_goes_to_finnish_mobiles_alone_and_fixed_lines_are_rung(number: str | None, way: CodeWay) -> None:
    assert code_way(number, FINLAND, texts=True) is way


def test_other_countries_get_codes_when_they_are_on_the_list() -> None:
    assert code_way("+46701740610", FINLAND | {46}, texts=True) is CodeWay.TEXT


def test_without_a_gateway_a_mobile_is_rung() -> None:
    assert code_way("+358401234567", FINLAND, texts=False) is CodeWay.CALL_BACK


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (CodesSent(), None),
        (CodesSent(number_hour=2, number_day=4, person_day=4, other_numbers=2, address_hour=19, total_day=9), None),
        (CodesSent(number_hour=3), Limit.NUMBER),
        (CodesSent(number_day=5), Limit.NUMBER),
        (CodesSent(person_day=5), Limit.PERSON),
        (CodesSent(other_numbers=3), Limit.PERSON),
        (CodesSent(address_hour=20), Limit.ADDRESS),
        (CodesSent(total_day=10), Limit.BUDGET),
    ],
)
def test_each_limit_stops_the_message_that_would_pass_it(sent: CodesSent, limit: Limit | None) -> None:
    assert limit_reached(sent, budget=10) is limit


def test_a_proof_more_than_ninety_days_from_the_call_is_far_apart_in_either_direction() -> None:
    day = date(2026, 6, 16)
    assert days_apart(day + timedelta(days=91), day) == 91
    assert far_apart(91)
    assert far_apart(-91)
    assert not far_apart(90)
    assert not far_apart(days_apart(day, None))


@pytest.mark.parametrize("how", list(How))
def test_only_a_documents_kind_is_written_down_never_its_number(how: How) -> None:
    assert note_fault(how, " ") == "no_note"
    assert note_fault(how, "ajokortti") is None
    assert (note_fault(how, "passi FP1234567") == "number_in_note") is (how is How.DOCUMENTS)


def test_a_code_proves_the_number_with_the_days_since_the_call() -> None:
    proved = after(bare(), PROVE, CITIZEN).number(1)
    assert (proved.grade, proved.how, proved.by, proved.days) == (Grade.PROVED, "text", "", 3)
    assert proved.enough


def test_a_comparison_supports_the_number_with_who_made_it_and_on_which_facts() -> None:
    supported = after(bare(), SUPPORT, HANDLER).number(1)
    assert (supported.grade, supported.how, supported.by) == (Grade.SUPPORTED, "register", "handler")
    assert supported.note == "Sama numero asiakasrekisterissä"
    assert supported.enough


def test_a_proof_outdoes_a_support_and_no_support_outdoes_a_proof() -> None:
    proved = after(after(bare(), SUPPORT, HANDLER), PROVE, CITIZEN)
    assert proved.numbers == (replace(proved.number(1), by="", note=""),)
    with pytest.raises(NotNow, match="number_proved"):
        after(proved, SUPPORT, HANDLER)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (SupportNumber(1, How.REGISTER, " "), "no_note"),
        (SupportNumber(1, How.DOCUMENTS, "passi 12345"), "number_in_note"),
        (SupportNumber(1, How.TEXT, "koodi"), "by_code_only"),
        (SupportNumber(2, How.REGISTER, "asiakas"), "no_such_call"),
        (UnproveNumber(1, "väärä"), "state"),
    ],
)
def test_a_support_without_its_facts_is_none(step: Step, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        after(bare(), step, HANDLER)


def test_a_proof_is_not_what_staff_saw() -> None:
    with pytest.raises(NotNow, match="not_by_code"):
        after(bare(), ProveNumber(1, How.REGISTER, NOW), CITIZEN)


def test_a_grade_is_taken_back_with_a_reason_only_and_others_use_stays_noted() -> None:
    case = after(after(bare(), SUPPORT, HANDLER), ShareNumber(1, True), HANDLER)
    with pytest.raises(NotNow, match="no_reason"):
        after(case, UnproveNumber(1, " "), HANDLER)
    assert after(case, UnproveNumber(1, "toinen henkilö"), HANDLER).number(1) == NumberProof(
        1, Grade.UNPROVED, shared=True
    )


@pytest.mark.parametrize("actor", [CITIZEN, LISTENER, AUDITOR], ids=lambda actor: actor.id)
@pytest.mark.parametrize("step", [SUPPORT, UnproveNumber(1, "x"), ShareNumber(1, True)], ids=lambda s: type(s).__name__)
def test_only_who_handles_the_case_compares_numbers(step: Step, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        after(bare(), step, actor)


@pytest.mark.parametrize("actor", [HANDLER, replace(CITIZEN, id="another")], ids=lambda actor: actor.id)
def test_only_the_applicant_proves_a_number(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        after(bare(), PROVE, actor)


@pytest.mark.parametrize("state", [State.ANSWERED, State.CLOSED, State.WITHDRAWN])
def test_nothing_is_proved_when_the_case_is_over(state: State) -> None:
    with pytest.raises(NotNow, match="state"):
        after(bare(state=state), PROVE, CITIZEN)


@pytest.mark.parametrize(
    ("right", "copy_first", "gives"),
    [
        (Right.ACCESS, False, True),
        (Right.PORTABILITY, False, True),
        (Right.ERASURE, True, True),
        (Right.ERASURE, False, False),
        (Right.RECTIFICATION, False, False),
        (Right.RESTRICTION, False, False),
    ],
)
def test_a_request_releases_a_recording_when_a_copy_is_given(right: Right, copy_first: bool, gives: bool) -> None:
    case = bare(right=right, wishes=Wishes(copy_first=copy_first))
    assert releases(case) is gives
    assert unproved_items(case, GRANT) == ((1,) if gives else ())
    assert unproved_items(replace(case, numbers=(SUPPORTED,)), GRANT) == ()


def test_an_unproved_number_stops_a_release_at_proposing_approving_and_signing() -> None:
    proposed = a_case(State.FOR_APPROVAL, numbers=())
    approved = a_case(State.APPROVED, numbers=())
    for case, step, actor in (
        (bare(), Propose(GRANT, "granted"), HANDLER),
        (proposed, Approve(), DECIDER),
        (approved, Sign("grant", None), DECIDER),
    ):
        with pytest.raises(NotNow, match="number_unproved"):
            after(case, step, actor)
        assert after(replace(case, numbers=(SUPPORTED,)), step, actor).moves == case.moves + 1


def test_a_proved_number_alone_releases_nothing_without_the_listener() -> None:
    case = after(bare(findings=(replace(a_case().findings[0], speaker=None),)), PROVE, CITIZEN)
    with pytest.raises(NotNow, match="speaker_not_confirmed"):
        after(case, Propose(GRANT, "granted"), HANDLER)


def test_each_released_call_needs_its_own_number() -> None:
    case = a_case()
    two = replace(case, calls=(case.calls[0], replace(case.calls[0], number=2)))
    both = Decision(tuple(ItemDecision(n, Outcome.GRANTED, what="copy") for n in (1, 2)))
    assert unproved_items(two, both) == (2,)


def test_a_refusal_needs_no_proof() -> None:
    assert after(bare(), Propose(REFUSAL, "refused"), HANDLER).decision == REFUSAL


def test_a_proof_given_before_filing_keeps_its_own_instant() -> None:
    earlier = datetime(2026, 6, 18, 8, 0, tzinfo=UTC)
    assert after(bare(), ProveNumber(1, How.TEXT, earlier), CITIZEN).number(1).at == earlier
