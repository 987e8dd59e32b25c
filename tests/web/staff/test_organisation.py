"""Staff come in by their organisation: only by a whole and fresh answer, with several factors and a group of ours.

Each refusal is a fresh sign-in in a fresh browser through the real callback; afterwards there is no session, no new
account and no "signed in" event.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache
from joserfc.jwk import RSAKey
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from portal import wiring
from portal.domain.access import Role
from portal.services import organisation_sign_in, staff_accounts, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, Session
from portal.store.tables import login_session, pending_login, staff
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser, Fetched
from tests.web.staff.employer import (
    CLIENT,
    PERSON,
    SECRET,
    TENANT,
    Employer,
    as_json,
    back,
    leave,
    organisation,
    serving,
    sign_in,
)

AT = "/fi/staff/espoo/queue"
ISSUERS = ("keycloak", "entra")


@pytest.fixture(scope="module")
def _running() -> Iterator[Employer]:
    keys = [RSAKey.generate_key(2048, private=True) for _ in range(2)]
    for key in keys:
        key.ensure_kid()
    with serving(Employer(*keys)) as employer:
        yield employer


@pytest.fixture
def employer(_running: Employer, clock: make.Clock) -> Employer:
    _running.reset(clock)
    return _running


@pytest.fixture
def office(sqlite_office: Office, employer: Employer) -> Office:
    return replace(sqlite_office, organisations={kind: organisation(kind, employer.issuer) for kind in ISSUERS})


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office, compiled_templates: FileSystemBytecodeCache) -> Portal:
    """Both faces: an answer meant for one must not open the other."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="both"), office)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@dataclass(frozen=True)
class Hall:
    """One portal for all refusals: since a refusal leaves nothing behind, none disturbs the next."""

    app: Portal
    office: Office


@pytest.fixture(scope="module")
def hall(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, _running: Employer,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Hall]:  # fmt: skip
    folder = tmp_path_factory.mktemp("hall")
    shutil.copyfile(sqlite_template, folder / "portal.db")
    url = f"sqlite:///{folder / 'portal.db'}"
    ways = {kind: organisation(kind, _running.issuer) for kind in ISSUERS}
    office = replace(make.office(folder, url), organisations=ways)
    app = wiring.create_app(make.settings(folder, url, faces="staff"), office)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled_templates
    yield Hall(app, office)
    office.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book


@pytest.fixture
def visitor(app: Portal) -> Browser:
    return Browser(app)


def rows(office: Office, query: Any) -> Any:
    with office.book.engine.connect() as connection:  # type: ignore[attr-defined]  # the store's Book
        return connection.execute(query).all()


def full_sessions(office: Office) -> int:
    found: int = rows(office, select(func.count()).where(login_session.c.subject.is_not(None)))[0][0]
    return found


def accounts(office: Office) -> list[Account]:
    with office.reading() as work:
        found = (work.staff.by_id(row.id) for row in rows(office, select(staff.c.id)))
        return [account for account in found if account]


def happened(office: Office, register: str = "portal") -> list[str]:
    with office.reading() as work:
        return [line.action for line in work.trail.page(register, None, 100)]


def stored(office: Office, browser: Browser) -> Session:
    cookie = browser.client.get_cookie("kuuluu-staff")
    assert cookie is not None
    with office.reading() as work:
        found = work.sessions.open(cookie.value, "staff", staff_sign_in.IDLE, office.now())
    assert found is not None
    return found


def commit(office: Office) -> None:
    with office.writing() as work:
        for account in accounts(office):
            work.staff.commit(account.id, office.now())


