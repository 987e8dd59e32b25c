"""Acting for another: whose matter it is, and what may be told before staff have looked into the right to act."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain import events
from portal.domain.access import Actor, Forbidden
from portal.domain.case import Case, State
from portal.domain.decisions import Decision, ItemDecision, Outcome, Reasons
from portal.domain.lifecycle import (
    Approve,
    CheckRepresentation,
    CorrectMetadata,
    NotNow,
    OfferVisit,
    Propose,
    Sign,
    decide_step,
    open_steps,
)
from portal.domain.representation import (
    BadBusinessId,
    Kind,
    Mandate,
    Proof,
    Representative,
    age,
    asks_for_themselves,
    business_id,
    may_tell,
)
from portal.domain.rights import Right
from tests.domain.cases import AUDITOR, CITIZEN, DECIDER, HANDLER, LISTENER, NOW, RECTIFY, REFUSAL, a_case

TODAY = date(2026, 6, 19)
OTHER = Representative(Kind.MANDATE, "Aava Esimerkki", ground="a letter of attorney")
CHILD = Representative(Kind.CHILD, "Aava Esimerkki", date(2018, 3, 2))
YOUNG = replace(CHILD, for_born=date(2011, 6, 19))
ALLOW = CheckRepresentation(Mandate.ALLOWED, (Proof.MANDATE,), "the document names both")


def a_matter(acting: Representative | None, state: State = State.IN_HAND, **changes: object) -> Case:
    return a_case(state, representative=acting, **changes)


def checked(acting: Representative, verdict: Mandate) -> Representative:
    return replace(acting, verdict=verdict)


def decision(outcome: Outcome) -> Decision:
    reasons = Reasons("R11-2", "facts", "assessment") if outcome in (Outcome.PARTLY, Outcome.REFUSED) else None
    return Decision((ItemDecision(1, outcome, reasons, "copy"),))


@pytest.mark.parametrize("outcome", [Outcome.GRANTED, Outcome.PARTLY, Outcome.NO_RECORDING])
@pytest.mark.parametrize("verdict", [None, Mandate.ASK, Mandate.DISALLOWED])
def test_nothing_of_anothers_matter_is_told_before_the_right_to_act_is_allowed(
    outcome: Outcome, verdict: Mandate | None
) -> None:
    assert not may_tell(replace(OTHER, verdict=verdict), decision(outcome))
    assert may_tell(checked(OTHER, Mandate.ALLOWED), decision(outcome))


@pytest.mark.parametrize("acting", [None, Representative(), Representative(own_voice=True)])
def test_in_ones_own_matter_nothing_changes(acting: Representative | None) -> None:
    assert all(may_tell(acting, decision(outcome)) for outcome in Outcome)
    after, _ = decide_step(a_matter(acting, State.FOR_APPROVAL), Approve(), DECIDER, NOW)
    assert after.state is State.APPROVED


def test_a_refusal_needs_no_right_to_act() -> None:
    assert may_tell(OTHER, REFUSAL)
    after, _ = decide_step(a_matter(OTHER, State.FOR_APPROVAL, decision=REFUSAL), Approve(), DECIDER, NOW)
    assert after.state is State.APPROVED


def test_a_decision_for_another_waits_for_the_verdict() -> None:
    case = a_matter(OTHER, State.FOR_APPROVAL)
    with pytest.raises(NotNow, match="mandate_unchecked"):
        decide_step(case, Approve(), DECIDER, NOW)
    case, _ = decide_step(case, ALLOW, HANDLER, NOW)
    after, _ = decide_step(case, Approve(), DECIDER, NOW)
    assert after.state is State.APPROVED


def test_where_no_second_person_approves_the_proposal_itself_waits() -> None:
    step = Propose(RECTIFY, "granted")
    with pytest.raises(NotNow, match="mandate_unchecked"):
        decide_step(a_matter(OTHER, right=Right.RECTIFICATION), step, HANDLER, NOW)
    case = a_matter(checked(OTHER, Mandate.ALLOWED), right=Right.RECTIFICATION)
    assert decide_step(case, step, HANDLER, NOW)[0].state is State.APPROVED


def test_signing_asks_again() -> None:
    case = a_matter(checked(OTHER, Mandate.DISALLOWED), State.APPROVED)
    with pytest.raises(NotNow, match="mandate_unchecked"):
        decide_step(case, Sign("grant", None), DECIDER, NOW)


def test_neither_a_visit_nor_a_correction_goes_round_the_verdict() -> None:
    visit = OfferVisit("Espoo", (), 30)
    with pytest.raises(NotNow, match="mandate_unchecked"):
        decide_step(a_matter(OTHER), visit, HANDLER, NOW)
    correction = CorrectMetadata("rec", "caller", "", "+358401234567")
    with pytest.raises(NotNow, match="mandate_unchecked"):
        decide_step(a_matter(OTHER, right=Right.RECTIFICATION), correction, HANDLER, NOW)


def test_the_verdict_tells_who_gave_it_by_which_documents_and_why() -> None:
    after, event = decide_step(a_matter(OTHER), ALLOW, HANDLER, NOW)
    assert after.representative == replace(
        OTHER, verdict=Mandate.ALLOWED, proofs=(Proof.MANDATE,), reasons=ALLOW.reasons, checked_by="handler",
        checked_at=NOW,
    )  # fmt: skip
    assert event == events.RepresentationChecked("allowed", ("mandate",), ALLOW.reasons)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (replace(ALLOW, reasons=" "), "verdict_without_reasons"),
        (replace(ALLOW, proofs=()), "verdict_without_proof"),
        (replace(ALLOW, verdict=Mandate.ASK, reasons=""), "verdict_without_reasons"),
    ],
)
def test_a_verdict_has_its_reasons_and_an_allowing_one_its_documents(step: CheckRepresentation, why: str) -> None:
    with pytest.raises(NotNow, match=why):
        decide_step(a_matter(OTHER), step, HANDLER, NOW)


def test_there_is_no_verdict_in_ones_own_matter() -> None:
    for acting in (None, Representative()):
        with pytest.raises(NotNow, match="own_matter"):
            decide_step(a_matter(acting), ALLOW, HANDLER, NOW)


def test_a_young_persons_matter_is_confirmed_once_more() -> None:
    with pytest.raises(NotNow, match="young_person_unconfirmed"):
        decide_step(a_matter(YOUNG), ALLOW, HANDLER, NOW)
    after, _ = decide_step(a_matter(YOUNG), replace(ALLOW, confirmed=True), HANDLER, NOW)
    assert after.representative
    assert after.representative.verdict is Mandate.ALLOWED
    assert decide_step(a_matter(CHILD), ALLOW, HANDLER, NOW)[0].representative != CHILD


@pytest.mark.parametrize("actor", [CITIZEN, LISTENER, AUDITOR], ids=lambda actor: actor.id)
def test_handlers_and_decision_makers_alone_give_the_verdict(actor: Actor) -> None:
    with pytest.raises(Forbidden):
        decide_step(a_matter(OTHER), ALLOW, actor, NOW)
    assert CheckRepresentation not in open_steps(a_matter(OTHER), actor)


def test_an_approved_decision_is_returned_before_the_verdict_changes() -> None:
    with pytest.raises(NotNow, match="state"):
        decide_step(a_matter(OTHER, State.APPROVED), ALLOW, HANDLER, NOW)


@pytest.mark.parametrize(
    ("born", "theirs"),
    [(date(2011, 6, 19), True), (date(2011, 6, 20), False), (date(2018, 1, 1), False), (None, True)],
)
def test_from_the_day_of_fifteen_a_child_has_a_word_of_their_own(born: date | None, theirs: bool) -> None:
    assert asks_for_themselves(replace(CHILD, for_born=born), TODAY) is theirs


def test_a_leap_days_child_grows_older_on_the_first_of_march() -> None:
    assert age(date(2012, 2, 29), date(2027, 2, 28)) == 14
    assert age(date(2012, 2, 29), date(2027, 3, 1)) == 15


def test_a_business_id_is_known_by_its_check_digit() -> None:
    assert business_id(" 12345671 ") == "1234567-1"
    for wrong in ("", "1234567-2", "123456-7", "yritys"):
        with pytest.raises(BadBusinessId):
            business_id(wrong)
