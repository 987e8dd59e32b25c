"""Staff sign in, show their means again and are signed out at a certified provider that is not of our making."""

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from lxml import html
from werkzeug.serving import make_server

from portal import wiring
from portal.adapters import clock
from portal.adapters.identity import client_keys
from portal.adapters.identity.staff_claims import StaffOidcSettings
from portal.adapters.identity.staff_oidc import StaffOidc
from portal.services.office import Office
from portal.services.ports.organisation import Organisation
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, Fetched
from tests.web.staff.employer import CLIENT, ROLES

PEERS = Path(__file__).parents[2] / "peers"
PEOPLE = {
    "aino-1": {"name": "Aino Asianhoitaja", "groups": ["kuuluu-handlers"]},
    "ulla-2": {"name": "Ulla Ulkopuolinen", "groups": ["canteen"]},
}
QUEUE = "/fi/staff/espoo/queue"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Work:
    """The portal and the organisation's provider, both running."""

    app: Portal
    office: Office
    issuer: str


@pytest.fixture(scope="module")
def at_work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Work]:
    folder = tmp_path_factory.mktemp("at-work")
    shutil.copyfile(sqlite_template, folder / "portal.db")
    url, port = f"sqlite:///{folder / 'portal.db'}", free_port()
    office = make.office(folder, url, clock.now)
    keys = folder / "data" / "staff.jwks"
    client_keys.make(keys, int(clock.now().timestamp()))
    here = f"http://127.0.0.1:{port}/staff-login/keycloak"
    shown = [key for key in client_keys.publish(keys, int(clock.now().timestamp()))["keys"] if key["use"] == "sig"]
    wanted = {
        "client_id": CLIENT, "keys": shown, "redirect_uri": f"{here}/callback",
        "logout_uri": f"{here}/backchannel-logout", "people": PEOPLE,
    }  # fmt: skip
    with provider(wanted) as issuer:
        settings = StaffOidcSettings("keycloak", "keycloak", issuer, CLIENT, f"{here}/callback")
        way = Organisation("Keycloak-tunnus", "käsittelijä", StaffOidc(settings, keys), ROLES)
        office = replace(office, organisations={"keycloak": way})
        app = wiring.create_app(make.settings(folder, url, faces="staff"), office)
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield Work(app, office, issuer)
        server.shutdown()
        thread.join()
        server.server_close()
    office.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book


class provider:  # noqa: N801 - reads as a context
    """The provider's process; gives its issuer."""

    def __init__(self, wanted: Mapping[str, object]) -> None:
        command = ["node", "organisation.mjs", json.dumps(wanted)]
        self._process = subprocess.Popen(
            command, cwd=PEERS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.stderr.read() if self._process.stderr else "no word of it"
        issuer: str = json.loads(line)["issuer"]
        return issuer

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)  # the end of its input ends it


@dataclass
class Person:
    """A colleague: a browser at the portal and the same browser at the organisation, which has `asked` so often."""

    portal: Browser
    there: requests.Session
    asked: int = 0

    def start(self, page: Fetched, button: str) -> str:
        form = page.form(button)
        sent = {box.get("name"): box.get("value") for box in form.xpath('.//input[@type="hidden"]')}
        answer = self.portal.client.post(form.get("action"), data=sent)
        assert answer.status_code == 303
        return str(answer.headers["Location"])

    def at_provider(self, address: str, **form: str) -> str:
        """Follow the address; sign in where a page asks for it. The address that leads back to the portal."""
        answer = self.there.get(address, allow_redirects=False, timeout=10)
        for _hop in range(8):
            if answer.status_code == 200:
                self.asked += 1
                answer = self.there.post(answer.url, data=form, allow_redirects=False, timeout=10)
            assert answer.status_code in (302, 303), answer.text
            place = urljoin(answer.url, answer.headers["Location"])
            if "/staff-login/" in place:
                return place
            answer = self.there.get(place, allow_redirects=False, timeout=10)
        raise AssertionError("led in circles")

    def back(self, place: str) -> Fetched:
        return self.portal.get(urlsplit(place).path, query_string=dict(parse_qsl(urlsplit(place).query)))

    def sign_in(self, **form: str) -> Fetched:
        page = self.portal.get("/fi/staff/sign-in")
        return self.back(self.at_provider(self.start(page, "Keycloak-tunnus"), **form))

    def sign_out_there(self, issuer: str) -> None:
        """The organisation's own sign-out: its confirmation page, its button."""
        page = self.there.get(f"{issuer}/session/end", timeout=10)
        (form,) = html.document_fromstring(page.text).iter("form")
        data = {box.get("name"): box.get("value") for box in form.iter("input")} | {"logout": "yes"}
        address = urljoin(page.url, form.get("action"))
        assert self.there.post(address, data=data, timeout=10).status_code == 200