@pytest.mark.parametrize("provider", ISSUERS)
def test_a_first_entry_makes_the_account_with_the_roles_of_its_groups(
    visitor: Browser, office: Office, employer: Employer, provider: str
) -> None:
    page = sign_in(visitor, employer, provider, AT)
    assert (page.status, page.h1) == (200, "Olet kirjautunut")
    assert page.response.headers["Cache-Control"] == "no-store"
    (account,) = accounts(office)
    assert account.login.startswith(f"{provider}-")
    assert "aino" not in account.login
    assert (account.name, account.title, account.password, account.factor) == (
        "Aino Asianhoitaja", "käsittelijä", None, None,
    )  # fmt: skip
    assert account.roles == {"espoo": {Role.HANDLER}, "janakkala": {Role.HANDLER}}
    assert "staff_added" in happened(office, "espoo")
    assert happened(office)[0] == "signed_in"
    assert visitor.click(page, "Jatka").h1 == "Salassapitositoumus"
    commit(office)
    assert visitor.click(page, "Jatka").h1 == "Kaikki avoimet"
    assert sign_in(visitor, employer, provider).h1 == "Olet kirjautunut"
    assert len(accounts(office)) == 1


def test_the_answers_page_moves_on_by_itself_and_sets_the_strict_cookie(visitor: Browser, employer: Employer) -> None:
    page = sign_in(visitor, employer, to=AT)
    assert page.tree.xpath('//meta[@http-equiv="refresh"]/@content') == [f"0; url={AT}"]
    cookies = [one for one in page.response.headers.getlist("Set-Cookie") if one.startswith("kuuluu-staff=")]
    assert len(cookies) == 1
    assert "SameSite=Strict" in cookies[0]
    assert not [one for one in page.response.headers.getlist("Set-Cookie") if one.startswith("kuuluu=")]


def test_the_cookie_of_a_sign_in_under_way_is_lax_and_short(visitor: Browser) -> None:
    page = visitor.get("/fi/staff/sign-in")
    token = page.value("csrf_token")
    answer = visitor.client.post("/fi/staff/organisation/keycloak", data={"csrf_token": token})
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("kuuluu-organisation="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}


def test_the_session_is_as_old_as_the_persons_last_showing_of_their_means(
    visitor: Browser, office: Office, employer: Employer
) -> None:
    employer.claims["auth_time"] = employer.seconds() - 3600
    sign_in(visitor, employer)
    auth_at = stored(office, visitor).auth_at
    assert auth_at is not None
    assert (office.now() - auth_at).total_seconds() == 3600


def test_what_is_asked_and_how_we_prove_ourselves(visitor: Browser, employer: Employer) -> None:
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    assert query.keys() == {
        "client_id", "response_type", "scope", "redirect_uri", "state", "nonce", "code_challenge",
        "code_challenge_method", "max_age", "ui_locales",
    }  # fmt: skip
    assert (query["client_id"], query["response_type"], query["code_challenge_method"]) == (CLIENT, "code", "S256")
    assert query["redirect_uri"] == "http://127.0.0.1:8010/staff-login/keycloak/callback"
    employer.nonce = query["nonce"]
    back(visitor, "keycloak", code="c", state=query["state"])
    (form,) = employer.forms
    assert form.keys() == {"grant_type", "code", "code_verifier", "redirect_uri", "client_id"}
    assert employer.authorisations[0].startswith("Basic ")  # type: ignore[union-attr]  # it is there
    assert SECRET not in str(form)


def test_nothing_of_the_organisations_own_ids_and_secrets_is_kept_or_logged(
    tmp_path: Path, visitor: Browser, employer: Employer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "portal")
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Entra-tunnus")
    employer.nonce = query["nonce"]
    assert back(visitor, "entra", code="the-code", state=query["state"]).status == 200
    employer.claims["groups"] = "kuuluu-handlers"
    assert sign_in(visitor, employer, "entra").status == 400
    secrets = [PERSON, TENANT, "f:1:aino", "aino@", "session-1", "the-code", query["state"], query["nonce"], SECRET]
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("portal.db*"))
    said = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("portal"))
    assert "the groups are not a list of texts" in said
    assert "Aino" not in said
    for secret in secrets:
        assert secret.encode() not in kept, secret
        assert secret not in said, secret


