"""What a right does: at once where the law says so, and never before what must come first."""

from datetime import timedelta

import pytest

from portal.domain.access import SYSTEM
from portal.domain.case import State, Wishes
from portal.domain.lifecycle import Ask, NotNow
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import (
    approve,
    ask_applicant,
    choose_call,
    decide,
    dispose,
    erase_after_copy,
    hand_over,
    listen,
    lists,
    withdraw_request,
)
from portal.services.office import Office
from portal.services.ports import Recording
from portal.services.restricted_use import Restricted
from tests import make
from tests.services.walk import Walk, walk

GRANTED = {"outcome": "granted"}
COPY_FIRST = Wishes(copy_first=True)


def recording(made: Walk, number: int = 0) -> Recording:
    with made.office.reading() as work:
        found = work.recordings.get(made.recordings[number])
    assert found is not None
    return found


def letters(made: Walk) -> list[str]:
    with made.office.reading() as work:
        return [one.kind for one in work.documents.of_case(made.case.id) if one.kind != "ack"]


def text(made: Walk, kind: str) -> str:
    with made.office.reading() as work:
        one = next(one for one in work.documents.of_case(made.case.id) if one.kind == kind)
        return work.documents.html(made.case.id, one.id, work.cases.box(made.case)) or ""


def chosen(made: Walk, *, it_is: bool = True) -> None:
    choose_call.choose_call(
        made.office, made.handler, made.filed.ref, made.recordings[0], 1, it_is=it_is, seen=made.case.moves
    )


# --- the copy first, then the erasure ---------------------------------------------------------------------------


@pytest.fixture
def copied(here: Office) -> Walk:
    """An erasure whose applicant wants the copy first: approved, signed, the copy made."""
    made = walk(here, make.request(Right.ERASURE, wishes=COPY_FIRST)).taken().heard().proposed(**GRANTED)
    made.approved().signed()
    runner.drain(here)
    return made


def test_a_copy_asked_before_the_erasure_is_given_and_nothing_is_erased(here: Office, copied: Walk) -> None:
    assert copied.case.state is State.ANSWERED
    assert letters(copied) == ["grant"]
    assert recording(copied).state == 0
    audio = hand_over.open_copy(here, copied.citizen, copied.filed.ref, 1)
    assert audio.size > 0
    answer = lists.reply(here, copied.citizen, copied.filed.ref)
    assert answer is not None
    last = answer.copies[0].copy.available_until
    erased = last + timedelta(days=1)
    printed = text(copied, "grant")
    assert f"noudettavissa {last.day}.{last.month}.{last.year} saakka" in printed.replace("\xa0", " ")
    assert f"Tämä tallenne poistetaan {erased.day}.{erased.month}.{erased.year}." in printed.replace("\xa0", " ")


def test_the_erasure_follows_when_the_copys_life_has_ended(here: Office, copied: Walk, clock: make.Clock) -> None:
    with here.reading() as work:
        last = work.documents.copies(copied.case.id, copied.filed.person)[0].available_until
    clock.move(days=(last - here.today()).days)
    runner.drain(here)
    assert recording(copied).state == 0
    clock.move(days=1)
    runner.drain(here)
    assert recording(copied).state == 3
    assert letters(copied) == ["grant", "erased"]
    assert "Poistimme" in text(copied, "erased")
    assert copied.actions.count("recording_erased") == 1


def test_the_applicant_who_has_the_copy_need_not_wait(here: Office, copied: Walk) -> None:
    erase_after_copy.keep_copy(here, copied.citizen, copied.filed.ref)
    assert recording(copied).state == 0
    runner.drain(here)
    assert recording(copied).state == 3
    assert letters(copied) == ["grant", "erased"]
    with pytest.raises(NotNow):
        erase_after_copy.keep_copy(here, copied.citizen, copied.filed.ref)


def test_the_erasure_runs_twice_without_harm(here: Office, copied: Walk) -> None:
    erase_after_copy.keep_copy(here, copied.citizen, copied.filed.ref)
    for _ in range(2):
        erase_after_copy.erase_after_copy(here, copied.case.id)
    assert letters(copied) == ["grant", "erased"]


