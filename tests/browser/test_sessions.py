"""Sessions in a real browser: its cookies, its back button, its clock, and two people who share it."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from portal.store.sessions import digest
from tests.browser import people
from tests.browser.portal import Running

FIRST, SECOND = "Tuulikki", "Eero"
TYPED = "Puhelu katkesi kesken."


def cookie(context: BrowserContext, name: str) -> Any:
    return next(one for one in context.cookies() if one["name"] == name)


def let_it_end(portal: Running, context: BrowserContext) -> None:
    """The session at this browser has been idle too long."""
    with portal.office.writing() as work:
        work.sessions.close(digest(cookie(context, "kuuluu")["value"]))


def test_the_cookies_die_with_the_browser_and_are_no_scripts_business(
    portal: Running, page: Page, clerk: Callable[[str], Page]
) -> None:
    people.sign_in_citizen(page, portal, "espoo", FIRST)
    at_desk = clerk(next(iter(portal.clerks)))
    at_desk.goto(f"{portal.staff}/fi/staff/sessions")
    for context, name, same_site in ((page.context, "kuuluu", "Lax"), (at_desk.context, "kuuluu-staff", "Strict")):
        kept = cookie(context, name)
        assert (kept["sameSite"], kept["httpOnly"], kept["expires"], kept["path"]) == (same_site, True, -1, "/")
    assert page.evaluate("document.cookie") == at_desk.evaluate("document.cookie") == ""


def test_a_link_on_another_site_opens_the_desk_that_is_signed_in(portal: Running, clerk: Callable[[str], Page]) -> None:
    page = clerk(next(iter(portal.clerks)))
    target = f"{portal.staff}/fi/staff/sessions"

    def other_site(route: Route) -> None:
        route.fulfill(content_type="text/html", body=f'<title>x</title><a href="{target}">intranet</a>')

    page.route("http://intranet.example/", other_site)
    page.goto("http://intranet.example/")
    page.get_by_role("link", name="intranet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Omat istunnot")


def test_the_back_button_shows_nothing_after_signing_out(portal: Running, page: Page) -> None:
    people.sign_in_citizen(page, portal, "espoo", FIRST)
    page.goto(f"{portal.citizen}/fi/espoo/cases")
    expect(page.locator("header")).to_contain_text(FIRST)
    page.locator("header").get_by_role("button", name="Kirjaudu ulos").click()
    people.expect_heading(page, "Olet kirjautunut ulos")
    for _ in range(2):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert FIRST not in page.content()
    people.expect_heading(page, "Tunnistaudu")


def test_the_back_button_shows_no_desk_after_signing_out(
    portal: Running, new_context: Callable[..., BrowserContext]
) -> None:
    login = list(portal.clerks)[-1]
    page = new_context(viewport={"width": 1280, "height": 800}).new_page()
    people.sign_in_clerk(page, portal, login)
    page.goto(f"{portal.staff}/fi/staff/sessions")
    name = page.locator("header .who .name").inner_text()
    page.locator("header").get_by_role("button", name="Kirjaudu ulos").click()
    people.expect_heading(page, "Olet kirjautunut ulos")
    page.go_back()
    people.expect_heading(page, "Henkilöstön kirjautuminen")
    assert name not in page.content()


def test_of_two_people_at_one_browser_the_second_finds_nothing_of_the_first(portal: Running, page: Page) -> None:
    people.sign_in_citizen(page, portal, "janakkala", FIRST)
    first = page.get_by_role("radio").first
    first.check()
    let_it_end(portal, page.context)
    page.locator("main").get_by_role("button", name="Jatka").click()
    people.expect_heading(page, "Tunnistaudu")
    page.get_by_role("button", name="Demotunnistus").click()
    page.get_by_role("button", name=SECOND).click()
    people.expect_heading(page, re.compile("Omat pyynnöt"))
    assert FIRST not in page.content()
    page.goto(f"{portal.citizen}/fi/janakkala/sign-in")
    page.get_by_role("button", name="Demotunnistus").click()
    page.get_by_role("button", name=FIRST).click()
    people.expect_heading(page, "Jatka siitä, mihin jäit")
    page.locator("main").get_by_role("button", name="Jatka").click()
    assert SECOND not in page.content()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Jatka siitä, mihin jäit")


def test_two_minutes_before_the_end_one_press_keeps_the_session_and_what_was_typed(portal: Running, page: Page) -> None:
    people.sign_in_citizen(page, portal, "espoo", FIRST)
    page.clock.install()
    page.goto(f"{portal.citizen}/fi/espoo/request/right")
    warning = page.locator("#session-warning")
    page.get_by_role("radio").nth(1).check()
    page.clock.fast_forward("12:30")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("00:45")
    expect(warning).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/stay")) as said:
        warning.get_by_role("button", name="Jatka asiointia").click()
    assert said.value.status == 200
    assert "right=" in (said.value.request.post_data or "")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
