"""The bytes say what a file is; its name says nothing."""

from pathlib import Path

import pytest

from portal.adapters.scan.sniff import sniff
from portal.domain.recording import AudioKind, RefusalCode, Refused

AUDIO = Path(__file__).parents[2] / "data/audio"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("alaw.wav", "wav"), ("ulaw.wav", "wav"), ("pcm.wav", "wav"), ("gsm49.wav", "wav"), ("call.mp3", "mp3"),
     ("call.opus", "ogg"), ("call.flac", "flac")],
)  # fmt: skip
@pytest.mark.parametrize("called", ["call.txt", "call", "call.pdf"])
def test_a_recording_is_known_by_its_bytes(name: str, kind: str, called: str) -> None:
    assert sniff((AUDIO / name).read_bytes()[:4096], called) is AudioKind(kind)


def test_an_mp3_without_any_tag_is_known() -> None:
    data = (AUDIO / "call.mp3").read_bytes()
    assert sniff(data[144 * 20 :][:4096], "x.mp3") is AudioKind.MP3


def test_html_named_wav_is_refused_with_what_it_is() -> None:
    found = sniff((AUDIO / "html.wav").read_bytes(), "/x/Tuulikki Soittola.wav")
    assert found == Refused(RefusalCode.NOT_AUDIO, "text/html, named .wav")


def test_an_empty_file_is_refused() -> None:
    assert sniff(b"", "call.wav") == Refused(RefusalCode.EMPTY, "0 bytes")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"%PDF-1.7\n", RefusalCode.NOT_AUDIO),
        (b"PK\3\4" + bytes(26), RefusalCode.NOT_AUDIO),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(20), RefusalCode.UNSUPPORTED),
        (b"#!AMR\n" + bytes(30), RefusalCode.UNSUPPORTED),
        (bytes(4096), RefusalCode.NOT_AUDIO),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), RefusalCode.NOT_AUDIO),
        (b"RIFF", RefusalCode.NOT_AUDIO),
    ],
)
def test_other_files_are_refused(head: bytes, code: RefusalCode) -> None:
    found = sniff(head, "call.wav")
    assert isinstance(found, Refused)
    assert found.code is code
