"""The staff's pages of acting for another and of the identity code."""

from io import BytesIO

import pytest

from portal.domain.access import Role
from portal.domain.representation import Guardians, Kind, Mandate, Proof, Representative
from portal.services.attach_document import attach_document
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.adapters.scan.test_document import PNG
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

OTHER = Representative(Kind.MANDATE, "Aava Esimerkki", ground="Valtakirja 1.6.2026", on_site=True)
YOUNG = Representative(Kind.CHILD, "Aava Esimerkki", make.NOON.date().replace(year=2010), guardians=Guardians.ALONE)
WHY = {"verdict": "allowed", "proofs": ["mandate"], "reasons": "Valtakirja nimeää molemmat"}


def filed(office: Office, acting: Representative | None, register: str = "espoo") -> Walk:
    wanted = make.request(representative=acting)
    attach_document(office, register, wanted.submission, BytesIO(PNG))
    make.recorded(office, make.segment(), register=register)
    return Walk(office, make.filed(office, wanted, register=register), register)


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    """A handler's browser in Espoo."""
    return at_desk(app, office, make.clerk(office, "anni", Role.HANDLER))


def case_page(desk: Browser, case: Walk) -> Fetched:
    return desk.get(address("cases/{ref}", case.filed.ref, case.register))


def test_the_case_says_who_acts_for_whom_and_what_is_still_open(desk: Browser, office: Office) -> None:
    page = case_page(desk, filed(office, OTHER))
    for told in ("Toisen puolesta", "Aava Esimerkki", "Valtakirja 1.6.2026", "ei vielä ratkaistu", "paikan päällä"):
        assert told in page.text


@pytest.mark.parametrize("acting", [None, Representative()])
def test_in_ones_own_matter_there_is_no_such_box(desk: Browser, office: Office, acting: Representative | None) -> None:
    case = filed(office, acting)
    assert "Toisen puolesta" not in case_page(desk, case).text
    assert desk.get(address("cases/{ref}/representation", case.filed.ref)).status == 409


def test_a_document_is_opened_and_the_opening_stands_in_the_events(desk: Browser, office: Office) -> None:
    case = filed(office, OTHER)
    answer = desk.press(case_page(desk, case), "Avaa 1 (PNG, 1 kt)")
    assert (answer.response.data, answer.response.mimetype) == (PNG, "image/png")
    assert answer.response.headers["Cache-Control"] == "no-store"
    assert answer.response.headers["Content-Disposition"].startswith("attachment;")
    assert "Lisätty asiakirja avattiin" in case_page(desk, case).text


def test_the_verdict_is_given_with_documents_and_reasons(desk: Browser, office: Office) -> None:
    case = filed(office, OTHER)
    page = desk.get(desk_link(desk, case))
    wrong = desk.press(page, "Tallenna ratkaisu")
    assert [text for _, text in wrong.errors] == ["Valitse, saako pyytäjä toimia", "Kirjoita perustelut"]
    wrong = desk.press(page, "Tallenna ratkaisu", **(WHY | {"proofs": []}))
    assert [text for _, text in wrong.errors] == ["Valitse, minkä asiakirjan näit"]
    shown = desk.press(page, "Tallenna ratkaisu", **WHY)
    for told in ("Saa toimia", "Anni Testi", "Valtakirja nimeää molemmat", "poistettu"):
        assert told in shown.text
    assert case.case.representative
    assert case.case.representative.proofs == (Proof.MANDATE,)


def desk_link(desk: Browser, case: Walk) -> str:
    return case_page(desk, case).link("Ratkaise oikeus")


def test_a_young_persons_matter_is_asked_once_more(desk: Browser, office: Office) -> None:
    case = filed(office, YOUNG)
    page = desk.get(desk_link(desk, case))
    assert "Lapsi on täyttänyt 15 vuotta." in page.text
    asked = desk.press(page, "Tallenna ratkaisu", **WHY)
    assert "Vahvista: lapsi on täyttänyt 15 vuotta" in asked.text
    assert case.case.representative == YOUNG
    again = desk.press(asked, "Tallenna ratkaisu")
    assert [text for _, text in again.errors] == ["Vahvista, että olet arvioinut nuoren oman tahdon"]
    assert case.case.representative == YOUNG
    desk.press(again, "Tallenna ratkaisu", confirmed="y")
    assert case.case.representative.verdict is Mandate.ALLOWED


def test_a_stale_verdict_changes_nothing(desk: Browser, office: Office) -> None:
    case = filed(office, OTHER)
    page = desk.get(desk_link(desk, case))
    case.taken()
    assert desk.press(page, "Tallenna ratkaisu", **WHY).status == 409
    assert case.case.representative == OTHER


@pytest.mark.parametrize("role", [Role.LISTENER, Role.AUDITOR])
def test_who_does_not_decide_neither_opens_nor_decides(app: Portal, office: Office, role: Role) -> None:
    case = filed(office, OTHER)
    other = at_desk(app, office, make.clerk(office, "onni", role))
    page = case_page(other, case)
    assert "Avaa 1" not in page.text
    assert "Ratkaise oikeus" not in page.text
    for place in ("representation", "identity-code"):
        assert other.get(address(f"cases/{{ref}}/{place}", case.filed.ref)).status == 404


def test_the_code_is_masked_and_shown_whole_for_a_reason_once(app: Portal, office: Office) -> None:
    case = filed(office, None, "janakkala")
    desk = at_desk(app, office, make.clerk(office, "anni", Role.HANDLER, register="janakkala"))
    page = case_page(desk, case)
    assert "131052-****" in page.text
    page = desk.get(page.tree.xpath("//a[contains(@href,'identity-code')]/@href")[0])
    assert "131052-902N" not in page.body
    wrong = desk.press(page, "Näytä tunnus")
    assert (wrong.status, wrong.errors) == (422, [("reason", "Kirjoita, miksi tarvitset tunnuksen")])
    shown = desk.press(page, "Näytä tunnus", reason="Vertaan potilastietoihin")
    assert "131052-902N" in shown.text
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert "131052-902N" not in shown.url
    assert "131052-902N" not in desk.get(shown.url).body
    page = case_page(desk, case)
    assert "Pyytäjän tunnus näytettiin" in page.text
    assert "Vertaan potilastietoihin" in page.text
    assert "131052-902N" not in page.body


def test_the_code_stands_in_no_list_letter_or_other_page(app: Portal, office: Office) -> None:
    case = filed(office, None, "janakkala").taken().heard().proposed(outcome="granted").approved().signed()
    desk = at_desk(app, office, make.clerk(office, "anni", Role.HANDLER, Role.DECISION_MAKER, register="janakkala"))
    for place in ("queue", "cases/{ref}", "cases/{ref}/calls", "cases/{ref}/decision", "cases/{ref}/letter", "search"):
        assert "902N" not in desk.get(address(place, case.filed.ref, "janakkala")).body
    with office.reading() as work:
        letters = work.documents.of_case(case.case.id)
        pages = [work.documents.html(case.case.id, one.id, work.cases.box(case.case)) or "" for one in letters]
    assert letters
    assert not [page for page in pages if "131052" in page]
