"""What may stand in clear nowhere: looked for after each test in the databases it made and in what it logged.

Known are the identity codes and numbers of the tests' people, whatever has the form of a signed token or of a code's
message, and the cookies and one-time codes that the test itself was given (`remember`).
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg

# What it is, the letters it never goes without (looked for first: a database is large and letters are found fast),
# and its form.
SHAPES = (
    ("an identity code", b"", rb"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]"),
    ("a mobile number", b"+358", rb"\+358(?:4\d|50)\d{6,8}"),
    ("a mobile number", b"4567", rb"(?<!\d)0(?:40|44|45|50)[ -]?123[ -]?4567(?!\d)"),
    ("a signed token", b"eyJ", rb"eyJ[A-Za-z0-9_-]{15,}\."),
    ("a message with its code", b"Koodisi on ", rb"Koodisi on \d{6}"),
    ("a message with its code", b"Din kod ", rb"Din kod \xc3\xa4r \d{6}"),
    ("a message with its code", b"Your code is ", rb"Your code is \d{6}"),
)

EXCEPTIONS = {
    "tests/rules/test_logs.py": "logs secrets as a library would, to see that they are cut",
    "tests/rules/test_leaks.py": "leaks, to see that it is noticed",
}
"""Tests that write a secret in clear themselves, and why."""

GIVEN = "a secret that the test was given"
SHORT = 10
_given: set[bytes] = set()


def remember(secret: str) -> str:
    """A secret that this test was given: a cookie, a one-time code. Returns it."""
    _given.add(secret.encode())
    return secret


def forget() -> None:
    """The next test has secrets of its own."""
    _given.clear()


def remembered(give: Callable[..., str]) -> Callable[..., str]:
    """The function, each of whose answers is a secret."""

    @wraps(give)
    def giving(*arguments: Any, **named: Any) -> str:
        return remember(give(*arguments, **named))

    return giving


def found_in(data: bytes) -> Iterator[str]:
    """What kind of secret stands in some bytes."""
    yield from (kind for kind, letters, shape in SHAPES if letters in data and re.search(shape, data))
    if any(_holds(data, secret) for secret in _given):
        yield GIVEN


def _holds(data: bytes, secret: bytes) -> bool:
    """Does the secret stand there? A few digits inside a longer word, such as a digest, are no code."""
    if len(secret) >= SHORT:
        return secret in data
    return re.search(rb"(?<![0-9A-Za-z._-])" + re.escape(secret) + rb"(?![0-9A-Za-z._-])", data) is not None


def left_by(made: Mapping[str, object], sections: Iterable[tuple[str, str, str]]) -> list[str]:
    """The secrets that a test left: `made` are its fixtures' values, `sections` what pytest has captured of it."""
    folder, urls = made.get("tmp_path"), {made.get("database_url"), made.get("postgresql_url")}
    found = in_logs(sections)
    if isinstance(folder, Path):
        found += [leak for file in folder.glob("*.db") for leak in in_sqlite(file)]
    return found + [leak for url in urls if str(url).startswith("postgresql") for leak in in_postgres(str(url))]


def in_sqlite(file: Path) -> list[str]:
    """The secrets in a database's files, with table and column where they can be read."""
    data = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    kinds = set(found_in(data))
    if not kinds and not any(secret in data for secret in _given):  # columns stand side by side: no word has an end
        return []
    with sqlite3.connect(file) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = ((name, connection.execute(f'SELECT * FROM "{name}"')) for name in names)
        places = [(name, [one[0] for one in read.description], row) for name, read in rows for row in read]
    cells = ((f"{name}.{column}", _bytes(value)) for name, columns, row in places
             for column, value in zip(columns, row, strict=True))  # fmt: skip
    where = sorted({f"{place}: {kind}" for place, value in cells for kind in found_in(value)})
    return where or [f"{file.name}: {kind}, in what was deleted" for kind in sorted(kinds)]


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def in_postgres(url: str) -> list[str]:
    """The secrets in the texts of a PostgreSQL database, by table: one statement for all of them."""
    parts, options = urlsplit(url), dict(parse_qsl(urlsplit(url).query))
    with psycopg.connect(dbname=parts.path.lstrip("/"), user="postgres", host=options["host"]) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        if not tables:
            return []
        every = " UNION ALL ".join(f"SELECT '{name}', t::text FROM \"{name}\" t" for name in tables)
        rows = connection.execute(every).fetchall()  # the names come from the database itself
    if not any(True for _ in found_in("\n".join(text for _, text in rows).encode())):
        return []
    return sorted({f"{name}: {kind}" for name, text in rows for kind in found_in(text.encode())})


def in_logs(sections: Iterable[tuple[str, str, str]]) -> list[str]:
    """The secrets in what pytest has captured of the log."""
    return [f"log: {kind}" for _when, name, text in sections if name == "log" for kind in found_in(text.encode())]