# Refusals


def _claims(**changes: Any) -> Callable[[Employer], None]:
    return lambda employer: employer.claims.update(changes)


def _at(**offsets: int) -> Callable[[Employer], None]:
    return lambda employer: employer.claims.update({n: employer.seconds() + by for n, by in offsets.items()})


def _without(*names: str) -> Callable[[Employer], None]:
    return lambda employer: employer.dropped.update(names)


def _header(**changes: Any) -> Callable[[Employer], None]:
    return lambda employer: employer.header.update(changes)


def _answered(content: Any, status: int = 200) -> Callable[[Employer], None]:
    return lambda employer: setattr(employer, "answer", lambda: as_json(content, status))


def _foreign(employer: Employer) -> None:
    employer.signer = employer.foreign


def _redirected(employer: Employer) -> None:
    employer.answer = lambda: Response("", 307, headers={"Location": f"{employer.issuer}/elsewhere"})


def _html(employer: Employer) -> None:
    employer.answer = lambda: Response("<h1>hello</h1>", content_type="text/html")


SPOILED: dict[str, tuple[Callable[[Employer], None], int]] = {
    # several factors
    "no factor named": (_without("amr"), 400),
    "a password alone": (_claims(amr=["pwd"]), 400),
    "means as a text": (_claims(amr="mfa"), 400),
    "means inside a list": (_claims(amr=[["mfa"]]), 400),
    "a level nobody configured": (_claims(amr=["pwd"], acr="mfa", acrs=["mfa"]), 400),
    # whose token, for whom
    "another issuer": (_claims(iss="https://elsewhere.example"), 400),
    "another audience": (_claims(aud="somebody-else"), 400),
    "another audience too": (_claims(aud=[CLIENT, "somebody-else"]), 400),
    "no audience": (_without("aud"), 400),
    "another party": (_claims(azp="somebody-else"), 400),
    "another sign-in's nonce": (_claims(nonce="another"), 400),
    "no nonce": (_without("nonce"), 400),
    # when
    "expired": (_at(exp=-31), 400),
    "no end": (_without("exp"), 400),
    "issued yesterday": (_at(iat=-86400), 400),
    "issued tomorrow": (_at(iat=86400), 400),
    "not yet": (_at(nbf=60), 400),
    "no time of showing the means": (_without("auth_time"), 400),
    "means shown the day before": (_at(auth_time=-86400), 400),
    "means shown tomorrow": (_at(auth_time=60), 400),
    "a time as a text": (_claims(auth_time="1781773200"), 400),
    "a time that is true": (_claims(auth_time=True), 400),
    # who
    "an e-mail address only": (_without("sub", "oid"), 400),
    "an empty subject": (_claims(sub="", oid=""), 400),
    "a subject that is a number": (_claims(sub=7, oid=7), 400),
    "no name": (_without("name"), 400),
    "a name of marks": (_claims(name="\u202e\u200b"), 400),
    "a session that is a list": (_claims(sid=["a"]), 400),
    # groups
    "groups as a text": (_claims(groups="kuuluu-handlers"), 400),
    "groups as an object": (_claims(groups={"kuuluu-handlers": True}), 400),
    "a number among the groups": (_claims(groups=["kuuluu-handlers", 7]), 400),
    "too many groups": (_claims(groups=["kuuluu-handlers"] * 1001), 400),
    "groups elsewhere (overage)": (_claims(_claim_names={"groups": "src1"}), 400),
    "groups elsewhere (flag)": (_claims(hasgroups=True), 400),
    "no group of ours": (_claims(groups=["everybody"]), 403),
    "a group that looks like ours": (_claims(groups=["Kuuluu-Handlers", "kuuluu-handlers "]), 403),
    "no groups": (_without("groups"), 403),
    # the token itself
    "signed by another": (_foreign, 400),
    "another algorithm": (_header(alg="RS512"), 400),
    "an unknown key": (_header(kid="unknown"), 400),
    "another type": (_header(typ="logout+jwt"), 400),
    "an extension": (_header(crit=["x"], x=1), 400),
    # the token endpoint
    "no ID token": (_answered({"access_token": "x"}), 400),
    "a list for a token": (_answered({"id_token": ["a"]}), 400),
    "an error": (_answered({"error": "invalid_grant"}, 400), 400),
    "an ID token beside an error": (_answered({"error": "x", "id_token": "a.b.c"}, 400), 400),
    "a fault": (_answered({}, 500), 503),
    "a redirect": (_redirected, 503),
    "a page": (_html, 503),
}
ENTRA_ONLY: dict[str, Callable[[Employer], None]] = {
    "another tenant": _claims(tid="99999999-2222-3333-4444-555555555555"),
    "no tenant": _without("tid"),
    "an object id that is an address": _claims(oid="aino@organisation.example"),
    "no object id": _without("oid"),
}
CALLBACKS: dict[str, dict[str, str]] = {
    "no code": {"code": ""},
    "an endless code": {"code": "c" * 5000},
    "another issuer answers": {"iss": "https://elsewhere.example"},
    "another state": {"state": "another"},
    "an error beside the code": {"error": "invalid_request"},
    "turned back": {"error": "access_denied"},
}


