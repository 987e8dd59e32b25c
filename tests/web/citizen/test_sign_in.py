"""Coming in and leaving: once, in the browser that began, and never to an address from outside."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from portal import wiring
from portal.domain.identity import Begun, Cancelled, Outcome, PendingLogin, Refused, Unreachable
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import AT
from tests.web.client import Browser

BACK = "/login/demo/callback?state=s1&code=c"
BANK = "https://bank.example/authorise"


@dataclass
class Bank:
    """A provider that answers as it is told."""

    id: str = "demo"
    outcome: Outcome = field(default_factory=make.identified)
    away: bool = False

    def begin(self, language: str, return_to: str, now: datetime) -> Begun | Unreachable:
        if self.away:
            return Unreachable("no answer")
        pending = PendingLogin("s1", "n", "v", self.id, "http://localhost/login/demo/callback", 0, return_to, language)
        return Begun(BANK, pending)

    def finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: datetime) -> Outcome:
        return self.outcome


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office, bank: Bank) -> Portal:
    made = wiring.create_app(
        make.settings(tmp_path, sqlite_url, faces="citizen"), replace(office, identities={"demo": bank})
    )
    made.testing = True
    return made


def begin(browser: Browser, to: str = "") -> int:
    """Press the provider's button; the answer leads to the bank."""
    page = browser.get(f"{AT}/sign-in", query_string={"to": to} if to else {})
    form = page.tree.xpath('//form[contains(@action,"sign-in")]')[0]
    token = form.xpath('./input[@name="csrf_token"]/@value')[0]
    answer = browser.client.post(form.get("action"), data={"csrf_token": token})
    assert answer.headers.get("Location", BANK) == BANK
    return answer.status_code


def test_signing_in_leads_on_to_where_one_was_going(visitor: Browser) -> None:
    assert visitor.get(f"{AT}/cases").h1 == "Tunnistaudu"
    begin(visitor, f"{AT}/cases")
    page = visitor.get(BACK)
    assert page.h1 == "Omat pyynnöt"
    assert "Tuulikki Soittola" in page.body
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/fi/espoo//evil.example", "/sv/espoo/cases",
     "/fi/janakkala/cases", "javascript:alert(1)", "/fi/espoo/\r\nX: y"],
)  # fmt: skip
def test_an_address_from_outside_is_never_followed(visitor: Browser, to: str) -> None:
    begin(visitor, to)
    assert visitor.get(BACK).url.endswith("/fi/espoo/request/right")


@pytest.mark.parametrize(
    ("outcome", "status", "heading"),
    [
        (Cancelled(), 400, "Tunnistautuminen jäi kesken"),
        (Refused("aud"), 400, "Tunnistautuminen ei onnistunut"),
        (Unreachable("slow"), 503, "Tunnistuspalveluun ei saada yhteyttä"),
    ],
)
def test_whoever_does_not_come_in_is_told_so_and_has_other_ways(
    visitor: Browser, bank: Bank, outcome: Outcome, status: int, heading: str
) -> None:
    bank.outcome = outcome
    begin(visitor)
    page = visitor.get(BACK + "&error_description=PWNED")
    assert (page.status, page.h1) == (status, heading)
    assert "Mitään ei lähetetty." in page.text
    assert "PWNED" not in page.body
    assert "aud" not in page.text.split()
    assert visitor.click(page, "Yritä uudelleen").h1 == "Tunnistaudu"
    assert visitor.click(page, "Tee pyyntö paperilla").status == 200
    assert visitor.get(f"{AT}/cases").h1 == "Tunnistaudu", "no half session"


def test_a_provider_that_is_away_is_said_at_once(visitor: Browser, bank: Bank) -> None:
    bank.away = True
    assert begin(visitor) == 503


def test_an_answer_is_taken_once_and_in_one_browser_only(visitor: Browser, app: Portal) -> None:
    begin(visitor)
    assert Browser(app).get(BACK).h1 == "Tunnistautuminen vanheni"
    assert visitor.get(BACK).h1 == "Mitä pyydät?"
    again = Browser(app).get(BACK)
    assert (again.status, again.h1) == (400, "Tunnistautuminen vanheni")


def test_the_cookie_changes_when_somebody_comes_in(visitor: Browser) -> None:
    begin(visitor)
    before = visitor.client.get_cookie("kuuluu")
    visitor.get(BACK)
    after = visitor.client.get_cookie("kuuluu")
    assert before is not None
    assert after is not None
    assert before.value != after.value


def test_the_page_after_a_refusal_speaks_the_language_of_the_beginning(visitor: Browser, bank: Bank) -> None:
    bank.outcome = Cancelled()
    page = visitor.get("/sv/espoo/sign-in")
    form = page.tree.xpath('//form[contains(@action,"sign-in")]')[0]
    token = form.xpath('./input[@name="csrf_token"]/@value')[0]
    visitor.client.post(form.get("action"), data={"csrf_token": token})
    assert visitor.get(BACK).tree.get("lang") == "sv"


def test_leaving_ends_the_session_everywhere_and_clears_the_browser(visitor: Browser) -> None:
    begin(visitor)
    page = visitor.get(BACK)
    cookie = visitor.client.get_cookie("kuuluu")
    assert cookie is not None
    token = page.form("Kirjaudu ulos").xpath('./input[@name="csrf_token"]/@value')[0]
    answer = visitor.client.post(f"{AT}/sign-out", data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "voi olla vielä auki" in visitor.get(answer.headers["Location"]).text
    visitor.client.set_cookie("kuuluu", cookie.value)
    assert visitor.get(f"{AT}/cases").h1 == "Tunnistaudu"


def test_staying_tells_when_the_session_ends_now(citizen: Browser, clock: make.Clock) -> None:
    page = citizen.get(f"{AT}/cases")
    token = page.form("Jatka asiointia").xpath('./input[@name="csrf_token"]/@value')[0]
    clock.move(minutes=13)
    answer = citizen.client.post(f"{AT}/stay", data={"csrf_token": token}, headers={"Accept": "application/json"})
    assert answer.get_json() == {"session_ends": "2026-06-18T12:28:00+03:00"}
    clock.move(minutes=13)
    assert citizen.get(f"{AT}/cases").h1 == "Omat pyynnöt"


def test_idle_for_a_quarter_of_an_hour_is_signed_out(citizen: Browser, clock: make.Clock) -> None:
    citizen.get(f"{AT}/cases")
    clock.move(minutes=16)
    assert citizen.get(f"{AT}/cases").h1 == "Tunnistaudu"
