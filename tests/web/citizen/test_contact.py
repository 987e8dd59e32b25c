"""How shall we tell you: asked with the request, shown on its page and changed there; nothing typed is lost."""

from dataclasses import replace

import pytest

from portal.domain.contact import Channel, Contact
from portal.services.office import Office
from portal.services.ports import NumberCodes
from tests import make
from tests.services.test_notify import Post
from tests.web.citizen.steps import AT, check_page, ref_of
from tests.web.citizen.telephone import Telephone
from tests.web.citizen.test_proof import case_of, proof_page, waiting
from tests.web.client import Browser, Fetched

ASKED = "Miten kerromme vastauksesta?"


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """An office that sends e-mail."""
    return replace(sqlite_office, emails=Post())


def sent(browser: Browser, **details: str) -> str:
    return ref_of(browser.press(check_page(browser, **details), "Lähetä pyyntö"))


def test_the_question_wants_an_answer_and_an_address_where_one_is_needed(citizen: Browser) -> None:
    page = check_page(citizen)
    assert page.errors == [("told-0", "Valitse, miten kerromme vastauksesta")]
    page = citizen.press(page, "Jatka", told="email", email="soili@esimerkki")
    assert page.errors == [("email", "Kirjoita sähköpostiosoite muodossa nimi@esimerkki.fi")]
    assert 'value="soili@esimerkki"' in page.body
    assert "Se ei kerro, mistä on kyse." in page.text
    check = citizen.press(page, "Jatka", email="soili@esimerkki.fi")
    assert "Sähköpostilla: soili@esimerkki.fi" in check.text


def test_the_case_holds_the_answer_and_its_page_shows_and_changes_it(citizen: Browser, office: Office) -> None:
    ref = sent(citizen, told="email", email=" soili@esimerkki.fi ")
    assert case_of(office, ref).case.contact == Contact(Channel.EMAIL, "soili@esimerkki.fi")
    mine = citizen.get(f"{AT}/cases/{ref}")
    assert "Sähköpostilla: soili@esimerkki.fi" in mine.text
    page = contact_page(citizen, ref)
    assert page.h1.endswith(ASKED)
    assert 'value="soili@esimerkki.fi"' in page.body
    page = citizen.press(page, "Tallenna", email="")
    assert [anchor for anchor, _ in page.errors] == ["email"]
    mine = citizen.press(page, "Tallenna", told="none")
    assert "Ei ilmoitusta" in mine.text
    assert "Ilmoituksia ei lähetetä" in mine.body
    assert case_of(office, ref).case.contact is None


def contact_page(citizen: Browser, ref: str) -> Fetched:
    return citizen.get(f"{AT}/cases/{ref}/contact")


def test_the_notice_tells_of_the_address(citizen: Browser) -> None:
    assert "Ilmoituksia varten: sähköpostiosoitteesi" in citizen.get(f"{AT}/notice").text


def test_a_request_that_is_over_asks_nothing(citizen: Browser, office: Office) -> None:
    ref = sent(citizen, told="email", email="soili@esimerkki.fi")
    citizen.press(citizen.get(f"{AT}/cases/{ref}/withdraw"), "Peruuta pyyntö")
    assert contact_page(citizen, ref).h1 == f"Pyyntö {ref}"


class TestWithoutPost:
    """An installation that sends nothing."""

    @pytest.fixture
    def office(self, sqlite_office: Office) -> Office:
        return sqlite_office

    def test_nothing_is_asked_or_shown(self, citizen: Browser, office: Office) -> None:
        check = check_page(citizen)
        assert "Ilmoitus vastauksesta" not in check.text
        ref = ref_of(citizen.press(check, "Lähetä pyyntö"))
        assert "Ilmoitus vastauksesta" not in citizen.get(f"{AT}/cases/{ref}").text
        assert contact_page(citizen, ref).h1 == f"Pyyntö {ref}"
        assert "Ilmoituksia varten" not in citizen.get(f"{AT}/notice").text


class TestWithTexts:
    """An installation that sends text messages too."""

    @pytest.fixture
    def telephone(self) -> Telephone:
        return Telephone()

    @pytest.fixture
    def office(self, sqlite_office: Office, telephone: Telephone) -> Office:
        return replace(sqlite_office, emails=Post(), codes=NumberCodes(texts=telephone))

    def test_a_number_that_is_not_proved_is_not_offered(self, citizen: Browser, office: Office) -> None:
        details = citizen.click(proof_page(citizen), "Ohita")
        assert "Tekstiviestillä" not in details.text
        page = citizen.press(details, "Jatka", told=make.NUMBER)
        assert page.errors == [("told-0", "Valitse, miten kerromme vastauksesta")]
        ref = ref_of(citizen.press(citizen.press(page, "Jatka", told="none"), "Lähetä pyyntö"))
        page = citizen.press(contact_page(citizen, ref), "Tallenna", told=make.NUMBER)
        assert page.errors == [("told-0", "Valitse, miten kerromme vastauksesta")]

    def test_a_number_proved_on_the_way_can_be_chosen_and_stands_masked(
        self, citizen: Browser, office: Office, telephone: Telephone
    ) -> None:
        details = citizen.press(waiting(citizen), "Vahvista", **{"n1-code": telephone.code(office)})
        assert "Tekstiviestillä numeroon 040 *** **67" in details.text
        check = citizen.press(details, "Jatka", told=make.NUMBER)
        assert "Tekstiviestillä numeroon 040 *** **67" in check.text
        ref = ref_of(citizen.press(check, "Lähetä pyyntö"))
        assert case_of(office, ref).case.contact == Contact(Channel.TEXT, make.NUMBER)
        assert "Tekstiviestillä numeroon 040 *** **67" in contact_page(citizen, ref).text
