"""The contract of a recording source, kept by every one of them: whatever lists the calls and wherever files lie."""

import base64
import hashlib
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import psycopg
import pytest

from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.connect import connect
from portal.adapters.recordings.listing import ManifestListing
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.push import PushSource
from portal.adapters.recordings.s3 import S3Store
from portal.adapters.recordings.sftp import SftpStore
from portal.adapters.recordings.source import StoredSource
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
    Unsupported,
)
from tests.ports.servers import Bucket, s3_server, sftp_server
from tests.postgres import Cluster

AUDIO = Path(__file__).parents[1] / "data/audio"
START = datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC)
NOW = datetime(2036, 6, 18, 9, 0, tzinfo=UTC)
TOLD = SegmentMeta(
    call_uid="1", locator="", start=START, end=START + timedelta(seconds=30), caller="+358401234567", withheld=False,
    other_number=None, service_number="+35898160011", queue=None, agent=None, direction="in",
    recording_class=RecordingClass.CUSTOMER_SERVICE, has_audio=True,
)  # fmt: skip
COLUMNS = {"call_uid": "id", "start": "s", "duration": "d", "caller": "n", "service_number": "p", "file": "f"}
PROFILE = Profile("arkisto", "espoo", "m.csv", "csv", COLUMNS, date_format="iso")
HEADER = "id;s;d;n;p;f\n"
PUSH_KEY = b"k" * 40


def probed(_: Path) -> AudioInfo:
    """The decoder has its own tests; here it says yes."""
    return AudioInfo("ulaw", 2, 8000, 240_000, 30_000)


@dataclass
class Place:
    """A source, a way to bring it a call, and the name under which it knows a call."""

    source: StoredSource | UploadSource
    bring: Callable[[str, str], None]
    uid: Callable[[str], str] = str


def row(uid: str, name: str) -> str:
    return f"{uid};2026-03-02T07:42:13;30;0401234567;09 816 0011;{name}\n"


