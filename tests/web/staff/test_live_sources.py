"""A source that may not be harvested, as administrators and the command line see it."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from portal import cli_sources
from portal.domain.access import Role
from portal.domain.recording import Capability
from portal.jobs import runner
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.staff.desk import at_desk

LIVE = "live-espoo"


@pytest.fixture
def live(office: Office) -> Office:
    can = frozenset({Capability.SEARCH, Capability.FETCH})
    source = make.FakeSource(LIVE, "espoo", custody="operator", capabilities=can)
    sources = office.sources
    assert isinstance(sources, dict)
    sources[LIVE] = source
    return replace(office, sources=sources)


def test_the_page_of_sources_says_that_it_is_searched_and_never_that_it_is_late(
    app: Portal, live: Office, clock: make.Clock
) -> None:
    make.filed(live)
    runner.drain(live)
    clock.move(hours=2)
    who = make.clerk(live, "bertta", Role.ADMINISTRATOR)
    desk = at_desk(app, live, who)
    (row,) = desk.get("/fi/staff/espoo/sources").tree.xpath(f"//tr[th[contains(., '{LIVE}')]]")
    told = row.text_content()
    assert "haku pyyntöä varten, ei luettelointia" in told
    assert "Haetaan pyyntöä varten" in told
    assert "myöhässä" not in told


def test_the_command_line_lists_checks_and_does_not_harvest_it(live: Office) -> None:
    group = cli_sources.group(lambda: live)
    listed = CliRunner().invoke(group, ["list"])
    assert f"{LIVE:30}" in listed.output
    assert "can: fetch, search" in listed.output
    checked = CliRunner().invoke(group, ["check", LIVE])
    assert (checked.exit_code, checked.output) == (
        0, f"{LIVE}: ok: it answers a search; nothing is harvested from it\n",
    )  # fmt: skip
    assert "not harvested" in CliRunner().invoke(group, ["harvest", LIVE]).output
    live.sources[LIVE].away = True  # type: ignore[attr-defined]  # a FakeSource
    checked = CliRunner().invoke(group, ["check", LIVE])
    assert (checked.exit_code, checked.output) == (1, f"{LIVE}: Transient: away\n")
