"""vCon folders and files that name themselves: what is bundled, what is a bomb, what is still being written."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.adapters.recordings.connect import connect
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.source import StoredSource
from portal.adapters.scan.sniff import sniff
from portal.domain.recording import AudioInfo, Changed, Denied, NotFound, RefusalCode
from tests.ports.test_recording_sources import vcon_of, vcon_uid

AUDIO = Path(__file__).parents[2] / "data/audio"
SOUND = (AUDIO / "ulaw.wav").read_bytes()
NOW = datetime(2036, 6, 18, 9, 0, tzinfo=UTC)


def source(root: Path, **profile: Any) -> StoredSource:
    told = {"listing": "vcon"} | profile
    made = Profile("s", "espoo", **told)
    return connect(made, root, sniff, lambda _: AudioInfo("ulaw", 2, 8000, 16_000, 2000), lambda: NOW)


def bundle(root: Path, *uids: str) -> None:
    with zipfile.ZipFile(root / "all.zip", "w", zipfile.ZIP_DEFLATED) as file:
        for uid in uids:
            file.writestr(f"{uid}.vcon", json.dumps(vcon_of(uid, SOUND)))


def test_the_containers_of_a_bundle_are_calls_and_one_is_deleted_without_the_others(tmp_path: Path) -> None:
    bundle(tmp_path, "1", "2")
    here = source(tmp_path)
    first, second = here.scan().segments
    assert [first.call_uid, second.call_uid] == [vcon_uid("1"), vcon_uid("2")]
    assert here.erase(first.locator)
    with pytest.raises(NotFound):
        here.open(first.locator)
    assert here.open(second.locator).read() == SOUND
    assert here.erase(second.locator)
    assert list(tmp_path.iterdir()) == []


def test_one_sound_of_a_container_is_taken_out_and_the_others_keep_their_places(tmp_path: Path) -> None:
    container = vcon_of("1", SOUND)
    container["dialog"].append(vcon_of("1", (AUDIO / "alaw.wav").read_bytes())["dialog"][0])
    (tmp_path / "two.vcon").write_text(json.dumps(container))
    here = source(tmp_path)
    first, second = here.scan().segments
    with pytest.raises(Changed):
        here.delete(first.locator, here.stat(second.locator).version)
    assert here.erase(first.locator)
    assert here.open(second.locator).read() == (AUDIO / "alaw.wav").read_bytes()
    assert SOUND[100:200] not in (tmp_path / "two.vcon").read_bytes()
    assert not here.scan().segments[0].has_audio


def test_a_zip_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.vcon", b" " * (64 << 20))
    bundle(tmp_path, "1")
    batch = source(tmp_path).scan()
    assert [(one.file, one.code) for one in batch.refusals] == [("bomb.zip", RefusalCode.TOO_LARGE)]
    assert len(batch.segments) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", RefusalCode.MALFORMED),
        (b"<html>", RefusalCode.MALFORMED),
        (b'{"signatures": []}', RefusalCode.UNSUPPORTED),
        (b'{"vcon": "9.9.9", "uuid": "x"}', RefusalCode.UNSUPPORTED),
    ],
)
def test_a_container_that_cannot_be_read_is_refused_alone(tmp_path: Path, data: bytes, code: RefusalCode) -> None:
    (tmp_path / "bad.vcon").write_bytes(data)
    (tmp_path / "good.vcon").write_text(json.dumps(vcon_of("1", SOUND)))
    batch = source(tmp_path).scan()
    assert [(one.file, one.code) for one in batch.refusals] == [("bad.vcon", code)]
    assert len(batch.segments) == 1


def test_a_sound_that_is_no_audio_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.vcon").write_text(json.dumps(vcon_of("1", b"<html></html>")))
    assert [one.code for one in source(tmp_path).scan().refusals] == [RefusalCode.NOT_AUDIO]


def test_a_link_to_a_container_outside_is_not_listed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.vcon").write_text(json.dumps(vcon_of("1", SOUND)))
    (tmp_path / "in" / "link.vcon").symlink_to(tmp_path / "out.vcon")
    here = source(tmp_path / "in")
    assert here.scan().segments == ()
    for locator in ("link.vcon#0", "../out.vcon#0"):
        with pytest.raises(Denied):
            here.open(locator)


NAMES = {
    "listing": "names", "date_format": "%Y%m%d %H%M%S",
    "name_pattern": r"in-(?P<service_number>\d+)-(?P<caller>\w+)-(?P<date>\d{8})-(?P<time>\d{6})"
                    r"-(?P<call_uid>[\d.]+)\.wav",
}  # fmt: skip


def test_a_file_that_names_itself_tells_its_call_and_its_own_length(tmp_path: Path) -> None:
    (tmp_path / "in-098160011-anonymous-20260302-074213-1772430133.5.wav").write_bytes(SOUND)
    (tmp_path / "notes.txt").write_text("not a recording")
    (found,) = source(tmp_path, **NAMES, settle_seconds=0).scan().segments
    assert (found.withheld, found.start) == (True, datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC))
    assert found.end - found.start == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("wall", "skew"), [("074213", 0), ("054213", -7200), ("074913", 420)], ids=["right", "in UTC", "seven minutes fast"]
)
def test_an_exchange_that_writes_its_unique_id_into_the_name_betrays_its_clock(
    tmp_path: Path, wall: str, skew: int
) -> None:
    (tmp_path / f"in-098160011-0401234567-20260302-{wall}-1772430133.5.wav").write_bytes(SOUND)
    batch = source(tmp_path, **NAMES, settle_seconds=0).scan()
    assert batch.skew == skew
    assert batch.segments[0].start == datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC)


def test_a_file_that_is_still_being_written_waits_for_a_later_harvest(tmp_path: Path) -> None:
    (tmp_path / "in-098160011-0401234567-20260302-074213-1.5.wav").write_bytes(SOUND)
    written = (tmp_path / "in-098160011-0401234567-20260302-074213-1.5.wav").stat().st_ctime
    profile = Profile("s", "espoo", **NAMES, settle_seconds=30)  # type: ignore[arg-type]

    def at(seconds: float) -> int:
        now = datetime.fromtimestamp(written + seconds, UTC)
        made = connect(profile, tmp_path, sniff, lambda _: AudioInfo("x", 1, 8000, 1, 1), lambda: now)
        return len(made.scan().segments)

    assert (at(10), at(31)) == (0, 1)
