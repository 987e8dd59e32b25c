"""The steps of a request as tests take them."""

from typing import Any

from tests.web.client import Browser, Fetched

AT = "/fi/espoo"
CALL: dict[str, Any] = {
    "day": "16.6.2026", "day_sureness": "certain", "time": "14.00", "time_sureness": "hour",
    "called": "+358981621", "own": "040 123 4567",
}  # fmt: skip


def call_page(browser: Browser, right: str = "access", at: str = AT) -> Fetched:
    """The empty page of the first call."""
    return browser.press(
        browser.press(browser.get(f"{at}/request/right"), "Jatka", right=right), "Jatka", caller="self"
    )


def fill(browser: Browser, page: Fetched, **typed: Any) -> Fetched:
    """Fill the call in and go on."""
    return browser.press(page, "Jatka", **(CALL | typed))


def check_page(browser: Browser, right: str = "access", call: dict[str, Any] | None = None, **details: Any) -> Fetched:
    """The last page before sending."""
    calls = fill(browser, call_page(browser, right), **(call or {}))
    return browser.press(browser.click(calls, "Jatka"), "Jatka", **details)


def send(browser: Browser, right: str = "access", **details: Any) -> Fetched:
    """The receipt of a request."""
    return browser.press(check_page(browser, right, **details), "Lähetä pyyntö")


def ref_of(receipt: Fetched) -> str:
    """The reference in the receipt's address."""
    return receipt.url.rsplit("/", 1)[1]
