"""The contract of a recording source, kept by the folder archive and by staff uploads alike."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.upload import UploadSource
from portal.adapters.scan.sniff import sniff
from portal.adapters.vault.keys import KeyRing
from portal.adapters.vault.vault import Vault, new_object_id
from portal.domain.recording import (
    AudioInfo,
    Capability,
    Changed,
    Denied,
    NotFound,
    RecordingClass,
    RefusalCode,
    Refused,
    SegmentMeta,
)

AUDIO = Path(__file__).parents[1] / "data/audio"
START = datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC)
TOLD = SegmentMeta(
    call_uid="1", locator="", start=START, end=START + timedelta(seconds=30), caller="+358401234567", withheld=False,
    other_number=None, service_number="+35898160011", queue=None, agent=None, direction="in",
    recording_class=RecordingClass.CUSTOMER_SERVICE, has_audio=True,
)  # fmt: skip
PROFILE = Profile(
    "arkisto", "espoo", "m.csv", "csv", {"call_uid": "id", "start": "s", "duration": "d", "caller": "n",
    "service_number": "p", "file": "f"}, date_format="iso",
)  # fmt: skip


def probed(_: Path) -> AudioInfo:
    """The decoder has its own tests; here it says yes."""
    return AudioInfo("ulaw", 2, 8000, 16_000, 2000)


@dataclass
class Place:
    """A source, a way to bring it a call, and its folder on the disk."""

    source: ArchiveSource | UploadSource
    bring: Callable[[str, str], None]
    root: Path


def archive(root: Path) -> Place:
    manifest = root / "m.csv"
    manifest.write_text("id;s;d;n;p;f\n")

    def bring(uid: str, audio: str) -> None:
        name = f"puhelu åäö {uid}.wav"
        (root / name).write_bytes((AUDIO / audio).read_bytes())
        with manifest.open("a", encoding="utf-8") as file:
            file.write(f"{uid};2026-03-02T07:42:13;30;0401234567;09 816 0011;{name}\n")

    return Place(ArchiveSource(PROFILE, root, sniff, probed), bring, root)


def upload(root: Path) -> Place:
    vault = Vault(root / "vault", KeyRing(1, {1: bytes(32)}))
    source = UploadSource("espoo", root / "ledger", vault, new_object_id, sniff, probed)

    def bring(uid: str, audio: str) -> None:
        source.add(replace(TOLD, call_uid=uid), (AUDIO / audio).open("rb"), "åäö.wav")

    return Place(source, bring, root)


@pytest.fixture(params=[archive, upload], ids=["archive", "upload"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Place = request.param(tmp_path)
    return made


def test_it_says_what_it_can_do(place: Place) -> None:
    assert place.source.id
    assert place.source.register == "espoo"
    assert place.source.capabilities >= {Capability.LIST, Capability.FETCH, Capability.DELETE}


def test_a_scan_tells_each_call_as_it_was_told(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    batch = place.source.scan()
    (found,) = batch.segments
    assert batch.done
    assert replace(found, locator="") == replace(TOLD, audio=probed(Path()))


def test_a_scan_goes_on_from_its_cursor_also_after_a_restart(place: Place) -> None:
    cursor, seen = None, []
    for n in range(5):
        place.bring(str(n), "ulaw.wav")
    for _ in range(10):
        batch = place.source.scan(cursor, 2)
        seen += [found.call_uid for found in batch.segments]
        cursor = batch.cursor
        if batch.done:
            break
    assert seen == ["0", "1", "2", "3", "4"]
    assert place.source.scan(cursor).segments == ()
    place.bring("5", "ulaw.wav")
    assert [found.call_uid for found in place.source.scan(cursor).segments] == ["5"]


def test_a_lost_batch_can_be_scanned_again(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    assert place.source.scan().segments == place.source.scan().segments


def test_a_recording_opens_and_its_sum_agrees(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    locator, wanted = place.source.scan().segments[0].locator, (AUDIO / "ulaw.wav").read_bytes()
    with place.source.open(locator) as file:
        assert file.read() == wanted
        file.seek(100)
        assert file.read(50) == wanted[100:150]
    told = place.source.stat(locator)
    assert (told.size, told.sha256) == (len(wanted), hashlib.sha256(wanted).hexdigest())


def test_deletion_is_of_one_version_complete_and_repeatable(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    place.bring("2", "pcm.wav")
    first, second = (found.locator for found in place.source.scan().segments)
    version = place.source.stat(first).version
    assert not place.source.verify_absent(first)
    place.source.delete(first, version)
    place.source.delete(first, version)
    assert place.source.verify_absent(first)
    with pytest.raises(NotFound):
        place.source.open(first)
    assert place.source.stat(second).size > 0


def test_erasing_is_deletion_proved_by_looking_again(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    locator = place.source.scan().segments[0].locator
    assert place.source.erase(locator)
    assert place.source.erase(locator)
    with pytest.raises(NotFound):
        place.source.open(locator)


def test_another_version_is_never_deleted(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    locator = place.source.scan().segments[0].locator
    with pytest.raises(Changed):
        place.source.delete(locator, "0" * 64)
    assert place.source.stat(locator).size > 0


@pytest.mark.parametrize("verb", ["open", "stat", "verify_absent"])
@pytest.mark.parametrize("locator", ["../x", "/etc/passwd", ""])
def test_a_locator_that_leads_elsewhere_is_denied(place: Place, verb: str, locator: str) -> None:
    with pytest.raises(Denied):
        getattr(place.source, verb)(locator)


def test_an_absent_recording_is_not_found(place: Place) -> None:
    with pytest.raises(NotFound):
        place.source.stat("0123456789abcdef")
    assert place.source.verify_absent("0123456789abcdef")


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def uploads(root: Path, **more: int) -> UploadSource:
    vault = Vault(root / "vault", KeyRing(1, {1: bytes(32)}))
    return UploadSource("espoo", root / "ledger", vault, new_object_id, sniff, probed, **more)


@pytest.mark.parametrize(("name", "code"), [("html.wav", RefusalCode.NOT_AUDIO), ("empty.wav", RefusalCode.EMPTY)])
def test_a_refused_upload_leaves_nothing(tmp_path: Path, name: str, code: RefusalCode) -> None:
    source = uploads(tmp_path)
    found = source.add(TOLD, (AUDIO / name).open("rb"), name)
    assert isinstance(found, Refused)
    assert found.code is code
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_upload_over_the_limit_is_refused(tmp_path: Path) -> None:
    found = uploads(tmp_path, max_bytes=1000).add(TOLD, io.BytesIO(bytes(1001)), "x.wav")
    assert found == Refused(RefusalCode.TOO_LARGE, "over 1000 bytes")


def test_an_upload_that_is_not_marked_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = uploads(tmp_path)
    monkeypatch.setattr(source, "_mark", killed)
    with pytest.raises(KeyboardInterrupt):
        source.add(TOLD, (AUDIO / "ulaw.wav").open("rb"), "x.wav")
    assert uploads(tmp_path).scan().segments == ()


def test_a_deleted_uploads_number_is_never_given_again(tmp_path: Path) -> None:
    source = uploads(tmp_path)
    first = source.add(TOLD, (AUDIO / "ulaw.wav").open("rb"), "x.wav")
    cursor = source.scan().cursor
    assert isinstance(first, SegmentMeta)
    source.delete(first.locator, source.stat(first.locator).version)
    source.add(replace(TOLD, call_uid="2"), (AUDIO / "ulaw.wav").open("rb"), "x.wav")
    assert [found.call_uid for found in source.scan(cursor).segments] == ["2"]


def test_nothing_personal_of_an_upload_lies_open_on_the_disk(tmp_path: Path) -> None:
    uploads(tmp_path).add(TOLD, (AUDIO / "ulaw.wav").open("rb"), "Tuulikki Soittola.wav")
    for path in tmp_path.rglob("*"):
        assert "Tuulikki" not in path.name
        assert not path.is_file() or b"358401234567" not in path.read_bytes()


@pytest.mark.parametrize("unlinks", [0, 1, 2])
def test_a_deletion_killed_at_any_point_stops_no_scan_and_can_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unlinks: int
) -> None:
    source = uploads(tmp_path)
    made = source.add(TOLD, (AUDIO / "ulaw.wav").open("rb"), "x.wav")
    assert isinstance(made, SegmentMeta)
    unlink, done = Path.unlink, []

    def counted(path: Path, *_: object, **__: object) -> None:
        if len(done) == unlinks:
            killed()
        done.append(path)
        unlink(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", counted)
        with pytest.raises(KeyboardInterrupt):
            source.erase(made.locator)
    assert len(source.scan().segments) == (1 if unlinks == 0 else 0)
    assert source.erase(made.locator)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.name[0] != "."] == []


def test_an_upload_whose_description_is_damaged_is_refused_alone(tmp_path: Path) -> None:
    source = uploads(tmp_path)
    for uid in ("1", "2"):
        source.add(replace(TOLD, call_uid=uid), (AUDIO / "ulaw.wav").open("rb"), "x.wav")
    meta_id = min((tmp_path / "ledger").glob("0*")).name.split("-")[2]
    (tmp_path / "vault/espoo" / meta_id[:2] / meta_id).write_bytes(b"")
    batch = source.scan()
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [(1, RefusalCode.MALFORMED)]
    assert [found.call_uid for found in batch.segments] == ["2"]
