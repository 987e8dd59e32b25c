"""The page of recipients: nobody is forgotten, impossible has its reason, and the letter waits."""

import pytest

from portal.domain.access import Role
from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.services.tell_recipient import untold
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def made(office: Office) -> Walk:
    """An erasure with its recording found and heard."""
    make.recorded(office, make.segment())
    return Walk(office, make.filed(office, make.request(Right.ERASURE, wishes=Wishes())), "espoo")


@pytest.fixture
def desk(app: Portal, office: Office, made: Walk) -> Browser:
    who = make.clerk(office, "aino", Role.DECISION_MAKER)
    take_up(office, who.actor, made.filed.ref, 0)
    return at_desk(app, office, who)


def shown(desk: Browser, made: Walk) -> Fetched:
    return desk.get(address("cases/{ref}/recipients", made.filed.ref))


def test_every_recipient_of_the_register_waits_to_be_told(desk: Browser, made: Walk, office: Office) -> None:
    page = shown(desk, made)
    for one in office.registers["espoo"].recipients:
        assert one.name.fi in page.text
    assert "2 vastaanottajaa odottaa ilmoitusta" in page.text


def test_a_request_for_access_is_told_to_nobody(desk: Browser, office: Office) -> None:
    asked = make.filed(office).ref
    page = desk.get(address("cases/{ref}/recipients", asked))
    assert "Tästä pyynnöstä ei tarvitse ilmoittaa vastaanottajille" in page.text
    assert "odottaa ilmoitusta" not in page.text


def test_an_access_request_names_who_else_got_the_recording_for_its_letter(desk: Browser, office: Office) -> None:
    asked = Walk(office, make.filed(office), "espoo").taken()
    page = desk.get(address("cases/{ref}/recipients", asked.filed.ref))
    assert "Merkitse mahdottomaksi" not in page.text
    empty = desk.press(page, "Lisää vastaanottaja", **{"r2-name": "  "})
    assert (empty.status, empty.errors) == (422, [("r2-name", "Kirjoita vastaanottajan nimi")])
    page = desk.press(empty, "Lisää vastaanottaja", **{"r2-name": "Esimerkin poliisilaitos"})
    assert "Esimerkin poliisilaitos" in page.text
    case = desk.get(address("cases/{ref}", asked.filed.ref)).text
    assert "Vastaanottaja nimettiin kirjettä vartenEsimerkin poliisilaitos" in case.replace(" Esim", "Esim")
    sent = {"csrf_token": page.value("csrf_token"), "seen": page.value("seen"), "recipient": "", "state": "impossible"}
    to = address("cases/{ref}/recipients/tell", asked.filed.ref)
    assert desk.post(to, sent | {"r3-name": "Toinen", "r3-why": "yritys on lopettanut"}).status == 409
    assert [one.recipient for one in asked.case.told] == ["Esimerkin poliisilaitos"]
    assert "Esimerkin poliisilaitos" not in desk.press(page, "Nimetty vahingossa, poista").text
    assert asked.case.told == ()
    assert "Vahingossa nimetty vastaanottaja poistettiin" in desk.get(address("cases/{ref}", asked.filed.ref)).text


def test_one_is_told_and_the_other_is_impossible_with_its_reason(desk: Browser, made: Walk) -> None:
    page = desk.press(shown(desk, made), "Merkitse ilmoitetuksi")
    assert "Yksi vastaanottaja odottaa ilmoitusta" in page.text
    (waits,) = untold(made.office.registers["espoo"], made.case)
    form = page.tree.xpath(f'//form[input[@name="recipient" and @value="{waits}"]]')[0]
    why = form.xpath('.//input[contains(@name, "why")]/@name')[0]
    to = address("cases/{ref}/recipients/tell", made.filed.ref)
    sent = {"csrf_token": page.value("csrf_token"), "seen": page.value("seen"), "recipient": waits}
    empty = desk.post(to, sent | {why: " ", "state": "impossible"})
    assert empty.status == 422
    assert empty.errors == [
        (why, "Kirjoita syy: ilman sitä ilmoittamista ei voi jättää tekemättä (tietosuoja-asetus 19)")
    ]
    done = desk.post(to, sent | {why: "yritys on lopettanut", "state": "impossible"})
    assert "yritys on lopettanut" in done.text
    assert "odottaa ilmoitusta" not in done.text


def test_another_recipient_is_added_by_name(desk: Browser, made: Walk) -> None:
    page = desk.press(shown(desk, made), "Lisää ilmoitettuna")
    assert page.status == 422
    assert page.errors[0][1] == "Kirjoita vastaanottajan nimi"
    page = desk.press(shown(desk, made), "Lisää ilmoitettuna", **{"r2-name": "Esimerkin poliisilaitos"})
    assert "Esimerkin poliisilaitos" in page.text


def test_a_stale_page_tells_nobody(desk: Browser, made: Walk) -> None:
    page = shown(desk, made)
    desk.press(page, "Merkitse ilmoitetuksi")
    assert desk.press(page, "Merkitse ilmoitetuksi").status == 409


def test_an_auditor_sees_the_recipients_and_no_buttons(app: Portal, office: Office, made: Walk) -> None:
    auditor = at_desk(app, office, make.clerk(office, "outi", Role.AUDITOR))
    page = shown(auditor, made)
    assert page.status == 200
    assert page.tree.xpath('//main//button[@name="state"]') == []


def test_the_decision_page_leads_to_the_recipients(desk: Browser, made: Walk) -> None:
    page = desk.get(address("cases/{ref}/decision", made.filed.ref))
    page = desk.press(page, "Tallenna ja tarkista", **{"i1-outcome": "granted"})
    assert "#recipients" in page.tree.xpath('//ul[@class="needs"]//a/@href')
    assert desk.click(page, "Avaa vastaanottajat").h1
