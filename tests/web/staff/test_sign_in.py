"""Signing in takes both factors, says nothing about who exists, and leads only inside."""

import re

import pyotp
import pytest

from portal.domain.access import Role
from portal.services import staff_accounts
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser
from tests.web.staff.desk import address

HANDLER = {"espoo": frozenset({Role.HANDLER})}


def test_password_and_code_lead_to_where_one_was_going(app: Portal, office: Office, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    browser = Browser(app)
    page = browser.get(address("queue") + "?view=mine")
    page = browser.press(page, "Jatka", login="aino", password=who.password)
    page = browser.press(page, "Kirjaudu sisään", code=who.code(clock.at))
    assert page.h1 == "Omat"


def test_a_password_alone_opens_nothing(app: Portal, office: Office) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    browser = Browser(app)
    page = browser.press(browser.get("/fi/staff/sign-in"), "Jatka", login="aino", password=who.password)
    assert browser.press(page, "Kirjaudu sisään", code="000000").status == 422
    assert browser.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_known_and_unknown_names_hear_the_same(app: Portal, office: Office) -> None:
    make.clerk(office, "aino", Role.HANDLER)
    heard = []
    for login in ("aino", "nobody"):
        browser = Browser(app)
        heard.append(browser.press(browser.get("/fi/staff/sign-in"), "Jatka", login=login, password="x" * 20).errors)
    assert heard[0] == heard[1]
    assert heard[0]


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example/staff/", "/fi/espoo/cases", "/\\elsewhere/staff/x"]
)
def test_nobody_is_led_outside_the_staffs_pages(app: Portal, office: Office, to: str) -> None:
    page = Browser(app).get("/fi/staff/sign-in?to=" + to)
    assert page.value("to") is None


def test_a_link_sets_the_credentials_once(app: Portal, office: Office, clock: make.Clock) -> None:
    token = staff_accounts.add_staff(office, "uusi", "Uusi Testi", "käsittelijä", HANDLER)
    browser = Browser(app)
    page = browser.get(f"/fi/staff/link/{token}")
    secret = "".join(re.findall(r"\b[A-Z2-7]{4}\b", page.text))
    password = "hidas harmaa haikara"
    code = pyotp.TOTP(secret).at(clock.at)
    faulty = browser.press(page, "Ota käyttöön", password=password, again="toinen", code=code)
    assert [anchor for anchor, _text in faulty.errors] == ["again"]
    page = browser.press(faulty, "Ota käyttöön", password=password, again=password, code=code)
    assert page.h1 == "Palautuskoodit"
    codes = [element.text for element in page.tree.iter("code")]
    assert len(set(codes)) == 10
    assert Browser(app).get(f"/fi/staff/link/{token}").status == 410
    clock.move(minutes=5)
    page = browser.press(browser.get("/fi/staff/sign-in"), "Jatka", login="uusi", password=password)
    assert browser.press(page, "Kirjaudu sisään", code=codes[0]).h1 == "Salassapitositoumus"


def test_a_short_password_is_refused_in_words(app: Portal, office: Office, clock: make.Clock) -> None:
    token = staff_accounts.add_staff(office, "uusi", "Uusi Testi", "käsittelijä", HANDLER)
    browser = Browser(app)
    page = browser.press(browser.get(f"/fi/staff/link/{token}"), "Ota käyttöön", password="a", again="a", code="1")
    assert page.errors == [("password", "Salasanassa on oltava vähintään 15 merkkiä")]
