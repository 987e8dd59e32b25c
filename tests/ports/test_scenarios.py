"""The scenario pack of recordings at the sources: what a recorder writes, lies about, loses or takes long to give."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
import soundfile

from portal.adapters.audio.sandbox import Sandbox
from portal.adapters.recordings import sftp
from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.sftp import SftpStore
from portal.adapters.scan.sniff import sniff
from portal.domain.recording import Changed, RefusalCode, ScanBatch, Transient
from tests.adapters.audio.test_probe import with_data_size
from tests.ports.servers import SftpServer, sftp_server

AUDIO = Path(__file__).parents[1] / "data/audio"
PROFILE = Profile(
    "archive", "espoo", "m.csv", columns={"start": "start", "duration": "seconds", "caller": "caller", "file": "file"},
    date_format="iso",
)  # fmt: skip


class Archive:
    """A folder with a manifest, read with the real decoder."""

    def __init__(self, root: Path) -> None:
        self.root, self.names = root, list[str]()
        self.source = ArchiveSource(PROFILE, root, sniff, Sandbox().probe)

    def add(self, name: str, data: bytes | None = None, caller: str = "0401234567") -> None:
        if data is not None:
            (self.root / name).write_bytes(data)
        self.names.append(name)
        with (self.root / "m.csv").open("a", newline="", encoding="utf-8") as file:
            table = csv.writer(file, delimiter=";")
            if len(self.names) == 1:
                table.writerow(["start", "seconds", "caller", "file"])
            table.writerow([f"2026-03-02T07:42:{len(self.names):02}", "8", caller, name])

    def scanned(self) -> ScanBatch:
        return self.source.scan()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def refused(batch: ScanBatch) -> list[RefusalCode]:
    return [one.code for one in batch.refusals]


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_truncated_header_with_size_0_or_ffffffff_is_read_to_the_files_end(
    archive: Archive, tmp_path: Path, size: int
) -> None:
    archive.add("ehjä.wav", (AUDIO / "pcm.wav").read_bytes())
    archive.add("rikki.wav", with_data_size(AUDIO / "pcm.wav", tmp_path / "x", size).read_bytes())
    whole, broken = (one.audio for one in archive.scanned().segments)
    assert whole is not None
    assert broken is not None
    assert (broken.frames, bool(broken.warnings)) == (whole.frames, True)


def test_a_0_s_recording_is_refused_with_its_row_and_the_others_are_taken(archive: Archive, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "nolla.wav", numpy.zeros((0, 1)), 8000)
    archive.add("nolla.wav")
    archive.add("tyhjä.wav", b"")
    archive.add("puhelu.wav", (AUDIO / "ulaw.wav").read_bytes())
    batch = archive.scanned()
    assert refused(batch) == [RefusalCode.NO_FRAMES, RefusalCode.EMPTY]
    assert [one.locator for one in batch.segments] == ["puhelu.wav"]


def test_a_file_that_is_not_audio_is_refused_whatever_its_name_says(archive: Archive) -> None:
    archive.add("html.wav", (AUDIO / "html.wav").read_bytes())
    archive.add("kirje.mp3", b"%PDF-1.7\n%...")
    archive.add("satunnaista.flac", numpy.random.default_rng(1).bytes(4000))
    batch = archive.scanned()
    assert len(batch.segments) == 0
    assert set(refused(batch)) <= {RefusalCode.NOT_AUDIO, RefusalCode.UNSUPPORTED}


def test_names_with_å_ä_ö_and_spaces_open_and_delete(archive: Archive) -> None:  # the item's own words
    for name in ("Åsa Österlund puhelu 1.wav", "a\u0308iti.wav", "1 % 'x' & y.wav"):
        archive.add(name, (AUDIO / "ulaw.wav").read_bytes())
    for found in archive.scanned().segments:
        with archive.source.open(found.locator) as file:
            assert file.read(4) == b"RIFF"
        archive.source.delete(found.locator, archive.source.stat(found.locator).version)
        assert archive.source.verify_absent(found.locator)


def test_a_file_replaced_after_a_hold_is_not_deleted_in_the_place_of_the_one_that_was_meant(archive: Archive) -> None:
    archive.add("a.wav", (AUDIO / "ulaw.wav").read_bytes())
    (found,) = archive.scanned().segments
    version = archive.source.stat(found.locator).version
    (archive.root / "a.wav").write_bytes((AUDIO / "pcm.wav").read_bytes())
    with pytest.raises(Changed):
        archive.source.delete(found.locator, version)
    assert archive.source.stat(found.locator).sha256 == hashlib.sha256((AUDIO / "pcm.wav").read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["../ulos.wav", "a/../../ulos.wav", "/etc/passwd", "linkki.wav"])
def test_symlinks_and_dot_dot_in_a_manifest_lead_nowhere(archive: Archive, tmp_path: Path, name: str) -> None:
    inner = tmp_path / "root"
    inner.mkdir()
    (tmp_path / "ulos.wav").write_bytes((AUDIO / "ulaw.wav").read_bytes())
    (inner / "linkki.wav").symlink_to(tmp_path / "ulos.wav")
    inside = Archive(inner)
    inside.add(name)
    batch = inside.scanned()
    assert not any(one.has_audio for one in batch.segments)
    assert set(refused(batch)) <= {RefusalCode.BAD_PATH}


def test_csv_cells_that_begin_with_an_equals_sign_are_text(archive: Archive) -> None:
    archive.add('=HYPERLINK("x").wav', (AUDIO / "ulaw.wav").read_bytes())
    archive.add("b.wav", (AUDIO / "ulaw.wav").read_bytes(), caller="=1+1")
    batch = archive.scanned()
    assert [one.locator for one in batch.segments] == ['=HYPERLINK("x").wav']
    assert refused(batch) == [RefusalCode.BAD_NUMBER]
    assert "1+1" not in batch.refusals[0].detail


def test_a_call_from_abroad_and_a_withheld_number_are_told_apart_from_a_broken_one(archive: Archive) -> None:
    for name, caller in (("a", "0046 70 123 45 67"), ("b", "+46701234567"), ("c", "anonymous"), ("d", "12")):
        archive.add(f"{name}.wav", (AUDIO / "ulaw.wav").read_bytes(), caller)
    batch = archive.scanned()
    assert [one.caller for one in batch.segments] == ["+46701234567", "+46701234567", None]
    assert refused(batch) == [RefusalCode.BAD_NUMBER]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.wav").write_bytes((AUDIO / "ulaw.wav").read_bytes())
    with sftp_server(tmp_path, tmp_path / "files") as running:
        yield running


def test_a_source_that_answers_slowly_is_given_up_and_tried_again_later(
    server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp, "_WAIT", 1.0)
    store = SftpStore(server.place())
    assert store.files()
    server.slow = 3.0
    with pytest.raises(Transient), store.open("a.wav") as file:
        file.read()
    server.slow = 0.0
    store.close()
    again = SftpStore(replace(server.place()))
    assert again.stat("a.wav").size > 0
    again.close()
