"""The staff's face over a real office: fixtures for its page tests."""

from pathlib import Path

import pytest

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make


@pytest.fixture
def clock() -> make.Clock:
    """Stands at 18.6.2026 12.00 until it is moved."""
    return make.Clock()


@pytest.fixture
def office(tmp_path: Path, sqlite_url: str, clock: make.Clock) -> Office:
    """A real office over a fresh database."""
    return make.office(tmp_path, sqlite_url, clock)


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    """The staff's face, faults shown."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office)
    made.testing = True
    return made
