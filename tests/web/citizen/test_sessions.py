"""A citizen's session ends when it should, nothing typed is lost with it, and nothing crosses to the next person."""

import re
from datetime import timedelta

import pytest

from portal.services import sweep
from portal.services.drafts import LATE, owner_of
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import AT, check_page, ref_of, send
from tests.web.client import Browser, Fetched, entered

SAME = ("Tuulikki Soittola", "131052-902N")
OTHER = ("Eero Esimerkkilä", "040387-913H")
TYPED = "Muistan vielä, että puhelu katkesi."


def again(browser: Browser, app: Portal, office: Office, who: tuple[str, str] | None = None) -> None:
    """Somebody identifies at this browser, now."""
    name, code = who or SAME
    fresh = entered(app, office, make.identified(name, code, office.now()))
    cookie = fresh.client.get_cookie("kuuluu")
    assert cookie is not None
    browser.client.set_cookie("kuuluu", cookie.value)


def message_page(citizen: Browser) -> Fetched:
    return citizen.get(f"{AT}/cases/{ref_of(send(citizen))}/message")


def test_a_form_sent_after_the_sessions_end_waits_for_the_same_person(
    app: Portal, office: Office, citizen: Browser, clock: make.Clock
) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    turned = citizen.press(page, "Lähetä viesti", text=TYPED)
    assert turned.h1 == "Tunnistaudu"
    again(citizen, app, office)
    waits = citizen.get(f"{AT}/waiting")
    assert waits.h1 == "Jatka siitä, mihin jäit"
    assert "viestisi tai vastauksesi pyyntöön" in waits.text
    assert waits.value("text") == TYPED
    sent = citizen.press(waits, "Jatka")
    assert TYPED in sent.text
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt", "it waits no longer"
    again(citizen, app, office)
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt", "nor in a later session"


def test_the_next_person_at_the_browser_finds_nothing_of_it(
    app: Portal, office: Office, citizen: Browser, clock: make.Clock
) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    citizen.press(page, "Lähetä viesti", text=TYPED)
    again(citizen, app, office, OTHER)
    found = citizen.get(f"{AT}/waiting")
    assert found.h1 == "Omat pyynnöt"
    assert TYPED not in found.body


def test_what_waits_can_be_dropped(app: Portal, office: Office, citizen: Browser, clock: make.Clock) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    citizen.press(page, "Lähetä viesti", text=TYPED)
    again(citizen, app, office)
    citizen.press(citizen.get(f"{AT}/waiting"), "Hylkää lomake")
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt"
    with office.reading() as work:
        owner = owner_of(make.identified().subject_key)
        assert work.drafts.load(owner, LATE, "espoo") is None


def test_what_waits_is_gone_after_a_day(app: Portal, office: Office, citizen: Browser, clock: make.Clock) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    citizen.press(page, "Lähetä viesti", text=TYPED)
    clock.move(hours=24, seconds=1)
    sweep.sweep(office)
    again(citizen, app, office)
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt"


def test_a_form_of_anothers_making_leaves_nothing(citizen: Browser, office: Office, clock: make.Clock) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    answer = citizen.client.post(page.url, data={"csrf_token": "made-elsewhere", "text": TYPED})
    assert answer.status_code == 400
    with office.reading() as work:
        assert work.drafts.load(owner_of(make.identified().subject_key), LATE, "espoo") is None


def test_a_form_after_sign_out_leaves_nothing(citizen: Browser, office: Office) -> None:
    page = message_page(citizen)
    cookie = citizen.client.get_cookie("kuuluu")
    assert cookie is not None
    citizen.press(page, "Kirjaudu ulos")
    citizen.client.set_cookie("kuuluu", cookie.value)
    late = citizen.press(page, "Lähetä viesti", text=TYPED)
    assert (late.status, late.h1) == (400, "Istuntosi on päättynyt")
    with office.reading() as work:
        assert work.drafts.load(owner_of(make.identified().subject_key), LATE, "espoo") is None


def test_a_form_above_64_kilobytes_does_not_wait(citizen: Browser, clock: make.Clock) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    assert citizen.press(page, "Lähetä viesti", text="ä" * 32_768).status == 400


def test_staying_signed_in_keeps_the_form_that_stands_open(
    app: Portal, office: Office, citizen: Browser, clock: make.Clock
) -> None:
    page = message_page(citizen)
    clock.move(minutes=13)
    token = page.value("csrf_token")
    path = page.url.removeprefix("http://localhost")
    citizen.client.post(
        f"{AT}/stay",
        data={"csrf_token": token, "open_path": path, "open_fields": "csrf_token=x&text=Kesken%20viel%C3%A4"},
    )
    clock.move(minutes=16)
    again(citizen, app, office)
    waits = citizen.get(f"{AT}/waiting")
    assert waits.value("text") == "Kesken vielä"


