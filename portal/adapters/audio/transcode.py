"""Probe a recording and write it anew: FLAC for staff to listen to, MP3 or WAV for the data subject.

Everything is transcoded for listening, GSM included, which no browser plays. The original is never
changed. Each function works in a limited process of its own unless it is given a Sandbox.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.domain.recording import AudioInfo, Refused


@contextmanager
def in_private_folder(source: BinaryIO) -> Iterator[Path]:
    """The source as a file in a folder of its own (0700), for the decoder; folder and all are gone afterwards.

    Copies are made beside it: `to_flac(path, path.with_name("copy"))`. Decrypted sound lies there as
    long as the block lasts, so point TMPDIR at memory or at an encrypted disk.
    """
    with tempfile.TemporaryDirectory(prefix="kuuluu-") as folder:
        path = Path(folder) / "source"
        with path.open("xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
        yield path


def probe(path: Path, limits: AudioLimits | None = None) -> AudioInfo | Refused:
    """What the file is: codec, channels, sample rate, length, warnings; or why it is refused."""
    with Sandbox(limits) as sandbox:
        return sandbox.probe(path)


def to_flac(source: Path, target: Path, limits: AudioLimits | None = None) -> AudioInfo | Refused:
    """Lossless working copy at `target`; the same source gives the same bytes. About 2 000 × real time."""
    return _transcode(source, target, "FLAC", limits)


def to_mp3(source: Path, target: Path, limits: AudioLimits | None = None) -> AudioInfo | Refused:
    """Copy for delivery, constant bit rate. Takes about a minute for an hour of stereo: run it as a job."""
    return _transcode(source, target, "MP3", limits)


def to_wav(source: Path, target: Path, limits: AudioLimits | None = None) -> AudioInfo | Refused:
    """Uncompressed copy for delivery (PCM)."""
    return _transcode(source, target, "WAV", limits)


def _transcode(source: Path, target: Path, form: str, limits: AudioLimits | None) -> AudioInfo | Refused:
    """Returns what was read. `target` must not exist (FileExistsError); a failure leaves none behind.

    Raises OSError when the copy cannot be written, a full disk above all.
    """
    request = {"verb": "transcode", "source": str(source.absolute()), "format": form}
    with Sandbox(limits) as sandbox:
        return sandbox.write(request, target)
