"""The case page: one event a click, a page for stale forms, questions and extensions with their letters."""

import pytest

from portal.domain.access import Role
from portal.domain.case import Address
from portal.services import lists
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.services.walk import walk
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def ref(office: Office) -> str:
    """A filed request with its recording."""
    make.recorded(office, make.segment())
    return make.filed(office).ref


@pytest.fixture
def who(office: Office) -> make.Clerk:
    """A handler."""
    return make.clerk(office, "aino", Role.HANDLER)


def kinds(office: Office, who: make.Clerk, ref: str) -> list[str]:
    return [moment.kind for moment in lists.case_view(office, who.actor, ref).timeline]


def test_a_double_click_takes_up_once(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    desk = at_desk(app, office, who)
    page = desk.get(address("cases/{ref}", ref))
    assert desk.press(page, "Ota käsittelyyn").status == 200
    assert desk.press(page, "Ota käsittelyyn").status == 409
    assert kinds(office, who, ref).count("taken_up") == 1


def test_a_page_made_before_a_colleague_moved_the_case_is_stale(
    app: Portal, office: Office, who: make.Clerk, ref: str
) -> None:
    other = make.clerk(office, "veikko", Role.HANDLER)
    take_up(office, who.actor, ref, 0)
    desk = at_desk(app, office, who)
    page = desk.get(address("cases/{ref}/calls", ref))
    take_up(office, other.actor, ref, 1)
    assert desk.press(page, "Tämä on puhelu").status == 409
    assert "call_chosen" not in kinds(office, who, ref)


def test_a_form_without_its_age_is_stale(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    desk = at_desk(app, office, who)
    token = desk.get(address("cases/{ref}", ref)).value("csrf_token")
    assert desk.post(address("cases/{ref}/take-up", ref), {"csrf_token": token}).status == 409


def test_the_page_says_how_the_due_date_was_counted(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    page = at_desk(app, office, who).get(address("cases/{ref}", ref))
    assert "Saapumispäivää ei lasketa." in page.text
    assert "sisäinen määräpäivä" in page.text.casefold()
    assert "sama numero" in page.text


def test_the_language_of_a_case_is_changed_on_its_page(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    desk = at_desk(app, office, who)
    page = desk.get(address("cases/{ref}", ref))
    assert page.value("language") == "fi"
    wrong = desk.press(page, "Vaihda kieli", language="de")
    assert (wrong.status, wrong.errors) == (422, [("language-0", "Valitse kieli")])
    page = desk.press(wrong, "Vaihda kieli", language="sv")
    assert "Asiointikieli ruotsi" in page.text
    assert "Kirjeet annetaan ruotsiksi." in page.text
    assert "ruotsi" in desk.get(address("queue")).text
    again = desk.press(page, "Vaihda kieli")
    assert (again.status, "Asiaa hoidetaan jo tällä kielellä." in again.text) == (409, True)


def test_only_the_registers_languages_are_offered_and_none_once_it_is_decided(
    app: Portal, office: Office, who: make.Clerk
) -> None:
    made = walk(office).taken()
    url = address("cases/{ref}", made.filed.ref)
    desk = at_desk(app, office, who)
    offered = {box.get("value") for box in desk.get(url).tree.xpath('//*[@name="language"]')}
    assert offered == {one.value for one in office.registers["espoo"].languages}
    made.proposed(outcome="refused", ground="R11-2", facts="Tosiseikat.", assessment="Arvio.")
    assert "Vaihda asiointikieli" not in desk.get(url).text


def test_an_applicant_under_non_disclosure_is_told_to_staff(app: Portal, office: Office, who: make.Clerk) -> None:
    wanted = make.request(address=Address("Esimerkkikatu 12", "02999", "Mallila"), protected=True)
    page = at_desk(app, office, who).get(address("cases/{ref}", make.filed(office, wanted).ref))
    assert "TurvakieltoMitään ei lähetetä postitse" in page.text
    assert "Esimerkkikatu" not in page.body


def test_a_question_is_previewed_and_then_sent(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    take_up(office, who.actor, ref, 0)
    desk = at_desk(app, office, who)
    page = desk.click(desk.get(address("cases/{ref}", ref)), "Pyydä lisätietoja")
    typed = {"what": "puhelun päivä", "why": "päiviä on kaksi"}
    shown = desk.press(page, "Esikatsele", **typed)
    assert "Tarvitsemme ne, koska päiviä on kaksi." in shown.text
    assert "Kello ei pysähdy" in shown.text
    assert "question_asked" not in kinds(office, who, ref)
    sent = desk.press(shown, "Lähetä kysymys")
    assert "Odota pyytäjän vastausta" in sent.text
    assert desk.click(sent, "Lisätietopyyntö").response.mimetype == "application/pdf"


def test_a_question_without_its_words_keeps_what_was_typed(
    app: Portal, office: Office, who: make.Clerk, ref: str
) -> None:
    take_up(office, who.actor, ref, 0)
    desk = at_desk(app, office, who)
    page = desk.press(desk.get(address("cases/{ref}/ask", ref)), "Lähetä kysymys", what="päivä", answer_by="17.6.2026")
    assert page.status == 422
    assert page.errors == [
        ("why", "Kirjoita, miksi tarvitset ne"),
        ("answer_by", "Valitse päivä, joka on vielä edessä"),
    ]
    assert page.value("what") == "päivä"


def test_an_extension_needs_this_cases_own_reasons(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    take_up(office, who.actor, ref, 0)
    desk = at_desk(app, office, who)
    page = desk.press(desk.get(address("cases/{ref}/extend", ref)), "Jatka määräaikaa", text="kiire")
    assert [anchor for anchor, _text in page.errors] == ["reason-0", "text"]
    reason = "pyyntö koskee neljäätoista puhelua, joissa puhutaan useasta muusta ihmisestä"
    page = desk.press(page, "Jatka määräaikaa", reason="amount", text=reason)
    assert page.status == 200
    assert "pe 18.9.2026" in page.text
    assert "deadline_extended" in kinds(office, who, ref)


def test_asking_from_a_case_nobody_handles_is_not_open(app: Portal, office: Office, who: make.Clerk, ref: str) -> None:
    assert at_desk(app, office, who).get(address("cases/{ref}/ask", ref)).status == 409


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_open_in_every_language(
    app: Portal, office: Office, who: make.Clerk, ref: str, language: str
) -> None:
    take_up(office, who.actor, ref, 0)
    desk = at_desk(app, office, who, language)
    for page in ("queue", "cases/{ref}", "cases/{ref}/calls", "cases/{ref}/decision", "cases/{ref}/ask"):
        fetched = desk.get(address(page, ref, language=language))
        assert fetched.status == 200
        assert fetched.tree.get("lang") == language
