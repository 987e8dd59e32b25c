"""The scan after each test notices what it is for: a secret in clear, in either database or in the log."""

import sqlite3
from pathlib import Path

import pytest

from portal.services.office import Office
from tests import leaks, make
from tests.store.raw import engine_of, run

LEAKS = {
    "131052-902N": "an identity code",
    "010190Y902P": "an identity code",
    "+358401234567": "a mobile number",
    "040 123 4567": "a mobile number",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIi": "a signed token",
    "Koodisi on 123456": "a message with its code",
}


@pytest.mark.parametrize(("secret", "kind"), LEAKS.items())
def test_a_secret_in_a_column_is_named_with_its_place(office: Office, secret: str, kind: str) -> None:
    run(office, "INSERT INTO slot (name, slot) VALUES (:text, 'x')", text=f"a {secret}")
    url = str(engine_of(office).url.render_as_string(hide_password=False))
    if engine_of(office).dialect.name == "postgresql":
        assert leaks.in_postgres(url) == [f"slot: {kind}"]
    else:
        assert leaks.in_sqlite(Path(engine_of(office).url.database)) == [f"slot.name: {kind}"]
    run(office, "DELETE FROM slot")


def test_what_was_deleted_is_looked_through_too(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("PRAGMA secure_delete = off")
        connection.execute("CREATE TABLE kept (text TEXT)")
        connection.executemany("INSERT INTO kept VALUES (?)", [("131052-902N",)] * 3)
        connection.commit()
        connection.execute("DELETE FROM kept")
        connection.commit()
    assert leaks.in_sqlite(tmp_path / "other.db") == ["other.db: an identity code, in what was deleted"]


def test_what_a_test_was_given_is_looked_for(sqlite_office: Office) -> None:
    secrets = leaks.remember("kP3x-given-cookie"), leaks.remember("493817")
    file = Path(engine_of(sqlite_office).url.database)
    for secret in secrets:
        run(sqlite_office, "INSERT INTO slot (name, slot) VALUES (:secret, '1')", secret=secret)
        assert leaks.in_sqlite(file) == [f"slot.name: {leaks.GIVEN}"]
        run(sqlite_office, "DELETE FROM slot WHERE slot = '1'")
    run(sqlite_office, "INSERT INTO slot (name, slot) VALUES ('a3f4938171c', '1')")
    assert [leak for leak in leaks.in_sqlite(file) if leak.startswith("slot")] == []


def test_a_log_line_is_looked_through() -> None:
    line = ("call", "log", f"WARNING library: GET /?number={make.NUMBER}")
    assert leaks.in_logs([line, ("call", "stdout", make.NUMBER)]) == ["log: a mobile number"]


def test_every_session_that_is_started_is_known_by_its_cookie(sqlite_office: Office) -> None:
    with sqlite_office.writing() as work:
        now = sqlite_office.now()
        cookie = work.sessions.start("citizen", None, {}, now, None, now)
    assert list(leaks.found_in(cookie.encode())) == [leaks.GIVEN]


def test_every_exception_names_a_test_that_exists() -> None:
    root = Path(__file__).parents[2]
    assert all((root / name).exists() and why for name, why in leaks.EXCEPTIONS.items())