def refused(visitor: Browser, office: Office, page: Fetched, status: int) -> None:
    """A calm page, and nothing else has happened."""
    assert page.status == status, page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Viitenumero" in page.text
    assert "aino" not in page.body
    assert visitor.get(AT).h1 == "Henkilöstön kirjautuminen"
    assert full_sessions(office) == 0
    assert accounts(office) == []
    assert "signed_in" not in happened(office)


@pytest.mark.parametrize("row", SPOILED)
@pytest.mark.parametrize("provider", ISSUERS)
def test_a_spoiled_answer_opens_nothing(hall: Hall, employer: Employer, provider: str, row: str) -> None:
    spoil, status = SPOILED[row]
    spoil(employer)
    visitor = Browser(hall.app)
    refused(visitor, hall.office, sign_in(visitor, employer, provider), status)
    assert employer.forms, "refused for what was meant: the answer was read"


@pytest.mark.parametrize("row", ENTRA_ONLY)
def test_an_answer_of_another_directory_opens_nothing(hall: Hall, employer: Employer, row: str) -> None:
    ENTRA_ONLY[row](employer)
    visitor = Browser(hall.app)
    refused(visitor, hall.office, sign_in(visitor, employer, "entra"), 400)


@pytest.mark.parametrize("row", CALLBACKS)
def test_a_spoiled_callback_opens_nothing(hall: Hall, employer: Employer, row: str) -> None:
    visitor = Browser(hall.app)
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    params = {"code": "c", "state": query["state"]} | CALLBACKS[row]
    refused(visitor, hall.office, back(visitor, "keycloak", **params), 400)
    assert employer.forms == []


def test_a_parameter_given_twice_opens_nothing(visitor: Browser, office: Office, employer: Employer) -> None:
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    page = visitor.get(f"/staff-login/keycloak/callback?code=c&code=d&state={query['state']}")
    refused(visitor, office, page, 400)


def test_an_answer_counts_once_and_in_its_own_browser_only(
    app: Portal, visitor: Browser, office: Office, employer: Employer
) -> None:
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    answer = {"code": "c", "state": query["state"]}
    stranger = Browser(app)
    refused(stranger, office, back(stranger, "keycloak", **answer), 400)
    assert back(visitor, "keycloak", **answer).h1 == "Olet kirjautunut"
    assert back(visitor, "keycloak", **answer).h1 == "Kirjautuminen vanheni"
    assert full_sessions(office) == 1


