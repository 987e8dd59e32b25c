"""Render the copy of a recording without the passages that were marked, or hear how one of them will sound.

One decode, no encoding before the cut: outside the passages every sample of the copy is the source's own.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.domain.recording import AudioInfo, Refused
from portal.domain.redaction import FADE_MS, Cut
from portal.domain.redaction import Fill as Fill


def redact(
    source: Path,
    target: Path,
    hidden: Iterable[Cut],
    samplerate: int,
    fill: Fill = "mute",
    window: tuple[int, int] | None = None,
    limits: AudioLimits | None = None,
) -> AudioInfo | Refused:
    """Write `target` (FLAC; the same input gives the same bytes) with the cuts silenced, or with a 1 kHz tone in them.

    `window` in samples writes only that part. `target` must not exist (FileExistsError); a failure leaves none behind.
    Returns what was written of: codec and rate of the source, frames of the copy. Raises OSError for a full disk.
    """
    request: dict[str, Any] = {
        "verb": "redact",
        "source": str(source.absolute()),
        "cuts": [[cut.channel, cut.begin, cut.end] for cut in sorted(hidden, key=lambda cut: cut.begin)],
        "fill": fill,
        "fade": FADE_MS * samplerate // 1000,
        "window": list(window) if window else None,
    }
    with Sandbox(limits) as sandbox:
        return sandbox.write(request, target)