@pytest.fixture
def person(at_work: Work) -> Person:
    return Person(Browser(at_work.app), requests.Session())


def commit(office: Office) -> None:
    with office.writing() as work:
        for account in work.staff.everyone():
            work.staff.commit(account.id, office.now())


def test_a_colleague_signs_in_and_the_organisations_sign_out_signs_them_out_here(at_work: Work, person: Person) -> None:
    assert person.sign_in(account="aino-1", amr="pwd mfa").h1 == "Olet kirjautunut"
    commit(at_work.office)
    other = Person(Browser(at_work.app), requests.Session())
    assert other.sign_in(account="aino-1", amr="pwd mfa").h1 == "Olet kirjautunut"
    assert person.portal.get(QUEUE).h1 == other.portal.get(QUEUE).h1 == "Kaikki avoimet"
    person.sign_out_there(at_work.issuer)
    assert person.portal.get(QUEUE).h1 == "Henkilöstön kirjautuminen"
    assert other.portal.get(QUEUE).h1 == "Kaikki avoimet", "another session of the same person stays"


def test_the_organisations_session_lets_in_without_asking_but_not_to_what_needs_a_fresh_proof(
    at_work: Work, person: Person
) -> None:
    person.sign_in(account="aino-1", amr="pwd mfa")
    commit(at_work.office)
    first = auth_at(at_work.office, person)
    assert person.sign_in().h1 == "Olet kirjautunut"
    assert person.asked == 1
    assert auth_at(at_work.office, person) == first
    page = person.portal.get("/fi/staff/organisation/again", query_string={"to": QUEUE})
    address = person.start(page, "Kirjaudu uudelleen")
    shown = person.back(person.at_provider(address, account="aino-1", amr="pwd mfa"))
    assert person.portal.click(shown, "Jatka").h1 == "Kaikki avoimet"
    assert person.asked == 2
    assert auth_at(at_work.office, person) >= first


def auth_at(office: Office, person: Person) -> datetime:
    cookie = person.portal.client.get_cookie("kuuluu-staff")
    assert cookie is not None
    with office.reading() as work:
        session, _account = work.staff.entered(cookie.value, office.staff_idle, office.now())
    assert session is not None
    assert session.auth_at is not None
    return session.auth_at


@pytest.mark.parametrize(
    ("form", "status", "heading"),
    [
        ({"account": "ulla-2", "amr": "pwd mfa"}, 403, "Sinulla ei ole pääsyä tähän palveluun"),
        ({"account": "aino-1", "amr": "pwd"}, 400, "Kirjautuminen ei onnistunut"),
        ({"cancel": "yes"}, 400, "Kirjautuminen jäi kesken"),
    ],
)
def test_others_stay_outside(person: Person, form: dict[str, str], status: int, heading: str) -> None:
    page = person.sign_in(**form)
    assert (page.status, page.h1) == (status, heading)
    assert person.portal.get(QUEUE).h1 == "Henkilöstön kirjautuminen"
