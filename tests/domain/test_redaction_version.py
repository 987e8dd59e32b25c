"""Times as they are typed, which version counts, and what the letter lists of it."""

from dataclasses import replace

import pytest

from portal.domain.redaction import Span
from portal.domain.redaction_version import (
    Version,
    VersionState,
    mark_in_text,
    omitted,
    standing,
    typed_samples,
    written_time,
)

RATE = 8000
ONE = Version("c", "r", 1, VersionState.APPROVED, "a", RATE, 60 * RATE, 2, (Span(16_000, 28_000, "R15-4"),))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2.14,50", 134.5), ("2:14,5", 134.5), ("1.02.14,50", 3734.5), ("9", 9), ("0.00", 0), (" 90,25 ", 90.25)],
)
def test_a_typed_time_is_counted_in_the_sources_samples(text: str, seconds: float) -> None:
    assert typed_samples(text, RATE) == seconds * RATE


@pytest.mark.parametrize("text", ["", "soon", "2.60", "1.60.00", "-1", "2.14.", "2,14,5", "1.1.1.1", "2.14,5000"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert typed_samples(text, RATE) is None


@pytest.mark.parametrize("text", ["0.02,00", "2.14,50", "59.59,99", "1.02.14,05"])
def test_a_time_that_is_written_can_be_typed(text: str) -> None:
    samples = typed_samples(text, RATE)
    assert samples is not None
    assert written_time(samples, RATE) == text


def test_the_newest_version_with_passages_that_was_not_dropped_counts() -> None:
    empty = replace(ONE, n=3, spans=(), state=VersionState.DRAFT)
    dropped = replace(ONE, n=2, state=VersionState.DROPPED)
    assert standing([ONE, dropped, empty]) == ONE
    assert standing([ONE, replace(ONE, n=2, state=VersionState.DRAFT)]) == replace(ONE, n=2, state=VersionState.DRAFT)
    assert standing([dropped, empty]) is None


def test_the_letter_lists_whole_seconds_outwards_and_joins_what_meets() -> None:
    spans = (Span(16_100, 27_000, "R15-4"), Span(28_000, 30_000, "R15-4", (1,)), Span(80_000, 88_000, "R15-4"))
    assert omitted(replace(ONE, spans=spans)) == ((2, 4, "R15-4"), (10, 11, "R15-4"))


def test_a_transcripts_mark_names_the_passage_as_the_letter_does() -> None:
    assert mark_in_text(134, 141) == "[2.14–2.21]"