def test_an_answer_after_ten_minutes_is_too_late(
    visitor: Browser, office: Office, employer: Employer, clock: make.Clock
) -> None:
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    clock.move(minutes=10, seconds=1)
    refused(visitor, office, back(visitor, "keycloak", code="c", state=query["state"]), 400)


def test_an_answer_at_another_provider_opens_nothing(visitor: Browser, office: Office, employer: Employer) -> None:
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    refused(visitor, office, back(visitor, "entra", code="c", state=query["state"]), 400)


def test_both_of_two_tabs_work(visitor: Browser, employer: Employer) -> None:
    first, second = (leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus") for _tab in range(2))
    for query in (second, first):
        employer.nonce = query["nonce"]
        assert back(visitor, "keycloak", code="c", state=query["state"]).h1 == "Olet kirjautunut"


def test_a_missing_issuer_is_refused_where_it_was_announced(
    tmp_path: Path, sqlite_url: str, sqlite_office: Office, employer: Employer
) -> None:
    employer.metadata["authorization_response_iss_parameter_supported"] = True
    office = replace(sqlite_office, organisations={"keycloak": organisation("keycloak", employer.issuer)})
    visitor = Browser(wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office))
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    refused(visitor, office, back(visitor, "keycloak", code="c", state=query["state"]), 400)


