"""The citizen's application over a database of the test's own, and an identified person's browser."""

from pathlib import Path

import pytest

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, entered


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str, clock: make.Clock) -> Office:
    return make.office(tmp_path, sqlite_url, clock, faces="citizen")


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="citizen"), office)
    made.testing = True
    return made


@pytest.fixture
def visitor(app: Portal) -> Browser:
    """Nobody yet."""
    return Browser(app)


@pytest.fixture
def citizen(app: Portal, office: Office) -> Browser:
    """Tuulikki, identified a moment ago."""
    return entered(app, office, make.identified())
