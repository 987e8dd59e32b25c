"""The versions of a recording's redaction in one case: marked, submitted, and approved by a second listener.

Several people may ask for one recording, and each gets another copy; so a version is known by case, recording and
number. One that was approved is never changed: a new one takes its place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.redaction import Fill, Span

RENDERER = "1"
"""The renderer's version, part of each proof: it changes when the same spans would give other samples."""
_TYPED = re.compile(r"(?:(?:(\d{1,2})[.:])?(\d{1,3})[.:])?(\d{1,5})(?:,(\d{1,3}))?")


class VersionState(StrEnum):
    """How far a version has come; a dropped one stays as proof of what was done."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Rendering:
    """The proof of a rendering: digests (SHA-256) of the working copy it was made of and of what was made."""

    source_sha256: str
    output_sha256: str
    size: int
    renderer: str = RENDERER


@dataclass(frozen=True)
class Version:
    """Version `n` of what one case's copy of a recording leaves out; `moves` counts its changes.

    The measures are those of the source: sample rate, frames, channels. `fill` is mute or beep.
    """

    case: str
    recording: str
    n: int
    state: VersionState
    author: str
    samplerate: int
    frames: int
    channels: int
    spans: tuple[Span, ...] = ()
    fill: Fill = "mute"
    approver: str | None = None
    vault_object: str | None = None
    rendering: Rendering | None = None
    moves: int = 0

    @property
    def edition(self) -> str:
        """What a page remembers, to notice that a colleague was faster."""
        return f"{self.n}.{self.moves}"


def standing(versions: Iterable[Version]) -> Version | None:
    """The version that counts: the newest that was not dropped and has spans. None: the copy leaves nothing out."""
    found = [one for one in versions if one.state is not VersionState.DROPPED and one.spans]
    return max(found, key=lambda one: one.n, default=None)


def omitted(version: Version) -> tuple[tuple[int, int, str], ...]:
    """What the letter lists: (begin, end, ground) in whole seconds of the call, rounded outwards; passages of one
    ground that meet are one."""
    found: list[tuple[int, int, str]] = []
    for span in sorted(version.spans, key=lambda one: one.begin):
        begin, end = span.begin // version.samplerate, -(-span.end // version.samplerate)
        if found and begin <= found[-1][1] and span.ground == found[-1][2]:
            begin, end = found[-1][0], max(end, found.pop()[1])
        found.append((begin, end, span.ground))
    return tuple(found)


def typed_samples(text: str, samplerate: int) -> int | None:
    """A time as staff type it (2.14,5 or 1.02.14,50; minutes and hours may be left out), as samples from the call's
    start; None for what is no time."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(found[part] or 0) for part in (1, 2, 3))
    if (found[2] and seconds > 59) or (found[1] and minutes > 59):
        return None
    millis = int((found[4] or "").ljust(3, "0"))
    return round(((hours * 3600 + minutes * 60 + seconds) * 1000 + millis) * samplerate / 1000)


def written_time(samples: int, samplerate: int) -> str:
    """Samples as staff type them, to a hundredth of a second: 2.14,50, with hours 1.02.14,50."""
    hundredths = round(samples * 100 / samplerate)
    minutes, rest = divmod(hundredths, 6000)
    text = f"{rest // 100:02},{rest % 100:02}"
    return f"{minutes // 60}.{minutes % 60:02}.{text}" if minutes >= 60 else f"{minutes}.{text}"


def mark_in_text(begin: int, end: int) -> str:
    """How a transcript shows that a passage (in seconds) was left out: [2.14–2.21]."""
    return f"[{begin // 60}.{begin % 60:02}–{end // 60}.{end % 60:02}]"