def test_nobody_goes_to_a_provider_whose_metadata_are_anothers(
    tmp_path: Path, sqlite_url: str, sqlite_office: Office, employer: Employer
) -> None:
    employer.metadata["issuer"] = "https://login.example/{tenantid}/v2.0"
    office = replace(sqlite_office, organisations={"keycloak": organisation("keycloak", employer.issuer)})
    visitor = Browser(wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office))
    page = visitor.press(visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    assert (page.status, page.h1) == (503, "Työpaikkasi kirjautumiseen ei saada yhteyttä")


# Who may be here


def test_roles_are_read_anew_and_a_lost_group_ends_the_other_sessions(
    app: Portal, visitor: Browser, office: Office, employer: Employer
) -> None:
    elsewhere = Browser(app)
    sign_in(elsewhere, employer)
    commit(office)
    assert elsewhere.get(AT).h1 == "Kaikki avoimet"
    sign_in(visitor, employer)
    assert elsewhere.get(AT).h1 == "Kaikki avoimet", "the same roles end nothing"
    employer.claims["groups"] = ["kuuluu-listeners"]
    sign_in(visitor, employer)
    (account,) = accounts(office)
    assert account.roles == {"espoo": {Role.LISTENER}}
    assert elsewhere.get(AT).h1 == "Henkilöstön kirjautuminen"
    assert "staff_roles_changed" in happened(office, "janakkala")


def test_whoever_has_lost_every_group_is_out_everywhere(visitor: Browser, office: Office, employer: Employer) -> None:
    sign_in(visitor, employer)
    employer.claims["groups"] = []
    page = sign_in(visitor, employer)
    assert (page.status, page.h1) == (403, "Sinulla ei ole pääsyä tähän palveluun")
    assert accounts(office)[0].roles == {}
    assert full_sessions(office) == 0


def test_a_leaver_does_not_come_back_by_the_organisation(visitor: Browser, office: Office, employer: Employer) -> None:
    sign_in(visitor, employer)
    (account,) = accounts(office)
    staff_accounts.disable(office, account.login)
    page = sign_in(visitor, employer)
    assert (page.status, page.h1) == (403, "Sinulla ei ole pääsyä tähän palveluun")
    assert full_sessions(office) == 0
    assert happened(office).count("signed_in") == 1


def test_the_same_address_is_not_the_same_person(
    app: Portal, visitor: Browser, office: Office, employer: Employer
) -> None:
    sign_in(visitor, employer)
    employer.claims |= {"sub": "f:1:successor", "name": "Seppo Seuraaja"}
    sign_in(Browser(app), employer)
    assert {account.name for account in accounts(office)} == {"Aino Asianhoitaja", "Seppo Seuraaja"}


def test_the_next_person_at_a_browser_ends_the_session_of_the_last(
    visitor: Browser, office: Office, employer: Employer
) -> None:
    sign_in(visitor, employer)
    employer.claims |= {"sub": "f:1:other", "name": "Seppo Seuraaja"}
    sign_in(visitor, employer)
    assert full_sessions(office) == 1
    assert visitor.get("/fi/staff/").h1 == "Salassapitositoumus"
    assert stored(office, visitor).subject != next(a.id for a in accounts(office) if a.name == "Aino Asianhoitaja")


# One face each


def test_a_staff_provider_is_no_way_to_identify_a_citizen(visitor: Browser, office: Office, employer: Employer) -> None:
    assert "Keycloak" not in visitor.get("/fi/espoo/sign-in").body
    query = leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    employer.nonce = query["nonce"]
    assert visitor.get("/login/keycloak/callback", query_string={"code": "c", "state": query["state"]}).status == 404
    assert visitor.get("/fi/espoo/cases").h1 == "Tunnistaudu"
    assert full_sessions(office) == 0


def test_a_citizens_provider_is_no_way_in_for_staff(visitor: Browser, office: Office) -> None:
    assert set(office.identities) & {"demo"}
    assert visitor.get("/staff-login/demo/callback?code=c&state=s").status == 404
    token = visitor.get("/fi/staff/sign-in").value("csrf_token")
    assert visitor.post("/fi/staff/organisation/demo", {"csrf_token": token}).status == 404


def test_a_citizens_token_opens_nothing_of_staff(visitor: Browser, office: Office, employer: Employer) -> None:
    employer.claims |= {
        "aud": "kuuluu-demo", "acr": "http://ftn.ficora.fi/2017/loa3", "personal_identity_code": "131052-902N",
    }  # fmt: skip
    refused(visitor, office, sign_in(visitor, employer), 400)


# Step-up


def again(visitor: Browser, employer: Employer, to: str = AT) -> Fetched:
    page = visitor.get("/fi/staff/organisation/again", query_string={"to": to})
    query = leave(visitor, page, "Kirjaudu uudelleen")
    assert (query["prompt"], query["max_age"]) == ("login", "0")
    employer.nonce = query["nonce"]
    return back(visitor, "keycloak", code="c", state=query["state"])


def test_showing_the_means_again_makes_a_new_session_with_a_new_time(
    visitor: Browser, office: Office, employer: Employer, clock: make.Clock
) -> None:
    sign_in(visitor, employer)
    commit(office)
    before = stored(office, visitor)
    with office.writing() as work:
        before.data["kept"] = "Kesken"
        work.sessions.save(before, office.now())
    clock.move(minutes=12)
    page = again(visitor, employer)
    assert page.h1 == "Olet kirjautunut"
    assert visitor.click(page, "Jatka").h1 == "Kaikki avoimet"
    after = stored(office, visitor)
    assert after.key != before.key
    assert after.subject == before.subject
    assert after.ends_at == before.ends_at
    assert after.data["kept"] == "Kesken"
    assert after.auth_at is not None
    assert (office.now() - after.auth_at).total_seconds() == 5
    assert full_sessions(office) == 1


def test_listening_wants_a_fresh_showing_of_the_means(visitor: Browser, office: Office, employer: Employer) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    employer.claims |= {"groups": ["kuuluu-listeners"], "auth_time": employer.seconds() - 3600}
    sign_in(visitor, employer)
    commit(office)
    with office.reading() as work:
        (account,) = work.staff.everyone()
    make.heard_by(office, account.id)
    wanted = f"/fi/staff/espoo/cases/{ref}/listen/{recording}"
    page = visitor.get(wanted)
    assert page.h1 == "Varmista, että olet sinä"
    del employer.claims["auth_time"]
    query = leave(visitor, page, "Kirjaudu uudelleen")
    employer.nonce = query["nonce"]
    page = visitor.click(back(visitor, "keycloak", code="c", state=query["state"]), "Jatka")
    assert page.url.endswith(wanted)
    assert page.status == 200


def test_an_old_showing_of_the_means_does_not_count_as_a_new_one(
    visitor: Browser, office: Office, employer: Employer, clock: make.Clock
) -> None:
    sign_in(visitor, employer)
    commit(office)
    before = stored(office, visitor)
    clock.move(minutes=12)
    employer.claims["auth_time"] = employer.seconds() - 120
    page = again(visitor, employer)
    assert (page.status, page.h1) == (400, "Kirjautuminen ei onnistunut")
    assert stored(office, visitor).auth_at == before.auth_at


def test_nobody_else_can_show_the_means_for_a_session(visitor: Browser, office: Office, employer: Employer) -> None:
    sign_in(visitor, employer)
    commit(office)
    before = stored(office, visitor)
    employer.claims["sub"] = "f:1:other"
    page = again(visitor, employer)
    assert (page.status, page.h1) == (400, "Kirjauduit toisena henkilönä")
    assert stored(office, visitor).key == before.key
    assert len(accounts(office)) == 1
    assert visitor.click(page, "Takaisin kirjautumiseen").h1 == "Varmista, että olet sinä"


def test_the_page_of_showing_again_is_for_those_of_an_organisation(app: Portal, office: Office) -> None:
    who = make.clerk(office, "oili", Role.HANDLER)
    browser = Browser(app)
    with office.writing() as work:
        now = office.now()
        cookie = work.sessions.start("staff", who.actor.id, {}, now + staff_sign_in.LONGEST, now, now)
    browser.client.set_cookie("kuuluu-staff", cookie)
    assert browser.get("/fi/staff/organisation/again").status == 404


# Back-channel logout


def tell(app: Portal, token: str | None, provider: str = "keycloak") -> int:
    """The provider's own call: no cookie, no form token."""
    data = {"logout_token": token} if token is not None else {}
    answer = app.test_client().post(f"/staff-login/{provider}/backchannel-logout", data=data)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code


def two_sessions(app: Portal, office: Office, employer: Employer) -> tuple[Browser, Browser]:
    browsers = Browser(app), Browser(app)
    for number, browser in enumerate(browsers, 1):
        employer.claims["sid"] = f"session-{number}"
        sign_in(browser, employer)
    commit(office)
    return browsers


def is_in(browser: Browser) -> bool:
    return browser.get(AT).h1 == "Kaikki avoimet"


def test_the_end_of_one_session_there_ends_that_one_here(app: Portal, office: Office, employer: Employer) -> None:
    first, second = two_sessions(app, office, employer)
    assert tell(app, employer.logout_token(sid="session-1")) == 200
    assert (is_in(first), is_in(second)) == (False, True)
    assert happened(office)[0] == "signed_out"


def test_a_logout_of_the_person_ends_all_their_sessions_and_nobody_elses(
    app: Portal, office: Office, employer: Employer
) -> None:
    first, second = two_sessions(app, office, employer)
    other = Browser(app)
    employer.claims |= {"sub": "f:1:other", "sid": "session-3"}
    sign_in(other, employer)
    commit(office)
    assert tell(app, employer.logout_token(sid=None)) == 200
    assert (is_in(first), is_in(second), is_in(other)) == (False, False, True)


def test_a_logout_of_what_is_over_already_is_heard_and_does_nothing(app: Portal, employer: Employer) -> None:
    assert tell(app, employer.logout_token(sid="unknown", sub="unknown")) == 200


UNTRUE: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "somebody-else"},
    "a nonce: an ID token": {"nonce": "n"},
    "no event": {"events": None},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is a text": {"events": {"http://schemas.openid.net/event/backchannel-logout": "x"}},
    "events as a list": {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
    "no id of its own": {"jti": None},
    "an id that is a number": {"jti": 7},
    "nobody": {"sid": None, "sub": None},
    "a session that is a list": {"sid": ["session-1"]},
    "no time": {"iat": None},
    "long ago": {"iat": int(make.NOON.timestamp()) - 301},
    "tomorrow": {"iat": int(make.NOON.timestamp()) + 86400},
    "over": {"exp": int(make.NOON.timestamp()) - 31},
}


