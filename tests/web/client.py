"""A browser for tests that checks every page it fetches: one h1, title, language, ids, labels, nonces.

It clicks links and presses buttons that are on the page, so that a dead link or a forgotten field fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from portal.domain.identity import Identified
from portal.services import sign_in
from portal.services.office import Office

_HOST = "http://localhost"
_UNLABELLED = {"hidden", "submit", "button", "image"}


@dataclass(frozen=True)
class Fetched:
    """One answer: its status, its address, its text and, for a page, its tree."""

    status: int
    url: str
    body: str
    response: TestResponse
    tree: Any

    @property
    def title(self) -> str:
        return str(self.tree.findtext(".//title"))

    @property
    def h1(self) -> str:
        return words(self.tree.find(".//h1"))

    @property
    def text(self) -> str:
        """What is read on the page, white space collapsed."""
        return words(self.tree.find(".//main"))

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(anchor, text) of the error summary's links."""
        return [(a.get("href")[1:], words(a)) for a in self.tree.xpath('//div[contains(@class,"errsum")]//a')]

    def value(self, name: str) -> str | None:
        """What stands in the box, or is chosen, under this name."""
        for box in self.tree.xpath(f'//*[@name="{name}"]'):
            if box.tag == "textarea":
                return str(box.text or "").removeprefix("\n")
            if box.get("type") not in ("radio", "checkbox"):
                return str(box.get("value"))
            if box.get("checked") is not None:
                return str(box.get("value"))
        return None

    def link(self, text: str) -> str:
        """The address behind the link with these words."""
        found = [a for a in self.tree.iter("a") if text in words(a)]
        assert found, f"no link {text!r} on {self.url}: {[words(a) for a in self.tree.iter('a')]}"
        return str(found[0].get("href"))

    def form(self, button: str) -> Any:
        """The form that has this button."""
        for form in self.tree.iter("form"):
            if _button(form, button) is not None:
                return form
        raise AssertionError(f"no button {button!r} on {self.url}: {[words(b) for b in self.tree.iter('button')]}")


def _button(form: Any, text: str) -> Any:
    """The form's button with exactly these words, what only a screen reader hears left out."""
    for one in form.iter("button"):
        seen = "".join(one.xpath('.//text()[not(ancestor::*[@class="sr"])]'))
        if " ".join(seen.split()) == text:
            return one
    return None


def words(element: Any) -> str:
    """An element's text, white space collapsed."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


class Browser:
    """One person's browser at the application."""

    def __init__(self, app: Flask, language: str = "fi") -> None:
        self.app = app
        self.client = app.test_client()
        self.language = language

    def get(self, url: str, **options: Any) -> Fetched:
        """Fetch; redirects are followed and only the last page is checked."""
        return self._settle(self.client.get(url, **options), url)

    def post(self, url: str, data: dict[str, Any]) -> Fetched:
        """Post as it is: without the page, so without its hidden fields."""
        return self._settle(self.client.post(url, data=data), url)

    def click(self, page: Fetched, text: str) -> Fetched:
        """Follow the link with these words."""
        return self.get(urljoin(page.url, page.link(text)))

    def press(self, page: Fetched, button: str, **typed: Any) -> Fetched:
        """Fill in the form of this button and press it. None unticks a box."""
        form = page.form(button)
        data: dict[str, Any] = dict(_filled(form))
        unknown = {name for name in typed if not form.xpath(f'.//*[@name="{name}"]')}
        assert not unknown, f"no such fields on {page.url}: {unknown}"
        data |= typed
        pressed = _button(form, button)
        if pressed.get("name"):
            data[pressed.get("name")] = pressed.get("value")
        data = {name: value for name, value in data.items() if value is not None}
        return self.post(urljoin(page.url, form.get("action") or page.url), data)

    def _settle(self, response: TestResponse, url: str) -> Fetched:
        for _hop in range(8):
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            url = urljoin(urljoin(_HOST, url), response.headers["Location"])
            assert urlsplit(url).netloc in ("localhost", ""), f"led away to {url}"
            response = self.client.get(url)
        return checked(response, url)


def _filled(form: Any) -> Iterator[tuple[str, Any]]:
    for box in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        kind = box.get("type", "text")
        if box.tag == "textarea":
            yield box.get("name"), str(box.text or "").removeprefix("\n")
        elif box.tag == "select":
            chosen = box.xpath("./option[@selected]") or box.xpath("./option")
            yield box.get("name"), chosen[0].get("value") if chosen else ""
        elif kind not in ("radio", "checkbox") or box.get("checked") is not None:
            yield box.get("name"), box.get("value", "")


def checked(response: TestResponse, url: str) -> Fetched:
    """The answer, its page checked when it is one."""
    if response.mimetype != "text/html":
        return Fetched(response.status_code, url, "", response, None)
    body = response.get_data(as_text=True)
    tree = html.document_fromstring(body)
    faults = list(faults_of(tree, response))
    assert not faults, f"{url}: " + "; ".join(faults)
    return Fetched(response.status_code, url, body, response, tree)


def faults_of(tree: Any, response: TestResponse) -> Iterator[str]:
    """What an accessible, well-guarded page would not have."""
    if len(tree.findall(".//h1")) != 1:
        yield f"{len(tree.findall('.//h1'))} h1 elements"
    if not words(tree.find(".//title")).strip(" –"):
        yield "no title"
    if tree.get("lang") not in ("fi", "sv", "en"):
        yield "no language"
    ids = [element.get("id") for element in tree.xpath("//*[@id]")]
    yield from (f"id {one!r} twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    known = set(ids)
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for value in tree.xpath(f"//@{attribute}"):
            yield from (f"{attribute} names {one!r}, which is not there" for one in value.split() if one not in known)
    yield from _unlabelled(tree)
    yield from _scripts(tree, response)
    for anchor in tree.xpath('//div[contains(@class,"errsum")]//a/@href'):
        if anchor[1:] not in known:
            yield f"the error summary leads to {anchor}, which is not there"


def _unlabelled(tree: Any) -> Iterator[str]:
    labelled = set(tree.xpath("//label/@for"))
    for box in tree.xpath("//input | //select | //textarea"):
        if box.get("type") in _UNLABELLED or box.get("id") in labelled or box.get("aria-label"):
            continue
        if not any(parent.tag == "label" for parent in box.iterancestors()):
            yield f"{box.get('name')} has no label"


def _scripts(tree: Any, response: TestResponse) -> Iterator[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if nonce is None:
        yield "no nonce in the content security policy"
        return
    for one in tree.xpath('//script | //style | //link[@rel="stylesheet"]'):
        if one.get("nonce") != nonce[1]:
            yield f"<{one.tag}> without the nonce"
    if tree.xpath("//@style") or tree.xpath("//@onclick"):
        yield "a style or script inside an element"


def entered(app: Flask, office: Office, who: Identified) -> Browser:
    """A browser in which this person is strongly identified: the session as sign-in leaves it."""
    browser = Browser(app)
    now = office.now()
    with office.writing() as work:
        data = {"identity": sign_in._kept(who)}
        cookie = work.sessions.start("citizen", None, data, now + sign_in.LONGEST, who.authenticated_at, now)
    browser.client.set_cookie("kuuluu", cookie)
    return browser
