"""Fixtures that every floor's tests may use: the two databases, and no way off this machine."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import compiled, leaks
from tests.network import loopback_only
from tests.postgres import Cluster, Standing, running_cluster, server_binaries

if TYPE_CHECKING:  # the domain's tests do not wait for the portal's imports
    from portal.services.office import Office
    from tests.make import Clock

# A busy machine is no fault of the code: examples have no deadline. The same examples in every CI run.
settings.register_profile("kuuluu", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("kuuluu")
compiled.share()


def prepare_schema(url: str) -> None:
    """Bring an empty database to the newest schema: the same call that `flask db upgrade` makes."""
    from portal.store.migrate import upgrade

    upgrade(url)


@pytest.fixture(autouse=True)
def network_strays() -> Iterator[list[str]]:
    """Fails the test that tried to reach another machine, even if the code under test swallowed the refusal."""
    with loopback_only() as strays:
        yield strays
    assert not strays, f"connections left the machine: {strays}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """After each test and before its databases go: fails the test that left a secret in clear (tests/leaks.py)."""
    excepted = item.nodeid.partition("::")[0] in leaks.EXCEPTIONS
    found = [] if excepted else leaks.left_by(getattr(item, "funcargs", {}), item._report_sections)
    leaks.forget()
    assert not found, f"secrets in clear: {found}"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A private PostgreSQL server, started by the first test that asks for it."""
    binaries = server_binaries()
    if binaries is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("no PostgreSQL server is installed (tools/setup --test brings it)")
    with running_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, without our schema."""
    name = postgres_cluster.create()
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """The name of a PostgreSQL database with our schema, for copying only."""
    name = postgres_cluster.create()
    prepare_schema(postgres_cluster.url(name))
    postgres_cluster.close(name)
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our schema, for copying only."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    prepare_schema(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a copy of the file alone must be whole
    connection.close()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with our schema."""
    file = tmp_path / "portal.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgres_standing(postgres_cluster: Cluster, postgres_template: str) -> Standing:
    """The database that the tests on PostgreSQL use one after another."""
    return Standing(postgres_cluster, postgres_template)


@pytest.fixture
def postgresql_url(postgres_standing: Standing) -> str:
    """The URL of an empty PostgreSQL database with our schema."""
    return postgres_standing.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with our schema; the test runs once on each of the two."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> "Clock":
    """A clock that stands on Thursday 18.6.2026 at noon until a test moves it."""
    from tests import make

    return make.Clock()


@pytest.fixture(scope="session")
def client_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portal's keys at the identity provider: making them takes longer than most tests."""
    from portal.adapters.identity import client_keys

    file = client_keys.key_file(tmp_path_factory.mktemp("client"), "demo")
    client_keys.make(file, 1_760_000_000)
    return file


@cache
def _watch_secrets() -> None:
    """From now on every cookie that the store gives away, and every code for a number, is known to the scan."""
    from portal.services import prove_number, support_number
    from portal.store.sessions import Sessions
    from portal.store.stations import Stations

    Stations.start = leaks.remembered(Stations.start)  # type: ignore[method-assign]  # the same, and remembered
    Sessions.start = leaks.remembered(Sessions.start)  # type: ignore[method-assign]  # the same, and remembered
    prove_number.new_code = support_number.new_code = leaks.remembered(prove_number.new_code)


def _office(folder: Path, url: str, clock: "Clock", client_key: Path) -> Iterator["Office"]:
    from tests import make

    _watch_secrets()
    (folder / "data").mkdir()
    shutil.copy2(client_key, folder / "data")
    made = make.office(folder, url, clock)
    yield made
    made.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book


@pytest.fixture
def office(tmp_path: Path, database_url: str, clock: "Clock", client_key: Path) -> Iterator["Office"]:
    """A real office over a fresh database: once on each of the two."""
    yield from _office(tmp_path, database_url, clock, client_key)


@pytest.fixture
def sqlite_office(tmp_path: Path, sqlite_url: str, clock: "Clock", client_key: Path) -> Iterator["Office"]:
    """A real office on SQLite only, where the database makes no difference."""
    yield from _office(tmp_path, sqlite_url, clock, client_key)
