"""The page of the copies that a case has given: counted, given for more, taken back with a reason."""

import pytest

from portal.domain.access import Role
from portal.domain.grants import MOST_DOWNLOADS
from portal.jobs import runner
from portal.services.hand_over import note_heard
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk

PAGE = "cases/{ref}/copies"


@pytest.fixture
def made(office: Office) -> Walk:
    found = walk(office).taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(office)
    return found


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))


def test_the_cases_page_leads_to_its_copies_and_their_counts(desk: Browser, made: Walk) -> None:
    note_heard(made.office, made.citizen, made.filed.ref, 1, downloaded=True)
    page = desk.click(desk.get(address("cases/{ref}", made.filed.ref)), "Annetut kopiot")
    assert "Noudettavissa" in page.text
    assert f"1 / {MOST_DOWNLOADS}" in page.text
    assert "Anna latauskertoja lisää" not in page.text


def test_used_up_downloads_are_given_again(desk: Browser, made: Walk) -> None:
    for _ in range(MOST_DOWNLOADS):
        note_heard(made.office, made.citizen, made.filed.ref, 1, downloaded=True)
    page = desk.get(address(PAGE, made.filed.ref))
    assert "Latauskerrat käytetty" in page.text
    after = desk.press(page, "Anna latauskertoja lisää")
    assert f"{MOST_DOWNLOADS} / {2 * MOST_DOWNLOADS}" in after.text
    assert desk.press(page, "Anna latauskertoja lisää").status == 409


def test_a_copy_is_taken_back_with_its_reason(desk: Browser, made: Walk) -> None:
    page = desk.get(address(PAGE, made.filed.ref))
    refused = desk.press(page, "Peru kopio", **{"c1-reason": "  "})
    assert refused.status == 422
    assert refused.errors == [("c1-reason", "Kirjoita, miksi kopio perutaan")]
    after = desk.press(refused, "Peru kopio", **{"c1-reason": "Väärä puhelu."})
    assert "Peruttu" in after.text
    assert "Väärä puhelu." in after.text
    assert after.tree.xpath('//button[contains(., "Peru kopio")]') == []
    stale = desk.press(page, "Peru kopio", **{"c1-reason": "Uudelleen."})
    assert stale.status == 409
    assert "Uudelleen." in stale.text
    events = desk.get(address("cases/{ref}", made.filed.ref))
    assert "Kopio peruttiin" in events.text


@pytest.mark.parametrize("role", [Role.LISTENER, Role.DPO, Role.AUDITOR])
def test_who_only_sees_the_case_changes_nothing(app: Portal, office: Office, made: Walk, role: Role) -> None:
    reader = at_desk(app, office, make.clerk(office, "celia", role))
    page = reader.get(address(PAGE, made.filed.ref))
    assert page.status == 200
    assert "Peru kopio" not in page.text
    sent = {"csrf_token": page.value("csrf_token") or "", "recording": made.recordings[0], "seen": made.case.moves}
    for verb in ("revoke", "renew"):
        assert reader.client.post(address(f"{PAGE}/{verb}", made.filed.ref), data=sent).status_code in (400, 404)
    assert "copy_revoked" not in made.actions


def test_a_case_without_copies_says_so(desk: Browser, office: Office) -> None:
    page = desk.get(address(PAGE, walk(office).filed.ref))
    assert "ei ole annettu kopioita" in page.text


def test_an_unknown_copy_is_absent(desk: Browser, made: Walk) -> None:
    page = desk.get(address(PAGE, made.filed.ref))
    sent = {"csrf_token": page.value("csrf_token"), "recording": "0" * 32, "seen": made.case.moves, "c0-reason": "Syy."}
    assert desk.post(address(f"{PAGE}/revoke", made.filed.ref), sent).status == 404
