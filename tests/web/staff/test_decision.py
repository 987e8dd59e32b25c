"""Deciding: what is missing is listed with the way to it, nothing typed is lost, and two people are needed."""

import pytest

from portal.domain.access import Role
from portal.domain.rights import Right
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

REFUSED = {
    "i1-outcome": "refused", "i1-ground": "R11-2", "i1-facts": "Sama pyyntö on tehty viikon välein.",
    "i1-assessment": "Tallenne on jo annettu, eikä mitään ole muuttunut.",
}  # fmt: skip


@pytest.fixture
def ref(office: Office) -> str:
    """A filed request with its recording."""
    make.recorded(office, make.segment())
    return make.filed(office).ref


@pytest.fixture
def author(app: Portal, office: Office, ref: str) -> Browser:
    """The desk of the decision maker who handles the case."""
    who = make.clerk(office, "aino", Role.DECISION_MAKER)
    take_up(office, who.actor, ref, 0)
    return at_desk(app, office, who)


def gaps(page: Fetched) -> list[str]:
    return [a.get("href") for a in page.tree.xpath('//ul[@class="needs"]//a')]


def test_an_empty_decision_lacks_its_outcome(author: Browser, ref: str) -> None:
    assert gaps(author.get(address("cases/{ref}/decision", ref))) == ["#i1-outcome-0"]


