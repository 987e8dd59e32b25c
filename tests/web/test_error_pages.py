"""A page that is not there, on an installation that serves one face alone."""

from pathlib import Path

import pytest

from portal import wiring
from portal.services.office import Office
from tests import make


@pytest.mark.parametrize(
    ("face", "path"),
    [("staff", "/fi/"), ("staff", "/sv/espoo/nothing"), ("citizen", "/fi/staff/"), ("citizen", "/fi/staff/x/queue")],
)
def test_the_other_faces_addresses_are_not_found(
    tmp_path: Path, sqlite_url: str, office: Office, face: str, path: str
) -> None:
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces=face), office)
    assert made.test_client().get(path).status_code == 404
