"""Acts of two people: a fee is announced, a restriction is lifted after its notice, a hold ends early; and a visit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.access import Forbidden
from portal.domain.case import Act, CostLine, Wishes
from portal.domain.lifecycle import CloseProceeding, Complain, NotNow, RejectAct
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import acts, lists
from portal.services.office import Office
from portal.services.step import take_step
from portal.services.tell_recipient import tell_recipient
from tests import make
from tests.services.walk import Walk, clerk, walk

FEE = Act(
    "fee", "the same recordings were asked for four times this month", reply_by=date(2026, 7, 9), ground="R12-5E",
    facts="Requests on 2, 5, 9 and 12 June.", assessment="Nothing was recorded in between.",
    lines=(CostLine("copying", 1250), CostLine("postage", 250)),
)  # fmt: skip
LAST = datetime(2026, 7, 9, 20, 59, tzinfo=UTC)
"""The end of 9 July in Helsinki, when a restriction of that day is lifted."""


def propose(made: Walk, act: Act) -> Walk:
    acts.propose_act(made.office, made.handler, made.filed.ref, act, made.case.moves)
    return made


def agree(made: Walk, kind: str) -> Walk:
    acts.approve_act(made.office, made.decider, made.filed.ref, kind, made.case.moves)
    return made


def restricted(here: Office) -> Walk:
    """An answered case whose recording is restricted."""
    wanted = make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))
    made = walk(here, wanted).taken().heard().proposed(outcome="granted")
    for one in here.registers["espoo"].recipients:
        tell_recipient(here, made.handler, made.filed.ref, one.code, "told", "", made.case.moves)
    return made.signed()


def lifting(made: Walk) -> Act:
    on = date(2026, 7, 9)
    return Act("lifting", "the accuracy has been verified", on=on, reply_by=on, recordings=made.recordings)


def letters(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [one.kind for one in work.documents.of_case(made.case.id)]


def is_restricted(made: Walk) -> bool:
    with made.office.reading() as work:
        found = work.recordings.get(made.recordings[0])
    assert found is not None
    return found.restricted


def reasons(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [reason for _recording, reason in work.recordings.holds_of(made.case.id)]


def move_to(here: Office, at: datetime) -> None:
    here.clock.at = at  # type: ignore[attr-defined]  # the tests' clock


def test_a_fee_is_announced_by_letter_when_a_second_person_agrees_and_stops_no_clock(office: Office) -> None:
    made = propose(walk(office).taken(), FEE)
    assert "fee" not in letters(made)
    due = made.case.received_on
    agree(made, "fee")
    assert letters(made)[-1] == "fee"
    assert made.actions[-2:] == ["act_approved", "letter_issued"]
    found = made.case.act("fee")
    assert found is not None
    assert (found.approver, found.accepted, found.cents) == (made.decider.id, None, 1500)
    assert made.case.received_on == due
    assert not made.case.pauses


def test_a_second_click_announces_no_second_fee(here: Office) -> None:
    made = propose(walk(here).taken(), FEE)
    seen = made.case.moves
    acts.approve_act(here, made.decider, made.filed.ref, "fee", seen)
    with pytest.raises(NotNow, match="moved"):
        acts.approve_act(here, made.decider, made.filed.ref, "fee", seen)
    assert letters(made).count("fee") == 1


def test_nobody_agrees_to_their_own_act(here: Office) -> None:
    made = walk(here).taken()
    acts.propose_act(here, made.decider, made.filed.ref, FEE, made.case.moves)
    with pytest.raises(NotNow, match="own_decision"):
        agree(made, "fee")
    with pytest.raises(Forbidden):
        acts.approve_act(here, made.handler, made.filed.ref, "fee", made.case.moves)
    assert "fee" not in letters(made)


@pytest.mark.parametrize(
    ("register", "change", "why"),
    [
        ("janakkala", lambda act: act, "fee_never"),
        ("espoo", lambda act: replace(act, reply_by=date(2026, 7, 1)), "no_time_to_reply"),
        ("espoo", lambda act: replace(act, assessment=" "), "fee_not_reasoned"),
        ("espoo", lambda act: replace(act, ground="R11-2"), "fee_not_reasoned"),
        ("espoo", lambda act: replace(act, lines=()), "fee_not_reasoned"),
        ("espoo", lambda act: replace(act, reason=""), "no_reason"),
    ],
)
def test_a_fee_without_what_the_law_demands_is_refused(
    here: Office, register: str, change: Callable[[Act], Act], why: str
) -> None:
    made = walk(here, register=register).taken()
    with pytest.raises(NotNow, match=why):
        propose(made, change(FEE))
    assert made.case.acts == ()


def test_a_fee_whose_notice_has_run_short_is_not_agreed_to(here: Office) -> None:
    made = propose(walk(here).taken(), FEE)
    here.clock.move(days=10)  # type: ignore[attr-defined]
    with pytest.raises(NotNow, match="no_time_to_reply"):
        agree(made, "fee")


def test_an_act_that_is_not_agreed_to_falls_and_may_be_proposed_again(here: Office) -> None:
    made = propose(walk(here).taken(), FEE)
    with pytest.raises(NotNow, match="act_open"):
        propose(made, FEE)
    with pytest.raises(NotNow, match="no_reason"):
        acts.reject_act(here, made.decider, made.filed.ref, RejectAct("fee", " "), made.case.moves)
    acts.reject_act(here, made.decider, made.filed.ref, RejectAct("fee", "two are no flood"), made.case.moves)
    assert made.case.acts == ()
    assert propose(made, FEE).case.act("fee")


def test_whoever_approves_sees_what_waits_in_their_own_register(office: Office) -> None:
    made = propose(walk(office).taken(), FEE)
    assert [one.act.kind for one in acts.waiting(office, made.decider)] == ["fee"]
    with pytest.raises(Forbidden):
        acts.waiting(office, made.handler)
    stranger = clerk("stranger", *made.decider.roles, register="janakkala")
    assert acts.waiting(office, stranger) == ()
    agree(made, "fee")
    assert acts.waiting(office, made.decider) == ()


def test_a_restriction_is_lifted_at_the_end_of_the_day_that_the_notice_names(office: Office) -> None:
    made = restricted(office)
    agree(propose(made, lifting(made)), "lifting")
    assert letters(made)[-1] == "restriction_lifting"
    move_to(office, LAST - timedelta(minutes=1))
    runner.drain(office)
    assert is_restricted(made)
    move_to(office, LAST)
    runner.drain(office)
    assert not is_restricted(made)
    assert "restriction" not in reasons(made)
    acts.lift(office, made.case.id)
    assert made.actions.count("restriction_lifted") == 1
    with office.reading() as work:
        assert work.recordings.miscounted() == ()


def test_a_restriction_is_never_lifted_without_two_weeks_notice(here: Office) -> None:
    made = restricted(here)
    for short in (replace(lifting(made), on=date(2026, 7, 1)), replace(lifting(made), reply_by=None)):
        with pytest.raises(NotNow, match="lifting_without_notice"):
            propose(made, short)
    propose(made, lifting(made))
    here.clock.move(days=8)  # type: ignore[attr-defined]
    with pytest.raises(NotNow, match="lifting_without_notice"):
        agree(made, "lifting")


def test_a_lifting_may_be_taken_back_when_the_applicants_views_change_the_matter(here: Office) -> None:
    made = restricted(here)
    agree(propose(made, lifting(made)), "lifting")
    acts.reject_act(here, made.handler, made.filed.ref, RejectAct("lifting", "the claim goes on"), made.case.moves)
    assert letters(made)[-2:] == ["restriction_lifting", "restriction_lifting"]
    move_to(here, LAST)
    runner.drain(here)
    assert is_restricted(made)


def test_what_was_announced_is_taken_back_by_a_letter_that_names_the_notice(office: Office) -> None:
    made = restricted(office)
    agree(propose(made, lifting(made)), "lifting")
    step = RejectAct("lifting", "vaadit tietoja vielä oikeudessa")
    acts.reject_act(office, made.handler, made.filed.ref, step, made.case.moves)
    with office.reading() as work:
        told = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, told.id, work.cases.box(made.case)) or ""
    assert "Ilmoitus rajoituksen jatkumisesta" in html
    assert "Emme poista rajoitusta silloin, koska vaadit tietoja vielä oikeudessa." in html
    assert "Aiempi kirje: ilmoitus rajoituksen poistamisesta, 18.6.2026" in html


def test_a_proposal_that_nobody_announced_falls_without_a_letter(here: Office) -> None:
    made = propose(made := restricted(here), lifting(made))
    before = letters(made)
    acts.reject_act(here, made.decider, made.filed.ref, RejectAct("lifting", "not yet"), made.case.moves)
    assert letters(made) == before


def test_an_answered_case_asks_for_the_lifting_of_its_restriction_until_the_notice_has_gone(here: Office) -> None:
    made = restricted(here)

    def following() -> str:
        return lists.case_view(here, made.handler, made.filed.ref).next_step

    assert following() == "lift"
    propose(made, lifting(made))
    assert following() == "approve_lift"
    agree(made, "lifting")
    assert following() == "close"


def test_a_disputed_restriction_is_not_lifted_before_the_dispute_ends(here: Office) -> None:
    made = restricted(here)
    agree(propose(made, lifting(made)), "lifting")
    dispute(made, ends=False)
    move_to(here, LAST)
    runner.drain(here)
    assert is_restricted(made)
    dispute(made, ends=True)
    move_to(here, LAST + timedelta(days=1))
    runner.drain(here)
    assert not is_restricted(made)


def dispute(made: Walk, *, ends: bool) -> None:
    """The applicant complains, or the complaint ends."""
    with made.office.writing() as work:
        case = work.cases.open(made.filed.ref, made.handler, lock=True)
        step = CloseProceeding(0, "dismissed") if ends else Complain("the Ombudsman")
        take_step(made.office, work, case, step, made.handler if ends else made.citizen)


def test_the_mark_of_a_restriction_stays_while_another_case_restricts_the_recording(office: Office) -> None:
    made = restricted(office)
    recording = made.recordings[0]
    with office.writing() as work:
        assert work.recordings.hold(recording, "restriction", "0" * 32, "x", date(2026, 9, 1), office.now())
        assert work.recordings.release(made.case.id, office.now(), recording_id=recording, restriction=True)
        work.recordings.restrict(recording, on=False)
    assert is_restricted(made)


def test_only_what_the_case_itself_restricts_can_be_lifted(here: Office) -> None:
    made = restricted(here)
    with pytest.raises(NotNow, match="state"):
        propose(made, replace(lifting(made), recordings=("another",)))


def test_a_hold_ends_early_when_two_agree_and_never_while_an_answer_is_owed(office: Office) -> None:
    made = walk(office).taken()
    release = Act("hold_release", "the applicant has the copy", recordings=made.recordings)
    with pytest.raises(NotNow, match="hold_needed"):
        propose(made, release)
    made.heard().proposed(outcome="granted").approved().signed()
    agree(propose(made, release), "hold_release")
    assert reasons(made) == []
    assert made.actions[-2:] == ["act_approved", "hold_released"]
    assert letters(made)[-1] == "grant"


def test_the_hold_of_a_restriction_is_not_released_as_a_hold(here: Office) -> None:
    made = restricted(here)
    with here.writing() as work:
        work.recordings.release(made.case.id, here.now())
    assert reasons(made) == ["restriction"]
    with pytest.raises(NotNow, match="state"):
        propose(made, Act("hold_release", "done", recordings=made.recordings))
