"""What everybody may read: five controllers, three languages, no session and no cookie."""

import re

import pytest

from portal.services.office import Office
from portal.web.app import Portal
from tests.web.client import Browser

REGISTERS = ("espoo", "janakkala", "pikkujatti", "pk_terveys", "te_kaakkois_suomi")
LANGUAGES = ("fi", "sv", "en")
every = pytest.mark.parametrize("register", REGISTERS)


@every
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "notice", "accessibility", "paper"])
def test_every_public_page_of_every_controller_stands_in_its_language(
    visitor: Browser, office: Office, register: str, language: str, path: str
) -> None:
    page = visitor.get(f"/{language}/{register}/{path}")
    assert page.status == 200
    assert page.tree.get("lang") == language
    assert office.registers[register].controller.name[language] in page.title
    assert "Set-Cookie" not in page.response.headers


@every
def test_the_start_page_tells_what_is_kept_and_what_may_be_asked(visitor: Browser, register: str) -> None:
    kept = {"espoo": ("6 kuukautta", "18.12.2025"), "janakkala": ("3 kuukautta", "18.3.2026"),
            "pikkujatti": ("12 kuukautta", "18.6.2025"), "pk_terveys": ("30 päivää", "19.5.2026"),
            "te_kaakkois_suomi": ("2 kuukautta", "18.4.2026")}  # fmt: skip
    page = visitor.get(f"/fi/{register}/")
    assert page.h1 == "Pyydä puhelusi tallenne"
    assert all(words in page.text for words in kept[register])
    consent = register == "pk_terveys"
    assert ("Peruuta suostumus" in page.text, "Siirrä tietosi" in page.text) == (consent, consent)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "espoo/", "espoo/notice", "letter"])
def test_every_public_page_leads_to_the_check_of_letters(visitor: Browser, language: str, path: str) -> None:
    page = visitor.get(f"/{language}/{path}")
    (link,) = page.tree.xpath(f'//footer//a[@href="/{language}/letter"]')
    assert visitor.get(link.get("href")).status == 200


def test_the_service_target_is_told_where_there_is_one(visitor: Browser) -> None:
    assert "tavoite on noin viikko" in visitor.get("/fi/pikkujatti/").text
    assert "tavoite" not in visitor.get("/fi/espoo/").text


def test_a_controller_that_has_ended_names_its_successor(visitor: Browser) -> None:
    assert "Kanta-Hämeen hyvinvointialue" in visitor.get("/fi/janakkala/").text
    assert "Tehtävä on siirtynyt" not in visitor.get("/fi/espoo/").text


def test_nothing_is_promised_of_recordings_that_others_keep(visitor: Browser, office: Office) -> None:
    ours = "Pyyntöäsi mahdollisesti koskevia tallenteita ei poisteta pyynnön käsittelyn aikana."
    others = "Pyydämme tallennusjärjestelmän ylläpitäjää säilyttämään pyyntöäsi mahdollisesti koskevat tallenteet."
    assert ours in visitor.get("/fi/espoo/").text
    source = office.sources["fake-espoo"]
    source.custody = "operator"  # type: ignore[misc]  # a FakeSource
    page = visitor.get("/fi/espoo/")
    assert others in page.text
    assert ours not in page.text


def test_the_controllers_are_listed_and_the_bare_address_finds_the_language(visitor: Browser) -> None:
    page = visitor.get("/", headers={"Accept-Language": "sv-FI,sv;q=0.9"})
    assert page.url.endswith("/sv/")
    assert len(page.tree.xpath('//ul[@class="choose"]/li')) == 5


@every
def test_the_notice_says_why_a_right_is_missing(visitor: Browser, register: str) -> None:
    page = visitor.get(f"/fi/{register}/notice")
    assert page.h1 == "Näin käsittelemme tietojasi"
    assert ("Oikeudet, joita täällä ei ole" in page.text) == (register != "pk_terveys")


@every
def test_the_paper_way_has_an_address_and_never_asks_for_a_copy_of_an_id(visitor: Browser, register: str) -> None:
    page = visitor.get(f"/fi/{register}/paper")
    assert "☐ Osoitteeni on turvakiellon alainen" in page.text
    assert "Älä lähetä kopiota henkilötodistuksesta" in page.text
    assert re.search(r"\b\d{5}\b", " ".join(page.tree.find(".//address").itertext())), "a postcode"


@pytest.mark.parametrize("path", ["/fi/nowhere/", "/xx/espoo/", "/fi/espoo/nothing", "/wp-admin"])
def test_what_is_not_there_is_said_calmly(visitor: Browser, path: str) -> None:
    page = visitor.get(path)
    assert (page.status, page.h1) == (404, "Sivua ei löytynyt")


@every
def test_every_link_of_the_start_page_leads_somewhere(visitor: Browser, register: str) -> None:
    page = visitor.get(f"/fi/{register}/")
    for address in {a.get("href") for a in page.tree.iter("a") if not a.get("href").startswith("#")}:
        assert visitor.get(address).status == 200, address


def test_no_public_page_holds_more_than_one_way_to_press(visitor: Browser, app: Portal) -> None:
    for path in ("", "notice", "accessibility", "paper"):
        page = visitor.get(f"/fi/espoo/{path}")
        primary = page.tree.xpath('//main//*[contains(@class,"ds-button")][not(@data-variant)]')
        assert len(primary) <= 1, path
