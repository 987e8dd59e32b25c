"""A source that may not be harvested: searched for a request, the same on both databases, and it only reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from portal.adapters.recordings import cdr
from portal.adapters.recordings.connect import connect
from portal.adapters.recordings.profile import Profile, ProfileError
from portal.adapters.scan.sniff import sniff
from portal.domain.recording import Capability, Denied, Transient, Unsupported
from tests.ports.test_recording_sources import NOW, TOLD, cdr_postgres, cdr_profile, cdr_sqlite, probed

NUMBER, SERVICE = "+358401234567", "+358981600011"
AROUND = (TOLD.start - timedelta(hours=1), TOLD.start + timedelta(hours=1))


class Exchange:
    """An exchange whose calls are brought, and the source that may only search them."""

    def __init__(self, root: Path, bring: Any, profile: Profile) -> None:
        self.root, self.bring = root, bring
        self.source = connect(profile, root, sniff, probed, lambda: NOW)


@pytest.fixture(params=[cdr_sqlite, cdr_postgres], ids=["sqlite", "postgresql"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    with ExitStack() as stack:
        made = request.param(tmp_path, request, stack)
        yield Exchange(tmp_path, made.bring, cdr_profile(harvest="never", custody="operator"))


def test_it_says_that_it_searches_and_does_not_list(exchange: Exchange) -> None:
    assert Capability.SEARCH in exchange.source.capabilities
    assert Capability.LIST not in exchange.source.capabilities
    with pytest.raises(Unsupported):
        exchange.source.scan()


def test_a_source_that_is_harvested_refuses_a_search_by_name(exchange: Exchange) -> None:
    harvested = connect(cdr_profile(), exchange.root, sniff, probed, lambda: NOW)
    with pytest.raises(Unsupported, match="search"):
        harvested.search((NUMBER,), "", *AROUND, 10)


def test_a_call_is_found_by_number_and_by_service_as_a_harvest_would_tell_it(exchange: Exchange) -> None:
    exchange.bring("1", "ulaw.wav")
    for numbers, service in (((NUMBER,), ""), (("+358501111111", NUMBER), ""), ((), TOLD.service_number or "")):
        (found,) = exchange.source.search(numbers, service, *AROUND, 10)
        assert replace(found, locator="", audio=None) == replace(TOLD, call_uid="1")
        with exchange.source.open(found.locator) as file:
            assert file.read(4) == b"RIFF"


@pytest.mark.parametrize(
    ("numbers", "service", "hours"),
    [(("+358407654567",), "", 0), ((), "+358999990011", 0), ((), "", 0), ((NUMBER,), "", 3), ((NUMBER,), "", -3)],
    ids=["another number with the same end", "another service", "nothing asked", "later", "earlier"],
)
def test_what_was_not_asked_for_is_not_told(
    exchange: Exchange, numbers: tuple[str, ...], service: str, hours: int
) -> None:
    exchange.bring("1", "ulaw.wav")
    begin, end = (at + timedelta(hours=hours) for at in AROUND)
    assert exchange.source.search(numbers, service, begin, end, 10) == ()


def test_a_limit_is_kept_and_pages_lose_nothing(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdr, "_PAGE", 2)
    for n in range(5):
        exchange.bring(str(n), "ulaw.wav")
    assert len(exchange.source.search((NUMBER,), "", *AROUND, 3)) == 3
    assert {one.call_uid for one in exchange.source.search((NUMBER,), "", *AROUND, 50)} == set("01234")


def test_a_number_that_is_no_number_finds_nothing_and_breaks_nothing(exchange: Exchange) -> None:
    exchange.bring("1", "ulaw.wav")
    for text in ("' OR 1=1 --", "%", "_", ""):
        assert exchange.source.search((text,), "", *AROUND, 10) == ()
    assert len(exchange.source.search((NUMBER,), "", *AROUND, 10)) == 1


def test_the_portal_cannot_write_into_the_exchanges_database(exchange: Exchange) -> None:
    listing: Any = exchange.source._listing
    with listing._connected() as engine, engine.connect() as connection, pytest.raises(SQLAlchemyError):
        connection.exec_driver_sql("DELETE FROM cdr")


def test_an_exchange_that_is_away_is_tried_again_later_and_one_without_an_address_is_denied(tmp_path: Path) -> None:
    profile = cdr_profile(harvest="never", custody="operator")
    source = connect(profile, tmp_path, sniff, probed, lambda: NOW)
    with pytest.raises(Denied):
        source.search((NUMBER,), "", *AROUND, 10)
    (tmp_path / "database-url").write_text("postgresql+psycopg://reader:verysecret@127.0.0.1:1/cdr")
    with pytest.raises(Transient) as away:
        source.search((NUMBER,), "", *AROUND, 10)
    assert "verysecret" not in str(away.value)


def test_an_exchange_that_answers_slowly_is_given_up_and_tried_again(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing: Any = exchange.source._listing
    with listing._connected() as engine:
        if engine.dialect.name != "postgresql":
            assert engine.dialect.name == "sqlite"  # a file on this machine: nobody waits for an answer
            return
    engine.dispose()
    listing._made = None
    monkeypatch.setattr(cdr, "PATIENCE", 0.2)
    with pytest.raises(Transient, match="QueryCanceled"), listing._connected() as engine, engine.connect() as db:
        db.exec_driver_sql("SELECT pg_sleep(5)")


@pytest.mark.parametrize(("listing", "custody"), [("cdr", "ours"), ("vcon", "operator")])
def test_only_a_database_that_somebody_else_empties_may_go_without_harvest(listing: Any, custody: Any) -> None:
    more: dict[str, Any] = {"cdr": {"database_file": "url"}} if listing == "cdr" else {}
    with pytest.raises(ProfileError, match="harvest"):
        Profile("x", "espoo", listing=listing, custody=custody, harvest="never", **more)


def test_the_repeated_hour_is_found_whichever_of_its_hours_is_searched(tmp_path: Path) -> None:
    with ExitStack() as stack:
        place = cdr_sqlite(tmp_path, None, stack)  # type: ignore[arg-type]  # this maker asks no fixture
        place.bring("1", "ulaw.wav")
    with sqlite3.connect(tmp_path / "cdr.db") as db:
        db.execute("UPDATE cdr SET start = '2025-10-26 03:30:00', uniqueid = 'pbx.1'")
    source = connect(cdr_profile(harvest="never", custody="operator"), tmp_path, sniff, probed, lambda: NOW)
    for hour in (0, 1):
        at = datetime(2025, 10, 26, hour, 30, tzinfo=UTC)
        assert len(source.search((NUMBER,), "", at, at + timedelta(minutes=1), 10)) == 1
