"""A redacted copy holds nothing of what was taken out, and everything else sample by sample."""

import hashlib
import json
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.adapters.audio.redact import Fill, redact
from portal.domain.recording import AudioInfo, RefusalCode, Refused
from portal.domain.redaction import Cut, Span, cuts

RATE = 8000


def rendered(source: Path, target: Path, hidden: tuple[Cut, ...], fill: Fill = "mute") -> numpy.ndarray:
    found = redact(source, target, hidden, RATE, fill)
    assert isinstance(found, AudioInfo)
    samples: numpy.ndarray = soundfile.read(target, dtype="int16", always_2d=True)[0]
    return samples


def spoken(audio: Path) -> Span:
    """The caller's turn in the committed call."""
    turn = next(turn for turn in json.loads((audio / "truth.json").read_text())["turns"] if turn["channel"] == 0)
    return Span(turn["start"], turn["stop"], "R15-4")


@pytest.mark.parametrize("name", ["alaw.wav", "ulaw.wav", "pcm.wav", "call.flac"])
@pytest.mark.parametrize("fill", ["mute", "beep"])
def test_samples_outside_the_passages_are_the_sources_own(audio: Path, tmp_path: Path, name: str, fill: Fill) -> None:
    wanted = soundfile.read(audio / name, dtype="int16", always_2d=True)[0]
    middle = Span(len(wanted) // 4, len(wanted) // 2, "R15-4")
    hidden = cuts([middle], RATE, len(wanted), wanted.shape[1])
    got = rendered(audio / name, tmp_path / "x", hidden, fill)
    outside = numpy.ones(len(wanted), dtype=bool)
    outside[hidden[0].begin : hidden[0].end] = False
    assert numpy.array_equal(got[outside], wanted[outside])
    assert not numpy.array_equal(got[~outside], wanted[~outside])


@pytest.mark.parametrize("name", ["alaw.wav", "gsm49.wav", "call.mp3", "call.opus"])
@pytest.mark.parametrize("fill", ["mute", "beep"])
def test_nothing_of_the_removed_speech_is_left_on_any_channel(
    audio: Path, tmp_path: Path, name: str, fill: Fill
) -> None:
    source, rate = soundfile.read(audio / name, dtype="int16", always_2d=True)
    span = spoken(audio)
    scale = rate // RATE
    span = Span(span.begin * scale, span.end * scale, span.ground)
    hidden = cuts([span], rate, len(source), source.shape[1])
    assert isinstance(redact(audio / name, tmp_path / "x", hidden, rate, fill), AudioInfo)
    got = soundfile.read(tmp_path / "x", dtype="int16", always_2d=True)[0]
    speech = source[span.begin : span.end].astype(float)
    left = got[span.begin : span.end].astype(float)
    for said in speech.T:
        for heard in left.T:
            assert residual(said, heard) < 0.05


def residual(said: numpy.ndarray, heard: numpy.ndarray) -> float:
    """The correlation of what is heard with what was said: 0 for silence."""
    if not heard.std() or not said.std():
        return 0.0
    return abs(float(numpy.corrcoef(said, heard)[0, 1]))


def test_one_channel_alone_leaves_the_other_as_it_is(audio: Path, tmp_path: Path) -> None:
    wanted = soundfile.read(audio / "alaw.wav", dtype="int16")[0]
    got = rendered(audio / "alaw.wav", tmp_path / "x", cuts([Span(20_968, 42_520, "R15-4", (0,))], RATE, 62_378, 2))
    assert numpy.array_equal(got[:, 1], wanted[:, 1])
    assert not got[25_000:40_000, 0].any()


def test_the_same_input_gives_the_same_bytes(audio: Path, tmp_path: Path) -> None:
    hidden = cuts([spoken(audio)], RATE, 62_378, 2)
    for name in ("a", "b"):
        rendered(audio / "alaw.wav", tmp_path / name, hidden)
    sums = {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a", "b")}
    assert len(sums) == 1


def test_a_window_is_exactly_that_part_of_the_whole_copy(audio: Path, tmp_path: Path) -> None:
    hidden = cuts([spoken(audio)], RATE, 62_378, 2)
    whole = rendered(audio / "alaw.wav", tmp_path / "whole", hidden)
    found = redact(audio / "alaw.wav", tmp_path / "part", hidden, RATE, window=(15_000, 45_000))
    assert isinstance(found, AudioInfo)
    assert found.frames == 30_000
    assert numpy.array_equal(soundfile.read(tmp_path / "part", dtype="int16")[0], whole[15_000:45_000])


def test_a_window_of_a_source_that_cannot_seek_is_read_through(audio: Path, tmp_path: Path) -> None:
    found = redact(audio / "gsm49.wav", tmp_path / "part", (), RATE, window=(10_000, 12_000))
    assert isinstance(found, AudioInfo)
    wanted = soundfile.read(audio / "gsm49.wav", dtype="int16")[0][10_000:12_000]
    assert numpy.array_equal(soundfile.read(tmp_path / "part", dtype="int16")[0], wanted)


def test_the_sources_own_names_and_tags_do_not_come_along(audio: Path, tmp_path: Path) -> None:
    data, _ = soundfile.read(audio / "pcm.wav", dtype="int16")
    with soundfile.SoundFile(tmp_path / "tagged.wav", "w", RATE, 2, format="WAV", subtype="PCM_16") as tagged:
        tagged.title, tagged.artist, tagged.comment = "Linja 7", "Aava Esimerkki", "040 123 4567"
        tagged.write(data)
    rendered(tmp_path / "tagged.wav", tmp_path / "x", ())
    copied = soundfile.SoundFile(tmp_path / "x").copy_metadata()
    assert not any(copied.values())
    assert b"Esimerkki" not in (tmp_path / "x").read_bytes()


def test_a_broken_source_is_refused_and_leaves_no_copy(audio: Path, tmp_path: Path) -> None:
    found = redact(audio / "truncated.wav", tmp_path / "x", (), RATE)
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.TRUNCATED
    assert not (tmp_path / "x").exists()


def test_a_full_disk_is_the_disks_fault_and_leaves_no_copy(audio: Path, tmp_path: Path) -> None:
    with pytest.raises(OSError):  # noqa: PT011  # any error number that the system gives
        redact(audio / "alaw.wav", Path("/dev/full/x"), (), RATE)
