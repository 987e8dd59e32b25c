"""WCAG 2.2 AA by axe on the pages of both faces, light and dark, and no sideways scroll on a narrow phone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import people, walk
from tests.browser.portal import Running

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = ["/fi/", "/fi/espoo/", "/sv/espoo/notice", "/en/espoo/accessibility", "/fi/espoo/paper", "/fi/espoo/nothing",
          "/fi/letter"]  # fmt: skip
CITIZEN = ["/request/right", "/request/caller", "/request/call/1", "/cases"]
STAFF = ["/queue", "/cases/R-2026-00001", "/cases/R-2026-00001/calls", "/cases/R-2026-00001/decision",
         "/cases/R-2026-00001/ask", "/cases/R-2026-00001/extend", "/cases/R-2026-00001/numbers",
         "/cases/R-2026-00001/dispatch", "/mailroom", "/mailroom/returned"]  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds on the page, each with the first element it finds it on."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def check(page: Page, address: str) -> list[str]:
    """Visit in light, in dark and at 320 px; returns everything that is wrong there."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(address)
    wrong = violations(page)
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {one}" for one in violations(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    wrong += [f"320 px: {one}" for one in violations(page)]
    width = page.evaluate("document.documentElement.scrollWidth")
    return wrong + ([f"320 px: the page is {width} px wide"] if width > 320 else [])


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_accessible(portal: Running, page: Page, path: str) -> None:
    assert check(page, portal.citizen + path) == []


def test_the_citizens_pages_are_accessible(portal: Running, page: Page) -> None:
    people.sign_in_citizen(page, portal, "espoo", "Onni Malli")
    page.locator("main input[type=radio]").first.check()
    people.go_on(page)
    page.locator("main input[value=self]").check()
    people.go_on(page)
    wrong = {path: check(page, f"{portal.citizen}/fi/espoo{path}") for path in CITIZEN}
    page.goto(f"{portal.citizen}/fi/espoo/cases")
    first = page.locator("main a[href*='/cases/R-']").first.get_attribute("href")
    wrong["case"] = check(page, f"{portal.citizen}{first}")
    wrong["number"] = check(page, f"{portal.citizen}{first}/number/1")
    wrong["contact"] = check(page, f"{portal.citizen}{first}/contact")
    assert {path: found for path, found in wrong.items() if found} == {}


def test_a_form_with_errors_is_accessible_and_its_summary_takes_focus(portal: Running, page: Page) -> None:
    people.sign_in_citizen(page, portal, "espoo", "Onni Malli")
    page.locator("main input[type=radio]").first.check()
    people.go_on(page)
    page.locator("main input[value=self]").check()
    people.go_on(page)
    page.goto(f"{portal.citizen}/fi/espoo/request/call/1")
    page.get_by_label("Puhelun päivä").fill("31.2.2026")
    people.go_on(page)
    assert violations(page) == []
    assert page.title().startswith("Virhe: ")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.get_by_role("link", name="Tätä päivää ei ole kalenterissa").click()
    assert page.evaluate("document.activeElement.value") == "31.2.2026"


def test_the_staffs_pages_are_accessible(portal: Running, clerk: Callable[[str], Page]) -> None:
    eeva = clerk("eeva")
    walk.take_up(eeva, portal, "espoo", "R-2026-00001")
    wrong = {path: check(eeva, f"{portal.staff}/fi/staff/espoo{path}") for path in STAFF}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_pages_of_a_visit_are_accessible(portal: Running, page: Page, clerk: Callable[[str], Page]) -> None:
    people.sign_in_citizen(page, portal, "te_kaakkois_suomi", "Åke")
    page.goto(f"{portal.citizen}/fi/te_kaakkois_suomi/cases")
    case = page.locator("main a[href*='/cases/R-']").first.get_attribute("href")
    wrong = {part: check(page, f"{portal.citizen}{case}{part}") for part in ("/visit", "/visit/choose?others=1")}
    eeva = clerk("eeva")
    desk = f"{portal.staff}/fi/staff/te_kaakkois_suomi"
    wrong |= {part: check(eeva, f"{desk}/{part}") for part in ("slots", "slots/place")}
    assert {path: found for path, found in wrong.items() if found} == {}