def test_what_was_kept_beside_an_extension_is_dropped_when_the_form_is_sent(
    app: Portal, office: Office, citizen: Browser
) -> None:
    page = message_page(citizen)
    path = page.url.removeprefix("http://localhost")
    citizen.client.post(
        f"{AT}/stay", data={"csrf_token": page.value("csrf_token"), "open_path": path, "open_fields": "text=Kesken"}
    )
    citizen.press(page, "Lähetä viesti", text=TYPED)
    again(citizen, app, office)
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt"


@pytest.mark.parametrize(
    "path", ["https://evil.example/x", "/fi/staff/sessions/end-all", "/fi/nowhere", "", "/fi/espoo/sign-out"]
)
def test_only_a_page_of_ours_is_kept_beside_an_extension(citizen: Browser, path: str) -> None:
    token = citizen.get(f"{AT}/cases").value("csrf_token")
    citizen.client.post(f"{AT}/stay", data={"csrf_token": token, "open_path": path, "open_fields": "text=x"})
    assert citizen.get(f"{AT}/waiting").h1 == "Omat pyynnöt"


def test_a_request_to_erase_is_sent_with_a_fresh_identification_only(
    app: Portal, office: Office, citizen: Browser, clock: make.Clock
) -> None:
    page = check_page(citizen, "erasure")
    for _ in range(2):  # never idle, and identified 16 minutes ago
        clock.move(minutes=8)
        page = citizen.get(f"{AT}/request/check")
    assert citizen.press(page, "Lähetä pyyntö").h1 == "Tunnistaudu"
    with office.reading() as work:
        assert work.cases.open_ids("espoo") == ()
    again(citizen, app, office)
    waits = citizen.get(f"{AT}/waiting")
    assert "pyynnön lähettäminen" in waits.text
    citizen.press(waits, "Jatka")
    with office.reading() as work:
        assert len(work.cases.open_ids("espoo")) == 1


def test_a_request_for_access_is_sent_without_identifying_again(citizen: Browser, clock: make.Clock) -> None:
    page = check_page(citizen, "access")
    for _ in range(2):
        clock.move(minutes=8)
        page = citizen.get(f"{AT}/request/check")
    assert ref_of(citizen.press(page, "Lähetä pyyntö"))


def test_a_clock_set_back_revives_no_session(citizen: Browser, clock: make.Clock) -> None:
    cookie = citizen.client.get_cookie("kuuluu")
    assert cookie is not None
    clock.move(minutes=16)
    assert citizen.get(f"{AT}/cases").h1 == "Tunnistaudu"
    clock.move(minutes=-10)
    citizen.client.set_cookie("kuuluu", cookie.value)
    assert citizen.get(f"{AT}/cases").h1 == "Tunnistaudu"


def test_a_session_ends_after_an_hour_however_busy(citizen: Browser, clock: make.Clock) -> None:
    for _ in range(5):
        clock.move(minutes=11)
        assert citizen.get(f"{AT}/cases").h1 == "Omat pyynnöt"
    clock.move(minutes=5)
    assert citizen.get(f"{AT}/cases").h1 == "Tunnistaudu"


def test_the_foot_of_a_page_tells_the_end_and_extends_without_a_script(citizen: Browser, clock: make.Clock) -> None:
    page = citizen.get(f"{AT}/cases")
    foot = page.tree.xpath('//footer//form[@class="ends"]')[0]
    assert "Istunto päättyy klo 12.15." in " ".join("".join(foot.itertext()).split())
    clock.move(minutes=14)
    later = citizen.client.post(foot.get("action"), data={"csrf_token": page.value("csrf_token")})
    assert later.status_code == 303
    clock.move(minutes=14)
    assert "klo 12.43" in citizen.get(f"{AT}/cases").body


def test_the_cookie_is_lax_hidden_from_scripts_and_forgotten_with_the_browser(visitor: Browser) -> None:
    answer = visitor.client.get(f"{AT}/sign-in")
    said = answer.headers["Set-Cookie"]
    assert re.fullmatch(r"kuuluu=[\w-]{43}; HttpOnly; Path=/; SameSite=Lax", said), said


def test_nothing_of_a_signed_in_person_is_stored_or_called_unmodified(citizen: Browser) -> None:
    ref = ref_of(send(citizen))
    for path in (f"{AT}/cases", f"{AT}/cases/{ref}", f"{AT}/", f"{AT}/notice"):
        answer = citizen.client.get(
            path, headers={"If-None-Match": "*", "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"}
        )
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), path


def test_an_ended_session_is_remembered_for_three_hours_and_no_longer(
    office: Office, citizen: Browser, clock: make.Clock
) -> None:
    page = message_page(citizen)
    clock.move(minutes=16)
    sweep.sweep(office)
    clock.at += timedelta(hours=2, minutes=50)
    sweep.sweep(office)
    assert citizen.press(page, "Lähetä viesti", text=TYPED).status == 400
