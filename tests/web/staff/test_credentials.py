"""One's own account and the sign-in page with passkeys, as a browser with a script would post them."""

import json
import re
from dataclasses import replace
from typing import Any

import pyotp
import pytest

from portal.adapters.passkeys import Passkeys
from portal.domain.access import Role
from portal.services import own_sessions, passkeys, staff_accounts
from portal.services.office import Office
from portal.services.ports import Account, Busy
from portal.web.app import Portal
from tests import make
from tests.authenticator import PRESENT, Authenticator
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

ORIGIN, PARTY = "https://staff.example.fi", "staff.example.fi"
ACCOUNT, SIGN_IN = "/fi/staff/account", "/fi/staff/sign-in"
OLD, NEW = "seitsemän sinistä saapasta", "hidas harmaa haikara lentää"


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """An office at an address that can have passkeys."""
    return replace(sqlite_office, passkeys=Passkeys.at(ORIGIN))


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(ORIGIN, PARTY)


def options_of(page: Fetched) -> dict[str, Any]:
    """What the page's passkey form gives to the browser."""
    found: dict[str, Any] = json.loads(page.tree.xpath("//form[@data-passkey]/@data-passkey")[0])
    return found


def used(browser: Browser, page: Fetched, phone: Authenticator, button: str, **typed: str) -> Fetched:
    """Press the passkey button: the script asks the authenticator and posts its answer."""
    options = options_of(page)
    answer = phone.make(options) if "user" in options else phone.use(options)
    return browser.press(page, button, answer=json.dumps(answer), **typed)


def account_of(office: Office, login: str) -> Account:
    with office.reading() as work:
        found = work.staff.by_login(login)
    assert found is not None
    return found


def linked(app: Portal, office: Office, phone: Authenticator, login: str = "uusi") -> Browser:
    """Somebody who has taken their link with a passkey."""
    token = staff_accounts.add_staff(office, login, "Uusi Testi", "", {"espoo": frozenset({Role.HANDLER})})
    browser = Browser(app)
    page = used(browser, browser.get(f"/fi/staff/link/{token}"), phone, "Luo pääsyavain", name="Työpuhelin")
    assert page.h1 == "Pääsyavain on valmis"
    return browser


def test_a_link_a_passkey_and_in(app: Portal, office: Office, phone: Authenticator) -> None:
    browser = linked(app, office, phone)
    page = used(browser, browser.get(SIGN_IN + "?to=" + address("queue")), phone, "Kirjaudu pääsyavaimella")
    assert page.h1 == "Salassapitositoumus"
    browser.press(page, "Hyväksyn sitoumuksen")
    assert browser.get(address("queue")).h1 == "Kaikki avoimet"
    (key,) = passkeys.of(office, account_of(office, "uusi"))
    assert key.name == "Työpuhelin"


def test_a_refused_passkey_shows_the_sign_in_page_again(app: Portal, office: Office, phone: Authenticator) -> None:
    browser = linked(app, office, phone)
    phone.flags = PRESENT
    page = used(browser, browser.get(SIGN_IN), phone, "Kirjaudu pääsyavaimella")
    assert (page.status, [anchor for anchor, _text in page.errors]) == (422, ["passkey"])
    assert browser.get(address("queue")).h1 == "Henkilöstön kirjautuminen"
    phone.flags = 5
    assert used(browser, page, phone, "Kirjaudu pääsyavaimella").h1 == "Salassapitositoumus", "it may be tried again"


@pytest.mark.parametrize("answer", ["", "{", "[]", "null", '"x"', "[" * 30_000, "x" * 40_000])
def test_what_is_no_answer_is_a_page_too(app: Portal, office: Office, answer: str) -> None:
    browser = Browser(app)
    page = browser.press(browser.get(SIGN_IN), "Kirjaudu pääsyavaimella", answer=answer)
    assert page.status == 422
    assert page.errors


def test_without_a_script_the_passkey_is_hidden_and_the_code_remains(app: Portal, office: Office) -> None:
    page = Browser(app).get(SIGN_IN)
    (form,) = page.tree.xpath("//form[@data-passkey]")
    assert form.get("hidden") is not None
    assert page.form("Jatka") is not None


