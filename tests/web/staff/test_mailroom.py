"""The mail room's pages: what waits, the batch and its files, returned mail, and how a case's letters go."""

import re

import pytest

from portal.domain.access import Role
from portal.domain.case import Address, Wishes
from portal.domain.rights import Right
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

HOME = Address("Esimerkkikatu 12", "02999", "Mallila")


def refused(office: Office, home: Address | None = HOME) -> Walk:
    """A refused request whose letter waits for the post."""
    wanted = make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=home)
    made = Walk(office, make.filed(office, wanted), "espoo").taken()
    return (
        made.proposed(outcome="refused", ground="R11-2", facts="Tosiseikat.", assessment="Arvio.").approved().signed()
    )


def code_of(made: Walk) -> str:
    with made.office.reading() as work:
        return work.documents.of_case(made.case.id)[-1].code or ""


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    """A handler's browser."""
    return at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))


def room(desk: Browser) -> Fetched:
    return desk.get(address("mailroom"))


def test_letters_that_wait_are_bound_printed_and_posted(office: Office, desk: Browser) -> None:
    made = [refused(office), refused(office)]
    page = desk.click(desk.get(address("queue")), "Postitus")
    assert "Postia odottavat 2" in page.text
    chosen = page.tree.xpath('//input[@name="letter"]/@value')
    batch = desk.press(page, "Kokoa tulostuserä", letter=chosen)
    assert batch.h1 == "Tulostuserä 1"
    printed = desk.click(batch, "Tulostettava PDF")
    assert printed.response.mimetype == "application/pdf"
    assert printed.response.headers["Cache-Control"] == "no-store"
    assert desk.click(batch, "Tulostettava PDF").response.data == printed.response.data
    done = desk.press(batch, "Merkitse postitetuiksi", posted_on="17.6.2026")
    assert "Postitettu 17.6.2026." in done.text
    assert all("letter_posted" in one.actions for one in made)
    assert "Ei tulostettavaa." in room(desk).text


def test_the_manifest_names_codes_and_cases_and_nobody(office: Office, desk: Browser) -> None:
    made = refused(office)
    batch = desk.press(room(desk), "Kokoa tulostuserä")
    table = desk.click(batch, "Luettelo taulukkona").response.get_data(as_text=True)
    assert table.lstrip("\ufeff").splitlines() == [
        "Nro;Tunnus;Asia;Sivuja;Saatesivu;Postitettu", f"1;{code_of(made)};{made.filed.ref};{pages(table)};;",
    ]  # fmt: skip
    assert "Soittola" not in table + batch.text


def pages(table: str) -> str:
    return re.split(r";", table.splitlines()[1])[3]


def test_nothing_chosen_makes_no_batch(office: Office, desk: Browser) -> None:
    refused(office)
    assert desk.press(room(desk), "Kokoa tulostuserä", letter=None).h1 == "Postitus"
    assert "Ei vielä eriä." in room(desk).text


def test_a_batch_that_a_colleague_made_meanwhile_is_stale(office: Office, desk: Browser) -> None:
    refused(office)
    page = room(desk)
    desk.press(page, "Kokoa tulostuserä")
    assert desk.press(page, "Kokoa tulostuserä").status == 409


def test_a_dropped_batch_gives_its_letters_back(office: Office, desk: Browser) -> None:
    refused(office)
    batch = desk.press(room(desk), "Kokoa tulostuserä")
    assert "Postia odottavat 1" in desk.press(batch, "Peru erä").text


def test_a_day_to_come_is_no_day_of_posting(office: Office, desk: Browser) -> None:
    refused(office)
    batch = desk.press(room(desk), "Kokoa tulostuserä")
    assert desk.press(batch, "Merkitse postitetuiksi", posted_on="19.6.2026").status == 422


def test_a_letter_without_an_address_asks_for_a_choice(office: Office, desk: Browser) -> None:
    made = refused(office, home=None)
    page = desk.click(room(desk), made.filed.ref)
    assert "Osoite puuttuu." in page.text
    typed = {"way": "post", "street": "Esimerkkikatu 1", "postcode": "02999", "town": "Mallila"}
    desk.press(page, "Tallenna valinta", **typed)
    assert "Postia odottavat 1" in room(desk).text


