"""The picture of a recording shows who speaks when."""

import json
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.adapters.audio.peaks import WINDOW, bars, peaks
from portal.domain.recording import RefusalCode, Refused


def test_peaks_are_the_lowest_and_highest_of_each_window(audio: Path) -> None:
    data, (sound, _) = peaks(audio / "alaw.wav"), soundfile.read(audio / "alaw.wav", dtype="int16")
    assert isinstance(data, bytes)
    found = numpy.frombuffer(data[17:], numpy.int8).reshape(-1, 2, 2)
    windows = [sound[at : at + WINDOW] for at in range(0, len(sound), WINDOW)]
    assert len(found) == len(windows)
    for (left, right), window in zip(found, windows, strict=True):
        assert list(left) == [int(window[:, 0].min() / 256), int(window[:, 0].max() / 256)]
        assert list(right) == [int(window[:, 1].min() / 256), int(window[:, 1].max() / 256)]


def test_bars_show_the_channel_that_speaks(audio: Path) -> None:
    data, truth = peaks(audio / "alaw.wav"), json.loads((audio / "truth.json").read_text())
    assert isinstance(data, bytes)
    count = 100
    for turn in truth["turns"]:
        middle = (turn["start"] + turn["stop"]) // 2 * count // truth["frames"]
        near = slice(middle - 3, middle + 3)
        own, other = (max(bars(data, count, c)[near]) for c in (turn["channel"], 1 - turn["channel"]))
        assert own > 5 * other or other < 5


def test_bars_run_from_nought_to_a_hundred_and_never_outnumber_the_windows(audio: Path) -> None:
    data = peaks(audio / "pcm.wav")
    assert isinstance(data, bytes)
    assert max(bars(data, 40)) == 100
    assert len(bars(data, 40)) == 40
    assert len(bars(data, 10_000)) == 63


def test_silence_has_flat_bars(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", numpy.zeros(8000), 8000)
    data = peaks(tmp_path / "x.wav")
    assert isinstance(data, bytes)
    assert bars(data, 5) == [0] * 5


def test_a_broken_file_has_no_peaks(audio: Path) -> None:
    found = peaks(audio / "truncated.wav")
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.TRUNCATED


@pytest.mark.parametrize("data", [b"", b"KPK1", b"RIFF" + bytes(13)])
def test_what_is_no_peaks_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="peaks"):
        bars(data, 10)
