"""The demo's five archives load through the same adapters as real ones, awkward rows included."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest

from portal.adapters.audio.sandbox import Sandbox
from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import load_profile
from portal.adapters.scan.sniff import sniff
from portal.demo.calls import DEMO_NUMBERS, HELSINKI, REGISTERS, SERVICE_NUMBERS, featured_calls, make_demo_archive
from portal.domain.recording import ScanBatch

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    make_demo_archive(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def batches(root: Path) -> dict[str, ScanBatch]:
    found = {}
    with Sandbox() as sandbox:
        for name in REGISTERS:
            profile = load_profile(root / name / "source.toml")
            assert profile.controller == name
            found[name] = ArchiveSource(profile, root / name, sniff, sandbox.probe).scan()
    return found


def test_each_register_has_about_a_dozen_calls_and_most_can_be_heard(batches: dict[str, ScanBatch]) -> None:
    for name, batch in batches.items():
        assert 12 <= len(batch.segments) <= 16, name
        assert sum(found.has_audio for found in batch.segments) >= 9, name
        assert all(found.service_number in SERVICE_NUMBERS[name].values() for found in batch.segments), name


def test_the_refused_rows_are_the_ones_that_were_meant(batches: dict[str, ScanBatch]) -> None:
    codes = {name: [str(refusal.code) for refusal in batch.refusals] for name, batch in batches.items()}
    assert codes == {
        "janakkala": [],
        "pikkujatti": ["not_audio", "bad_date", "wrong_encoding"],
        "te_kaakkois_suomi": [],
        "pk_terveys": [],
        "espoo": ["truncated", "empty", "no_number", "bad_date"],
    }


def test_the_peoples_calls_are_found_at_their_time_and_number(batches: dict[str, ScanBatch]) -> None:
    for call in featured_calls(NOW):
        start = call.at.replace(tzinfo=HELSINKI).astimezone(UTC)
        (found,) = (found for found in batches[call.register].segments if found.start == start)
        assert (found.caller, found.has_audio) == (DEMO_NUMBERS[str(call.person)], True)
        assert found.service_number == SERVICE_NUMBERS[call.register][call.queue]


def test_the_awkward_calls_are_there(batches: dict[str, ScanBatch]) -> None:
    assert any(found.withheld for found in batches["espoo"].segments)
    assert any(found.local_ambiguous for found in batches["pikkujatti"].segments)
    lengths = [found.audio.duration_ms for found in batches["te_kaakkois_suomi"].segments if found.audio]
    assert max(lengths) > 3 * 3600 * 1000
    assert any(found.direction == "out" for found in batches["janakkala"].segments)


def test_a_second_run_leaves_the_archive_as_it_is(root: Path) -> None:
    def state() -> set[tuple[Path, int]]:
        return {(path, path.stat().st_mtime_ns) for path in root.rglob("*")}

    before = state()
    make_demo_archive(root, NOW + timedelta(days=3))
    assert state() == before


def test_the_demos_numbers_are_numbers() -> None:
    services = [number for queues in SERVICE_NUMBERS.values() for number in queues.values()]
    for number in [*DEMO_NUMBERS.values(), *services]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number


@pytest.mark.parametrize("day", range(0, 366, 13))
def test_on_any_day_of_the_year_no_demo_call_lies_in_the_future(day: int) -> None:
    now = datetime(2026, 1, 1, 6, 0, tzinfo=UTC) + timedelta(days=day)
    assert all(call.at.replace(tzinfo=HELSINKI) < now for call in featured_calls(now))
