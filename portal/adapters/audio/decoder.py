"""The confined decoder as the Audio port, with one installation's limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.adapters.audio import peaks, redact, speech, transcode
from portal.adapters.audio.sandbox import AudioLimits
from portal.domain.recording import AudioInfo, Refused
from portal.domain.redaction import Cut, Fill


@dataclass(frozen=True)
class Audio:
    """The confined decoder as the Audio port, with this installation's limits."""

    limits: AudioLimits

    def probe(self, path: Path) -> AudioInfo | Refused:
        return transcode.probe(path, self.limits)

    def to_flac(self, source: Path, target: Path) -> AudioInfo | Refused:
        return transcode.to_flac(source, target, self.limits)

    def to_mp3(self, source: Path, target: Path) -> AudioInfo | Refused:
        return transcode.to_mp3(source, target, self.limits)

    def to_wav(self, source: Path, target: Path) -> AudioInfo | Refused:
        return transcode.to_wav(source, target, self.limits)

    def bars(self, source: Path) -> tuple[int, ...]:
        """The picture of a recording for a page 640 units wide."""
        found = peaks.peaks(source, self.limits)
        return () if isinstance(found, Refused) else tuple(peaks.bars(found, 150))

    def channel_bars(self, source: Path, count: int) -> tuple[tuple[int, ...], ...]:
        """The picture of each channel."""
        found = peaks.peaks(source, self.limits)
        return () if isinstance(found, Refused) else peaks.channel_bars(found, count)

    def redact(
        self,
        source: Path,
        target: Path,
        hidden: Iterable[Cut],
        samplerate: int,
        fill: Fill,
        window: tuple[int, int] | None = None,
    ) -> AudioInfo | Refused:
        return redact.redact(source, target, hidden, samplerate, fill, window, self.limits)

    def turns(self, source: Path) -> tuple[tuple[int, float, float], ...]:
        """Where each channel seems to speak."""
        return speech.turns(source, self.limits)
