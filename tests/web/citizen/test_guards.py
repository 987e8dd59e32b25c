"""Who may enter: nobody without an identity, and nobody into another person's request."""

import re

import pytest

from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import AT, ref_of, send
from tests.web.client import Browser, entered

OTHER = ("Eero Esimerkkilä", "040387-913H")


def guarded(app: Portal, method: str) -> list[str]:
    """The addresses of the citizen's guarded routes, with values that fit nothing."""
    rules = [rule for rule, _endpoint, methods, guard in app.ledger if guard == "CITIZEN" and method in methods]
    return [
        re.sub(r"<(?:int:)?\w+>", "1", rule.replace("<lang>", "fi").replace("<controller>", "espoo")) for rule in rules
    ]


def test_every_guarded_page_sends_a_stranger_to_sign_in(app: Portal, visitor: Browser) -> None:
    addresses = guarded(app, "GET")
    assert len(addresses) > 10
    for address in addresses:
        answer = visitor.client.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["Location"].startswith("/fi/espoo/sign-in?to="), address


def test_every_guarded_post_does_nothing_for_a_stranger(app: Portal, visitor: Browser) -> None:
    for address in guarded(app, "POST"):
        assert visitor.client.post(address).status_code == 400, address


def test_nothing_is_posted_without_the_forms_token(app: Portal, citizen: Browser) -> None:
    for address in guarded(app, "POST"):
        page = citizen.post(address, {"text": "Tärkeä viesti"})
        assert (page.status, page.h1) == (400, "Istuntosi on päättynyt"), address
        assert "Tärkeä viesti" in page.text, address


@pytest.mark.parametrize(
    "page",
    [
        "", "/message", "/withdraw", "/visit", "/visit/choose", "/visit/cancel", "/visit/calendar.ics", "/reply",
        "/audio/1", "/file/1", "/letter/1",
    ],
)  # fmt: skip
def test_anothers_request_looks_like_one_that_is_absent(
    app: Portal, office: Office, citizen: Browser, page: str
) -> None:
    ref = ref_of(send(citizen))
    stranger = entered(app, office, make.identified(*OTHER))
    send(stranger)  # so that the stranger is a person of this register too
    theirs, absent = (stranger.get(f"{AT}/cases/{one}{page}") for one in (ref, "R-2026-99999"))
    assert theirs.status == absent.status == 404
    assert _plain(theirs.body, ref) == _plain(absent.body, "R-2026-99999")


def test_a_request_is_absent_in_another_controllers_pages(citizen: Browser) -> None:
    ref = ref_of(send(citizen))
    assert citizen.get(f"/fi/janakkala/cases/{ref}").status == 404
    assert citizen.get(f"{AT}/request/received/{ref}").status == 200


def test_a_guessed_reference_is_recorded(office: Office, citizen: Browser) -> None:
    citizen.get(f"{AT}/cases/R-2026-99999")
    with office.reading() as work:
        assert "foreign_reference_tried" in {line.action for line in work.trail.page("espoo", None, 50, None)}


def _plain(body: str, ref: str) -> str:
    """The page without what differs in every answer: nonces, tokens and the address asked for."""
    body = body.replace(ref, "REF")
    return re.sub(r'(nonce|value|data-session-ends)="[^"]*"', "", body)


@pytest.mark.parametrize(("path", "status"), [("/fi/", 200), ("/fi/nowhere/", 404), ("/login/nobody/callback", 404)])
def test_pages_without_a_controller_stand_for_the_signed_in_too(citizen: Browser, path: str, status: int) -> None:
    assert citizen.get(path).status == status
