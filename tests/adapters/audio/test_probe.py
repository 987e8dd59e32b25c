"""What a recording is, or why it is refused; whatever it is, the portal lives on."""

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.adapters.audio.transcode import probe
from portal.domain.recording import AudioInfo, RefusalCode, Refused

LENGTHS = {"ulaw.wav": 16_000, "pcm.wav": 16_000, "call.flac": 24_000}


@pytest.mark.parametrize(
    ("name", "codec", "channels"),
    [("alaw.wav", "alaw", 2), ("ulaw.wav", "ulaw", 2), ("pcm.wav", "pcm_16", 2), ("gsm49.wav", "gsm610", 1),
     ("call.mp3", "mpeg_layer_iii", 2), ("call.opus", "opus", 2), ("call.flac", "pcm_16", 2)],
)  # fmt: skip
def test_each_accepted_form_is_recognised(sandbox: Sandbox, audio: Path, name: str, codec: str, channels: int) -> None:
    found = sandbox.probe(audio / name)
    assert isinstance(found, AudioInfo)
    assert (found.codec, found.channels, found.samplerate, found.warnings) == (codec, channels, 8000, ())
    wanted = LENGTHS.get(name, json.loads((audio / "truth.json").read_text())["frames"])
    assert wanted <= found.frames <= wanted + 1700  # GSM and MP3 end with padding
    assert found.duration_ms == found.frames // 8


@pytest.mark.parametrize(
    ("name", "code"),
    [("truncated.wav", "truncated"), ("empty.wav", "empty"), ("html.wav", "broken_header")],
)
def test_a_broken_file_is_refused_with_its_reason(sandbox: Sandbox, audio: Path, name: str, code: str) -> None:
    found = sandbox.probe(audio / name)
    assert isinstance(found, Refused)
    assert found.code is RefusalCode(code)


@pytest.mark.parametrize("name", ["alaw.wav", "pcm.wav", "gsm49.wav", "call.flac", "call.opus", "call.mp3"])
@pytest.mark.parametrize("share", [0.002, 0.503, 0.9712])
def test_a_cut_recording_is_never_taken_for_whole(
    sandbox: Sandbox, audio: Path, tmp_path: Path, name: str, share: float
) -> None:
    data = (audio / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(len(data) * share)])
    found = sandbox.probe(tmp_path / name)
    assert isinstance(found, Refused)
    assert found.code in (RefusalCode.TRUNCATED, RefusalCode.BROKEN_HEADER, RefusalCode.NO_FRAMES)


def with_data_size(source: Path, target: Path, size: int) -> Path:
    data = bytearray(source.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", size)
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(("size", "warning"), [(0, "header_repaired"), (0xFFFFFFFF, "size_unknown")])
@pytest.mark.parametrize("name", ["alaw.wav", "pcm.wav"])
def test_a_crashed_recorders_file_is_read_to_its_end(
    sandbox: Sandbox, audio: Path, tmp_path: Path, name: str, size: int, warning: str
) -> None:
    whole = sandbox.probe(audio / name)
    before = with_data_size(audio / name, tmp_path / name, size).read_bytes()
    found = sandbox.probe(tmp_path / name)
    assert isinstance(whole, AudioInfo)
    assert found == replace(whole, warnings=(warning,))
    assert (tmp_path / name).read_bytes() == before


def test_a_recording_of_no_length_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", numpy.zeros((0, 1)), 8000)
    assert sandbox.probe(tmp_path / "x.wav") == Refused(RefusalCode.NO_FRAMES, "no sound in it")


def test_an_empty_data_chunk_before_another_chunk_is_not_mistaken_for_a_crash(sandbox: Sandbox, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "x.wav", numpy.zeros((0, 1)), 8000)
    with (tmp_path / "x.wav").open("ab") as file:
        file.write(b"LIST\4\0\0\0INFO")
    found = sandbox.probe(tmp_path / "x.wav")
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.NO_FRAMES


def test_three_hours_are_accepted_and_five_are_not(sandbox: Sandbox, tmp_path: Path) -> None:
    for hours in (3, 5):
        with soundfile.SoundFile(tmp_path / f"{hours}.flac", "w", 1000, 1, format="FLAC") as file:
            file.write(numpy.zeros(hours * 3600 * 1000, dtype=numpy.int16))
    three, five = sandbox.probe(tmp_path / "3.flac"), sandbox.probe(tmp_path / "5.flac")
    assert isinstance(three, AudioInfo)
    assert three.duration_ms == 3 * 3600 * 1000
    assert five == Refused(RefusalCode.TOO_LONG, "18000 s")


def test_a_file_over_the_size_limit_is_refused_unread(audio: Path) -> None:
    assert probe(audio / "alaw.wav", AudioLimits(max_bytes=1000)) == Refused(
        RefusalCode.TOO_LARGE, f"{(audio / 'alaw.wav').stat().st_size} bytes"
    )


def test_a_codec_that_we_cannot_decode_is_refused(sandbox: Sandbox, audio: Path, tmp_path: Path) -> None:
    data = bytearray((audio / "alaw.wav").read_bytes())
    at = data.index(b"fmt ") + 8
    data[at : at + 2] = struct.pack("<H", 0x0083)  # G.729
    (tmp_path / "g729.wav").write_bytes(data)
    found = sandbox.probe(tmp_path / "g729.wav")
    assert isinstance(found, Refused)
    assert found.code in (RefusalCode.UNSUPPORTED, RefusalCode.BROKEN_HEADER)


def test_a_missing_file_is_the_disks_trouble_not_the_recordings(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sandbox.probe(tmp_path / "absent.wav")


def test_a_decoder_that_dies_costs_one_answer_and_no_more(audio: Path) -> None:
    with Sandbox() as sandbox:
        sandbox.probe(audio / "pcm.wav")
        assert sandbox._child is not None
        sandbox._child.kill()
        assert sandbox.probe(audio / "pcm.wav") == Refused(RefusalCode.TOO_COSTLY, "the decoder stopped")
        assert isinstance(sandbox.probe(audio / "pcm.wav"), AudioInfo)


def test_a_decoder_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with soundfile.SoundFile(tmp_path / "long.flac", "w", 8000, 2, format="FLAC") as file:
        noise = numpy.random.default_rng(1).integers(-9000, 9000, (8000 * 60, 2), dtype=numpy.int16)
        for _ in range(10):
            file.write(noise)
    with Sandbox(AudioLimits(wall_seconds=0.3)) as sandbox:
        request = {"verb": "transcode", "source": str(tmp_path / "long.flac"), "format": "MP3"}
        found = sandbox.ask({**request, "target": str(tmp_path / "x.mp3")})
    assert found == Refused(RefusalCode.TOO_COSTLY, "the decoder stopped")


def test_the_decoder_cannot_take_more_memory_than_it_is_given(audio: Path) -> None:
    found = probe(audio / "pcm.wav", AudioLimits(memory_bytes=1 << 20))
    assert isinstance(found, Refused)
    assert found.code is RefusalCode.TOO_COSTLY


def test_the_decoder_sees_none_of_the_portals_settings(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET", "canary")
    with Sandbox() as sandbox:
        sandbox.probe(audio / "pcm.wav")
        assert sandbox._child is not None
        assert b"canary" not in Path(f"/proc/{sandbox._child.pid}/environ").read_bytes()
