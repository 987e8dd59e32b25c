"""A passkey in real Chromium with its virtual authenticator: made by the one-time link, used to come in and to step up.

The staff's face is visited by name here, because browsers know no passkeys at a bare number.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import update

from portal.domain.access import Role
from portal.services import staff_accounts
from portal.store.engine import writing
from portal.store.tables import login_session
from tests.browser import people
from tests.browser.portal import Running

PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="session")
def home_origins(portal: Running) -> frozenset[str]:
    """Both faces, and the staff's by its name."""
    return portal.origins | {urlsplit(by_name(portal)).netloc}


def by_name(portal: Running) -> str:
    return portal.staff.replace("127.0.0.1", "localhost")


def plugged_in(page: Page) -> tuple[CDPSession, dict[str, Any]]:
    """A virtual authenticator in the page's browser."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    return cdp, {"authenticatorId": cdp.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]}


def grow_old(portal: Running, login: str) -> None:
    """Let the account's proof of identity be eleven minutes old."""
    with portal.office.reading() as work:
        account = work.staff.by_login(login)
    assert account is not None
    old = datetime.now(UTC) - timedelta(minutes=11)
    with writing(portal.office.book.engine) as database:  # type: ignore[attr-defined]  # the store's Book
        database.execute(update(login_session).where(login_session.c.subject == account.id).values(auth_at=old))


def test_a_passkey_is_made_by_the_link_and_then_opens_and_confirms(portal: Running, page: Page) -> None:
    roles = {"espoo": frozenset({Role.HANDLER})}
    token = staff_accounts.add_staff(portal.office, "avain", "Aimo Avaimenkantaja", "käsittelijä", roles)
    cdp, phone = plugged_in(page)
    page.goto(f"{by_name(portal)}/fi/staff/link/{token}")
    page.get_by_label("Pääsyavaimen nimi").fill("Työpuhelin")
    page.get_by_role("button", name="Luo pääsyavain").click()
    people.expect_heading(page, "Pääsyavain on valmis")
    assert len(cdp.send("WebAuthn.getCredentials", phone)["credentials"]) == 1
    page.get_by_role("link", name="Kirjaudu sisään").click()
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    people.expect_heading(page, "Salassapitositoumus")
    page.get_by_role("button", name="Hyväksyn sitoumuksen").click()
    people.expect_heading(page, "Kaikki avoimet")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Kirjaudu ulos").click()
    page.goto(f"{by_name(portal)}/fi/staff/espoo/queue")
    people.expect_heading(page, "Henkilöstön kirjautuminen")
    page.get_by_role("button", name="Kirjaudu pääsyavaimella").click()
    people.expect_heading(page, "Kaikki avoimet")

    grow_old(portal, "avain")
    page.goto(f"{by_name(portal)}/fi/staff/account")
    people.expect_heading(page, "Vahvista, että se olet sinä")
    page.get_by_role("button", name="Vahvista pääsyavaimella").click()
    people.expect_heading(page, "Oma tili")
    expect(page.get_by_role("heading", name="Työpuhelin")).to_be_visible()


def test_who_is_not_verified_by_the_authenticator_stays_outside(portal: Running, page: Page) -> None:
    roles = {"espoo": frozenset({Role.HANDLER})}
    token = staff_accounts.add_staff(portal.office, "avain2", "Aimo Avaimenkantaja", "käsittelijä", roles)
    cdp, phone = plugged_in(page)
    page.goto(f"{by_name(portal)}/fi/staff/link/{token}")
    page.get_by_role("button", name="Luo pääsyavain").click()
    people.expect_heading(page, "Pääsyavain on valmis")
    cdp.send("WebAuthn.setUserVerified", phone | {"isUserVerified": False})
    page.goto(f"{by_name(portal)}/fi/staff/sign-in")
    button = page.get_by_role("button", name="Kirjaudu pääsyavaimella")
    button.click()
    expect(page.get_by_text("Pääsyavainta ei käytetty")).to_be_visible()
    cdp.send("WebAuthn.setUserVerified", phone | {"isUserVerified": True})
    button.click()
    people.expect_heading(page, "Salassapitositoumus")


def test_at_a_bare_number_no_passkey_is_offered(portal: Running, page: Page) -> None:
    page.goto(f"{portal.staff}/fi/staff/sign-in")
    expect(page.get_by_label("Käyttäjätunnus")).to_be_visible()
    expect(page.get_by_role("button", name="Kirjaudu pääsyavaimella")).to_be_hidden()
