"""Sign-ins and steps that several journeys walk, in the words of the pages."""

import json
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from portal.demo import run
from portal.demo.calls import featured_calls
from portal.domain.moments import format_date, format_time
from tests.browser.portal import Running


def sign_in_citizen(page: Page, portal: Running, register: str, name: str, language: str = "fi") -> None:
    """From the register's start page through the identity provider to the first step of a request."""
    page.goto(f"{portal.citizen}/{language}/{register}/request/right")
    page.get_by_role("button", name="Demotunnistus").click()
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{portal.citizen}/{language}/**")


def sign_in_clerk(page: Page, portal: Running, login: str) -> None:
    """Password and one-time code; a code works once, so the next one is waited for when it has been used."""
    page.goto(f"{portal.staff}/fi/staff/")
    page.get_by_label("Käyttäjätunnus").fill(login)
    page.get_by_label("Salasana").fill(portal.clerks[login]["password"])
    page.get_by_role("button", name="Jatka").click()
    for _ in range(40):
        page.get_by_label(re.compile("[Kk]oodi")).first.fill(portal.code(login))
        page.get_by_role("button", name=re.compile("Kirjaudu|Jatka|Vahvista")).first.click()
        if "factor" not in page.url:
            return
        time.sleep(1)
    raise AssertionError("the code was never accepted")


def the_call(portal: Running, person: str, register: str) -> Any:
    """The recorded call that the demo's person asks about."""
    now = portal.office.now()
    return next(call for call in featured_calls(now) if call.person == person and call.register == register)


def describe_call(page: Page, call: Any, own: str, called: str) -> None:
    """Say that the call was one's own, where that is asked first; then fill in the call page: the day for certain, the
    time within an hour."""
    if page.url.endswith("/request/caller"):
        page.locator("main input[type=radio]").first.check()
        go_on(page)
    local = call.at
    page.get_by_label("Puhelun päivä").fill(format_date(local.date()))
    page.get_by_label("Varma", exact=True).check()
    page.get_by_label("Kellonaika").fill(format_time(local))
    page.get_by_label("Noin tunnin tarkkuudella").check()
    page.get_by_label(called).check()
    page.get_by_label("Mistä numerosta soitit?").fill(own)
    go_on(page)


def go_on(page: Page) -> None:
    """The page's one primary button."""
    page.locator("main").locator("a.ds-button, button.ds-button").filter(has_text="Jatka").last.click()


def prove_number(page: Page, portal: Running) -> None:
    """Where the page asks for it (not when the number was proved today): the code that came by text message."""
    if "Vahvista numerosi" not in page.get_by_role("heading", level=1).inner_text():
        return
    before = _texts()
    page.get_by_role("button", name="Lähetä koodi tekstiviestinä").click()
    for _ in range(30):
        new = _texts() - before
        if new:
            text = json.loads(new.pop().read_text("utf-8"))["text"]
            page.get_by_label("Koodi, 6 numeroa").fill("".join(re.findall(r"\d{6}", text)))
            page.get_by_role("button", name="Vahvista").click()
            return
        time.sleep(1)
    raise AssertionError("the code never came")


def _texts() -> set[Path]:
    """The text messages of the demo, without its e-mails."""
    files = run.messages().glob("*.json")
    return {file for file in files if json.loads(file.read_text("utf-8"))["to"].startswith("+")}


def skip_number(page: Page) -> None:
    """Go on without a code."""
    page.get_by_role("link", name="Ohita").click()


def be_told(page: Page, email: str = "") -> None:
    """On the page of details: by e-mail, or not at all; and on."""
    page.get_by_label("Sähköpostilla" if email else re.compile("En tarvitse ilmoitusta")).check()
    if email:
        page.get_by_label("Sähköpostiosoite").fill(email)
    go_on(page)


def expect_heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def hear(page: Page) -> None:
    """Play the page's recording until sound has really come."""
    page.evaluate(
        """async () => {
            const audio = document.querySelector('audio');
            audio.muted = true;
            await audio.play();
            await new Promise((done, fail) => {
                const wait = setInterval(() => { if (audio.currentTime > 0.2) { clearInterval(wait); done(); } }, 50);
                setTimeout(() => fail(new Error('no sound came')), 15000);
            });
        }"""
    )


def wait_for_copy(page: Page) -> None:
    """The worker makes the copy a moment after the signature; the page says so until it is there."""
    for _ in range(30):
        if page.locator("audio").count():
            return
        time.sleep(1)
        page.reload()
    raise AssertionError("the copy never came")
