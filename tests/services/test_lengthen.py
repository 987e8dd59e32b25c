"""One recording kept longer: by the register's rule, by two people, to the cap and no further."""

from datetime import date

import pytest

from portal.domain.access import SYSTEM, Actor, Forbidden, Role
from portal.domain.lifecycle import NotNow
from portal.services import lengthen, settle
from portal.services.dispose import dispose_due
from portal.services.office import Office
from portal.services.ports.duties import LongerHold
from portal.services.withdraw_request import withdraw_request
from tests.make import Clock
from tests.services.walk import Walk, clerk, walk

TE = "te_kaakkois_suomi"


def officer(register: str = TE) -> Actor:
    return clerk("officer", Role.DPO, register=register)


def proposed(made: Walk, reason: str = "quality") -> LongerHold:
    lengthen.propose_longer(
        made.office, made.handler, made.filed.ref, made.recordings[0], reason, "a project", made.case.moves
    )
    (one,) = lengthen.longer_of(made.office, made.handler, made.filed.ref, made.recordings[0]).proposed
    return one


def agreed(made: Walk, reason: str = "quality") -> LongerHold:
    one = proposed(made, reason)
    lengthen.agree_longer(made.office, officer(made.register), made.filed.ref, one.id, made.case.moves)
    return one


def held(here: Office, made: Walk) -> int:
    with here.reading() as work:
        assert work.recordings.miscounted() == ()
        return work.recordings.many(made.recordings)[made.recordings[0]].hold_count


def test_two_people_keep_a_recording_until_twelve_months_from_the_call(here: Office, clock: Clock) -> None:
    made = walk(here, register=TE)
    agreed(made)
    assert held(here, made) == 2
    withdraw_request(here, made.citizen, made.filed.ref)
    settle.release(here, made.case.id)
    assert held(here, made) == 1  # the request's own hold has ended, this one has not
    clock.move(days=363)
    dispose_due(here, SYSTEM, TE, dry_run=False)
    assert (lengthen.end_capped(here, TE), held(here, made)) == (0, 1)
    clock.move(days=1)
    assert (lengthen.end_capped(here, TE), held(here, made)) == (1, 0)
    assert made.actions[-1] == "longer_ended"
    assert dispose_due(here, SYSTEM, TE, dry_run=False).deleted == 1


def test_the_last_day_is_shown_before_anybody_proposes(here: Office) -> None:
    made = walk(here, register=TE)
    found = lengthen.longer_of(here, made.handler, made.filed.ref, made.recordings[0])
    assert {(one.reason.value, one.until) for one in found.chances} == {
        ("quality", date(2027, 6, 16)), ("complaint", date(2027, 6, 16)),
    }  # fmt: skip


def test_a_register_whose_notice_knows_no_longer_time_refuses(here: Office) -> None:
    made = walk(here)
    with pytest.raises(NotNow, match="no_longer_retention"):
        proposed(made)
    assert lengthen.longer_of(here, made.handler, made.filed.ref, made.recordings[0]).chances == ()


def test_a_reason_that_is_not_the_registers_is_refused(here: Office) -> None:
    with pytest.raises(NotNow, match="no_longer_retention"):
        proposed(walk(here, register=TE), "police")


def test_nobody_agrees_with_their_own_proposal(here: Office) -> None:
    made = walk(here, register=TE)
    both = clerk("both", Role.DECISION_MAKER, register=TE)
    lengthen.propose_longer(here, both, made.filed.ref, made.recordings[0], "quality", "why", made.case.moves)
    (one,) = lengthen.longer_of(here, both, made.filed.ref, made.recordings[0]).proposed
    with pytest.raises(NotNow, match="own_decision"):
        lengthen.agree_longer(here, both, made.filed.ref, one.id, made.case.moves)
    assert held(here, made) == 1


def test_what_the_officer_alone_decides_no_decision_maker_agrees_to(here: Office) -> None:
    made = walk(here, register="pikkujatti")
    one = proposed(made, "police")
    with pytest.raises(Forbidden):
        lengthen.agree_longer(here, made.decider, made.filed.ref, one.id, made.case.moves)
    lengthen.agree_longer(here, officer("pikkujatti"), made.filed.ref, one.id, made.case.moves)
    assert held(here, made) == 2


def test_what_the_police_asked_for_outlives_every_cap_and_ends_by_hand(here: Office, clock: Clock) -> None:
    made = walk(here, register="pikkujatti")
    one = agreed(made, "police")
    clock.move(days=2000)
    assert lengthen.end_capped(here, "pikkujatti") == 0
    lengthen.end_longer(here, officer("pikkujatti"), made.filed.ref, one.id, "the police are done", made.case.moves)
    assert held(here, made) == 1


def test_a_proposal_is_made_once_and_may_be_rejected_and_made_again(here: Office) -> None:
    made = walk(here, register=TE)
    one = proposed(made)
    with pytest.raises(NotNow, match="act_open"):
        proposed(made)
    lengthen.reject_longer(here, officer(), made.filed.ref, one.id, "no need", made.case.moves)
    with pytest.raises(NotNow, match="no_act"):
        lengthen.agree_longer(here, officer(), made.filed.ref, one.id, made.case.moves)
    assert held(here, made) == 1
    agreed(made)
    assert held(here, made) == 2


def test_a_proposal_past_the_cap_is_refused(here: Office, clock: Clock) -> None:
    made = walk(here, register=TE)
    clock.move(days=366)
    with pytest.raises(NotNow, match="longest_over"):
        proposed(made)


def test_only_those_who_may_propose(here: Office) -> None:
    made = walk(here, register=TE)
    with pytest.raises(Forbidden):
        lengthen.propose_longer(
            here, made.listener, made.filed.ref, made.recordings[0], "quality", "why", made.case.moves
        )
