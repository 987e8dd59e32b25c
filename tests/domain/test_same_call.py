"""Pieces of one call and talks recorded twice are told apart; nothing is more than a suggestion."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.domain.same_call import Double, Leg, alike, doubles_of, segments_with

AT = datetime(2026, 6, 16, 11, 0, tzinfo=UTC)
NUMBER = frozenset({"+358401234567"})
TALK = tuple(int(50 + 40 * math.sin(n * 1.7) * math.cos(n / 9)) for n in range(150))


def leg(name: str, begin: int = 0, seconds: int = 300, **more: Any) -> Leg:
    start = AT + timedelta(seconds=begin)
    return Leg(name, start, start + timedelta(seconds=seconds), **({"numbers": NUMBER} | more))


def test_a_transfer_in_three_segments_is_one_call_by_its_recorders_id() -> None:
    legs = [leg("c", 400, call="1", numbers=frozenset()), leg("a", call="1"), leg("b", 200, 190, call="1")]
    assert segments_with(legs[1], legs) == ("b", "c")


def test_without_an_id_a_hand_over_to_another_agent_within_ninety_seconds_is_the_same_call() -> None:
    first = leg("a", agent="A")
    assert segments_with(first, [first, leg("b", 360, agent="B")]) == ("b",)
    for other in (leg("b", 360, agent="A"), leg("b", 391, agent="B"), leg("b", 360, agent="B", numbers=frozenset())):
        assert segments_with(first, [first, other]) == ()


def test_a_call_backs_leg_in_the_other_direction_is_known_by_the_other_partys_number() -> None:
    """The caller of the first is the other party of the second: the numbers of a leg are of either kind."""
    first, back = leg("a", agent="A"), leg("b", 330, agent="B", numbers=NUMBER | {"+358981621"})
    assert segments_with(back, [first, back]) == ("a",)


def test_both_agents_recorded_is_a_possible_duplicate_whose_sound_goes_the_same_way() -> None:
    first = leg("a", bars=TALK)
    second = leg("b", 0, 300, bars=tuple(bar // 2 for bar in TALK))
    assert doubles_of(first, [first, second]) == (Double("b", alike=True),)


def test_a_recording_that_outlives_the_other_is_compared_where_both_run() -> None:
    first = leg("a", 0, 300, bars=TALK)
    shorter = leg("b", 60, 120, bars=TALK[30:90])
    assert alike(first, shorter) is True
    assert doubles_of(shorter, [first, shorter]) == (Double("a", alike=True),)


def test_another_talk_at_the_same_time_is_told_by_its_sound() -> None:
    other = tuple(int(50 + 40 * math.sin(n * 0.9 + 2)) for n in range(150))
    assert alike(leg("a", bars=TALK), leg("b", bars=other)) is False


@pytest.mark.parametrize("bars", [(), (40,) * 150, (1, 2, 3)], ids=["none", "even", "too few"])
def test_what_cannot_be_compared_is_neither_alike_nor_different(bars: tuple[int, ...]) -> None:
    assert alike(leg("a", bars=TALK), leg("b", bars=bars)) is None


@pytest.mark.parametrize(
    "other",
    [leg("b", 151), leg("b", 300), leg("b", numbers=frozenset({"+358507654321"})), leg("b", numbers=frozenset())],
    ids=["overlaps too little", "begins when the other ends", "another number", "withheld"],
)
def test_what_shares_too_little_is_no_duplicate(other: Leg) -> None:
    assert doubles_of(leg("a"), [leg("a"), other]) == ()


def test_a_recording_of_no_length_overlaps_nothing() -> None:
    assert doubles_of(leg("a"), [leg("a"), leg("b", 10, 0)]) == ()
