"""Staff's page of the caller's number: compare, ring, take back; and the decision that waits for it."""

import re

import pytest

from portal.domain.access import Role
from portal.domain.number_proof import Grade
from portal.domain.rights import Right
from portal.services.office import Office
from portal.services.support_number import unprove_number
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))


@pytest.fixture
def made(office: Office) -> Walk:
    return walk(office).taken()


def numbers(made: Walk) -> str:
    return address("cases/{ref}/numbers", made.filed.ref)


def test_the_case_says_what_is_known_of_the_number_and_leads_to_its_page(desk: Browser, made: Walk) -> None:
    page = desk.get(address("cases/{ref}", made.filed.ref))
    page = desk.click(page, "numeroa ei ole varmistettu")
    assert "040 123 4567" in page.text
    assert "matkapuhelin" in page.text
    assert "Ei varmistettu" in page.text


def test_a_comparison_is_recorded_with_how_when_by_whom_and_on_which_facts(desk: Browser, made: Walk) -> None:
    page = desk.press(
        desk.get(numbers(made)),
        "Merkitse tuetuksi",
        **{"support1-how": "register", "support1-note": "Sama numero asiakkaan tiedoissa"},
    )
    assert "Tuettu vertailulla" in page.text
    assert "numero on rekisterinpitäjän asiakasrekisterissä: Sama numero asiakkaan tiedoissa" in page.text
    assert "to 18.6.2026" in page.text
    assert "Aino Testi" in page.text
    assert made.case.number(1).days == 2
    assert "tuettu vertailulla" in desk.get(address("cases/{ref}", made.filed.ref)).text


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, [("support1-how-0", "Valitse, miten numero varmistettiin")]),
        ({"support1-how": "register"}, [("support1-note", "Kirjoita, mihin tiedot perustuvat")]),
        (
            {"support1-how": "documents", "support1-note": "passi 123456"},
            [("support1-note", "Kirjoita vain asiakirjan laji, ei sen numeroa")],
        ),
    ],
)
def test_a_comparison_needs_its_kind_and_facts_and_no_documents_number(
    desk: Browser, made: Walk, typed: dict[str, str], errors: list[tuple[str, str]]
) -> None:
    page = desk.press(desk.get(numbers(made)), "Merkitse tuetuksi", **typed)
    assert (page.status, page.errors) == (422, errors)
    assert made.case.number(1).grade is Grade.UNPROVED


def test_the_day_of_the_proof_stands_beside_the_day_of_the_call_with_a_warning_after_ninety_days(
    desk: Browser, office: Office
) -> None:
    far = walk(office, make.request(Right.ACCESS, make.call(day=make.NOON.date().replace(month=2))), found=0).taken()
    far.supported()
    page = desk.get(numbers(far))
    assert "16.2.2026" not in page.text
    assert "18.2.2026" in page.text
    assert "yli 90 päivää" in page.text
    assert "yli 90 päivää puhelusta" in desk.get(address("cases/{ref}", far.filed.ref)).text


def test_the_code_to_read_out_is_shown_once(desk: Browser, made: Walk) -> None:
    page = desk.press(desk.get(numbers(made)), "Näytä koodi luettavaksi")
    assert re.search(r"\b\d{3} \d{3}\b", page.text)
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Näytä koodi luettavaksi" in page.text
    again = desk.get(numbers(made)).text
    assert "Soita numeroon ja lue koodi" not in again
    assert made.actions[-1] == "number_rung"
    with made.office.reading() as work:
        facts = work.cases.timeline(made.case)[-1].facts
    assert facts == {"call": 1}


def test_a_service_number_is_compared_and_gets_no_code(desk: Browser, office: Office) -> None:
    one = walk(office, make.request(Right.ACCESS, make.call(own_number="+358103808000")), found=0).taken()
    page = desk.get(numbers(one))
    assert "Tähän numeroon ei anneta koodia" in page.text
    assert "Näytä koodi luettavaksi" not in page.text


