"""The shapes of a recorded call hold together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.recording import RecordingClass, SegmentMeta

START = datetime(2026, 3, 2, 5, 42, tzinfo=UTC)
CALL = SegmentMeta(
    call_uid="1",
    locator="a.wav",
    start=START,
    end=START + timedelta(minutes=3),
    caller="+358401234567",
    withheld=False,
    other_number=None,
    service_number="+35898160011",
    queue=None,
    agent=None,
    direction="in",
    recording_class=RecordingClass.CUSTOMER_SERVICE,
    has_audio=True,
)


def test_a_segment_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before"):
        replace(CALL, end=START - timedelta(seconds=1))


def test_a_segments_times_are_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        replace(CALL, start=datetime(2026, 3, 2, 5, 42))


@pytest.mark.parametrize(("caller", "withheld"), [(None, False), ("+358401234567", True)])
def test_a_caller_is_known_or_withheld_never_both_or_neither(caller: str | None, withheld: bool) -> None:
    with pytest.raises(ValueError, match="withheld"):
        replace(CALL, caller=caller, withheld=withheld)
