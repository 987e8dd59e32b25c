"""The citizen's application over a database of the test's own, and an identified person's browser."""

from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, entered
from tests.web.lent import application


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """A real office over a fresh database."""
    return sqlite_office


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once a run, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    """The citizen's face, faults shown."""
    return application(tmp_path, sqlite_url, office, "citizen")


@pytest.fixture
def visitor(app: Portal) -> Browser:
    """Nobody yet."""
    return Browser(app)


@pytest.fixture
def citizen(app: Portal, office: Office) -> Browser:
    """Tuulikki, identified a moment ago."""
    return entered(app, office, make.identified())
