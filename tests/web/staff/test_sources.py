"""The administrator's page of sources: what each can do, how far it is read, its clock, and why it cannot be read."""

from datetime import timedelta

from portal.domain.access import Role
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk


def reader(app: Portal, office: Office) -> Browser:
    """An administrator's browser."""
    return at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))


def test_a_source_that_cannot_be_read_says_why_and_one_that_is_read_how_far(app: Portal, office: Office) -> None:
    now = office.now()
    with office.writing() as work:
        work.sources.failed("upload-espoo", "espoo", "denied", "host key changed: ask the operator", now)
        work.sources.reached("fake-espoo", "espoo", "1", 240, now - timedelta(minutes=2))
        work.sources.progressed("fake-espoo", "espoo", 0.43, -7200, now - timedelta(hours=1))
    text = reader(app, office).get(address("sources")).text
    for said in ("Lähde estää lukemisen", "host key changed", "Luetaan, 43 %", "Aikavyöhyke näyttää väärältä", "-7200"):
        assert said in text


def test_a_harvest_that_stopped_is_late_and_a_fresh_one_is_not(app: Portal, office: Office) -> None:
    desk = reader(app, office)
    with office.writing() as work:
        work.sources.reached("fake-espoo", "espoo", "1", 240, office.now() - timedelta(hours=3))
    assert "Lukeminen on myöhässä" in desk.get(address("sources")).text
    with office.writing() as work:
        work.sources.reached("fake-espoo", "espoo", "1", 0, office.now())
    text = desk.get(address("sources")).text
    assert "Lukeminen on myöhässä" not in text
    assert "Ajan tasalla" in text


def test_another_controllers_sources_are_not_shown(app: Portal, office: Office) -> None:
    assert "janakkala" not in reader(app, office).get(address("sources")).text
