"""Is the letter genuine? The page tells the issuer and the day, and nothing of anybody."""

from io import BytesIO

import pytest

from portal.domain.rights import Right
from portal.services.hand_over import open_letter
from portal.services.office import Office
from tests import make
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched


@pytest.fixture
def made(office: Office) -> Walk:
    """A refused request with its letter."""
    found = Walk(office, make.filed(office, make.request(Right.ACCESS)), "espoo").taken()
    words = {"outcome": "refused", "ground": "R11-2", "facts": "Tosiseikat.", "assessment": "Arvio."}
    return found.proposed(**words).approved().signed()


def letter_of(made: Walk) -> tuple[str, bytes]:
    """The decision's code and bytes."""
    with made.office.reading() as work:
        document = work.documents.of_case(made.case.id)[-1]
    return document.code or "", open_letter(made.office, made.handler, made.filed.ref, document.id).pdf


def check(visitor: Browser, code: str = "", pdf: bytes | None = None) -> Fetched:
    page = visitor.get("/fi/letter")
    sent = {"file": (BytesIO(pdf), "kirje.pdf")} if pdf is not None else {}
    return visitor.press(page, "Tarkista", code=code, **sent)


def test_the_file_as_it_was_issued_is_genuine(visitor: Browser, made: Walk) -> None:
    page = check(visitor, pdf=letter_of(made)[1])
    assert "Kirje on aito ja muuttumaton" in page.text
    assert "Espoon kaupunki" in page.text
    assert "18.6.2026" in page.text
    assert "Päätöskirje" in page.text


def test_a_changed_file_is_told_from_its_letter(visitor: Browser, made: Walk) -> None:
    code, pdf = letter_of(made)
    assert "Tiedosto ei ole se kirje" in check(visitor, code, pdf + b" ").text
    assert "Tämä ei ole tämän palvelun kirje" in check(visitor, pdf=pdf + b" ").text


def test_the_letters_square_leads_to_the_issuer_and_the_day_alone(visitor: Browser, made: Walk) -> None:
    page = visitor.get(f"/fi/letter/{letter_of(made)[0]}")
    assert "Tällä tunnuksella on annettu kirje" in page.text
    assert "Espoon kaupunki" in page.text
    for hidden in (made.filed.ref, "Soittola", "Päätöskirje"):
        assert hidden not in page.body


def test_a_code_of_no_letter_is_not_ours(visitor: Browser) -> None:
    assert "Tämä ei ole tämän palvelun kirje" in visitor.get("/fi/letter/2222-2222-7").text


@pytest.mark.parametrize("code", ["", "K7Q2-9FXM-2", "en muista"])
def test_a_code_that_cannot_be_read_is_told_on_the_form(visitor: Browser, code: str) -> None:
    page = check(visitor, code)
    assert (page.status, page.errors[0][0]) == (422, "code")


def test_too_large_a_file_is_refused_with_its_limit(visitor: Browser) -> None:
    page = check(visitor, pdf=b"%PDF" + bytes(10 * 1024 * 1024))
    assert page.errors == [("file", "Tiedosto on liian suuri. Kirje on enintään 10 Mt")]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_opens_in_every_language(visitor: Browser, language: str) -> None:
    assert visitor.get(f"/{language}/letter").tree.get("lang") == language
