"""The page on which a number is proved: between the calls and the details, and later on the request's own page."""

from dataclasses import replace

import pytest

from portal.domain.access import Role
from portal.domain.number_proof import CODE_LIFE, Grade
from portal.domain.rights import Right
from portal.services.file_request import Filed
from portal.services.office import Office
from portal.services.ports import NumberCodes
from portal.services.support_number import read_out, share_number
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, clerk
from tests.web.citizen.steps import AT, call_page, fill, ref_of
from tests.web.citizen.telephone import Telephone
from tests.web.client import Browser, Fetched, entered

LANDLINE = "09 1234 5678"


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def office(sqlite_office: Office, telephone: Telephone) -> Office:
    """An office that sends text messages."""
    return replace(sqlite_office, codes=NumberCodes(texts=telephone))


def proof_page(browser: Browser, **typed: str | None) -> Fetched:
    """After one call from my number."""
    return browser.click(fill(browser, call_page(browser), **typed), "Jatka")


def waiting(browser: Browser) -> Fetched:
    """The page with its box for the code."""
    return browser.press(proof_page(browser), "Lähetä koodi tekstiviestinä")


def details(browser: Browser, page: Fetched) -> Fetched:
    """The request sent from the page of details on."""
    assert page.h1 == "Miten haluat vastauksen?"
    asked = "Miten kerromme vastauksesta?" in page.text  # where a number has been proved
    return browser.press(page, "Jatka", **({"told": "none"} if asked else {}))


def case_of(office: Office, ref: str) -> Walk:
    with office.reading() as work:
        case = work.cases.open(ref, clerk("handler", Role.HANDLER))
    return Walk(office, Filed(ref, case.applicant.person, again=False), "espoo")


def test_a_proved_number_is_shown_so_before_sending_and_on_the_case(
    citizen: Browser, office: Office, telephone: Telephone
) -> None:
    page = waiting(citizen)
    assert page.h1 == "Vahvista numerosi 040 *** **67"
    assert "Koodi on voimassa 10 minuuttia." in page.text
    page = citizen.press(page, "Vahvista", **{"n1-code": telephone.code(office)})
    check = details(citizen, page)
    assert "040 *** **67: vahvistettu" in check.text
    ref = ref_of(citizen.press(check, "Lähetä pyyntö"))
    assert case_of(office, ref).case.number(1).grade is Grade.PROVED
    mine = citizen.get(f"{AT}/cases/{ref}")
    assert "040 *** **67: vahvistettu 18.6.2026" in mine.text
    assert "Vahvistit numerosi" in mine.body


def test_the_step_can_be_left_out_before_and_after_the_code_is_asked_for(citizen: Browser, office: Office) -> None:
    page = proof_page(citizen)
    assert citizen.click(page, "Ohita").h1 == "Miten haluat vastauksen?"
    page = citizen.press(page, "Lähetä koodi tekstiviestinä")
    check = details(citizen, citizen.click(page, "Ohita"))
    assert "ei vahvistettu" in check.text
    ref = ref_of(citizen.press(check, "Lähetä pyyntö"))
    assert case_of(office, ref).case.number(1).grade is Grade.UNPROVED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Kirjoita koodi, 6 numeroa"),
        ("12345", "Kirjoita koodi, 6 numeroa"),
        ("x23456", "Kirjoita koodi, 6 numeroa"),
    ],
)
def test_what_cannot_be_a_code_is_told_and_costs_no_try(citizen: Browser, typed: str, said: str) -> None:
    page = waiting(citizen)
    for _ in range(6):
        page = citizen.press(page, "Vahvista", **{"n1-code": typed})
        assert (page.status, page.errors) == (422, [("n1-code", said)])


def test_wrong_codes_are_told_and_the_sixth_is_one_too_many(
    citizen: Browser, office: Office, telephone: Telephone
) -> None:
    page = waiting(citizen)
    code = telephone.code(office)
    wrong = f"{(int(code) + 1) % 1000000:06d}"
    for _ in range(5):
        page = citizen.press(page, "Vahvista", **{"n1-code": wrong})
        assert page.errors == [("n1-code", "Koodi ei täsmää")]
    page = citizen.press(page, "Vahvista", **{"n1-code": code})
    assert page.errors == [("n1-code", "Liian monta yritystä. Yritä myöhemmin tai ohita")]


def test_an_old_code_is_told_and_a_new_one_can_be_asked_for(
    citizen: Browser, office: Office, telephone: Telephone, clock: make.Clock
) -> None:
    page = waiting(citizen)
    code = telephone.code(office)
    clock.at += CODE_LIFE
    page = citizen.press(page, "Vahvista", **{"n1-code": code})
    assert page.errors == [("n1-code", "Koodi on vanhentunut. Pyydä uusi")]
    page = citizen.press(page, "Lähetä uusi koodi")
    assert citizen.press(page, "Vahvista", **{"n1-code": telephone.code(office)}).h1 == "Miten haluat vastauksen?"


def test_the_code_may_be_typed_with_a_blank_in_it(citizen: Browser, office: Office, telephone: Telephone) -> None:
    page = waiting(citizen)
    code = telephone.code(office)
    assert citizen.press(page, "Vahvista", **{"n1-code": f" {code[:3]} {code[3:]} "}).h1 == "Miten haluat vastauksen?"


