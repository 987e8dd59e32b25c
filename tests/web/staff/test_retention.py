"""Shorter retention on the staff's page: one proposes, another approves, and nobody both."""

from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from portal import wiring
from portal.domain.access import Role
from portal.services import retention_rules
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.test_retention_rules import filed, period
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def shorter(office: Office) -> Office:
    """Espoo's six months were in force when its file was changed to one."""
    retention_rules.adopt_file(office, "espoo")
    return filed(office, "P1M")


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, shorter: Office, compiled_templates: FileSystemBytecodeCache) -> Portal:
    """The staff's face with the changed file."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), shorter)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made


def test_one_proposes_and_another_approves_on_the_page(app: Portal, shorter: Office) -> None:
    first = at_desk(app, shorter, make.clerk(shorter, "aino", Role.ADMINISTRATOR))
    page = first.click(first.get(address("sources")), "Säilytysajat")
    assert "1 kuukausi odottaa kahta henkilöä" in page.text
    done = first.press(page, "Ehdota lyhennystä")
    assert "Ehdottanut sinä 18.6.2026" in done.text
    assert "Hyväksy lyhennys" not in done.text
    second = at_desk(app, shorter, make.clerk(shorter, "otso", Role.DECISION_MAKER))
    asked = second.click(second.get(address("approvals")), "1 säilytysajan lyhennys odottaa hyväksyntää")
    assert "Ehdottanut Aino Testi 18.6.2026" in asked.text
    agreed = second.press(asked, "Hyväksy lyhennys")
    assert "odottaa kahta henkilöä" not in agreed.text
    assert period(shorter) == "P1M"
    assert second.press(asked, "Hyväksy lyhennys").status == 409


def test_the_data_protection_officer_who_proposed_is_shown_no_button_and_a_forged_one_is_refused(
    app: Portal, shorter: Office
) -> None:
    who = make.clerk(shorter, "dora", Role.DPO)
    desk = at_desk(app, shorter, who)
    page = desk.get(address("retention"))
    done = desk.press(page, "Ehdota lyhennystä")
    assert "Toinen henkilö hyväksyy sen." in done.text
    forged = {"csrf_token": page.value("csrf_token"), "recording_class": "customer_service", "period": "P1M"}
    refused = desk.post(address("retention/approve"), forged)
    assert refused.status == 409
    assert "Et voi hyväksyä omaa ehdotustasi" in refused.text
    assert period(shorter) == "P6M"


def test_a_proposal_is_rejected_on_the_page_and_may_be_made_again(app: Portal, shorter: Office) -> None:
    first = at_desk(app, shorter, make.clerk(shorter, "aino", Role.ADMINISTRATOR))
    first.press(first.get(address("retention")), "Ehdota lyhennystä")
    second = at_desk(app, shorter, make.clerk(shorter, "otso", Role.DECISION_MAKER))
    page = second.get(address("retention"))
    done = second.press(page, "Hylkää lyhennys")
    assert "Ehdottanut" not in done.text
    assert period(shorter) == "P6M"
    assert second.press(page, "Hyväksy lyhennys").status == 409
    assert "Ehdota lyhennystä" in first.get(address("retention")).text


def test_an_auditor_sees_it_and_a_handler_does_not(app: Portal, shorter: Office) -> None:
    page = at_desk(app, shorter, make.clerk(shorter, "auli", Role.AUDITOR)).get(address("retention"))
    assert "1 kuukausi odottaa kahta henkilöä" in page.text
    assert "Ehdota lyhennystä" not in page.text
    assert at_desk(app, shorter, make.clerk(shorter, "kaisa", Role.HANDLER)).get(address("retention")).status == 404


def test_a_register_whose_file_shortens_nothing_waits_for_nobody(app: Portal, shorter: Office) -> None:
    admin = make.clerk(shorter, "aino", Role.ADMINISTRATOR, register="janakkala")
    page = at_desk(app, shorter, admin).get(address("retention", register="janakkala"))
    assert "3 kuukautta" in page.text
    assert "odottaa kahta henkilöä" not in page.text


def test_whoever_approves_has_seen_how_many_recordings_it_concerns(app: Portal, shorter: Office) -> None:
    old = make.segment(start=make.NOON - timedelta(days=60))
    make.recorded(shorter, old, make.segment(caller="+358401110000"), make.segment())
    make.filed(shorter)  # holds one of them
    first = at_desk(app, shorter, make.clerk(shorter, "aino", Role.ADMINISTRATOR))
    said = "Tallessa nyt 3, joista 1 olisi uudella ajalla jo poistunut. Poistokielto 1 tallenteella."
    page = first.get(address("retention"))
    assert said in page.text
    first.press(page, "Ehdota lyhennystä")
    second = at_desk(app, shorter, make.clerk(shorter, "otso", Role.DECISION_MAKER))
    assert said in second.get(address("retention")).text