@pytest.mark.parametrize("row", UNTRUE)
def test_an_untrue_logout_ends_nothing(app: Portal, office: Office, employer: Employer, row: str) -> None:
    browser, _second = two_sessions(app, office, employer)
    assert tell(app, employer.logout_token(**UNTRUE[row])) == 400
    assert is_in(browser)


def test_a_logout_signed_by_another_ends_nothing(app: Portal, office: Office, employer: Employer) -> None:
    browser, _second = two_sessions(app, office, employer)
    employer.signer = employer.foreign
    assert tell(app, employer.logout_token()) == 400
    assert is_in(browser)


@pytest.mark.parametrize("token", [None, "", "a.b.c", "x" * 70_000, "é.é.é"])
def test_what_is_no_token_is_answered_as_untrue(app: Portal, token: str | None) -> None:
    assert tell(app, token) == 400


def test_an_id_token_is_no_logout(app: Portal, office: Office, employer: Employer) -> None:
    browser, _second = two_sessions(app, office, employer)
    assert tell(app, employer.id_token()) == 400
    assert is_in(browser)


def test_a_logout_counts_once(app: Portal, office: Office, employer: Employer, clock: make.Clock) -> None:
    browser, _second = two_sessions(app, office, employer)
    token = employer.logout_token(sid="session-1")
    assert tell(app, token) == 200
    employer.claims["sid"] = "session-1"
    sign_in(browser, employer)
    assert tell(app, token) == 400
    assert is_in(browser)


