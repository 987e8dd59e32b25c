"""An administrator has no way to the sound, whatever other roles: every route of the staff's face is tried."""

import re
from collections.abc import Iterator

import pytest

from portal.domain.access import Role
from portal.jobs import runner
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.test_redact import PART, approved, heard
from tests.services.walk import Walk
from tests.web.staff.desk import at_desk

SOUND = (b"fLaC", b"RIFF", b"ID3", b"OggS", b"\xff\xfb", b"\xff\xf3")
WAYS = {"staff.listen.audio", "staff.redaction.audio", "staff.redaction.passage", "staff.redaction.picture"}
"""The routes that are known to serve sound or its picture; the walk below tries all others too."""


def addresses(app: Portal, made: Walk) -> Iterator[tuple[str, str]]:
    """Every address of the staff's face that can be read, filled in with what there is."""
    with made.office.reading() as work:
        document = next((one.id for one in work.documents.of_case(made.case.id)), "0" * 32)
    values = {"lang": "fi", "controller": "espoo", "ref": made.filed.ref, "recording": made.recordings[0],
              "document": document, "n": "1", "place": "0", "number": "1"}  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("staff."):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), rule.rule)
            yield rule.endpoint, path


@pytest.mark.parametrize("others", [(), tuple(set(Role) - {Role.ADMINISTRATOR})])
def test_every_route_is_without_sound_for_an_administrator(
    app: Portal, office: Office, others: tuple[Role, ...]
) -> None:
    made = approved(heard(office))
    made.proposed(**PART).approved()
    runner.drain(office)
    both = make.clerk(office, "paavo", Role.ADMINISTRATOR, *others)
    desk = at_desk(app, office, both)
    tried = dict(addresses(app, made))
    assert set(tried) >= WAYS
    for endpoint, path in tried.items():
        answer = desk.client.get(path)
        assert not (answer.mimetype or "").startswith("audio/"), endpoint
        assert not answer.data.startswith(SOUND), endpoint
        assert b"<audio" not in answer.data, endpoint
        if "<recording>" in path or endpoint in WAYS:
            assert answer.status_code == 404, endpoint


def test_the_same_routes_sound_for_the_agent_of_the_call(app: Portal, office: Office) -> None:
    """The walk above would be worth nothing if it asked wrongly."""
    made = approved(heard(office))
    desk = at_desk(app, office, make.clerk(office, "aino", Role.LISTENER))
    tried = dict(addresses(app, made))
    got = {endpoint: desk.client.get(tried[endpoint]) for endpoint in WAYS}
    assert {endpoint for endpoint, answer in got.items() if answer.status_code == 200} == WAYS
    assert all(got[one].data.startswith(SOUND) for one in WAYS - {"staff.redaction.picture"})
