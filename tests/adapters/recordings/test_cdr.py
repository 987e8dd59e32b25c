"""Asterisk's CDR: the instant from the unique id, the wall clock's error betrayed, rows that come late found."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.adapters.recordings.cdr import CdrListing
from portal.adapters.recordings.profile import Profile
from portal.domain.recording import Denied, Refused, SegmentMeta, Transient

PROFILE = Profile("pbx", "espoo", listing="cdr", cdr={"database_file": "url"})
TABLE = """CREATE TABLE cdr (start TEXT, uniqueid TEXT, linkedid TEXT, src TEXT, dst TEXT, duration INTEGER,
recordingfile TEXT)"""
AT = datetime(2026, 3, 2, 5, 42, 13, tzinfo=UTC)
EPOCH = int(AT.timestamp())


class Exchange:
    """A CDR database to write into and to read."""

    def __init__(self, root: Path) -> None:
        self.file = root / "cdr.db"
        (root / "url").write_text(f"sqlite:///{self.file}\n")
        self.listing = CdrListing(PROFILE, root / "url")
        with sqlite3.connect(self.file) as db:
            db.execute(TABLE)

    def add(self, start: str, uniqueid: str, linkedid: str = "", src: str = "0401234567") -> None:
        with sqlite3.connect(self.file) as db:
            row = (start, uniqueid, linkedid or uniqueid, src, "098160011", 30, f"{uniqueid}.wav")
            db.execute("INSERT INTO cdr VALUES (?,?,?,?,?,?,?)", row)

    def calls(self, cursor: str | None = None, limit: int = 100) -> list[SegmentMeta]:
        return [made for _, _, made in self.listing.read(cursor, limit).rows if isinstance(made, SegmentMeta)]


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path)


@pytest.mark.parametrize(
    ("wall", "skew"),
    [("2026-03-02 07:42:13", 0), ("2026-03-02 05:42:13", -7200), ("2026-03-02 07:49:13", 420)],
    ids=["right", "in UTC though set to local", "seven minutes fast"],
)
def test_the_instant_is_the_epochs_and_the_wall_clock_betrays_its_error(
    exchange: Exchange, wall: str, skew: int
) -> None:
    exchange.add(wall, f"{EPOCH}.17")
    listed = exchange.listing.read(None, 10)
    assert listed.skew == skew
    assert exchange.calls()[0].start == AT


def test_the_repeated_hour_is_settled_by_the_epoch(exchange: Exchange) -> None:
    second = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    exchange.add("2025-10-26 03:30:00", f"pbx1-{int(second.timestamp())}.3")
    (call,) = exchange.calls()
    assert (call.start, call.local_ambiguous) == (second, False)
    assert exchange.listing.read(None, 10).skew == 0


def test_the_legs_of_a_transferred_call_are_one_call(exchange: Exchange) -> None:
    for n in range(3):
        exchange.add(f"2026-03-02 07:4{2 + n}:13", f"{EPOCH + 60 * n}.{n}", linkedid=f"{EPOCH}.0")
    calls = exchange.calls()
    assert len({call.locator for call in calls}) == 3
    assert {call.call_uid for call in calls} == {f"{EPOCH}.0"}


def test_a_call_that_ends_late_is_found_though_others_that_began_later_were_read(exchange: Exchange) -> None:
    exchange.add("2026-03-02 09:00:00", f"{EPOCH + 4667}.2")
    first = exchange.listing.read(None, 10)
    exchange.add("2026-03-02 07:42:13", f"{EPOCH}.1")  # it lasted for an hour and a half
    assert [call.start for call in exchange.calls(first.cursor)] == [AT]
    assert exchange.calls(exchange.listing.read(first.cursor, 10).cursor) == []


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_equal_starts_are_told_apart_by_the_unique_id(exchange: Exchange, limit: int) -> None:
    for n in range(7):
        exchange.add("2026-03-02 07:42:13", f"{EPOCH}.{n}")
    cursor, seen = None, []
    for _ in range(20):
        listed = exchange.listing.read(cursor, limit)
        seen += [made.locator for _, _, made in listed.rows if isinstance(made, SegmentMeta)]
        cursor = listed.cursor
        if listed.done:
            break
    assert sorted(seen) == [f"{EPOCH}.{n}.wav" for n in range(7)]


def test_a_hidden_number_is_withheld_and_a_broken_row_stops_no_other(exchange: Exchange) -> None:
    exchange.add("2026-03-02 07:42:13", f"{EPOCH}.1", src="anonymous")
    exchange.add("2026-03-02 07:42:14", f"{EPOCH}.2", src="")
    exchange.add("2026-03-02 07:42:15", f"{EPOCH}.3")
    rows = [made for _, _, made in exchange.listing.read(None, 10).rows]
    assert [isinstance(made, Refused) for made in rows] == [False, True, False]
    assert [call.withheld for call in exchange.calls()] == [True, False]


@pytest.mark.parametrize("cursor", ["", "x", "[]", '["a", "b", {}]', '{"a": 1}'])
def test_a_cursor_that_cannot_be_read_means_from_the_beginning(exchange: Exchange, cursor: str) -> None:
    exchange.add("2026-03-02 07:42:13", f"{EPOCH}.1")
    assert len(exchange.calls(cursor)) == 1


def test_a_database_without_the_table_and_one_without_an_address_say_so_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql+psycopg://reader:verysecret@127.0.0.1:1/cdr")
    with pytest.raises(Transient) as away:
        CdrListing(PROFILE, tmp_path / "url").read(None, 1)
    assert "verysecret" not in str(away.value)
    with pytest.raises(Denied, match="absent"):
        CdrListing(PROFILE, tmp_path / "absent").read(None, 1)
