"""Who made the call: asked on every request, and for another the right to act; what was typed is never lost."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from portal.domain.identity import Assurance, Identified
from portal.domain.representation import Guardians, Kind, Representative
from portal.services.file_request import Filed
from portal.services.office import Office
from portal.services.ports import Attachment
from portal.web.app import Portal
from tests import make
from tests.adapters.scan.test_document import JPEG, PNG, a_pdf
from tests.services.walk import Walk
from tests.web.citizen.steps import AT, CALL, ref_of
from tests.web.client import Browser, Fetched, entered

MANDATE = {"name": "Aava Esimerkki", "ground": "Valtakirja 1.6.2026"}
CHILD = {"name": "Aava Esimerkki", "born": "2.3.2018", "guardians": "sole"}


def caller_page(browser: Browser) -> Fetched:
    return browser.press(browser.get(f"{AT}/request/right"), "Jatka", right="access")


def behalf_page(browser: Browser, kind: str) -> Fetched:
    return browser.press(caller_page(browser), "Jatka", caller=kind)


def sent(browser: Browser, page: Fetched, office: Office) -> tuple[Walk, Fetched]:
    """Go on from the page of the call to the receipt: the case, and the page where it was checked."""
    assert page.h1 == "Mistä puhelusta on kyse?"
    page = browser.press(browser.click(browser.press(page, "Jatka", **CALL), "Jatka"), "Jatka")
    ref = ref_of(browser.press(page, "Lähetä pyyntö"))
    with office.reading() as work:
        person = work.people.find("espoo", make.identified().subject_key)
    assert person is not None
    return Walk(office, Filed(ref, person, again=False), "espoo"), page


def upload(data: bytes, name: str = "valtakirja.png") -> Any:
    return BytesIO(data), name


def files_of(office: Office) -> list[Path]:
    return [one for one in Path(office.scratch.parent, "vault").rglob("*") if one.is_file()]


@pytest.mark.parametrize(("said", "own_voice"), [("self", False), ("voice", True)])
def test_who_called_themselves_goes_straight_on(office: Office, citizen: Browser, said: str, own_voice: bool) -> None:
    case, checked = sent(citizen, citizen.press(caller_page(citizen), "Jatka", caller=said), office)
    assert case.case.representative == Representative(own_voice=own_voice)
    assert "Minä, " in checked.text


def test_the_question_is_answered_before_the_calls(citizen: Browser) -> None:
    page = caller_page(citizen)
    assert page.h1 == "Kuka soitti?"
    assert "Vaihe 1/4" in page.text
    wrong = citizen.press(page, "Jatka")
    assert (wrong.status, wrong.errors) == (422, [("caller-0", "Valitse, kuka soitti")])
    for step in ("call/1", "calls", "check", "behalf"):
        assert citizen.get(f"{AT}/request/{step}").h1 == "Kuka soitti?"


def test_a_guardian_tells_of_the_child_and_of_the_custody(office: Office, citizen: Browser) -> None:
    page = behalf_page(citizen, "child")
    for told in ("15 vuotta täyttänyt voi pyytää itse", "voi kieltää antamasta terveystietojaan", "785/1992, 9 §"):
        assert told in page.text
    case, checked = sent(citizen, citizen.press(page, "Jatka", **(CHILD | {"guardians": "alone"})), office)
    acting = case.case.representative
    assert acting
    assert (acting.kind, acting.for_name, acting.guardians) == (Kind.CHILD, "Aava Esimerkki", Guardians.ALONE)
    assert "15 vuotta täyttäneen" not in checked.text
    assert "Syntynyt 2.3.2018" in checked.text


def test_of_fifteen_and_over_the_page_says_that_a_person_decides(office: Office, citizen: Browser) -> None:
    page = citizen.press(behalf_page(citizen, "child"), "Jatka", **(CHILD | {"born": "18.6.2011"}))
    _case, checked = sent(citizen, page, office)
    assert "15 vuotta täyttäneen asian ratkaisee aina ihminen." in checked.text


@pytest.mark.parametrize(
    ("typed", "anchor", "text"),
    [
        ({"name": ""}, "name", "Kirjoita lapsen nimi"),
        ({"born": ""}, "born", "Kirjoita lapsen syntymäpäivä"),
        ({"born": "31.2.2018"}, "born", "Tätä päivää ei ole kalenterissa"),
        ({"born": "19.6.2026"}, "born", "Syntymäpäivä ei voi olla tulevaisuudessa"),
        ({"born": "18.6.2008"}, "born", "18 vuotta täyttänyt pyytää itse tai antaa valtakirjan"),
        ({"guardians": ""}, "guardians-0", "Valitse, kuka on lapsen huoltaja"),
    ],
)
def test_what_is_missing_of_the_child_is_asked(citizen: Browser, typed: dict[str, str], anchor: str, text: str) -> None:
    page = citizen.press(behalf_page(citizen, "child"), "Jatka", **(CHILD | typed))
    assert (page.status, page.errors) == (422, [(anchor, text)])
    assert page.value("name") == (CHILD | typed)["name"]


def test_a_mandate_is_uploaded(office: Office, citizen: Browser) -> None:
    page = citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG), upload(JPEG)], **MANDATE)
    case, checked = sent(citizen, page, office)
    assert "2 tiedostoa" in checked.text
    assert case.actions.count("document_attached") == 2
    assert case.case.representative == Representative(Kind.MANDATE, "Aava Esimerkki", ground="Valtakirja 1.6.2026")


def test_or_it_is_shown_on_site(office: Office, citizen: Browser) -> None:
    page = behalf_page(citizen, "mandate")
    wrong = citizen.press(page, "Jatka", **MANDATE)
    assert wrong.errors == [("files", "Lisää asiakirja tai valitse, että näytät sen paikan päällä")]
    case, checked = sent(citizen, citizen.press(wrong, "Jatka", on_site="y"), office)
    assert case.case.representative
    assert case.case.representative.on_site
    assert "Näytät asiakirjan paikan päällä." in checked.text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"MZ" + bytes(300), "Lisää PDF-, JPEG- tai PNG-tiedosto"),
        (PNG + bytes(10 * 1024 * 1024), "Tiedosto saa olla enintään 10 Mt"),
        (a_pdf(password="x"), "Poista tiedostosta salasana ja lisää se uudelleen"),
        (PNG[:-12], "Emme voi ottaa tiedostoa vastaan. Lisää toinen tiedosto"),
    ],
    ids=["kind", "size", "locked", "unsafe"],
)
def test_a_file_that_cannot_be_taken_says_why_and_leaves_nothing(
    office: Office, citizen: Browser, data: bytes, text: str
) -> None:
    page = citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(data, "../../x.pdf")], **MANDATE)
    assert (page.status, page.errors) == (422, [("files", text)])
    assert page.value("ground") == MANDATE["ground"]
    assert files_of(office) == []


def test_the_sixth_file_is_not_taken_and_any_can_be_removed(office: Office, citizen: Browser) -> None:
    page = citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG)] * 1, name="", ground="x")
    assert len(files_of(office)) == 1
    page = citizen.press(page, "Jatka", files=[upload(PNG) for _ in range(5)], **MANDATE)
    assert page.errors == [("files", "Lisää enintään 5 tiedostoa")]
    assert len(files_of(office)) == 5
    page = citizen.press(page, "Poista", name="Aava")
    assert len(files_of(office)) == 4
    assert page.value("name") == "Aava"
    assert citizen.press(page, "Jatka", **MANDATE).h1 == "Mistä puhelusta on kyse?"


def test_who_changes_the_answer_leaves_no_file_behind(office: Office, citizen: Browser) -> None:
    citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG)], **MANDATE)
    citizen.press(citizen.get(f"{AT}/request/caller"), "Jatka", caller="self")
    assert files_of(office) == []
    citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG)], **MANDATE)
    citizen.press(citizen.get(f"{AT}/request/right"), "Aloita alusta")
    assert files_of(office) == []


def test_another_person_sees_no_file_of_the_last_one(app: Portal, office: Office, citizen: Browser) -> None:
    page = citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG)], name="", ground="x")
    assert "Lisätyt tiedostot" in page.text
    other = entered(app, office, make.identified("Onni Malli", "010190-902P"))
    assert "Lisätyt tiedostot" not in behalf_page(other, "mandate").text


def test_a_company_is_known_by_its_business_id(office: Office, citizen: Browser) -> None:
    typed = {"name": "Esimerkki Oy", "business_id": "1234567-2", "ground": "Toimitusjohtaja"}
    wrong = citizen.press(behalf_page(citizen, "organisation"), "Jatka", **typed)
    assert wrong.errors == [("business_id", "Y-tunnus ei täsmää. Tarkista numerot")]
    page = citizen.press(wrong, "Jatka", business_id="12345671")
    case, _checked = sent(citizen, page, office)
    assert case.case.representative
    assert case.case.representative.business_id == "1234567-1"


def test_of_a_death_the_law_is_told_and_one_may_still_ask(office: Office, citizen: Browser) -> None:
    page = behalf_page(citizen, "estate")
    assert "Tietosuoja-asetus ei koske kuolleen tietoja (johdanto-osan 27 kappale)" in page.text
    assert "vastaamme kirjallisesti" in page.text
    case, _checked = sent(citizen, citizen.press(page, "Jatka", name="Veikko Esimerkki", ground="Olen lapsi"), office)
    assert case.case.representative
    assert case.case.representative.kind is Kind.ESTATE


def test_who_has_no_finnish_code_walks_the_whole_way(app: Portal, office: Office) -> None:
    who = Identified(
        "eidas:SE/FI/8405017811", None, "Astrid", "Exempel", None, Assurance.TEST_SUBSTANTIAL, "eidas", make.NOON,
        "demo", "0" * 64,
    )  # fmt: skip
    browser = entered(app, office, who)
    page = browser.press(
        browser.press(browser.get(f"{AT}/request/right"), "Jatka", right="access"), "Jatka", caller="self"
    )
    page = browser.press(browser.click(browser.press(page, "Jatka", **CALL), "Jatka"), "Jatka")
    receipt = browser.press(page, "Lähetä pyyntö")
    assert receipt.h1 == "Pyyntösi on vastaanotettu"
    ref = ref_of(receipt)
    for place in ("", f"/{ref}", f"/{ref}/message", f"/{ref}/withdraw"):
        shown = browser.get(f"{AT}/cases{place}")
        assert shown.status == 200
        assert "8405017811" not in shown.body


def test_a_file_has_no_name_of_its_own(office: Office, citizen: Browser) -> None:
    citizen.press(behalf_page(citizen, "mandate"), "Jatka", files=[upload(PNG, "131052-902N ../../etc.png")], **MANDATE)
    assert "name" not in Attachment.__dataclass_fields__
    assert not [one for one in Path(office.scratch.parent).rglob("*") if "131052" in one.name or "etc" in one.name]