def test_a_logout_at_another_provider_ends_nothing_of_this_one(app: Portal, office: Office, employer: Employer) -> None:
    browser, _second = two_sessions(app, office, employer)
    assert tell(app, employer.logout_token(), "entra") == 200
    assert is_in(browser)
    assert app.test_client().post("/staff-login/demo/backchannel-logout", data={}).status_code == 404


def test_only_the_logout_message_goes_without_the_forms_token(app: Portal, visitor: Browser) -> None:
    assert visitor.post("/fi/staff/organisation/keycloak", {}).status == 400
    assert visitor.post("/fi/staff/organisation/again", {}).status == 400


def test_abandoned_sign_ins_grow_without_bound_nowhere(visitor: Browser, office: Office) -> None:
    for _time in range(100):
        leave(visitor, visitor.get("/fi/staff/sign-in"), "Keycloak-tunnus")
    assert rows(office, select(func.count()).select_from(pending_login))[0][0] == 5
    cookies = visitor.client.get_cookie("kuuluu-organisation")
    assert cookies is not None
    assert len(cookies.value) < 100


def test_the_count_of_refusals(capsys: pytest.CaptureFixture[str]) -> None:
    total = len(SPOILED) * len(ISSUERS) + len(ENTRA_ONLY) + len(CALLBACKS) + len(UNTRUE)
    with capsys.disabled():
        print(f"\nstaff by their organisation: {total} rows of refusals")
    assert total >= 100


def test_where_the_provider_is_gone_the_way_leads_to_sign_in(
    app: Portal, visitor: Browser, office: Office, employer: Employer
) -> None:
    sign_in(visitor, employer)
    commit(office)
    app.office = replace(office, organisations={})
    assert organisation_sign_in.provider_of(stored(office, visitor)) == "keycloak"
    assert visitor.get("/fi/staff/organisation/again").h1 == "Henkilöstön kirjautuminen"
