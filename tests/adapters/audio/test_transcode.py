"""Copies for listening and delivery keep every sample that they can."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.adapters.audio.sandbox import AudioLimits
from portal.adapters.audio.transcode import in_private_folder, to_flac, to_mp3, to_wav
from portal.domain.recording import AudioInfo, RefusalCode, Refused


@pytest.mark.parametrize("name", ["alaw.wav", "ulaw.wav", "pcm.wav", "gsm49.wav", "call.flac"])
def test_flac_and_wav_keep_each_sample(audio: Path, tmp_path: Path, name: str) -> None:
    wanted, _ = soundfile.read(audio / name, dtype="int16")
    for to, form in ((to_flac, "FLAC"), (to_wav, "WAV")):
        found = to(audio / name, tmp_path / form)
        got, rate = soundfile.read(tmp_path / form, dtype="int16")
        assert isinstance(found, AudioInfo)
        assert (found.frames, rate) == (len(wanted), 8000)
        assert numpy.array_equal(got, wanted)


@pytest.mark.parametrize("name", ["call.mp3", "call.opus"])
def test_lossy_sources_become_flac_too(audio: Path, tmp_path: Path, name: str) -> None:
    found = to_flac(audio / name, tmp_path / "x.flac")
    assert isinstance(found, AudioInfo)
    assert soundfile.info(tmp_path / "x.flac").frames == found.frames


def test_the_same_source_gives_the_same_flac(audio: Path, tmp_path: Path) -> None:
    sums = set()
    for name in ("a", "b"):
        to_flac(audio / "alaw.wav", tmp_path / name)
        sums.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(sums) == 1


def test_an_mp3_for_delivery_sounds_like_the_call(audio: Path, tmp_path: Path) -> None:
    found = to_mp3(audio / "alaw.wav", tmp_path / "x.mp3")
    assert isinstance(found, AudioInfo)
    wanted, _ = soundfile.read(audio / "alaw.wav", dtype="int16")
    got, _ = soundfile.read(tmp_path / "x.mp3", dtype="int16")
    assert abs(len(got) - len(wanted)) < 2000
    for turn in json.loads((audio / "truth.json").read_text())["turns"]:
        said = got[turn["start"] : turn["stop"]].astype(float).std(axis=0)
        assert said[turn["channel"]] > 5 * said[1 - turn["channel"]]


def test_a_finer_source_keeps_its_depth(tmp_path: Path) -> None:
    sound = numpy.random.default_rng(1).integers(-(2**23), 2**23, 4000, dtype=numpy.int32) << 8
    soundfile.write(tmp_path / "x.wav", sound, 8000, subtype="PCM_24")
    to_flac(tmp_path / "x.wav", tmp_path / "x.flac")
    assert numpy.array_equal(soundfile.read(tmp_path / "x.flac", dtype="int32")[0], sound)


@pytest.mark.parametrize("to", [to_flac, to_mp3, to_wav])
def test_a_refused_source_leaves_no_copy(
    audio: Path, tmp_path: Path, to: Callable[[Path, Path], AudioInfo | Refused]
) -> None:
    found = to(audio / "truncated.wav", tmp_path / "x")
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.TRUNCATED
    assert not (tmp_path / "x").exists()


def test_a_sample_rate_that_mp3_does_not_have_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", numpy.zeros(7000), 7000)
    found = to_mp3(tmp_path / "x.wav", tmp_path / "x.mp3")
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.UNSUPPORTED
    assert not (tmp_path / "x.mp3").exists()


def test_a_copy_never_replaces_a_file(audio: Path, tmp_path: Path) -> None:
    (tmp_path / "x.flac").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        to_flac(audio / "pcm.wav", tmp_path / "x.flac")
    assert (tmp_path / "x.flac").read_bytes() == b"mine"


def test_no_tag_and_no_name_goes_along(audio: Path, tmp_path: Path) -> None:
    with soundfile.SoundFile(tmp_path / "x.flac", "w", 8000, 1, format="FLAC") as file:
        file.title = "Tuulikki Soittola"
        file.write(numpy.zeros(8000))
    assert b"Tuulikki" in (tmp_path / "x.flac").read_bytes()
    for to, name in ((to_flac, "y.flac"), (to_mp3, "y.mp3"), (to_wav, "y.wav")):
        to(tmp_path / "x.flac", tmp_path / name)
        assert b"Tuulikki" not in (tmp_path / name).read_bytes()


@pytest.mark.parametrize("to", [to_flac, to_mp3, to_wav])
@pytest.mark.parametrize("room", [0, 5_000, 20_000])
def test_a_full_disk_is_told_and_leaves_no_copy(
    audio: Path, tmp_path: Path, to: Callable[[Path, Path, AudioLimits], AudioInfo | Refused], room: int
) -> None:
    with pytest.raises(OSError, match="could not be written"):
        to(audio / "alaw.wav", tmp_path / "x", AudioLimits(output_bytes=room))
    assert not (tmp_path / "x").exists()


def test_decrypted_sound_lies_in_a_private_folder_only_while_it_is_needed(audio: Path) -> None:
    with (audio / "pcm.wav").open("rb") as source, in_private_folder(source) as path:
        assert path.parent.stat().st_mode & 0o077 == 0
        assert path.read_bytes() == (audio / "pcm.wav").read_bytes()
        assert isinstance(to_flac(path, path.with_name("copy")), AudioInfo)
    assert not path.parent.exists()
