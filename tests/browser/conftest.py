"""Real Chromium, Debian's own, that cannot leave the portal under test.

`portal` serves both faces, the identity provider and the worker; a page may speak to these and nobody else.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, WebSocketRoute

from tests.browser import people
from tests.browser.portal import Running, running_portal

ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    # Names cannot be looked up at all: a redirect, which no route below sees, ends here too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of the system, never one that Playwright would fetch."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no Chromium is installed (tools/setup --test brings it)"
        if os.environ.get("CI"):
            pytest.exit(reason, 4)
        pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Finnish visitor; no service worker, whose requests would pass the gate unseen."""
    return {
        **browser_context_args,
        "locale": "fi-FI",
        "timezone_id": "Europe/Helsinki",
        "service_workers": "block",
    }


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole portal with its invented people and calls, for every journey of the run."""
    with running_portal(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(portal: Running) -> str:
    """The citizen's face."""
    return portal.citizen


@pytest.fixture(scope="session")
def home_origins(portal: Running) -> frozenset[str]:
    """The host:port pairs that a page may speak to: both faces and the identity provider."""
    return portal.origins


@pytest.fixture
def strays() -> Iterator[list[str]]:
    """Addresses outside the portal that a page asked for; the test fails if there are any."""
    found: list[str] = []
    yield found
    assert not found, f"requests left the portal: {found}"


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], strays: list[str], home_origins: frozenset[str]
) -> Callable[..., BrowserContext]:
    """Make a browser context whose every request stays at home."""

    def is_home(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("data", "blob", "about") or parts.netloc in home_origins

    def gate(route: Route) -> None:
        if is_home(route.request.url):
            route.continue_()
        else:
            strays.append(route.request.url)
            route.abort()

    def note(request: Request) -> None:
        if request.redirected_from is not None and not is_home(request.url):
            strays.append(request.url)

    def refuse(socket: WebSocketRoute) -> None:
        strays.append(socket.url)
        socket.close()

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.route("**/*", gate)
        context.route_web_socket("**/*", refuse)
        context.on("request", note)
        return context

    return make


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """The default context of pytest-playwright's `page`, behind the same gate."""
    return new_context()


@pytest.fixture(scope="session")
def signed_in(portal: Running) -> dict[str, dict[str, object]]:
    """The clerks' sessions, kept between journeys: a one-time code works once."""
    return {}


@pytest.fixture
def clerk(
    portal: Running, new_context: Callable[..., BrowserContext], signed_in: dict[str, dict[str, object]]
) -> Callable[[str], Page]:
    """A page of a clerk who is signed in."""

    def open_page(login: str) -> Page:
        if login not in signed_in:
            first = new_context(viewport={"width": 1440, "height": 900}).new_page()
            people.sign_in_clerk(first, portal, login)
            signed_in[login] = first.context.storage_state()  # type: ignore[assignment]  # a typed dictionary
        return new_context(viewport={"width": 1440, "height": 900}, storage_state=signed_in[login]).new_page()

    return open_page