def test_the_page_is_the_same_whether_a_limit_stopped_the_message_or_not(
    app: Portal, office: Office, telephone: Telephone
) -> None:
    def shown(code: str) -> tuple[int, str, str, int]:
        browser = entered(app, office, replace(make.identified(code=code), subject_key=f"hetu:{code}"))
        page = waiting(browser)
        telephone.code(office)
        refused = browser.press(page, "Vahvista", **{"n1-code": "000000"})
        return page.status, page.text, refused.text, refused.status

    first = shown("131052-902N")
    for code in ("040387-913K", "220761-924P"):
        assert shown(code) == first
    assert len(telephone.got) == 3
    assert shown("010190Y930K") == first
    assert len(telephone.got) == 3


def test_a_number_that_was_changed_is_no_longer_proved(citizen: Browser, office: Office, telephone: Telephone) -> None:
    citizen.press(waiting(citizen), "Vahvista", **{"n1-code": telephone.code(office)})
    page = fill(citizen, citizen.get(f"{AT}/request/call/1"), own="050 555 0123")
    assert citizen.click(page, "Jatka").h1 == "Vahvista numerosi 050 *** **23"


def test_a_landline_alone_is_not_asked_about_and_says_how_it_will_be_checked(citizen: Browser) -> None:
    check = details(citizen, citizen.click(fill(citizen, call_page(citizen), own=LANDLINE), "Jatka"))
    assert "voimme soittaa sinulle ja antaa koodin" in check.text


def test_a_call_from_an_unknown_number_goes_straight_on(citizen: Browser) -> None:
    page = fill(citizen, call_page(citizen), own="", own_unknown="y")
    assert citizen.click(page, "Jatka").h1 == "Miten haluat vastauksen?"


def test_each_different_number_has_its_own_code(citizen: Browser, office: Office, telephone: Telephone) -> None:
    calls = fill(citizen, call_page(citizen))
    calls = fill(citizen, citizen.click(calls, "Lisää toinen puhelu"), own=LANDLINE)
    calls = fill(citizen, citizen.click(calls, "Lisää toinen puhelu"), own="050 555 0123")
    page = citizen.click(calls, "Jatka")
    assert page.h1 == "Vahvista numerosi"
    assert "Tähän numeroon ei voi lähettää tekstiviestiä" in page.text
    page = citizen.press(page, "Lähetä koodi tekstiviestinä")
    page = citizen.press(page, "Vahvista", **{"n1-code": telephone.code(office)})
    assert "Numero on vahvistettu" in page.text
    assert citizen.click(page, "Ohita").h1 == "Miten haluat vastauksen?"
    page = citizen.press(page, "Lähetä koodi tekstiviestinä")
    page = citizen.press(page, "Vahvista", **{"n3-code": telephone.code(office)})
    assert [one.number for one in telephone.got] == [make.NUMBER, "+358505550123"]
    assert page.h1 == "Miten haluat vastauksen?"


def test_a_number_that_is_not_in_the_request_gets_no_code(citizen: Browser, telephone: Telephone) -> None:
    token = proof_page(citizen).value("csrf_token")
    assert citizen.post(f"{AT}/request/number/2/send", {"csrf_token": token}).status == 404
    assert telephone.got == []


def test_a_request_that_was_sent_is_proved_on_its_page(citizen: Browser, office: Office, telephone: Telephone) -> None:
    ref = make.filed(office).ref
    page = citizen.click(citizen.get(f"{AT}/cases/{ref}"), "Vahvista")
    page = citizen.press(page, "Lähetä koodi tekstiviestinä")
    assert citizen.press(page, "Vahvista", **{"n1-code": "000000"}).status == 422
    page = citizen.press(page, "Vahvista", **{"n1-code": telephone.code(office)})
    assert "vahvistettu 18.6.2026" in page.text
    assert citizen.get(f"{AT}/cases/{ref}/number/1").url.endswith(f"/cases/{ref}")


def test_the_code_that_staff_read_out_is_typed_on_the_requests_page(citizen: Browser, office: Office) -> None:
    made = case_of(office, make.filed(office, make.request(Right.ACCESS, make.call(own_number="+35891234567"))).ref)
    made.taken()
    page = citizen.click(citizen.get(f"{AT}/cases/{made.filed.ref}"), "Vahvista")
    assert "annamme koodin puhelimessa" in page.text
    code = read_out(office, made.handler, made.filed.ref, 1, made.case.moves)
    page = citizen.press(page, "Vahvista", **{"n1-code": code})
    assert made.case.number(1).how == "read_out"
    assert "vahvistettu 18.6.2026" in page.text


def test_the_page_tells_nothing_of_what_staff_found(citizen: Browser, office: Office) -> None:
    made = case_of(office, make.filed(office).ref).taken()
    before = citizen.get(f"{AT}/cases/{made.filed.ref}").text
    made.supported()
    share_number(office, made.handler, made.filed.ref, 1, True, made.case.moves)
    assert citizen.get(f"{AT}/cases/{made.filed.ref}").text == before


def test_anothers_request_has_no_number_to_prove(app: Portal, office: Office) -> None:
    ref = make.filed(office).ref
    other = entered(app, office, replace(make.identified(code="010190Y930K"), subject_key="hetu:010190Y930K"))
    for address in (f"{AT}/cases/{ref}/number/1", f"{AT}/cases/{ref}/number/2"):
        assert other.get(address).status == 404
    token = call_page(other).value("csrf_token")
    typed = {"csrf_token": token, "n1-code": "000000"}
    assert other.post(f"{AT}/cases/{ref}/number/1/check", typed).status == 404
