"""vCon containers of every draft are read alike; what we write reads back and holds nothing of outside."""

import base64
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.adapters.recordings.vcon import BadVcon, Party, Written, content_hash, read, write

AUDIO = Path(__file__).parents[2] / "data/audio/alaw.wav"
START = datetime(2026, 5, 18, 4, 40, tzinfo=UTC)


def body(audio: bytes) -> str:
    return base64.urlsafe_b64encode(audio).rstrip(b"=").decode()


def container(**changes: Any) -> dict[str, Any]:
    """A call of two in today's syntax."""
    audio = AUDIO.read_bytes()
    dialog = {
        "type": "recording", "start": "2026-05-18T07:40:00+03:00", "duration": 7.8, "parties": [0, 1],
        "mediatype": "audio/x-wav", "encoding": "base64url", "body": body(audio), "content_hash": content_hash(audio),
    }  # fmt: skip
    whole = {
        "vcon": "0.4.0", "uuid": "01890f2e-0000-8000-8000-000000000001", "created_at": "2026-05-18T08:00:00+03:00",
        "parties": [{"tel": "tel:+358401234567"}, {"tel": "+358981621", "name": "Neuvonta"}], "dialog": [dialog],
    }  # fmt: skip
    return whole | changes


def dialog(**changes: Any) -> dict[str, Any]:
    whole = container()
    whole["dialog"][0] |= changes
    return whole


def old(version: str) -> dict[str, Any]:
    """The same call as older drafts wrote it."""
    whole = container(vcon=version)
    one = whole["dialog"][0]
    if version == "0.0.1":
        one["mimetype"] = one.pop("mediatype")
        one["alg"], one["signature"] = "SHA-512", one.pop("content_hash").removeprefix("sha512-")
    if version in ("0.0.1", "0.0.2"):
        whole["dialog"].append({"type": "transfer", "transfer-target": 1, "target-dialog": 0})
        whole["appended"] = {}
    if version == "0.3.0":
        whole["must_support"] = []
    return whole


@pytest.mark.parametrize("version", ["0.0.1", "0.0.2", "0.3.0", "0.4.0"])
def test_every_draft_is_read_alike(version: str) -> None:
    found = read(json.dumps(old(version)).encode())
    assert [party.tel for party in found.parties] == ["+358401234567", "+358981621"]
    (sound,) = found.sounds
    assert (sound.start, sound.duration) == (START, timedelta(seconds=7.8))
    assert (sound.parties, sound.originator, sound.mediatype) == (((0,), (1,)), 0, "audio/x-wav")
    assert sound.audio == AUDIO.read_bytes()


def test_unused_channels_and_mixed_ones_keep_their_places() -> None:
    (sound,) = read(json.dumps(dialog(parties=[None, [0, 1]], originator=1)).encode()).sounds
    assert (sound.parties, sound.originator) == (((), (0, 1)), 1)


def test_sound_that_lies_elsewhere_is_not_fetched() -> None:
    whole = dialog(url="https://example.org/a.wav")
    del whole["dialog"][0]["body"]
    assert read(json.dumps(whole).encode()).sounds[0].audio is None


def test_texts_and_pictures_are_no_recordings() -> None:
    whole = container()
    whole["dialog"] += [{"type": "text", "start": "2026-05-18T07:40:00Z", "parties": [0]}, {}]
    whole["dialog"].append({"type": "recording", "mediatype": "video/x-mp4"})
    assert len(read(json.dumps(whole).encode()).sounds) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "broken"),
        (b"<html>", "broken"),
        (b"[]", "broken"),
        (b'{"vcon":"0.4.0","vcon":"0.0.1"}', "broken"),
        (b'{"parties":' + b"[" * 200_000, "broken"),
        (json.dumps({"payload": "e30", "signatures": []}).encode(), "signed"),
        (json.dumps({"ciphertext": "x"}).encode(), "encrypted"),
        (json.dumps(container(vcon="9.0.0")).encode(), "unknown_version"),
        (json.dumps(container(critical=["somebodys"])).encode(), "critical"),
        (json.dumps(container(must_support=["somebodys"])).encode(), "critical"),
        (json.dumps(container(uuid="x")).encode(), "broken"),
        (json.dumps(container(dialog={"type": "recording"})).encode(), "broken"),
        (json.dumps(dialog(start="yesterday")).encode(), "broken"),
        (json.dumps(dialog(start="2026-05-18T07:40:00")).encode(), "broken"),
        (json.dumps(dialog(parties=[0, 7])).encode(), "broken"),
        (json.dumps(dialog(parties=[True])).encode(), "broken"),
        (json.dumps(dialog(body="not base64!")).encode(), "broken"),
        (json.dumps(dialog(encoding="json", body={})).encode(), "broken"),
        (json.dumps(dialog(duration=1e300)).encode(), "broken"),
        (json.dumps(dialog(body=body(b"other"))).encode(), "bad_hash"),
    ],
)
def test_what_is_no_container_of_ours_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(BadVcon) as refused:
        read(data)
    assert refused.value.code == code
    assert "358" not in str(refused.value)


def told(**changes: Any) -> Written:
    given: dict[str, Any] = {
        "uuid": UUID(int=7), "created_at": START, "subject": "R-2026-00001",
        "parties": (Party("+358401234567", "Aava \"Esimerkki\""), Party("+358981621")), "start": START,
        "duration": timedelta(seconds=370), "channels": ((0,), (1,)), "originator": 0, "mediatype": "audio/mpeg",
        "filename": "recording-1.mp3",
    }  # fmt: skip
    return Written(**(given | changes))


@given(st.lists(st.binary(max_size=700_000), max_size=4))
def test_what_is_written_reads_back(blocks: list[bytes]) -> None:
    found = read(b"".join(write(told(redacted="third_party"), iter(blocks))))
    (sound,) = found.sounds
    assert (sound.audio or b"") == b"".join(blocks)
    assert (found.redacted, sound.start, sound.duration) == (True, START, timedelta(seconds=370))
    assert found.parties == told().parties


def test_a_copy_names_no_place_outside_and_no_draft_names() -> None:
    whole = json.loads(b"".join(write(told(), iter([b"x"]))))
    assert whole["vcon"] == "0.4.0"
    assert not {"url", "appended", "must_support", "redacted"} & {*whole, *whole["dialog"][0]}
    assert "Esimerkki" in whole["parties"][0]["name"]


def test_an_hour_of_sound_takes_no_more_memory_than_a_second() -> None:
    def hour() -> Iterator[bytes]:
        for _ in range(220):
            yield b"\0" * 65_536

    tracemalloc.start()
    size = sum(len(piece) for piece in write(told(), hour()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 19_000_000
    assert peak < 2_000_000