def test_a_refusal_lists_what_it_lacks_and_keeps_what_it_has(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Tallenna ja tarkista", **(REFUSED | {"i1-assessment": ""}))
    assert gaps(page) == ["#i1-assessment"]
    assert page.value("i1-facts") == REFUSED["i1-facts"]
    assert "Kirjeestä puuttuu yksi kohta" in page.text
    sent = author.press(page, "Lähetä hyväksyttäväksi")
    assert sent.status == 422
    assert sent.errors == [("i1-assessment", "Arvio")]


def test_words_typed_without_an_outcome_are_kept(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    author.press(page, "Tallenna ja tarkista", **{"i1-facts": "Kesken"})
    assert author.get(address("cases/{ref}/decision", ref)).value("i1-facts") == "Kesken"


def test_a_grant_waits_for_a_listener(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Lähetä hyväksyttäväksi", **{"i1-outcome": "granted"})
    assert page.status == 422
    assert page.errors == [
        ("i1-outcome-0", "Kuuntelu, joka vahvistaa puhujan"),
        ("i1-outcome-0", "Numero, joka on todistettu koodilla tai tuettu vertailulla"),
    ]


def test_markup_in_the_reasons_stays_text(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Tallenna ja tarkista", **(REFUSED | {"i1-facts": "<script>alert(1)</script>"}))
    assert "<script>alert" not in page.body


def test_the_author_sees_no_button_to_approve(app: Portal, office: Office, author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    author.press(page, "Lähetä hyväksyttäväksi", **REFUSED)
    own = author.get(address("approvals/{ref}", ref))
    assert "Laadit tämän päätöksen itse." in own.text
    assert "Hyväksy" not in [button.text for button in own.tree.iter("button")]
    token, moves = own.value("csrf_token"), own.value("seen")
    forced = author.post(address("approvals/{ref}/approve", ref), {"csrf_token": token, "seen": moves})
    assert forced.status == 409
    other = at_desk(app, office, make.clerk(office, "veikko", Role.DECISION_MAKER))
    assert "Hyväksy" in [
        b.text_content().strip() for b in other.get(address("approvals/{ref}", ref)).tree.iter("button")
    ]


def test_a_returned_decision_comes_back_with_its_draft(app: Portal, office: Office, author: Browser, ref: str) -> None:
    author.press(author.get(address("cases/{ref}/decision", ref)), "Lähetä hyväksyttäväksi", **REFUSED)
    other = at_desk(app, office, make.clerk(office, "veikko", Role.DECISION_MAKER))
    page = other.get(address("approvals/{ref}", ref))
    assert other.press(page, "Palauta").errors == [("reason", "Kirjoita, miksi päätös palautetaan")]
    page = other.press(page, "Palauta", reason="Arvio on liian yleinen.")
    assert "Arvio on liian yleinen." in page.text
    tree = author.get(address("cases/{ref}/decision", ref)).tree
    assert tree.xpath('//select[@name="i1-ground"]/option[@selected]/@value') == ["R11-2"]


def test_the_letter_is_shown_as_it_will_be_printed(app: Portal, office: Office, author: Browser, ref: str) -> None:
    author.press(author.get(address("cases/{ref}/decision", ref)), "Lähetä hyväksyttäväksi", **REFUSED)
    other = at_desk(app, office, make.clerk(office, "veikko", Role.DECISION_MAKER))
    page = other.press(other.get(address("approvals/{ref}", ref)), "Hyväksy")
    assert "Kieltäytymistodistus" in page.text
    pdf = other.click(page, "Avaa PDF").response
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert "inline" in pdf.headers["Content-Disposition"]
    assert other.press(page, "Allekirjoita ja lähetä").status == 200
    assert other.press(page, "Allekirjoita ja lähetä").status == 409


def test_nothing_is_decided_while_an_answer_is_awaited(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/ask", ref))
    author.press(page, "Lähetä kysymys", what="puhelun päivä", why="päiviä on kaksi")
    page = author.get(address("cases/{ref}/decision", ref))
    assert "Pyytäjän vastausta odotetaan to 2.7.2026 saakka." in page.text
    assert "send" not in page.tree.xpath("//button/@name")


EXCESSIVE = REFUSED | {"i1-ground": "R12-5E"}


def test_an_excessive_request_needs_its_evidence_and_weighs_a_fee_first(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Tallenna ja tarkista", **EXCESSIVE)
    assert gaps(page) == ["#i1-evidence"]
    assert "Punnitse ensin maksua." in page.text
    assert author.click(page, "Toimet").status == 200
    one = author.press(page, "Lähetä hyväksyttäväksi", **{"i1-evidence": "12.6.2026 sama pyyntö\nmonta muutakin"})
    assert one.errors == [("i1-evidence", "Näyttö: kaksi päivättyä tosiseikkaa")]
    assert one.value("i1-evidence") == "12.6.2026 sama pyyntö\nmonta muutakin"
    page = author.press(one, "Tallenna ja tarkista", **{"i1-evidence": "12.6.2026 sama pyyntö\n15.6.2026 sama pyyntö"})
    assert gaps(page) == []
    assert "Näyttö: 12.6.2026 sama pyyntö; 15.6.2026 sama pyyntö" in page.text


def test_the_evidence_begins_with_the_persons_earlier_requests(office: Office, author: Browser, ref: str) -> None:
    first = make.filed(office, make.request(Right.ERASURE)).ref
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Tallenna ja tarkista", **EXCESSIVE)
    assert page.value("i1-evidence") == f"{first} 18.6.2026 tallenteen poistaminen"
    assert "Saman henkilön pyyntöjä 12 kk: 2." in page.text


def test_the_count_of_requests_is_told_and_nothing_is_charged(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    assert "Saman henkilön pyyntöjä 12 kk: 1. Määrä ei yksin tee pyynnöstä kohtuutonta." in page.text


def test_a_ground_of_another_right_is_not_offered_and_refused_if_posted(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    offered = page.tree.xpath('//select[@name="i1-ground"]/option/@value')
    assert "R17-NG" not in offered
    assert not {"N-NODATA", "N-ERASED", "N-OTHER"} & set(offered)
    page = author.press(page, "Lähetä hyväksyttäväksi", **(REFUSED | {"i1-ground": "R17-NG"}))
    assert page.status == 422
    assert page.errors == [("i1-ground", "Tähän oikeuteen kuuluva peruste")]
    assert page.value("i1-facts") == REFUSED["i1-facts"]


def test_another_controller_is_an_outcome_and_refused_as_a_ground(author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Lähetä hyväksyttäväksi", **(REFUSED | {"i1-ground": "N-OTHER"}))
    assert page.status == 422
    assert page.errors


def test_another_controller_is_named_before_the_decision_is_sent(office: Office, author: Browser, ref: str) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Vie allekirjoitettavaksi" if "Vie allekirjoitettavaksi" in page.text else
                        "Lähetä hyväksyttäväksi", **{"i1-outcome": "other_controller"})  # fmt: skip
    assert page.errors == [("i1-elsewhere", "Toisen rekisterinpitäjän nimi")]
    page = author.press(page, "Vie allekirjoitettavaksi", **{"i1-elsewhere": "Helsingin kaupunki"})
    page = author.get(address("cases/{ref}/letter", ref))
    assert "Rekisterinpitäjä on: Helsingin kaupunki. Siirsimme pyyntösi sille 18.6.2026." in page.text
    page = author.press(page, "Allekirjoita ja lähetä")
    assert page.status == 200


def test_a_private_other_controller_is_pointed_to_and_nothing_is_said_to_be_transferred(
    author: Browser, ref: str
) -> None:
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Tallenna ja tarkista", **{"i1-outcome": "other_controller"})
    page = author.press(
        page, "Vie allekirjoitettavaksi", **{"i1-elsewhere": "Esimerkin Puhelin Oy", "i1-elsewhere_private": "y"}
    )
    page = author.get(address("cases/{ref}/letter", ref))
    assert "Rekisterinpitäjä on: Esimerkin Puhelin Oy. Se ei ole viranomainen" in page.text
    assert "Siirsimme" not in page.text
    assert author.press(page, "Allekirjoita ja lähetä").status == 200


def test_no_reply_is_offered_only_when_the_answer_was_waited_for(
    office: Office, clock: make.Clock, author: Browser, ref: str
) -> None:
    page = author.get(address("cases/{ref}/ask", ref))
    author.press(page, "Lähetä kysymys", what="puhelun päivä", why="päiviä on kaksi")
    outcomes = '//input[@name="i1-outcome"]/@value'
    assert "no_reply" not in author.get(address("cases/{ref}/decision", ref)).tree.xpath(outcomes)
    clock.move(days=29)
    author = at_desk(author.app, office, make.clerk(office, "eeva", Role.DECISION_MAKER))  # type: ignore[arg-type]  # a Portal
    page = author.get(address("cases/{ref}/decision", ref))
    assert "no_reply" not in page.tree.xpath(outcomes)
    forced = author.press(page, "Lähetä hyväksyttäväksi", **(REFUSED | {"i1-outcome": "no_reply"}))
    assert forced.status == 422
    clock.move(days=1)
    author = at_desk(author.app, office, make.clerk(office, "irja", Role.DECISION_MAKER))  # type: ignore[arg-type]  # a Portal
    page = author.get(address("cases/{ref}/decision", ref))
    page = author.press(page, "Lähetä hyväksyttäväksi", **(REFUSED | {"i1-outcome": "no_reply"}))
    assert page.status == 200
    other = at_desk(author.app, office, make.clerk(office, "veikko", Role.DECISION_MAKER))  # type: ignore[arg-type]  # a Portal
    page = other.press(other.get(address("approvals/{ref}", ref)), "Hyväksy")
    assert "Pyysimme sinulta lisätietoja 18.6.2026, emmekä ole saaneet niitä." in page.text.replace("\xa0", " ")
    assert other.press(page, "Allekirjoita ja lähetä").status == 200