def test_a_returned_letter_leads_to_its_case_and_goes_again(office: Office, desk: Browser) -> None:
    made = refused(office)
    batch = desk.press(room(desk), "Kokoa tulostuserä")
    desk.press(batch, "Merkitse postitetuiksi")
    form = desk.click(room(desk), "Kirje palautui")
    scanned = f"https://puhelut.example/fi/letter/{code_of(made)}"
    page = desk.press(form, "Kirjaa palautus", code=scanned, reason="moved")
    assert page.url.endswith(f"{made.filed.ref}/dispatch")
    assert "ei ole saatu" in page.text
    typed = {"way": "post", "street": "Uusi katu 3", "postcode": "00999", "town": "Helsinki"}
    desk.press(page, "Tallenna valinta", **typed)
    assert "lähetetään uudelleen" in room(desk).text
    assert "(saatesivu)" in desk.press(room(desk), "Kokoa tulostuserä").text


@pytest.mark.parametrize("code", ["", "2222-2222-3", "2222-2222-2", "hölynpöly"])
def test_an_unknown_code_is_told_on_the_form(desk: Browser, code: str) -> None:
    page = desk.press(desk.get(address("mailroom/returned")), "Kirjaa palautus", code=code, reason="moved")
    assert (page.status, page.errors[0][0]) == (422, "code")


def test_a_letter_that_was_never_posted_cannot_come_back(office: Office, desk: Browser) -> None:
    made = refused(office)
    page = desk.get(address("mailroom/returned"))
    page = desk.press(page, "Kirjaa palautus", code=code_of(made), reason="moved")
    assert (page.status, page.errors[0][0]) == (422, "returned_on")


def test_under_non_disclosure_the_known_address_is_refused(office: Office, desk: Browser) -> None:
    made = refused(office)
    page = desk.get(address("cases/{ref}/dispatch", made.filed.ref))
    kept = desk.press(page, "Tallenna valinta", protected="y")
    assert (kept.status, kept.errors[0][0]) == (422, "street")
    assert "Turvakielto" in desk.press(kept, "Tallenna valinta", way="counter").text
    assert "Turvakielto" in desk.get(address("mailroom") + "?all=1").text


def test_an_address_that_the_window_cannot_hold_is_asked_for_again(office: Office, desk: Browser) -> None:
    made = refused(office)
    page = desk.get(address("cases/{ref}/dispatch", made.filed.ref))
    row = "mmmmmmmmm " * 10
    kept = desk.press(page, "Tallenna valinta", way="post", addition=row, street=row, town=row, postcode=row)
    assert (kept.status, kept.errors[0][0]) == (422, "street")
    assert kept.value("town") == row.strip() or kept.value("town") == row


def test_a_posted_way_needs_a_whole_address(office: Office, desk: Browser) -> None:
    made = refused(office, home=None)
    page = desk.press(desk.get(address("cases/{ref}/dispatch", made.filed.ref)), "Tallenna valinta", way="post")
    assert [anchor for anchor, _text in page.errors] == ["street", "postcode", "town"]


def test_the_check_sheet_is_a_pdf(desk: Browser) -> None:
    assert desk.click(room(desk), "Tulosta tarkistusarkki").response.data.startswith(b"%PDF")


def test_those_who_post_nothing_find_no_mail_room(app: Portal, office: Office) -> None:
    listener = at_desk(app, office, make.clerk(office, "veikko", Role.LISTENER))
    for page in (
        "mailroom",
        "mailroom/returned",
        "mailroom/batch/1",
        "mailroom/batch/1.pdf",
        "mailroom/calibration.pdf",
    ):
        assert listener.get(address(page)).status == 404
    assert "Postitus" not in listener.get(address("queue")).body


def test_another_controllers_batch_is_absent(app: Portal, office: Office, desk: Browser) -> None:
    refused(office)
    desk.press(room(desk), "Kokoa tulostuserä")
    other = at_desk(app, office, make.clerk(office, "onni", Role.HANDLER, register="janakkala"))
    assert other.get(address("mailroom/batch/1", register="janakkala")).status == 404
    assert other.get(address("mailroom/batch/1.pdf", register="janakkala")).status == 404
