"""A case in the store, and raw SQL beside every service."""

from functools import partial

import pytest

from portal.services.office import Office
from tests import make
from tests.store.raw import Raw, run


@pytest.fixture
def raw(office: Office) -> Raw:
    """Run one statement in a writing unit of its own; its rows, if it gives any."""
    return partial(run, office)


@pytest.fixture
def case_id(office: Office, raw: Raw) -> str:
    """The id of a case filed with one held recording."""
    make.recorded(office, make.segment())
    make.filed(office)
    found: str = raw("SELECT id FROM cases")[0].id
    return found
