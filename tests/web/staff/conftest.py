"""The staff's face over a real office: fixtures for its page tests."""

from pathlib import Path

import pytest

from portal.services.office import Office
from portal.web.app import Portal
from tests.web.lent import application


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    """The staff's face, faults shown."""
    return application(tmp_path, sqlite_url, office, "staff")
