"""Which samples a marked passage takes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.redaction import GUARD_MS, BadSpan, Cut, Span, checked, cuts, silenced

GROUNDS = frozenset({"R15-4"})
RATE, FRAMES = 8000, 80_000
GUARD = GUARD_MS * RATE // 1000


def test_a_passage_is_cut_on_every_channel_with_a_guard_on_each_side() -> None:
    found = cuts([Span(8000, 16_000, "R15-4")], RATE, FRAMES, 2)
    assert found == (Cut(0, 8000 - GUARD, 16_000 + GUARD), Cut(1, 8000 - GUARD, 16_000 + GUARD))


def test_one_channel_alone_is_cut_where_staff_say_so() -> None:
    assert {cut.channel for cut in cuts([Span(8000, 16_000, "R15-4", (1,))], RATE, FRAMES, 2)} == {1}


def test_guards_stay_inside_the_recording() -> None:
    assert cuts([Span(0, FRAMES, "R15-4")], RATE, FRAMES, 1) == (Cut(0, 0, FRAMES),)


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (Span(10, 10, "R15-4"), "order"),
        (Span(-1, 10, "R15-4"), "outside"),
        (Span(0, FRAMES + 1, "R15-4"), "outside"),
        (Span(0, 10, "R15-4", (2,)), "channel"),
        (Span(0, 10, "17-3-B"), "ground"),
    ],
)
def test_a_passage_that_cannot_be_is_refused_with_its_reason(span: Span, code: str) -> None:
    with pytest.raises(BadSpan, match=code):
        checked([span], FRAMES, 2, GROUNDS)


def test_seconds_taken_out_count_an_overlap_once_and_round_up() -> None:
    assert silenced([Span(0, 8000, "R15-4"), Span(4000, 12_001, "R15-4")], RATE, FRAMES) == 2


spans = st.lists(
    st.tuples(st.integers(0, FRAMES - 1), st.integers(1, 9000), st.sampled_from([(), (0,), (1,)])), max_size=12
)


@given(spans)
def test_cuts_cover_every_passage_and_never_touch_each_other(marked: list[tuple[int, int, tuple[int, ...]]]) -> None:
    wanted = [Span(begin, min(begin + length, FRAMES), "R15-4", channels) for begin, length, channels in marked]
    found = cuts(wanted, RATE, FRAMES, 2)
    for span in wanted:
        for channel in span.channels or (0, 1):
            assert any(cut.channel == channel and cut.begin <= span.begin <= span.end <= cut.end for cut in found)
    for one in (0, 1):
        own = sorted(cut.begin for cut in found if cut.channel == one)
        ends = sorted(cut.end for cut in found if cut.channel == one)
        assert all(end < begin for end, begin in zip(ends, own[1:], strict=False))
