"""Sources on other machines: a key that changed, a line that breaks, a server that says no, a marker that is no end."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.adapters.recordings.listing import ManifestListing
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.s3 import S3Store
from portal.adapters.recordings.sftp import SftpStore
from portal.adapters.recordings.source import StoredSource
from portal.adapters.scan.sniff import sniff
from portal.domain.recording import AudioInfo, Changed, Denied, NotFound, RefusalCode, Transient
from tests.ports.servers import Bucket, SftpServer, s3_server, sftp_server

AUDIO = Path(__file__).parents[2] / "data/audio"
PROFILE = Profile(
    "s", "espoo", "m.csv", columns={"start": "s", "duration": "d", "caller": "n", "file": "f"}, date_format="iso"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.wav").write_bytes((AUDIO / "ulaw.wav").read_bytes())
    with sftp_server(tmp_path, tmp_path / "files") as running:
        yield running


@pytest.fixture
def store(server: SftpServer) -> Iterator[SftpStore]:
    made = SftpStore(server.place())
    yield made
    made.close()


def source(store: SftpStore | S3Store) -> StoredSource:
    return StoredSource(PROFILE, ManifestListing(PROFILE, store), store, sniff, lambda _: AudioInfo("x", 1, 8000, 1, 1))


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_a_server_with_another_host_key_is_refused_and_the_administrator_told_what_to_do(
    server: SftpServer, store: SftpStore, kind: str
) -> None:
    assert store.files()
    store.close()
    server.new_host_key(kind)
    server.restart()
    with pytest.raises(Denied, match=r"host key changed: .* ask the operator, then replace pinned"):
        store.files()
    server.pin()
    assert store.files()


def test_a_server_that_does_not_know_our_key_denies(server: SftpServer, store: SftpStore) -> None:
    (server.home / "other").mkdir()
    other = SftpServer(server.home / "other", server.root)
    stranger = SftpStore(replace(server.place(), key_file=other.home / "client"))
    with pytest.raises(Denied, match="does not accept our key"):
        stranger.files()


def test_a_connection_that_breaks_in_the_middle_of_a_file_is_no_shorter_file(
    server: SftpServer, store: SftpStore
) -> None:
    (server.root / "long.wav").write_bytes(bytes(5 << 20))
    server.break_after = 2 << 20
    with store.open("long.wav") as file, pytest.raises(Transient):
        file.read()
    server.break_after = None
    assert store.stat("long.wav").size == 5 << 20


def test_a_server_that_is_away_is_tried_again_later(server: SftpServer) -> None:
    away = SftpStore(replace(server.place(), port=1))
    with pytest.raises(Transient):
        away.files()


def test_a_server_that_denies_deletion_is_not_believed_to_have_deleted(server: SftpServer, store: SftpStore) -> None:
    server.read_only = True
    with pytest.raises(Denied):
        source(store).erase("a.wav")
    assert not store.verify_absent("a.wav")


def test_links_on_the_server_are_not_followed(server: SftpServer, store: SftpStore, tmp_path: Path) -> None:
    (tmp_path / "files" / "link.wav").symlink_to(tmp_path / "client")
    with pytest.raises(Denied):
        store.open("link.wav")
    assert [one.name for one in store.walk()] == ["a.wav"]


def test_a_host_key_file_that_holds_none_says_so(server: SftpServer) -> None:
    (server.home / "pinned").write_text("# nothing\n")
    with pytest.raises(Denied, match="pinned: holds no host key"):
        SftpStore(server.place()).files()


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with s3_server() as url:
        yield url


@pytest.fixture
def bucket(s3_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Bucket:
    return Bucket(s3_url, f"b{abs(hash(request.node.name))}", tmp_path, lock=True)


def test_a_lone_deletion_marker_is_not_absence_and_erasure_takes_what_lies_under_it(bucket: Bucket) -> None:
    store = S3Store(bucket.place)
    bucket.put("a.wav", b"first")
    bucket.put("a.wav", b"second")
    bucket.client.delete_object(Bucket=bucket.name, Key="nauhat/a.wav")
    with pytest.raises(NotFound):
        store.open("a.wav")
    assert not store.verify_absent("a.wav")
    assert source(store).erase("a.wav")
    assert "Versions" not in bucket.client.list_object_versions(Bucket=bucket.name)


def test_an_object_replaced_after_the_hold_is_seen_and_the_held_version_stays(bucket: Bucket) -> None:
    store = S3Store(bucket.place)
    bucket.put("a.wav", b"first")
    version = store.stat("a.wav").version
    store.hold("a.wav", "case1")
    bucket.put("a.wav", b"second")
    with pytest.raises(Changed):
        store.delete("a.wav", version)
    with pytest.raises(Denied):
        store.delete("a.wav", store.stat("a.wav").version)
    assert not store.verify_absent("a.wav")


def test_a_neighbour_with_a_longer_name_is_left_alone(bucket: Bucket) -> None:
    store = S3Store(bucket.place)
    bucket.put("a", b"one")
    bucket.put("a.wav", b"two")
    assert source(store).erase("a")
    assert store.open("a.wav").read() == b"two"


def test_a_bucket_without_lock_says_that_it_cannot_hold(bucket: Bucket) -> None:
    assert "hold" not in S3Store(replace(bucket.place, lock=False)).can


def test_a_storage_that_is_away_is_tried_again_later(bucket: Bucket) -> None:
    away = S3Store(replace(bucket.place, endpoint="http://127.0.0.1:1"))
    with pytest.raises(Transient):
        away.files()


@pytest.mark.parametrize(("name", "code"), [("html.wav", RefusalCode.NOT_AUDIO), ("empty.wav", RefusalCode.EMPTY)])
def test_what_is_no_audio_is_refused_by_its_first_bytes_wherever_it_lies(
    bucket: Bucket, name: str, code: RefusalCode
) -> None:
    bucket.put(name, (AUDIO / name).read_bytes())
    bucket.put("m.csv", f"s;d;n;f\n2026-03-02T07:42:13;30;0401234567;{name}\n".encode())
    assert [one.code for one in source(S3Store(bucket.place)).scan().refusals] == [code]


def test_a_path_that_leads_out_of_a_far_root_is_refused_with_its_row(bucket: Bucket) -> None:
    bucket.put("m.csv", b"s;d;n;f\n2026-03-02T07:42:13;30;0401234567;../../secret.wav\n")
    batch = source(S3Store(bucket.place)).scan()
    assert [(one.line, one.code) for one in batch.refusals] == [(2, RefusalCode.BAD_PATH)]
    assert json.loads(batch.cursor)["m.csv"][0] == 2
