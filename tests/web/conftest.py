"""The citizen's application over a database of the test's own, and an identified person's browser."""

from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, entered


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """A real office over a fresh database."""
    return sqlite_office


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once a run, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office, compiled_templates: FileSystemBytecodeCache) -> Portal:
    """The citizen's face, faults shown."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="citizen"), office)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def visitor(app: Portal) -> Browser:
    """Nobody yet."""
    return Browser(app)


@pytest.fixture
def citizen(app: Portal, office: Office) -> Browser:
    """Tuulikki, identified a moment ago."""
    return entered(app, office, make.identified())
