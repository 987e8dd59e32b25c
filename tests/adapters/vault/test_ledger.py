"""The erasure ledger as a file: chained, whole lines only, safe between processes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from portal.adapters.vault.ledger import FileLedger
from portal.services.ports.ledger import Closing, Erasure, LedgerBroken

AT = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)


def erasure(n: int, objects: int = 1) -> Erasure:
    return Erasure(
        "espoo", f"{n:032x}", "upload-espoo", "ours", "k", "s", 12, date(2026, 6, 1), "retention", True,
        "system", AT, tuple(f"{n:016x}{k:016x}" for k in range(objects)),
    )  # fmt: skip


def file(folder: Path) -> Path:
    return folder / "erasures.jsonl"


def test_entries_come_back_as_they_were_written(tmp_path: Path) -> None:
    told: list[Erasure | Closing] = [erasure(1), erasure(2, objects=400), Closing("espoo", AT), erasure(3, objects=0)]
    for one in told:
        FileLedger(tmp_path).write(one)
    assert list(FileLedger(tmp_path).entries()) == told


def test_an_empty_ledger_has_no_entries(tmp_path: Path) -> None:
    assert list(FileLedger(tmp_path / "new").entries()) == []


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_line_cut_by_a_dying_process_gives_way_to_the_next(tmp_path: Path, cut: int) -> None:
    ledger = FileLedger(tmp_path)
    ledger.write(erasure(1))
    whole = file(tmp_path).read_bytes()
    ledger.write(erasure(2))
    file(tmp_path).write_bytes(file(tmp_path).read_bytes()[: len(whole) + cut])
    assert list(ledger.entries()) == [erasure(1)]
    ledger.write(erasure(3))
    assert list(ledger.entries()) == [erasure(1), erasure(3)]


@pytest.mark.parametrize("drop", [0, 1])
def test_a_line_that_was_taken_out_is_missed(tmp_path: Path, drop: int) -> None:
    ledger = FileLedger(tmp_path)
    for n in range(3):
        ledger.write(erasure(n))
    lines = file(tmp_path).read_bytes().splitlines(keepends=True)
    file(tmp_path).write_bytes(b"".join(lines[:drop] + lines[drop + 1 :]))
    with pytest.raises(LedgerBroken, match=f"line {drop + 1}"):
        list(ledger.entries())


def test_a_changed_line_is_found_and_named(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    for n in range(3):
        ledger.write(erasure(n))
    text = file(tmp_path).read_text("utf-8")
    file(tmp_path).write_text(text.replace(f"{1:032x}", f"{9:032x}"), "utf-8")
    with pytest.raises(LedgerBroken, match=r"line 2 .* was changed"):
        list(ledger.entries())


def test_what_is_no_line_of_ours_is_refused_before_anything_follows_it(tmp_path: Path) -> None:
    file(tmp_path).write_text("hello\n", "utf-8")
    with pytest.raises(LedgerBroken, match="last line"):
        FileLedger(tmp_path).write(erasure(1))
    assert file(tmp_path).read_text("utf-8") == "hello\n"


def test_many_writers_make_one_chain(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: FileLedger(tmp_path).write(erasure(n)), range(60)))
    found = list(FileLedger(tmp_path).entries())
    assert {getattr(one, "recording", "") for one in found} == {erasure(n).recording for n in range(60)}
