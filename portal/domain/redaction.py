"""Passages taken out of the copy of a recording: other people's data (GDPR art. 15(4)), security, what a ground allows.
The source is never altered; spans are counted in its own samples, so that no decoder's delay can shift them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Fill = Literal["mute", "beep"]
"""What is heard where something was taken out: nothing, or a 1 kHz tone."""
GUARD_MS, FADE_MS = 120, 10
"""What is cut beside a marked passage on either side, and the fade that lies inside it, never over speech."""


class BadSpan(ValueError):
    """A passage that cannot be in this recording. `code`: empty | order | outside | channel | ground | overlap."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Span:
    """A passage [begin, end) in the source's samples, with the code of the ground that takes it out.

    `channels` counts from 0; empty means all of them, which is the rule: an echo of the muted speaker is heard on the
    other side too. `note` is staff's own word about it and never leaves the office.
    """

    begin: int
    end: int
    ground: str
    channels: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Cut:
    """What the renderer silences on one channel, in samples: guards included, cuts never touch each other."""

    channel: int
    begin: int
    end: int


def checked(spans: Iterable[Span], frames: int, channels: int, grounds: frozenset[str]) -> tuple[Span, ...]:
    """The spans in order of time, fit for a recording of `frames` samples on `channels` channels. Raises BadSpan.

    `grounds`: the codes that may take a part out.
    """
    found = tuple(sorted(spans, key=lambda span: (span.begin, span.end, span.channels)))
    for span in found:
        faults = {
            "order": span.end <= span.begin,
            "outside": span.begin < 0 or span.end > frames,
            "channel": any(not 0 <= one < channels for one in span.channels),
            "ground": span.ground not in grounds,
        }
        for code, wrong in faults.items():
            if wrong:
                raise BadSpan(code)
    return found


def cuts(spans: Iterable[Span], samplerate: int, frames: int, channels: int) -> tuple[Cut, ...]:
    """What is silenced: every span with its guards, merged channel by channel. `samplerate` in samples a second."""
    guard = GUARD_MS * samplerate // 1000
    wanted = sorted(
        (channel, max(span.begin - guard, 0), min(span.end + guard, frames))
        for span in spans
        for channel in (span.channels or range(channels))
    )
    merged: list[Cut] = []
    for channel, group in groupby(wanted, key=lambda one: one[0]):
        last: Cut | None = None
        for _channel, begin, end in group:
            if last and begin <= last.end:
                last = merged[-1] = Cut(channel, last.begin, max(last.end, end))
            else:
                last = Cut(channel, begin, end)
                merged.append(last)
    return tuple(merged)


def silenced(spans: Iterable[Span], samplerate: int, frames: int) -> int:
    """How many whole seconds are taken out on any channel, guards left out, rounded up: what the letter says."""
    total, reached = 0, 0
    for begin, end in sorted((span.begin, min(span.end, frames)) for span in spans):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return -(-total // samplerate)
