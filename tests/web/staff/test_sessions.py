"""Staff's sessions: a second factor shown again before what matters, every session seen and ended by its owner."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.access import Role
from portal.services import own_sessions, staff_accounts
from portal.services.office import Office
from portal.services.ports import Absent, Session
from portal.web.app import Portal
from portal.web.browser import kind_of
from tests import make
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)


def cookie_of(browser: Browser) -> str:
    found = browser.client.get_cookie("kuuluu-staff")
    assert found is not None
    return found.value


def stored(office: Office, browser: Browser) -> Session | None:
    with office.reading() as work:
        return work.sessions.open(cookie_of(browser), "staff", office.staff_idle, office.now())


def actions(office: Office, register: str = "portal") -> list[str]:
    with office.reading() as work:
        return [line.action for line in work.trail.page(register, None, 50)]


def listening(office: Office) -> tuple[str, str]:
    """A case and the recording that fits it."""
    (recording,) = make.recorded(office, make.segment())
    return make.filed(office).ref, recording


def hold_on(browser: Browser, clock: make.Clock, minutes: int = 11) -> None:
    """Time goes by at the desk, never idle."""
    for _ in range(2):
        clock.move(minutes=minutes / 2)
        browser.get("/fi/staff/sessions")


def confirm(browser: Browser, who: make.Clerk, page: Fetched, clock: make.Clock) -> Fetched:
    assert page.h1 == "Vahvista, että se olet sinä"
    return browser.press(page, "Vahvista", code=who.code(clock.at))


def test_the_listening_page_asks_for_a_factor_that_is_at_most_ten_minutes_old(
    app: Portal, office: Office, clock: make.Clock
) -> None:
    who = make.clerk(office, "liisa", Role.LISTENER)
    ref, recording = listening(office)
    desk = at_desk(app, office, who)
    page = address(f"cases/{{ref}}/listen/{recording}", ref)
    hold_on(desk, clock, 10)
    assert desk.get(page).h1 != "Vahvista, että se olet sinä"
    clock.move(minutes=1)
    asked = desk.get(page)
    before = cookie_of(desk)
    after = confirm(desk, who, asked, clock)
    assert urlsplit(after.url).path == page
    assert cookie_of(desk) != before, "a new id"
    with office.reading() as work:
        assert work.sessions.open(before, "staff", office.staff_idle, office.now()) is None
    found = stored(office, desk)
    assert found is not None
    assert found.auth_at == office.now()
    assert "factor_confirmed" in actions(office)


def test_the_sound_of_a_page_that_was_opened_in_time_is_heard_to_its_end(
    app: Portal, office: Office, clock: make.Clock
) -> None:
    desk = at_desk(app, office, make.clerk(office, "liisa", Role.LISTENER))
    ref, recording = listening(office)
    sound = address(f"cases/{{ref}}/audio/{recording}", ref)
    desk.get(address(f"cases/{{ref}}/listen/{recording}", ref))
    hold_on(desk, clock, 20)
    assert desk.client.get(sound, headers={"Range": "bytes=0-99"}).status_code == 206


def test_sound_alone_is_not_opened_with_an_old_factor(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "liisa", Role.LISTENER))
    ref, recording = listening(office)
    hold_on(desk, clock)
    answer = desk.client.get(address(f"cases/{{ref}}/audio/{recording}", ref))
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/fi/staff/confirm"


def test_a_wrong_code_confirms_nothing(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "liisa", Role.LISTENER))
    ref, recording = listening(office)
    hold_on(desk, clock)
    before = cookie_of(desk)
    page = desk.press(desk.get(address(f"cases/{{ref}}/listen/{recording}", ref)), "Vahvista", code="000000")
    assert (page.status, [anchor for anchor, _text in page.errors]) == (422, ["code"])
    assert cookie_of(desk) == before
    assert "factor_confirmed" not in actions(office)


def test_a_form_waits_for_the_factor_and_is_then_sent_as_it_was(app: Portal, office: Office, clock: make.Clock) -> None:
    who, aino = make.clerk(office, "paavo", Role.ADMINISTRATOR), make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    hold_on(desk, clock)
    asked = desk.client.post(
        address("accounts"),
        data={"csrf_token": desk.get(address("accounts")).value("csrf_token"), "account": aino.actor.id,
              "roles": ["handler", "listener"]},
    )  # fmt: skip
    with office.reading() as work:
        assert work.staff.names({aino.actor.id})
        account = work.staff.by_id(aino.actor.id)
    assert account is not None
    assert account.roles["espoo"] == {Role.HANDLER}, "nothing has happened yet"
    page = confirm(desk, who, desk.get(asked.headers["Location"]), clock)
    assert page.h1 == "Jatka siitä, mihin jäit"
    assert "käyttäjän tietojen muutos" in page.text
    form = page.form("Jatka")
    names = [(box.get("name"), box.get("value")) for box in form.iter("input") if box.get("name") != "csrf_token"]
    assert [value for name, value in names if name == "roles"] == ["handler", "listener"]
    token = form.xpath('./input[@name="csrf_token"]/@value')[0]
    data: dict[str, list[str]] = {"csrf_token": [token]}
    for name, value in names:
        data.setdefault(name, []).append(value)
    assert desk.post(form.get("action"), data).h1 == "Käyttäjät"
    with office.reading() as work:
        account = work.staff.by_id(aino.actor.id)
    assert account is not None
    assert account.roles["espoo"] == {Role.HANDLER, Role.LISTENER}
    assert desk.get("/fi/staff/waiting").h1 == "Lähteet", "nothing waits any more"


def test_what_waits_is_never_in_an_address(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    hold_on(desk, clock)
    token = desk.get(address("accounts")).value("csrf_token")
    answer = desk.client.post(address("accounts"), data={"csrf_token": token, "account": "salainen-tunniste"})
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"to": ["/fi/staff/waiting"]}


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/staff/", "/fi/espoo/cases"])
def test_a_confirmation_leads_to_the_staffs_own_pages_only(
    app: Portal, office: Office, clock: make.Clock, to: str
) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    page = confirm(desk, who, desk.get("/fi/staff/confirm", query_string={"to": to}), clock)
    assert page.h1 == "Kaikki avoimet"


def test_a_form_of_staff_that_came_too_late_waits_for_the_same_person(
    app: Portal, office: Office, clock: make.Clock
) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    ref = make.filed(office).ref
    page = desk.get(address("cases/{ref}", ref))
    clock.move(minutes=16)
    late = desk.press(page, "Ota käsittelyyn")
    assert late.h1 == "Henkilöstön kirjautuminen"
    assert late.value("to") == "/fi/staff/waiting"
    other = at_desk(app, office, make.clerk(office, "paavo", Role.HANDLER))
    assert other.get("/fi/staff/waiting").h1 == "Kaikki avoimet", "not for a colleague"
    back = at_desk(app, office, who)
    assert back.get(address("queue")).h1 == "Jatka siitä, mihin jäit", "offered at the first page"
    assert back.press(back.get("/fi/staff/waiting"), "Jatka").status == 200
    with office.reading() as work:
        assert work.cases.open(ref, who.actor).handler == who.actor.id


def test_own_sessions_are_listed_and_ended_one_by_one(app: Portal, office: Office, clock: make.Clock) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    first, second = at_desk(app, office, who), at_desk(app, office, who)
    stranger = at_desk(app, office, make.clerk(office, "paavo", Role.HANDLER))
    first.get(address("queue"), headers={"User-Agent": CHROME})
    clock.move(minutes=2)
    page = second.get("/fi/staff/sessions")
    assert "2 istuntoa" in page.text
    assert "Chrome, Windows" in page.text
    assert "(tämä istunto)" in page.text
    assert cookie_of(first) not in page.body
    handle = page.form("Lopeta").xpath('./input[@name="session"]/@value')[0]
    token = stranger.get("/fi/staff/sessions").value("csrf_token")
    assert stranger.post("/fi/staff/sessions/end", {"csrf_token": token, "session": handle}).status == 404
    assert "1 istunto" in second.press(page, "Lopeta").text
    assert first.get(address("queue")).h1 == "Henkilöstön kirjautuminen"
    assert second.get(address("queue")).h1 == "Kaikki avoimet"
    assert "sessions_ended" in actions(office)


def test_all_own_sessions_end_together(app: Portal, office: Office) -> None:
    who = make.clerk(office, "aino", Role.HANDLER)
    first, second = at_desk(app, office, who), at_desk(app, office, who)
    page = second.press(second.get("/fi/staff/sessions"), "Lopeta kaikki istunnot")
    assert page.h1 == "Olet kirjautunut ulos"
    for one in (first, second):
        assert one.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_an_administrator_ends_a_colleagues_sessions(app: Portal, office: Office) -> None:
    aino = make.clerk(office, "aino", Role.HANDLER)
    boss = make.clerk(office, "paavo", Role.ADMINISTRATOR)
    desks = [at_desk(app, office, aino), at_desk(app, office, aino)]
    assert own_sessions.end_sessions(office, boss.actor, aino.actor.id) == 2
    assert [one.get(address("queue")).h1 for one in desks] == ["Henkilöstön kirjautuminen"] * 2
    assert "sessions_ended" in actions(office, "espoo")


def test_nobody_ends_the_sessions_of_another_registers_staff(office: Office) -> None:
    boss = make.clerk(office, "paavo", Role.ADMINISTRATOR)
    theirs = make.clerk(office, "aino", Role.HANDLER, register="janakkala")
    with pytest.raises(Absent):
        own_sessions.end_sessions(office, boss.actor, theirs.actor.id)


def test_a_leaver_is_cut_off_everywhere_in_the_middle_of_a_recording(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "liisa", Role.LISTENER))
    ref, recording = listening(office)
    desk.get(address(f"cases/{{ref}}/listen/{recording}", ref))
    sound = address(f"cases/{{ref}}/audio/{recording}", ref)
    assert desk.client.get(sound, headers={"Range": "bytes=0-99"}).status_code == 206
    staff_accounts.disable(office, "liisa")
    rest = desk.client.get(sound, headers={"Range": "bytes=100-199"})
    assert (rest.status_code, rest.data[:4]) == (303, b"<!do")
    assert desk.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_a_clock_set_back_revives_no_session(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    cookie = cookie_of(desk)
    clock.move(minutes=16)
    desk.get(address("queue"))
    clock.move(minutes=-10)
    desk.client.set_cookie("kuuluu-staff", cookie)
    assert desk.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_a_session_ends_after_ten_hours_however_busy(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    for _ in range(54):
        clock.move(minutes=11)
        desk.client.get("/fi/staff/sessions")
    assert desk.get("/fi/staff/sessions").h1 == "Omat istunnot"
    clock.move(minutes=6)
    assert desk.get("/fi/staff/sessions").h1 == "Henkilöstön kirjautuminen"


def test_the_cookie_is_strict_hidden_from_scripts_and_forgotten_with_the_browser(app: Portal) -> None:
    said = app.test_client().get("/fi/staff/sign-in").headers["Set-Cookie"]
    assert re.fullmatch(r"kuuluu-staff=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict", said), said


def test_signing_out_clears_what_the_browser_keeps(app: Portal, office: Office) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    token = desk.get(address("queue")).value("csrf_token")
    answer = desk.client.post("/fi/staff/leave", data={"csrf_token": token})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_from_another_site_keeps_the_session_that_stands(app: Portal, office: Office) -> None:
    answer = app.test_client().get(address("queue"), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert f'content="0;url={address("queue")}"' in answer.get_data(as_text=True)
    assert app.test_client().get(address("queue"), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (CHROME, "Chrome, Windows"),
        (CHROME.replace("Safari/537.36", "Safari/537.36 Edg/131.0"), "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari, iPhone",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_by_its_common_name_only(agent: str, kind: str) -> None:
    assert kind_of(agent) == kind