def test_where_there_can_be_no_passkeys_nothing_is_said_of_them(app: Portal, office: Office) -> None:
    app.office = replace(office, passkeys=Passkeys.at("http://127.0.0.1:8010"))
    assert Browser(app).get(SIGN_IN).tree.xpath("//form[@data-passkey]") == []


def test_a_passkey_is_the_second_factor(app: Portal, office: Office, phone: Authenticator, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    page = used(desk, desk.get(ACCOUNT), phone, "Luo pääsyavain", name="")
    assert "Pääsyavain 1" in page.text
    browser = Browser(app)
    page = browser.press(browser.get(SIGN_IN), "Jatka", login="aino", password=who.password)
    assert options_of(page)["allowCredentials"]
    assert used(browser, page, phone, "Vahvista pääsyavaimella").h1 == "Kaikki avoimet"


def test_passkeys_are_named_and_removed_but_not_the_last_way_in(
    app: Portal, office: Office, phone: Authenticator, clock: make.Clock
) -> None:
    browser = linked(app, office, phone)
    browser.press(used(browser, browser.get(SIGN_IN), phone, "Kirjaudu pääsyavaimella"), "Hyväksyn sitoumuksen")
    page = browser.get(ACCOUNT)
    assert "Ainoaa kirjautumistapaa ei voi poistaa" in page.text
    page = browser.press(page, "Tallenna nimi", name="Avaimenperä")
    assert "Avaimenperä" in page.text
    (only,) = passkeys.of(office, account_of(office, "uusi"))
    token = page.form("Tallenna nimi").xpath('.//*[@name="csrf_token"]/@value')[0]
    refused = browser.post(ACCOUNT + "/passkeys/remove", {"csrf_token": token, "passkey": only.id})
    assert [anchor for anchor, _text in refused.errors] == ["passkeys"]
    second = Authenticator(ORIGIN, PARTY)
    clock.move(seconds=1)
    page = used(browser, refused, second, "Luo pääsyavain", name="Toinen")
    page = browser.press(page, "Poista pääsyavain")
    assert "Avaimenperä" not in page.text
    assert "Toinen" in page.text


def test_an_account_page_tells_nothing_of_a_colleagues_passkey(
    app: Portal, office: Office, phone: Authenticator
) -> None:
    linked(app, office, phone)
    (theirs,) = passkeys.of(office, account_of(office, "uusi"))
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.get(ACCOUNT)
    token = page.form("Luo uudet palautuskoodit").xpath('.//*[@name="csrf_token"]/@value')[0]
    known = {"csrf_token": token, "passkey": theirs.id, "name": "minun"}
    assert desk.post(ACCOUNT + "/passkeys/name", known).status == 404
    assert desk.post(ACCOUNT + "/passkeys/remove", known).status == 422
    assert passkeys.of(office, account_of(office, "uusi")) == (theirs,)


def test_new_recovery_codes_are_shown_once(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.press(desk.get(ACCOUNT), "Luo uudet palautuskoodit")
    codes = [element.text for element in page.tree.iter("code")]
    assert len(set(codes)) == 10
    assert page.response.headers["Cache-Control"] == "no-store"
    page = desk.click(page, "Olen tallentanut koodit")
    assert "Jäljellä on 10 koodia" in page.text
    assert codes[0] not in page.body


def test_the_password_is_changed_and_the_session_goes_on_under_a_new_id(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    other = at_desk(app, office, make.Clerk("aino", "", "", make_actor(office)))
    before = desk.client.get_cookie("kuuluu-staff")
    page = desk.click(desk.get(ACCOUNT), "Vaihda salasana")
    page = desk.press(page, "Vaihda salasana", old_password="väärä", password=NEW, again=NEW)
    assert [anchor for anchor, _text in page.errors] == ["old_password"]
    page = desk.press(page, "Vaihda salasana", old_password=OLD, password=NEW, again="toinen")
    assert [anchor for anchor, _text in page.errors] == ["again"]
    page = desk.press(page, "Vaihda salasana", old_password=OLD, password=OLD + "1", again=OLD + "1")
    assert page.errors == [("password", "Salasana on melkein sama kuin vanha. Valitse kokonaan toinen salasana")]
    assert NEW not in page.body
    assert desk.press(page, "Vaihda salasana", old_password=OLD, password=NEW, again=NEW).h1 == "Kaikki avoimet"
    after = desk.client.get_cookie("kuuluu-staff")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert other.get(ACCOUNT).h1 == "Henkilöstön kirjautuminen"


def test_a_password_that_comes_too_late_waits_nowhere(
    app: Portal, office: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(own_sessions, "keep_late", lambda *given: kept.append(given))
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.click(desk.get(ACCOUNT), "Vaihda salasana")
    clock.move(minutes=16)
    desk.press(page, "Vaihda salasana", old_password=OLD, password=NEW, again=NEW)
    assert OLD not in str(kept)
    assert NEW not in str(kept)


def make_actor(office: Office) -> Any:
    return replace(make.clerk(office, "muu", Role.AUDITOR).actor, id=account_of(office, "aino").id)


def test_an_old_password_leads_to_its_change_and_then_in(app: Portal, office: Office, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER, register="janakkala")
    clock.move(days=91)
    browser = Browser(app)
    page = browser.press(browser.get(address("queue", register="janakkala")), "Jatka", login="aino", password=OLD)
    page = browser.press(page, "Kirjaudu sisään", code=who.code(clock.at))
    assert page.h1 == "Vaihda salasana"
    assert "90 päivän välein" in page.text
    assert browser.get(address("queue", register="janakkala")).h1 == "Henkilöstön kirjautuminen"
    page = browser.press(page, "Vaihda salasana", old_password=OLD, password=NEW, again=NEW)
    assert page.h1 == "Kaikki avoimet"


def test_a_password_that_will_be_too_old_is_told_of_after_sign_in(
    app: Portal, office: Office, clock: make.Clock
) -> None:
    who = make.clerk(office, "aino", Role.HANDLER, register="janakkala")
    clock.move(days=76)
    browser = Browser(app)
    page = browser.press(browser.get(address("queue", register="janakkala")), "Jatka", login="aino", password=OLD)
    page = browser.press(page, "Kirjaudu sisään", code=who.code(clock.at))
    assert "vielä 14 päivää" in page.text
    assert browser.click(page, "Jatka").h1 == "Kaikki avoimet"


def test_a_crowd_at_the_door_is_asked_to_come_back(
    app: Portal, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> bool:
        raise Busy

    browser = Browser(app)
    page = browser.get(SIGN_IN)
    monkeypatch.setattr(office.credentials, "verify_password", busy)
    page = browser.press(page, "Jatka", login="aino", password=OLD)
    assert (page.status, page.h1) == (503, "Yritä hetken kuluttua uudelleen")
    assert page.response.headers["Retry-After"] == "5"


def test_an_administrator_ends_a_colleagues_sessions(app: Portal, office: Office) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    theirs = at_desk(app, office, who)
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    assert theirs.get(address("queue")).h1 == "Kaikki avoimet"
    desk.press(desk.get(address("accounts")), "Katkaise istunnot")
    assert theirs.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_changes_of_the_account_ask_for_a_fresh_factor(app: Portal, office: Office, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    page = desk.get(ACCOUNT)
    clock.move(minutes=11)
    assert desk.get(ACCOUNT).h1 != "Oma tili"
    assert desk.press(page, "Luo uudet palautuskoodit").h1 != "Palautuskoodit"


def test_a_passkey_renews_the_proof(app: Portal, office: Office, phone: Authenticator, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    used(desk, desk.get(ACCOUNT), phone, "Luo pääsyavain")
    clock.move(minutes=11)
    page = desk.get(ACCOUNT)
    button = re.sub(r"\s+", " ", page.tree.xpath("//form[@data-passkey]//button")[0].text_content()).strip()
    assert used(desk, page, phone, button).h1 == "Oma tili"


def test_a_link_still_takes_a_password_and_codes(app: Portal, office: Office, clock: make.Clock) -> None:
    token = staff_accounts.add_staff(office, "uusi", "Uusi Testi", "", {"espoo": frozenset({Role.HANDLER})})
    browser = Browser(app)
    page = browser.get(f"/fi/staff/link/{token}")
    secret = "".join(re.findall(r"\b[A-Z2-7]{4}\b", page.text))
    page = browser.press(page, "Ota käyttöön", password=NEW, again=NEW, code=pyotp.TOTP(secret).at(clock.at))
    assert page.h1 == "Palautuskoodit"
