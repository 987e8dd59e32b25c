"""Harvesting a folder archive: each bad row is refused with its line and reason, the others are loaded."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.adapters.audio.sandbox import Sandbox
from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import Profile
from portal.adapters.scan.sniff import sniff
from portal.domain.recording import Denied, NotFound, RecordingClass, RefusalCode, ScanBatch, Unsupported

AUDIO = Path(__file__).parents[2] / "data/audio"
COLUMNS = {"start": "Alkoi", "duration": "Kesto", "caller": "Numero", "queue": "Jono", "class": "Laji",
           "direction": "Suunta", "file": "Tiedosto"}  # fmt: skip
HEADER = "Alkoi;Kesto;Numero;Jono;Laji;Suunta;Tiedosto"
PROFILE = Profile(
    "arkisto",
    "espoo",
    "puhelut*.csv",
    "csv",
    COLUMNS,
    services={"Neuvonta": "09 816 0011"},
    directions={"Lähtevä": "out", "Saapuva": "in"},
    classes={"Uhka": "threat"},
)
GOOD = "02.03.2026 07.42.13;48,5;040 123 4567;Neuvonta;;Saapuva;"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


class Archive:
    """An archive folder to write into and scan."""

    def __init__(self, root: Path, sandbox: Sandbox) -> None:
        self.root, self.sandbox = root, sandbox

    def write(self, *rows: str, name: str = "puhelut.csv", encoding: str = "utf-8", end: str = "\n") -> None:
        (self.root / name).write_bytes(("\n".join([HEADER, *rows]) + end).encode(encoding))

    def source(self, profile: Profile = PROFILE) -> ArchiveSource:
        return ArchiveSource(profile, self.root, sniff, self.sandbox.probe)

    def scan(self, cursor: str | None = None, profile: Profile = PROFILE, limit: int = 2000) -> ScanBatch:
        return self.source(profile).scan(cursor, limit)


@pytest.fixture
def archive(tmp_path: Path, sandbox: Sandbox) -> Archive:
    return Archive(tmp_path, sandbox)


def test_a_row_becomes_a_segment(archive: Archive) -> None:
    shutil.copy(AUDIO / "alaw.wav", archive.root / "puhelu åäö 1.wav")
    archive.write("02.03.2026 07.42.13;48,5;040 123 4567;Neuvonta;Uhka;Lähtevä;puhelu åäö 1.wav", encoding="cp1252")
    (found,) = archive.scan().segments
    assert found.start == datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC)
    assert (found.end - found.start).total_seconds() == 48.5
    assert (found.caller, found.withheld, found.service_number) == ("+358401234567", False, "+35898160011")
    assert (found.queue, found.direction, found.recording_class) == ("Neuvonta", "out", RecordingClass.THREAT)
    assert (found.locator, found.has_audio) == ("puhelu åäö 1.wav", True)
    assert found.audio is not None
    assert found.audio.codec == "alaw"


@pytest.mark.parametrize(
    ("row", "code", "detail"),
    [
        ("02.03.2026 07.42.13;30;;Neuvonta;;;", RefusalCode.NO_NUMBER, "Numero"),
        ("02.03.2026 07.42.13;30;040x;Neuvonta;;;", RefusalCode.BAD_NUMBER, "Numero: letters"),
        ("31.02.2026 07.42.13;30;0401234567;;;;", RefusalCode.BAD_DATE, "31.02.2026 07.42.13"),
        ("02.03.2026 25.61.00;30;0401234567;;;;", RefusalCode.BAD_DATE, "02.03.2026 25.61.00"),
        (";30;0401234567;;;;", RefusalCode.BAD_DATE, "empty"),
        ("29.03.2026 03.30.00;30;0401234567;;;;", RefusalCode.NO_SUCH_HOUR, "2026-03-29 03:30:00"),
        ("02.03.2026 07.42.13;puoli tuntia;0401234567;;;;", RefusalCode.BAD_DURATION, "puoli tuntia"),
        ("02.03.2026 07.42.13;-5;0401234567;;;;", RefusalCode.BAD_DURATION, "-5"),
        ("02.03.2026 07.42.13;;0401234567;;;;", RefusalCode.BAD_DURATION, "no end and no duration"),
        ("02.03.2026 07.42.13;30;0401234567;;Salaisuus;;", RefusalCode.BAD_CLASS, "Salaisuus"),
        ("02.03.2026 07.42.13;30;0401234567;;;Ylös;", RefusalCode.BAD_DIRECTION, "ylös"),
        ("02.03.2026 07.42.13;30;0401234567", RefusalCode.MALFORMED, "3 cells, the header has 7"),
        ('02.03.2026 07.42.13;30;0401234567;"auki;;;', RefusalCode.MALFORMED, "unexpected end of data"),
        ("02.03.2026 07.42.13;30;0401234567;;;;../../etc/passwd", RefusalCode.BAD_PATH, "outside the archive"),
        ("02.03.2026 07.42.13;30;0401234567;;;;C:\\nauhat\\a.wav", RefusalCode.BAD_PATH, "outside the archive"),
        ("02.03.2026 07.42.13;30;0401234567;;;;/etc/passwd", RefusalCode.BAD_PATH, "outside the archive"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_reason_and_the_others_are_loaded(
    archive: Archive, row: str, code: RefusalCode, detail: str
) -> None:
    archive.write(GOOD, row, GOOD.replace("07.42", "08.10"))
    batch = archive.scan()
    (refusal,) = batch.refusals
    assert (refusal.source, refusal.file, refusal.line, refusal.code) == ("arkisto", "puhelut.csv", 3, code)
    assert refusal.detail.startswith(detail)
    assert [found.start.hour for found in batch.segments] == [5, 6]


def test_a_refusal_never_repeats_a_number(archive: Archive) -> None:
    archive.write("02.03.2026 07.42.13;30;040 123 4567 890 123;;;;", "x;30;0401234567;;;;")
    assert "123" not in "".join(refusal.detail for refusal in archive.scan().refusals)


@pytest.mark.parametrize(
    "text", ["040 123 4567", "+358401234567", "00358401234567", "sip:+358401234567@pbx.example", "99904 040 123 4567"]
)
def test_a_number_is_read_however_the_exchange_writes_it(archive: Archive, text: str) -> None:
    archive.write(f"02.03.2026 07.42.13;30;{text};Neuvonta;;;")
    (found,) = archive.scan(profile=replace(PROFILE, strip=("99904", "999"))).segments
    assert found.caller == "+358401234567"


@pytest.mark.parametrize("word", ["Salainen", "ei NÄY", "anonymous", "0"])
def test_a_withheld_call_is_loaded_without_a_number(archive: Archive, word: str) -> None:
    archive.write(f"02.03.2026 07.42.13;30;{word};Neuvonta;;;")
    (found,) = archive.scan(profile=replace(PROFILE, withheld_words=frozenset({"Ei näy"}))).segments
    assert (found.caller, found.withheld) == (None, True)


@pytest.mark.parametrize(
    ("name", "code"),
    [("truncated.wav", RefusalCode.TRUNCATED), ("empty.wav", RefusalCode.EMPTY), ("html.wav", RefusalCode.NOT_AUDIO)],
)
def test_a_row_whose_audio_is_broken_is_refused(archive: Archive, name: str, code: RefusalCode) -> None:
    shutil.copy(AUDIO / name, archive.root)
    archive.write(GOOD + name, GOOD)
    batch = archive.scan()
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [(2, code)]
    assert len(batch.segments) == 1


def test_a_row_whose_audio_is_not_there_keeps_its_metadata(archive: Archive) -> None:
    archive.write(GOOD + "poissa.wav")
    (found,) = archive.scan().segments
    assert not found.has_audio


def test_the_same_file_twice_is_refused_once(archive: Archive) -> None:
    shutil.copy(AUDIO / "ulaw.wav", archive.root)
    archive.write(GOOD + "ulaw.wav", GOOD + "ulaw.wav")
    batch = archive.scan()
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [(3, RefusalCode.DUPLICATE)]


def test_a_line_in_the_wrong_encoding_is_refused_alone(archive: Archive) -> None:
    archive.write(GOOD)
    with (archive.root / "puhelut.csv").open("ab") as file:
        file.write("02.03.2026 08.00.00;30;0401234567;Päivystys;;;\n".encode("cp1252") + GOOD.encode() + b"\n")
    batch = archive.scan(profile=replace(PROFILE, encodings=("utf-8-sig",)))
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [(3, RefusalCode.WRONG_ENCODING)]
    assert len(batch.segments) == 2


def test_a_manifest_in_utf_16_is_refused_whole(archive: Archive) -> None:
    archive.write(GOOD, encoding="utf-16")
    batch = archive.scan()
    assert [refusal.code for refusal in batch.refusals] == [RefusalCode.WRONG_ENCODING]
    assert batch.segments == ()


def test_a_manifest_without_a_needed_column_is_refused_by_its_name(archive: Archive) -> None:
    (archive.root / "puhelut.csv").write_text("Alkoi;Kesto\n02.03.2026 07.42.13;30\n")
    (refusal,) = archive.scan().refusals
    assert (refusal.code, refusal.line) == (RefusalCode.MISSING_COLUMN, 1)
    assert "Numero" in refusal.detail


def test_an_empty_manifest_and_none_at_all_are_told(archive: Archive) -> None:
    assert [refusal.code for refusal in archive.scan().refusals] == [RefusalCode.NO_MANIFEST]
    (archive.root / "puhelut.csv").touch()
    assert [refusal.code for refusal in archive.scan().refusals] == [RefusalCode.EMPTY]


def test_the_repeated_hour_keeps_both_candidates(archive: Archive) -> None:
    archive.write("26.10.2025 03.30.00;60;0401234567;;;;")
    (found,) = archive.scan().segments
    assert found.local_ambiguous
    assert found.other_start is not None
    assert (found.start.hour, found.other_start.hour) == (0, 1)


def test_a_second_scan_gives_only_what_was_added(archive: Archive) -> None:
    archive.write(GOOD)
    first = archive.scan()
    assert archive.scan(first.cursor).segments == ()
    archive.write(GOOD, GOOD.replace("07.42", "08.10"))
    assert [found.start.hour for found in archive.scan(first.cursor).segments] == [6]


def test_a_replaced_manifest_is_read_from_its_beginning(archive: Archive) -> None:
    archive.write(GOOD, GOOD.replace("07.42", "08.10"))
    first = archive.scan()
    archive.write(GOOD.replace("07.42", "09.10"), GOOD.replace("07.42", "10.10"))
    assert [found.start.hour for found in archive.scan(first.cursor).segments] == [7, 8]


def test_a_line_that_is_still_being_written_is_read_again(archive: Archive) -> None:
    archive.write(GOOD, GOOD.replace("07.42", "08.10")[:30], end="")
    first = archive.scan()
    assert [refusal.line for refusal in first.refusals] == [3]
    archive.write(GOOD, GOOD.replace("07.42", "08.10"))
    second = archive.scan(first.cursor)
    assert ([found.start.hour for found in second.segments], second.refusals) == ([6], ())


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_scan_in_small_steps_gives_every_row_of_every_file_once(archive: Archive, limit: int, end: str) -> None:
    for month in (1, 2, 3):
        rows = [f"{day:02d}.{month:02d}.2026 07.42.13;30;0401234567;;;;" for day in range(1, 4)]
        archive.write(*rows, name=f"puhelut {month}.csv")
    archive.write("05.04.2026 07.42.13;30;0401234567;;;;", name="puhelut 4.csv", end=end)
    cursor, starts = None, []
    for _ in range(20):
        batch = archive.scan(cursor, limit=limit)
        starts += [found.start for found in batch.segments]
        cursor = batch.cursor
        if batch.done:
            break
    assert batch.done
    assert (len(starts), len(set(starts))) == (10, 10)


@pytest.mark.parametrize("cursor", ["", "x", "[]", '{"puhelut.csv": 1}', '{"puhelut.csv": [1]}'])
def test_a_cursor_that_cannot_be_read_means_from_the_beginning(archive: Archive, cursor: str) -> None:
    archive.write(GOOD)
    assert len(archive.scan(cursor).segments) == 1


JSON = replace(
    PROFILE, format="json", manifest="m.json", date_format="iso",
    columns={"start": "s", "duration": "d", "caller": "n", "call_uid": "id"},
)  # fmt: skip


def test_a_json_manifest_tells_the_line_of_a_bad_row(archive: Archive) -> None:
    rows = [{"id": n, "s": "2026-03-02T07:42:13", "d": 30, "n": "0401234567"} for n in range(3)]
    rows[1]["n"] = ""
    (archive.root / "m.json").write_text(json.dumps({"v": 2, "calls": [*rows, 5]}, indent=1))
    batch = archive.scan(profile=JSON)
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [
        (10, RefusalCode.NO_NUMBER),
        (22, RefusalCode.MALFORMED),
    ]
    assert [found.call_uid for found in batch.segments] == ["0", "2"]


@pytest.mark.parametrize(
    ("text", "line"),
    [('[{"id": 1},\n{"id": ', 2), ("{}", 1), ("", 1), ('"["', 1), ("[" * 100_000, 1)],
)
def test_a_broken_json_manifest_loads_nothing(archive: Archive, text: str, line: int) -> None:
    (archive.root / "m.json").write_text(text)
    batch = archive.scan(profile=JSON)
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [(line, RefusalCode.MALFORMED)]
    assert batch.segments == ()


def test_one_object_a_line_is_refused_line_by_line(archive: Archive) -> None:
    row = {"id": 1, "s": "2026-03-02T05:42:13Z", "d": 30, "n": "0401234567"}
    (archive.root / "m.json").write_text(json.dumps(row) + "\n{oops\n\n[1]\n" + json.dumps({**row, "id": 2}) + "\n")
    batch = archive.scan(profile=replace(JSON, format="ndjson"))
    assert [(refusal.line, refusal.code) for refusal in batch.refusals] == [
        (2, RefusalCode.MALFORMED),
        (4, RefusalCode.MALFORMED),
    ]
    assert [found.start.hour for found in batch.segments] == [5, 5]


@pytest.mark.parametrize(
    "locator", ["../secret", "a/../../secret", "/etc/passwd", "", "a//b", "link.wav", "way/in.wav"]
)
def test_a_locator_never_leads_out_of_the_archive(archive: Archive, locator: str) -> None:
    root = archive.root / "root"
    root.mkdir()
    (archive.root / "secret").write_text("secret")
    (archive.root / "in.wav").write_text("secret")
    (root / "link.wav").symlink_to(archive.root / "secret")
    (root / "way").symlink_to(archive.root)
    with pytest.raises((Denied, NotFound)):
        ArchiveSource(PROFILE, root, sniff, archive.sandbox.probe).open(locator)


def test_both_kinds_of_slash_are_understood(archive: Archive) -> None:
    (archive.root / "kansio").mkdir()
    (archive.root / "kansio/a.wav").write_bytes(b"sound")
    with archive.source().open("kansio\\a.wav") as file:
        assert file.read() == b"sound"


def test_a_pipe_in_the_archive_is_not_waited_for(archive: Archive) -> None:
    os.mkfifo(archive.root / "pipe.wav")
    with pytest.raises(Denied):
        archive.source().open("pipe.wav")


@pytest.mark.parametrize(("custody", "opens"), [("operator", True), ("unreachable", False)])
def test_what_is_not_ours_is_never_deleted(archive: Archive, custody: str, opens: bool) -> None:
    shutil.copy(AUDIO / "ulaw.wav", archive.root)
    archive.write(GOOD + "ulaw.wav")
    source = archive.source(replace(PROFILE, custody=custody))  # type: ignore[arg-type]
    assert source.scan().segments[0].has_audio
    with pytest.raises(Unsupported):
        source.delete("ulaw.wav", "any")
    assert (archive.root / "ulaw.wav").exists()
    if not opens:
        with pytest.raises(Unsupported):
            source.open("ulaw.wav")
