"""The page of a call's number and time: what is wrong is said beside its box, what is right is in the index."""

import pytest

from portal.domain.access import Role
from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def made(office: Office) -> Walk:
    """A rectification with its recording in the index."""
    make.recorded(office, make.segment())
    wishes = Wishes(wrong="Numero on väärin.", correct="Soitin toisesta numerosta.")
    return Walk(office, make.filed(office, make.request(Right.RECTIFICATION, wishes=wishes)), "espoo")


@pytest.fixture
def desk(app: Portal, office: Office, made: Walk) -> Browser:
    who = make.clerk(office, "aino", Role.HANDLER)
    take_up(office, who.actor, made.filed.ref, 0)
    return at_desk(app, office, who)


def shown(desk: Browser, made: Walk) -> Fetched:
    return desk.get(address("cases/{ref}/metadata", made.filed.ref))


def test_the_calls_page_leads_here_once_the_call_is_chosen(desk: Browser, made: Walk) -> None:
    calls = address("cases/{ref}/calls", made.filed.ref)
    assert "Oikaise puhelun tietoja" not in desk.get(calls).text
    assert "Valitse ensin pyytäjän puhelu" in shown(desk, made).text
    made.heard()
    page = desk.click(desk.get(calls), "Oikaise puhelun tietoja")
    assert "040 123 4567" in page.text


def test_number_and_time_are_corrected_and_the_case_tells_what_they_were(desk: Browser, made: Walk) -> None:
    made.heard()
    page = desk.press(shown(desk, made), "Oikaise numero", **{"n0-number": "040 765 4321"})
    assert "040 765 4321" in page.text
    page = desk.press(page, "Oikaise aika", **{"s0-day": "15.6.2026", "s0-time": "9.30"})
    assert "15.6.2026 klo 9.30" in page.text
    case = desk.get(address("cases/{ref}", made.filed.ref)).text
    assert "Aiemmin 040 123 4567, nyt 040 765 4321." in case
    assert "Aiemmin ti 16.6.2026 klo 14.12, nyt ma 15.6.2026 klo 9.30." in case


@pytest.mark.parametrize(
    ("button", "typed", "anchor", "words"),
    [
        ("Oikaise numero", {"n0-number": "ei muista"}, "n0-number", "Kirjoita puhelinnumero, esimerkiksi 040 123 4567"),
        ("Oikaise numero", {"n0-number": " "}, "n0-number", "Kirjoita oikea numero"),
        ("Oikaise numero", {}, "n0-number", "Soittajan numero on jo tämä. Kirjoita oikea numero"),
        ("Oikaise aika", {"s0-day": "31.6.2026"}, "s0-day", "Tätä päivää ei ole kalenterissa"),
        ("Oikaise aika", {"s0-time": "puoli"}, "s0-time", "Kirjoita kellonaika muodossa 14.30"),
        ("Oikaise aika", {}, "s0-time", "Puhelun alkamisaika on jo tämä. Kirjoita oikea aika"),
        (
            "Oikaise aika", {"s0-day": "29.3.2026", "s0-time": "3.30"}, "s0-time",
            "Kelloja siirrettiin silloin, eikä tätä aikaa ollut. Tarkista kellonaika",
        ),
        (
            "Oikaise aika", {"s0-day": "18.6.2026", "s0-time": "11.58"}, "s0-time",
            "Puhelu ei ole voinut päättyä tulevaisuudessa. Tarkista päivä ja kellonaika",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Browser, made: Walk, button: str, typed: dict[str, str], anchor: str, words: str
) -> None:
    made.heard()
    page = desk.press(shown(desk, made), button, **typed)
    assert page.status == 422
    assert page.errors == [(anchor, words)]
    assert all(page.value(name) == text for name, text in typed.items())
    assert "metadata_corrected" not in made.actions


def test_a_stale_page_corrects_nothing(desk: Browser, made: Walk) -> None:
    made.heard()
    page = shown(desk, made)
    desk.press(page, "Oikaise numero", **{"n0-number": "040 765 4321"})
    assert desk.press(page, "Oikaise numero", **{"n0-number": "040 765 4322"}).status == 409


def test_a_request_for_access_corrects_nothing(desk: Browser, office: Office) -> None:
    ref = make.filed(office).ref
    page = desk.get(address("cases/{ref}/metadata", ref))
    assert "Tietoja oikaistaan vain oikaisupyynnön perusteella" in page.text
    sent = {"csrf_token": page.value("csrf_token"), "seen": "0", "recording": "0" * 32, "field": "caller"}
    assert desk.post(address("cases/{ref}/metadata/correct", ref), sent).status in (400, 409)


def test_an_auditor_sees_the_data_and_no_forms(app: Portal, office: Office, made: Walk) -> None:
    made.taken().heard()
    auditor = at_desk(app, office, make.clerk(office, "outi", Role.AUDITOR))
    page = shown(auditor, made)
    assert "040 123 4567" in page.text
    assert page.tree.xpath("//main//form") == []
