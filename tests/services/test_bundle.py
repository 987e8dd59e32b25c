"""The whole answer as one file: its files, checksums, signature, and what stays out of it."""

import hashlib
import io
import json
import struct
import subprocess
import sys
import wave
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from joserfc import jws
from joserfc.jwk import KeySet, import_key
from jsonschema import Draft202012Validator

from portal.adapters.recordings import vcon
from portal.domain.case import Wishes
from portal.domain.grants import MOST_DOWNLOADS, Form
from portal.domain.lifecycle import NotNow
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services import grants, hand_over, redact
from portal.services.bundle import open_bundle
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.redact import Typed
from portal.services.transcribe import write_transcript
from tests import make
from tests.services.test_redact import CALL, PART
from tests.services.walk import Walk, clerk, walk

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "static" / "schema" / "recording-1.json").read_text(encoding="utf-8")
)


def answered(here: Office, found: int = 1, **wishes: Any) -> Walk:
    """A granted access with its copies made."""
    made = walk(here, make.request(Right.ACCESS, wishes=Wishes(**wishes)), found=found).taken().heard()
    for recording in made.recordings if wishes.get("transcript") else ():
        text = "Soittaja: Hei.\nVirkailija: Hei."
        write_transcript(here, made.listener, made.filed.ref, recording, text, complete=True, seen="")
    made.proposed(outcome="granted").approved().signed()
    runner.drain(here)
    return made


def fetched(made: Walk, form: Form = Form.BUNDLE_MP3) -> bytes:
    bundle = open_bundle(made.office, made.citizen, made.filed.ref, form)
    data = b"".join(bundle.pieces)
    bundle.close()
    return data


def opened(made: Walk, form: Form = Form.BUNDLE_MP3) -> ZipFile:
    return ZipFile(BytesIO(fetched(made, form)))


def manifest(here: Office, package: ZipFile) -> dict[str, Any]:
    """What the manifest tells, verified by the published keys."""
    token = package.read("manifest.jws").decode("ascii")
    keys = KeySet([import_key(one) for one in here.manifests.public_keys()["keys"]])
    told: dict[str, Any] = json.loads(jws.deserialize_compact(token, keys, algorithms=["Ed25519"]).payload)
    return told


def test_the_whole_answer_has_letter_sound_data_conversation_sums_and_manifest(here: Office) -> None:
    made = answered(here)
    package = opened(made)
    assert package.testzip() is None
    assert package.namelist() == [
        "README.pdf", "recording-1.mp3", "recording-1.json", "recording-1.vcon.json", "SHA256SUMS", "manifest.jws",
    ]  # fmt: skip
    assert {one.compress_type for one in package.infolist()} == {ZIP_STORED}
    with here.reading() as work:
        letter = next(one for one in work.documents.of_case(made.case.id) if one.kind == "grant")
    assert hashlib.sha256(package.read("README.pdf")).hexdigest() == letter.sha256
    copy = hand_over.open_copy(here, made.citizen, made.filed.ref, 1)
    assert package.read("recording-1.mp3") == b"".join(copy.read(0, copy.size))


def test_the_checksums_pass_sha256sum(here: Office, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    opened(answered(here, transcript=True), Form.BUNDLE_WAV).extractall(folder)
    command = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count(": OK")) == (0, 5)
    assert (folder / "recording-1.txt").read_text(encoding="utf-8").startswith("Sanatarkka tekstiversio")


def test_the_signed_manifest_tells_every_file_the_case_and_the_delivery(here: Office) -> None:
    made = answered(here)
    package = opened(made)
    told = manifest(here, package)
    assert set(told) == {"controller", "case", "delivery", "issued_at", "files"}
    assert told["case"] == made.filed.ref
    assert told["issued_at"] == here.now().isoformat()
    assert [one["name"] for one in told["files"]] == package.namelist()[:-1]
    for one in told["files"]:
        data = package.read(one["name"])
        assert (one["sha256"], one["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    with here.reading() as work:
        facts = [entry.facts for entry in work.cases.timeline(made.case) if entry.action == "copy_downloaded"]
    assert facts == [{"recording": made.recordings[0], "form": "bundle_mp3", "delivery": told["delivery"]}]


def test_the_same_answer_makes_the_same_bytes_but_for_the_signatures_time(here: Office, clock: make.Clock) -> None:
    made = answered(here)
    first, again = fetched(made), fetched(made)
    assert first == again
    clock.move(minutes=1)
    later = fetched(made)
    assert later != first
    with ZipFile(BytesIO(first)) as one, ZipFile(BytesIO(later)) as other:
        assert [name for name in one.namelist() if one.read(name) != other.read(name)] == ["manifest.jws"]
        assert manifest(here, one)["delivery"] == manifest(here, other)["delivery"]


def test_the_data_keep_the_published_schema_and_the_agents_name_stays_out(here: Office) -> None:
    made = answered(here, found=2)
    Draft202012Validator.check_schema(SCHEMA)
    package = opened(made, Form.BUNDLE_WAV)
    for n in (1, 2):
        data = json.loads(package.read(f"recording-{n}.json"))
        Draft202012Validator(SCHEMA).validate(data)
        assert data["audio"]["sha256"] == hashlib.sha256(package.read(f"recording-{n}.wav")).hexdigest()
        assert data["call"]["own_number"] == make.NUMBER
    for name in package.namelist():
        assert b"Agentti" not in package.read(name), name
        assert "Soittola" not in name


def test_what_was_left_out_is_silent_in_every_form_and_told(here: Office) -> None:
    made = walk(here)
    files = here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, CALL.read_bytes()))
    made.taken().heard()
    where = (made.filed.ref, made.recordings[0])
    typed = [Typed("0.02,00", "0.03,50", "R15-4")]
    draft = redact.save_passages(here, made.listener, *where, typed, "mute", "")
    redact.submit(here, made.listener, *where, draft.edition)
    runner.drain(here)
    second = clerk("second", *made.listener.roles)
    redact.approve_redaction(here, second, *where, redact.review(here, second, *where).edition)  # type: ignore[union-attr]  # redactable
    made.proposed(**PART).approved().signed()
    runner.drain(here)
    package = opened(made, Form.BUNDLE_WAV)
    assert json.loads(package.read("recording-1.json"))["left_out"] == [{"from_second": 2, "to_second": 4}]
    assert vcon.read(package.read("recording-1.vcon.json")).redacted
    with wave.open(io.BytesIO(package.read("recording-1.wav"))) as sound:
        sound.setpos(int(2.5 * sound.getframerate()))
        assert set(sound.readframes(sound.getframerate() // 2)) == {0}


def test_it_is_sent_in_small_pieces_and_nothing_lies_in_the_scratch_folder_meanwhile(here: Office) -> None:
    made = walk(here)
    files = here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, make.tone(60, 16000)))
    made.taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(here)
    bundle = open_bundle(here, made.citizen, made.filed.ref, Form.BUNDLE_WAV)
    sizes = [len(next(bundle.pieces))]
    assert list(here.scratch.iterdir()) == []
    sizes += [len(piece) for piece in bundle.pieces]
    bundle.close()
    assert sum(sizes) > 4_000_000
    assert max(sizes) < 1_000_000
    cut_off = open_bundle(here, made.citizen, made.filed.ref, Form.BUNDLE_WAV)
    next(cut_off.pieces)
    cut_off.close()
    with pytest.raises((ValueError, OSError)):
        list(cut_off.pieces)