def test_a_withheld_number_has_a_path_of_its_own(desk: Browser, office: Office) -> None:
    one = walk(office, make.request(Right.ACCESS, make.call(own_number=None, withheld=True)), found=0).taken()
    page = desk.press(
        desk.get(numbers(one)),
        "Merkitse tuetuksi",
        **{"support1-how": "stated", "support1-note": "salainen numero 2019 alkaen, laskulla sama"},
    )
    assert "salainen tai entinen numero" in page.text
    assert one.case.number(1).enough


def test_a_shared_number_is_told_again_on_the_page_of_the_decision(desk: Browser, made: Walk) -> None:
    page = desk.press(desk.get(numbers(made)), "Tallenna", **{"share1-shared": "y"})
    assert "Anna pyytäjälle vain ne kohdat, joissa hän itse puhuu." in page.text
    assert "Numero on yhteinen" in desk.get(address("cases/{ref}/decision", made.filed.ref)).text
    desk.press(page, "Tallenna", **{"share1-shared": None})
    assert not made.case.number(1).shared


def test_a_release_without_proof_is_missing_its_number_and_says_what_to_do(desk: Browser, made: Walk) -> None:
    made.heard()
    unprove_number(made.office, made.handler, made.filed.ref, 1, "väärä", made.case.moves)
    page = desk.get(address("cases/{ref}/decision", made.filed.ref))
    page = desk.press(page, "Lähetä hyväksyttäväksi", **{"i1-outcome": "granted"})
    assert page.status == 422
    assert ("i1-outcome-0", "Numero, joka on todistettu koodilla tai tuettu vertailulla") in page.errors
    assert "tarjoa kuuntelua paikan päällä, pyydä lisätietoja tai kieltäydy perusteluin" in page.text
    made.supported()
    page = desk.get(address("cases/{ref}/decision", made.filed.ref))
    assert "Odottaa toisen henkilön hyväksyntää" in desk.press(page, "Lähetä hyväksyttäväksi").text


def test_a_signature_that_comes_too_late_is_told_why(app: Portal, office: Office, made: Walk) -> None:
    made.heard().proposed(outcome="granted").approved()
    unprove_number(made.office, made.handler, made.filed.ref, 1, "väärä", made.case.moves)
    signer = at_desk(app, office, make.clerk(office, "veikko", Role.DECISION_MAKER))
    page = signer.get(address("cases/{ref}/letter", made.filed.ref))
    page = signer.press(page, "Allekirjoita ja lähetä")
    assert page.status == 409
    assert "Numeroa ei ole varmistettu, joten tallennetta ei voi antaa." in page.text


def test_a_grade_is_taken_back_with_its_reason(desk: Browser, made: Walk) -> None:
    made.supported()
    page = desk.get(numbers(made))
    assert desk.press(page, "Pura varmistus").errors == [("back1-why", "Kirjoita syy")]
    page = desk.press(page, "Pura varmistus", **{"back1-why": "Väärä asiakas"})
    assert "Ei varmistettu" in page.text


def test_who_only_reads_sees_the_grade_and_no_buttons(app: Portal, office: Office, made: Walk) -> None:
    reader = at_desk(app, office, make.clerk(office, "aarne", Role.AUDITOR))
    page = reader.get(numbers(made))
    assert "Ei varmistettu" in page.text
    for button in ("Merkitse tuetuksi", "Näytä koodi luettavaksi", "Tallenna", "Pura varmistus"):
        assert button not in page.text
    token = page.value("csrf_token")
    for verb in ("support", "back", "share", "ring"):
        assert reader.post(f"{numbers(made)}/1/{verb}", {"csrf_token": token, "seen": made.case.moves}).status == 404


def test_another_registers_case_has_no_numbers_to_see(app: Portal, office: Office, made: Walk) -> None:
    other = at_desk(app, office, make.clerk(office, "olli", Role.HANDLER, register="pikkujatti"))
    assert other.get(numbers(made)).status == 404
    assert other.get(numbers(made).replace("espoo", "pikkujatti")).status == 404