def test_a_hold_of_somebody_elses_case_makes_the_erasure_wait(here: Office, copied: Walk, clock: make.Clock) -> None:
    make.filed(here)
    erase_after_copy.keep_copy(here, copied.citizen, copied.filed.ref)
    erase_after_copy.erase_after_copy(here, copied.case.id)
    assert recording(copied).state == 0
    assert letters(copied) == ["grant"]


def test_an_erasure_without_the_wish_is_carried_out_at_signing(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken().heard().proposed(**GRANTED).approved().signed()
    assert recording(made).state == 3
    assert letters(made) == ["erased"]


def test_a_part_is_copied_and_then_erased_and_the_rest_refused_in_the_same_letter(
    here: Office, clock: make.Clock
) -> None:
    calls = (make.call(1), make.call(2))
    made = walk(here, make.request(Right.ERASURE, *calls, wishes=COPY_FIRST)).taken().heard()
    refused = {
        "outcome": "refused",
        "ground": "R17-NG",
        "facts": "Tiedot tarvitaan.",
        "assessment": "Käsittely jatkuu.",
    }
    decide.save_draft(here, made.handler, made.filed.ref, {"1": GRANTED, "2": refused})
    assert {one.code for one in decide.load_draft(here, made.handler, made.filed.ref).missing} <= {"recipients_untold"}
    decide.propose(here, made.handler, made.filed.ref, made.case.moves)
    made.approved().signed()
    runner.drain(here)
    assert letters(made) == ["part"]
    assert recording(made).state == 0
    first = text(made, "part")
    for code in ("S09b", "S10", "S11", "S12d"):
        assert f'data-s="{code}"' in first
    assert 'data-s="S16b"' not in first
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer
    assert len(answer.copies) == 1
    clock.move(days=60)
    runner.drain(here)
    assert recording(made).state == 3
    assert letters(made) == ["part", "erased"]
    assert 'data-s="S10"' not in text(made, "erased")


# --- restriction at once ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", [Right.RESTRICTION, Right.OBJECTION, Right.RECTIFICATION])
def test_a_chosen_recording_is_restricted_at_once(here: Office, right: Right) -> None:
    made = walk(here, make.request(right, wishes=Wishes(wrong="x", ground="contested"))).taken()
    assert not recording(made).restricted
    chosen(made)
    assert recording(made).restricted
    with here.reading() as work:
        assert (made.recordings[0], "restriction") in work.recordings.holds_of(made.case.id)
    assert "restriction_begun" in made.actions


@pytest.mark.parametrize("right", [Right.ACCESS, Right.ERASURE])
def test_other_rights_restrict_nothing(here: Office, right: Right) -> None:
    made = walk(here, make.request(right)).taken()
    chosen(made)
    assert not recording(made).restricted


def test_a_restricted_recording_is_heard_for_the_case_alone_and_kept_from_retention(
    here: Office, clock: make.Clock
) -> None:
    made = walk(here, make.request(Right.OBJECTION)).taken()
    chosen(made)
    foreign = Walk(here, make.filed(here, who=make.identified("Eero Esimerkkilä", "040387-913K")), "espoo")
    assert listen.open_recording(here, made.listener, made.filed.ref, made.recordings[0]).size > 0
    with pytest.raises(Restricted):
        listen.open_recording(here, foreign.listener, foreign.filed.ref, made.recordings[0])
    clock.move(days=1000)
    assert dispose.dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 0


def test_the_restriction_ends_when_the_call_turns_out_to_be_another(here: Office) -> None:
    made = walk(here, make.request(Right.RESTRICTION)).taken()
    chosen(made)
    chosen(made, it_is=False)
    assert not recording(made).restricted
    with here.reading() as work:
        assert [reason for _one, reason in work.recordings.holds_of(made.case.id)] == ["request"]


def test_the_restriction_ends_with_the_withdrawal_of_the_request(here: Office) -> None:
    made = walk(here, make.request(Right.RESTRICTION)).taken()
    chosen(made)
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    runner.drain(here)
    assert not recording(made).restricted
    with here.reading() as work:
        assert work.recordings.holds_of(made.case.id) == ()
        assert work.recordings.miscounted() == ()


def test_the_restriction_outlives_a_refusal_until_its_notice(here: Office) -> None:
    made = walk(here, make.request(Right.RESTRICTION)).taken().heard()
    made.proposed(outcome="refused", ground="R18-NG", facts="The address was right.", assessment="None of 18(1).")
    made.approved().signed()
    assert made.case.state is State.ANSWERED
    assert recording(made).restricted


# --- withdrawal of consent --------------------------------------------------------------------------------------


def test_a_withdrawal_of_consent_is_recorded_in_the_transaction_of_its_filing(here: Office) -> None:
    register = here.registers["pikkujatti"]
    purpose = register.purposes[0].code
    wanted = make.request(Right.WITHDRAWAL, wishes=Wishes(purposes=(purpose,)))
    made = walk(here, wanted, register="pikkujatti", found=0)
    assert made.actions[:2] == ["request_received", "consent_withdrawn"]
    with here.reading() as work:
        entry = work.cases.timeline(made.case)[1]
    assert entry.facts == {"purposes": [purpose]}
    assert (entry.actor_kind, entry.actor) == ("citizen", made.filed.person)


def test_the_letter_of_a_withdrawal_names_its_purposes_and_the_day_it_came(here: Office, clock: make.Clock) -> None:
    register = here.registers["pikkujatti"]
    purpose = register.purposes[0]
    wanted = make.request(Right.WITHDRAWAL, wishes=Wishes(purposes=(purpose.code,)))
    made = walk(here, wanted, register="pikkujatti", found=0).taken()
    clock.move(days=3)
    made.proposed(**GRANTED).signed()
    printed = text(made, "consent_withdrawn").replace("\xa0", " ")
    assert "Kirjasimme 18.6.2026 suostumuksesi peruutetuksi" in printed
    assert purpose.name.fi in printed


# --- direct marketing -------------------------------------------------------------------------------------------


def test_an_objection_to_direct_marketing_is_not_refused_and_another_may_be(here: Office) -> None:
    purposes = here.registers["pk_terveys"].purposes
    refused = {"outcome": "refused", "ground": "R21-COMP", "facts": "F.", "assessment": "A."}
    for purpose in purposes:
        wanted = make.request(Right.OBJECTION, wishes=Wishes(purposes=(purpose.code,)))
        made = walk(here, wanted, register="pk_terveys", found=0).taken()
        decide.save_draft(here, made.handler, made.filed.ref, {"1": refused})
        codes = {one.code for one in decide.load_draft(here, made.handler, made.filed.ref).missing}
        assert ("marketing_is_absolute" in codes) is purpose.direct_marketing
    assert {purpose.direct_marketing for purpose in purposes} == {True, False}


# --- closing for want of an answer ------------------------------------------------------------------------------

NO_REPLY = {
    "outcome": "no_reply",
    "ground": "R12-6",
    "facts": "Kysyimme päivää.",
    "assessment": "puhelu jäi löytymättä",
}


def test_a_closing_for_want_of_an_answer_can_be_returned_and_made_again(here: Office, clock: make.Clock) -> None:
    made = walk(here).taken()
    asked = Ask("call", "puhelun päivä", "päiviä on kaksi", here.today() + timedelta(days=14))
    ask_applicant.ask_applicant(here, made.handler, made.filed.ref, asked, made.case.moves)
    clock.move(days=31)
    made.proposed(**NO_REPLY)
    approve.return_decision(here, made.decider, made.filed.ref, "odota vielä", made.case.moves)
    made.proposed(**NO_REPLY).approved().signed()
    assert made.case.state is State.ANSWERED
    assert made.case.question is None
    printed = text(made, "closed_no_reply").replace("\xa0", " ")
    assert "Pyysimme sinulta lisätietoja 18.6.2026, emmekä ole saaneet niitä." in printed
    assert "koska puhelu jäi löytymättä." in printed


# --- section 34 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["TSL34-1", "TSL34-2", "TSL34-3"])
def test_a_section_34_refusal_shows_the_way_through_the_ombudsman(here: Office, ground: str) -> None:
    made = walk(here).taken().proposed(outcome="refused", ground=ground, facts="F.", assessment="A.")
    made.approved().signed()
    assert 'data-s="S14"' in text(made, "refuse")
