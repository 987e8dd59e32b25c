"""Most verbs are the same on both databases: their tests run on one."""

import pytest

from portal.services.office import Office


@pytest.fixture
def here(sqlite_office: Office) -> Office:
    """An office on SQLite: these tests are about the verbs."""
    return sqlite_office
