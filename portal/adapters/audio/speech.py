"""Where somebody seems to speak: proposals for whoever marks passages, never a redaction by themselves.

A voice activity detector works in the confined child; a mono mix gives turns without speakers.
"""

import json
import tempfile
from pathlib import Path

from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.domain.recording import Refused


def turns(source: Path, limits: AudioLimits | None = None) -> tuple[tuple[int, float, float], ...]:
    """(channel, begin, end) in seconds, in order of time; empty where the rate is not one the detector knows (8, 16,
    32 or 48 kHz) or the file is refused."""
    with tempfile.TemporaryDirectory(prefix="kuuluu-") as folder, Sandbox(limits) as sandbox:
        target = Path(folder) / "turns"
        answer = sandbox.ask({"verb": "turns", "source": str(source.absolute()), "target": str(target)})
        if isinstance(answer, Refused):
            return ()
        return tuple((channel, begin, end) for channel, begin, end in json.loads(target.read_text()))
