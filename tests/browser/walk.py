"""The clerks' half of a journey: take up, choose, listen, decide, approve, sign."""

import re

from playwright.sync_api import Page, expect

from tests.browser import people
from tests.browser.portal import Running


def open_case(page: Page, portal: Running, register: str, ref: str, tail: str = "") -> None:
    page.goto(f"{portal.staff}/fi/staff/{register}/cases/{ref}{tail}")


def take_up(page: Page, portal: Running, register: str, ref: str) -> None:
    open_case(page, portal, register, ref)
    page.get_by_role("button", name="Ota käsittelyyn").first.click()
    expect(page.get_by_text("Otettiin käsittelyyn").first).to_be_visible()


def choose_best(page: Page, portal: Running, register: str, ref: str) -> None:
    open_case(page, portal, register, ref)
    page.get_by_role("button", name=re.compile("Tämä on puhelu.*1$")).first.click()


def listen_and_confirm(page: Page, portal: Running, register: str, ref: str, verdict: str, how: str) -> None:
    """Hear the chosen call and say whose voice it is."""
    open_case(page, portal, register, ref)
    page.get_by_role("link", name=re.compile("Kuuntele.*1$")).first.click()
    people.hear(page)
    page.get_by_label(verdict, exact=True).check()
    page.get_by_label(re.compile("Mistä päättelet")).fill(how)
    page.get_by_role("button", name="Tallenna", exact=True).click()


def decide(page: Page, portal: Running, register: str, ref: str, outcome: str, **refusal: str) -> None:
    """Decide the only item and send it on."""
    open_case(page, portal, register, ref, "/decision")
    page.get_by_label(outcome, exact=True).check()
    if refusal:
        page.get_by_label("Peruste").select_option(refusal["ground"])
        page.get_by_label("Tosiseikat").fill(refusal["facts"])
        page.get_by_label("Arvio", exact=True).fill(refusal["assessment"])
    page.get_by_role("button", name="Tallenna ja tarkista").click()
    page.get_by_role("button", name=re.compile("Lähetä hyväksyttäväksi|Vie allekirjoitettavaksi")).click()


def approve_and_sign(page: Page, portal: Running, register: str, ref: str) -> None:
    """The second pair of eyes, and the signature."""
    page.goto(f"{portal.staff}/fi/staff/{register}/approvals/{ref}")
    page.get_by_role("button", name="Hyväksy", exact=True).click()
    open_case(page, portal, register, ref, "/letter")
    page.get_by_role("button", name="Allekirjoita ja lähetä").click()