def archive(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    manifest = root / "m.csv"
    manifest.write_text(HEADER)

    def bring(uid: str, audio: str) -> None:
        name = f"puhelu åäö {uid}.wav"
        (root / name).write_bytes((AUDIO / audio).read_bytes())
        with manifest.open("a", encoding="utf-8") as file:
            file.write(row(uid, name))

    return Place(ArchiveSource(PROFILE, root, sniff, probed), bring)


def names(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    pattern = r"(?P<date>\d{8})-(?P<time>\d{6})_(?P<caller>\+?\d+)_(?P<service_number>\d+)_(?P<call_uid>\w+) åäö\.wav"
    profile = Profile(
        "nimet", "espoo", listing="names", name_pattern=pattern, date_format="%Y%m%d %H%M%S", settle_seconds=0
    )

    def bring(uid: str, audio: str) -> None:
        folder = root / "2026" / "maaliskuu"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"20260302-074213_0401234567_098160011_{uid} åäö.wav"
        (folder / name).write_bytes((AUDIO / audio).read_bytes())

    return Place(connect(profile, root, sniff, probed, lambda: NOW), bring)


CDR = """CREATE TABLE cdr (accountcode VARCHAR(20), src VARCHAR(80), dst VARCHAR(80), dcontext VARCHAR(80),
clid VARCHAR(80), channel VARCHAR(80), dstchannel VARCHAR(80), lastapp VARCHAR(80), lastdata VARCHAR(80),
start TIMESTAMP, answer TIMESTAMP, "end" TIMESTAMP, duration INTEGER, billsec INTEGER, disposition VARCHAR(45),
amaflags VARCHAR(45), userfield VARCHAR(256), uniqueid VARCHAR(150), linkedid VARCHAR(150), peeraccount VARCHAR(80),
sequence INTEGER, recordingfile VARCHAR(255))"""
INSERT = "INSERT INTO cdr (src, dst, start, duration, uniqueid, linkedid, recordingfile) VALUES "


def cdr_profile(**more: Any) -> Profile:
    return Profile("asterisk", "espoo", listing="cdr", cdr={"database_file": "database-url"}, **more)


def cdr_row(uid: str, name: str, start: str = "2026-03-02 07:42:13") -> tuple[str, ...]:
    epoch = int(START.timestamp())
    return ("0401234567", "098160011", start, "30", f"{epoch}.{uid}", uid, name)


def cdr_sqlite(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    (root / "database-url").write_text(f"sqlite:///{root}/cdr.db")
    with sqlite3.connect(root / "cdr.db") as db:
        db.execute(CDR)

    def bring(uid: str, audio: str) -> None:
        (root / f"åäö {uid}.wav").write_bytes((AUDIO / audio).read_bytes())
        with sqlite3.connect(root / "cdr.db") as db:
            db.execute(INSERT + "(?,?,?,?,?,?,?)", cdr_row(uid, f"åäö {uid}.wav"))

    return Place(connect(cdr_profile(), root, sniff, probed, lambda: NOW), bring)


def cdr_postgres(root: Path, request: pytest.FixtureRequest, stack: ExitStack) -> Place:
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = cluster.create()
    stack.callback(cluster.drop, name)
    (root / "database-url").write_text(cluster.url(name))
    plain = cluster.url(name).replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as db:
        db.execute(CDR)

    def bring(uid: str, audio: str) -> None:
        (root / f"åäö {uid}.wav").write_bytes((AUDIO / audio).read_bytes())
        with psycopg.connect(plain, autocommit=True) as db:
            db.execute(INSERT + "(%s,%s,%s,%s,%s,%s,%s)", cdr_row(uid, f"åäö {uid}.wav"))

    return Place(connect(cdr_profile(), root, sniff, probed, lambda: NOW), bring)


def sftp(root: Path, request: pytest.FixtureRequest, stack: ExitStack) -> Place:
    files = root / "files"
    files.mkdir()
    server = stack.enter_context(sftp_server(root, files))
    store = SftpStore(server.place())
    stack.callback(store.close)
    bring = archive(files, request, stack).bring
    return Place(StoredSource(PROFILE, ManifestListing(PROFILE, store), store, sniff, probed), bring)


def s3(root: Path, request: pytest.FixtureRequest, _: ExitStack) -> Place:
    bucket = Bucket(request.getfixturevalue("s3_url"), f"b{abs(hash(str(root)))}", root, lock=True)
    store, rows = S3Store(bucket.place), [HEADER]
    bucket.put("m.csv", HEADER.encode())

    def bring(uid: str, audio: str) -> None:
        bucket.put(f"puhelu åäö {uid}.wav", (AUDIO / audio).read_bytes())
        rows.append(row(uid, f"puhelu åäö {uid}.wav"))
        bucket.put("m.csv", "".join(rows).encode())

    return Place(StoredSource(PROFILE, ManifestListing(PROFILE, store), store, sniff, probed), bring)


def vcon_of(uid: str, audio: bytes) -> dict[str, Any]:
    return {
        "vcon": "0.4.0", "uuid": vcon_uid(uid), "created_at": "2026-03-02T06:00:00+00:00",
        "parties": [{"tel": "tel:+358401234567"}, {"tel": "tel:+35898160011"}],
        "dialog": [{
            "type": "recording", "start": "2026-03-02T07:42:13+02:00", "duration": 30, "parties": [0, 1],
            "mediatype": "audio/x-wav", "encoding": "base64url",
            "body": base64.urlsafe_b64encode(audio).rstrip(b"=").decode(),
        }],
    }  # fmt: skip


def vcon_uid(uid: str) -> str:
    return str(uuid5(NAMESPACE_URL, uid))


def vcon(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    def bring(uid: str, audio: str) -> None:
        (root / f"åäö {uid}.vcon").write_text(json.dumps(vcon_of(uid, (AUDIO / audio).read_bytes())))

    profile = Profile("vcon", "espoo", listing="vcon")
    return Place(connect(profile, root, sniff, probed, lambda: NOW), bring, vcon_uid)


def push(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    (root / "key").write_bytes(PUSH_KEY)
    (root / "key").chmod(0o600)
    profile = Profile("push", "espoo", listing="push", push={"key_file": "key"})
    vault = Vault(root / "vault", KeyRing(1, {1: bytes(32)}))
    source = PushSource(profile, root / "key", root / "ledger", vault, new_object_id, sniff, probed, lambda: NOW)

    def bring(uid: str, audio: str) -> None:
        told = {"call_uid": uid, "start": "2026-03-02T07:42:13", "duration": "30", "caller": "0401234567",
                "service_number": "09 816 0011"}  # fmt: skip
        assert source.receive(uid, "d" * 64, told, (AUDIO / audio).open("rb"), "åäö.wav") is True

    return Place(source, bring)


def upload(root: Path, _: pytest.FixtureRequest, __: ExitStack) -> Place:
    source = uploads(root)

    def bring(uid: str, audio: str) -> None:
        source.add(replace(TOLD, call_uid=uid), (AUDIO / audio).open("rb"), "åäö.wav")

    return Place(source, bring)


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with s3_server() as url:
        yield url


SOURCES = [archive, names, cdr_sqlite, cdr_postgres, sftp, s3, vcon, push, upload]


@pytest.fixture(params=SOURCES, ids=[one.__name__ for one in SOURCES])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        made: Place = request.param(tmp_path, request, stack)
        yield made


def test_it_says_what_it_can_do(place: Place) -> None:
    assert place.source.id
    assert place.source.register == "espoo"
    assert place.source.capabilities >= {Capability.LIST, Capability.FETCH, Capability.DELETE, Capability.RANGE}


def test_a_scan_tells_each_call_as_it_was_told(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    batch = place.source.scan()
    (found,) = batch.segments
    assert batch.done
    assert replace(found, locator="", audio=None) == replace(TOLD, call_uid=place.uid("1"))


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
    assert seen == [place.uid(str(n)) for n in range(5)]
    assert place.source.scan(cursor).segments == ()
    place.bring("5", "ulaw.wav")
    assert [found.call_uid for found in place.source.scan(cursor).segments] == [place.uid("5")]


@pytest.mark.parametrize("verb", ["hold", "release", "restrict"])
def test_what_it_cannot_do_it_refuses_by_name_and_never_pretends(place: Place, verb: str) -> None:
    place.bring("1", "ulaw.wav")
    locator = place.source.scan().segments[0].locator
    needed = Capability.RESTRICT if verb == "restrict" else Capability.HOLD
    argument = True if verb == "restrict" else "case1"
    if needed in place.source.capabilities:
        getattr(place.source, verb)(locator, argument)
        getattr(place.source, verb)(locator, argument)
    else:
        with pytest.raises(Unsupported):
            getattr(place.source, verb)(locator, argument)


def test_a_hold_at_the_source_survives_a_deletion_until_the_last_is_released(place: Place) -> None:
    if Capability.HOLD not in place.source.capabilities:
        assert place.source.custody == "ours", "who cannot hold must be the only one that deletes"
        return
    place.bring("1", "ulaw.wav")
    locator = place.source.scan().segments[0].locator
    version = place.source.stat(locator).version
    for ref in ("case1", "case2", "case1"):
        place.source.hold(locator, ref)
    place.source.release(locator, "case1")
    with pytest.raises(Denied):
        place.source.delete(locator, version)
    assert place.source.stat(locator).version == version
    place.source.release(locator, "case2")
    place.source.delete(locator, version)
    assert place.source.verify_absent(locator)


def test_every_piece_is_a_slice_of_the_whole(place: Place) -> None:
    place.bring("1", "ulaw.wav")
    wanted = (AUDIO / "ulaw.wav").read_bytes()
    with place.source.open(place.source.scan().segments[0].locator) as file:
        for at, length in ((0, 1), (7, 4096), (len(wanted) - 3, 99), (len(wanted), 5), (100, len(wanted))):
            file.seek(at)
            assert file.read(length) == wanted[at : at + length]


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
    unlink, done = Path.unlink, list[Path]()

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