def test_each_bundle_takes_one_download_of_every_copy_that_is_not_taken_back_or_none(here: Office) -> None:
    made = answered(here, found=2)
    for _ in range(MOST_DOWNLOADS - 1):
        hand_over.note_heard(here, made.citizen, made.filed.ref, 1, downloaded=True)
    fetched(made)
    with pytest.raises(NotNow, match="downloads_used"):
        open_bundle(here, made.citizen, made.filed.ref, Form.BUNDLE_MP3)
    lines = grants.staff_grants(here, made.handler, made.filed.ref)
    assert [line.copy.downloads for line in lines] == [MOST_DOWNLOADS, 1]
    grants.revoke_copy(here, made.handler, made.filed.ref, lines[0].copy.recording, "Väärä puhelu.", made.case.moves)
    names = opened(made).namelist()
    assert "recording-2.mp3" in names
    assert "recording-1.mp3" not in names


def test_no_bundle_for_another_person_before_the_copies_are_made_or_after_the_last_day(
    here: Office, clock: make.Clock
) -> None:
    made = walk(here).taken().heard().proposed(outcome="granted").approved().signed()
    with pytest.raises(Absent):
        open_bundle(here, made.citizen, made.filed.ref, Form.BUNDLE_MP3)
    runner.drain(here)
    foreign = make.citizen(make.filed(here, who=make.identified("Eero Esimerkkilä", "040387-913K")))
    with pytest.raises(Absent):
        open_bundle(here, foreign, made.filed.ref, Form.BUNDLE_MP3)
    clock.move(days=70)
    with pytest.raises(Absent):
        open_bundle(here, made.citizen, made.filed.ref, Form.BUNDLE_MP3)
    assert made.actions.count("copy_downloaded") == 0


def test_the_conversation_reads_back_by_our_own_reader_in_both_forms(here: Office) -> None:
    made = answered(here)
    for form, kind in ((Form.BUNDLE_MP3, "audio/mpeg"), (Form.BUNDLE_WAV, "audio/wav")):
        package = opened(made, form)
        text = package.read("recording-1.vcon.json")
        found = vcon.read(text)
        (sound,) = found.sounds
        assert (sound.mediatype, sound.audio) == (kind, package.read(f"recording-1.{form.sound.value}"))
        assert found.parties[sound.originator or 0].tel == make.NUMBER
        assert [party.name for party in found.parties] == [None, "Espoon kaupunki"]
        assert not found.redacted
        assert json.loads(text)["vcon"] == "0.4.0"
        assert "url" not in json.loads(text)["dialog"][0]
    wav = opened(made, Form.BUNDLE_WAV).read("recording-1.wav")
    assert chunks(wav) == [b"fmt ", b"data"], "its sound and nothing else"


def chunks(wav: bytes) -> list[bytes]:
    """The names of a WAV file's chunks."""
    assert wav[:4] + wav[8:12] == b"RIFFWAVE"
    found, at = [], 12
    while at < len(wav):
        name, size = struct.unpack("<4sI", wav[at : at + 8])
        found.append(name)
        at += 8 + size + size % 2
    return found


def test_the_lines_of_the_documents_verify_a_bundle_and_notice_a_change(here: Office, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    opened(answered(here)).extractall(folder)
    (folder / "manifest-keys.json").write_text(json.dumps(here.manifests.public_keys()))
    page = (Path(__file__).resolve().parents[2] / "docs" / "delivery.md").read_text(encoding="utf-8")
    lines = page.split("```python\n")[1].split("```")[0]
    command = [sys.executable, "-c", lines]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("whole and unchanged\n", "")
    with (folder / "recording-1.mp3").open("ab") as file:
        file.write(b"!")
    assert "recording-1.mp3" in subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr
    sign, last = (folder / "manifest.jws").read_text().rsplit(".", 1)
    (folder / "manifest.jws").write_text(f"{sign}.{last[::-1]}")
    assert "InvalidSignature" in subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stderr
