"""The picture of a recording: lowest and highest value of every 256 frames, and bars drawn from it.

The browser never decodes a file for its picture; it gets these peaks, or an SVG of the bars.
Form: "KPK1", channels (1 byte), sample rate (4), frames (8), then for every window and channel two int8.
"""

import struct
import tempfile
from pathlib import Path

from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.domain.recording import Refused

WINDOW = 256
_HEAD = struct.Struct(">4sBIQ")


def peaks(source: Path, limits: AudioLimits | None = None) -> bytes | Refused:
    """The peaks of a recording, about 450 kB for an hour of stereo at 8 kHz; or why it is refused."""
    with tempfile.TemporaryDirectory(prefix="kuuluu-") as folder, Sandbox(limits) as sandbox:
        target = Path(folder) / "peaks"
        answer = sandbox.ask({"verb": "peaks", "source": str(source.absolute()), "target": str(target)})
        return answer if isinstance(answer, Refused) else target.read_bytes()


def bars(data: bytes, count: int, channel: int | None = None) -> list[int]:
    """At most `count` bar heights from 0 to 100, the loudest being 100; of one channel or of all.

    Raises ValueError for bytes that are not peaks.
    """
    magic, channels, _, _ = _HEAD.unpack_from(data) if len(data) >= _HEAD.size else (b"", 0, 0, 0)
    if magic != b"KPK1" or not channels or count < 1:
        raise ValueError("not peaks")
    values = memoryview(data)[_HEAD.size :].cast("b")
    windows = len(values) // (2 * channels)
    wanted = range(channels) if channel is None else (channel,)
    loud = [max(abs(v) for c in wanted for v in values[2 * (w * channels + c) :][:2]) for w in range(windows)]
    count = min(count, windows)
    heights = [max(loud[windows * i // count : windows * (i + 1) // count]) for i in range(count)]
    top = max(heights, default=0)
    return [round(100 * height / top) if top else 0 for height in heights]


def channel_bars(data: bytes, count: int) -> tuple[tuple[int, ...], ...]:
    """The bars of each channel by itself. Raises ValueError for bytes that are not peaks."""
    channels = data[4] if len(data) >= _HEAD.size else 1  # one channel of nothing raises
    return tuple(tuple(bars(data, count, channel)) for channel in range(channels))
