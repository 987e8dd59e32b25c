"""The desk's pages of a visit, and the listening station: the clerk's session does not stay with the visitor."""

from collections.abc import Callable

import pytest

from portal.domain.access import Role
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.make import Clock
from tests.visiting import TE, Visiting, at_the_door, visiting
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk

STATION = f"/fi/staff/{TE}/station"


def visit_address(made: Visiting, more: str = "") -> str:
    return address(f"visits/{made.appointment}{more}", register=TE)


@pytest.fixture
def waiting(office: Office, clock: Clock) -> Visiting:
    """A visitor at the door of a case that has no answer yet."""
    made = visiting(office, answered=False)
    at_the_door(clock)
    return made


@pytest.fixture
def arrive(app: Portal, office: Office, clock: Clock) -> Callable[[], tuple[Visiting, Browser]]:
    """An attended visitor to an answered case, and the clerk's browser on the listening device."""

    def come() -> tuple[Visiting, Browser]:
        made = visiting(office)
        at_the_door(clock)
        device = at_desk(app, office, made.clerk)
        page = device.get(visit_address(made))
        page = device.press(page, "Merkitse saapuneeksi", document="passport", agrees="y")
        assert "Aloita kuuntelu" in page.text
        return made, device

    return come


def test_the_list_leads_to_the_visit_and_shows_no_name(app: Portal, office: Office, waiting: Visiting) -> None:
    desk = at_desk(app, office, waiting.clerk)
    page = desk.get(address("visits", register=TE))
    assert page.h1 == "Kuuntelukäynnit"
    assert "Soittola" not in page.text
    assert desk.click(page, "klo 10.00").h1 == f"Kuuntelukäynti {waiting.ref}"


def test_the_desk_compares_name_and_birth_date_and_is_offered_no_box_for_a_number(
    app: Portal, office: Office, waiting: Visiting
) -> None:
    page = at_desk(app, office, waiting.clerk).get(visit_address(waiting))
    assert "Tuulikki Soittola" in page.text
    assert "13.10.1952" in page.text
    assert "131052" not in page.body
    main = page.tree.find(".//main")
    kinds = {box.get("type") for box in main.xpath(".//form//input")}
    assert kinds == {"hidden", "radio", "checkbox"}
    assert not main.xpath(".//form//textarea | .//form//select")
    offered = {box.get("value") for box in main.xpath('.//input[@name="document"]')}
    assert offered == {"passport", "identity_card", "driving_licence", "kela_card"}


def test_attendance_needs_a_document_and_the_clerks_confirmation(
    app: Portal, office: Office, waiting: Visiting
) -> None:
    desk = at_desk(app, office, waiting.clerk)
    page = desk.press(desk.get(visit_address(waiting)), "Merkitse saapuneeksi")
    assert page.status == 422
    assert [anchor for anchor, _text in page.errors] == ["document-0", "agrees"]
    page = desk.press(page, "Merkitse saapuneeksi", document="passport")
    assert [anchor for anchor, _text in page.errors] == ["agrees"]
    assert "visit_attended" not in waiting.events
    page = desk.press(page, "Merkitse saapuneeksi", agrees="y")
    assert "Passi" in page.text
    assert "Kuunneltavaa ei ole" in page.text


def test_what_does_not_match_is_chosen_from_a_list(app: Portal, office: Office, waiting: Visiting) -> None:
    desk = at_desk(app, office, waiting.clerk)
    page = desk.get(visit_address(waiting))
    empty = desk.press(page, "Kirjaa, että käynti ei voinut alkaa")
    assert (empty.status, [anchor for anchor, _text in empty.errors]) == (422, ["mismatch-0"])
    assert desk.press(empty, "Kirjaa, että käynti ei voinut alkaa", mismatch="details").status == 200
    assert waiting.events[-1] == "visit_unmatched"


def test_a_missed_visit_is_recorded_after_its_time(
    app: Portal, office: Office, waiting: Visiting, clock: Clock
) -> None:
    clock.move(hours=1)
    desk = at_desk(app, office, waiting.clerk)
    page = desk.press(desk.get(visit_address(waiting)), "Merkitse, että aika jäi käyttämättä")
    assert "Pyytäjä voi varata uuden ajan" in page.text
    assert waiting.events[-1] == "visit_missed"


def test_an_auditor_sees_the_visit_and_is_offered_nothing(app: Portal, office: Office, waiting: Visiting) -> None:
    auditor = at_desk(app, office, make.clerk(office, "otso", Role.AUDITOR, register=TE))
    page = auditor.get(visit_address(waiting))
    assert page.status == 200
    assert page.tree.find(".//main").findall(".//form") == []
    for act in ("attend", "unmatched", "missed", "start", "stop", "certificate"):
        token = page.value("csrf_token")
        assert auditor.post(visit_address(waiting, f"/{act}"), {"csrf_token": token}).status == 404, act


def test_another_controllers_visit_looks_like_none(app: Portal, office: Office, waiting: Visiting) -> None:
    stranger = at_desk(app, office, make.clerk(office, "espoolainen", Role.HANDLER))
    assert stranger.get(visit_address(waiting)).status == 404
    assert stranger.get(address(f"visits/{waiting.appointment}")).status == 404


def test_the_clerk_is_signed_out_where_the_visitor_listens(
    app: Portal, office: Office, arrive: Callable[[], tuple[Visiting, Browser]]
) -> None:
    made, device = arrive()
    before = device.client.get_cookie("kuuluu-staff")
    assert before is not None
    token = device.get(visit_address(made)).value("csrf_token")
    answer = device.client.post(visit_address(made, "/start"), data={"csrf_token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, STATION)
    given = {one.split("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    for part in ("HttpOnly", "SameSite=Strict", f"Path={STATION}"):
        assert part in given["kuuluu-station"]
    assert "Max-Age=0" in given["kuuluu-staff"]
    page = device.get(STATION)
    assert page.h1 == "Kuuntele puhelusi"
    assert device.get(visit_address(made)).h1 == "Henkilöstön kirjautuminen"
    device.client.set_cookie("kuuluu-staff", before.value)  # whoever kept the old cookie has nothing
    assert device.get(visit_address(made)).h1 == "Henkilöstön kirjautuminen"


def test_the_station_shows_the_calls_time_and_nothing_of_the_case(
    arrive: Callable[[], tuple[Visiting, Browser]],
) -> None:
    made, device = arrive()
    page = device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    assert page.h1 == "Kuuntele puhelusi"
    assert "tiistai 16.6.2026 klo 14.12" in page.text
    for hidden in (made.ref, "Soittola", "1952", "Malla", "040"):
        assert hidden not in page.body, hidden
    links = [a.get("href") for a in page.tree.iter("a")]
    assert links == ["#main"]
    assert page.tree.xpath("//@download") == []
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Refresh"].endswith(f"; url={STATION}/left")
    sound = page.tree.xpath("//audio")[0]
    assert sound.get("controlslist") == "nodownload"


def test_the_station_plays_by_range_and_each_stretch_is_told(arrive: Callable[[], tuple[Visiting, Browser]]) -> None:
    made, device = arrive()
    page = device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    source = page.tree.xpath("//audio/source/@src")[0]
    whole = device.client.get(source, headers={"Sec-Fetch-Dest": "audio"})
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    assert whole.headers["Content-Disposition"] == "inline"
    assert whole.headers["Cache-Control"] == "no-store"
    part = device.client.get(source, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert device.client.get(source, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416
    assert made.events.count("station_played") == 2
    for wanted in ("document", "empty", "iframe"):
        assert device.client.get(source, headers={"Sec-Fetch-Dest": wanted}).status_code == 404
    assert device.client.get(f"{STATION}/audio/2").status_code == 404
    assert made.events.count("station_played") == 2


def test_a_station_that_is_not_open_looks_the_same_to_everybody(
    app: Portal, office: Office, arrive: Callable[[], tuple[Visiting, Browser]]
) -> None:
    made, device = arrive()
    device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    mine = device.client.get_cookie("kuuluu-station", path=STATION)
    assert mine is not None
    page = device.press(device.get(STATION), "Lopeta kuuntelu")
    assert page.h1 == "Kuuntelu on päättynyt"
    assert "kopion" in page.text
    bodies = set()
    for key in (None, mine.value, "guessed", mine.value[:-1]):
        other = Browser(app)
        if key:
            other.client.set_cookie("kuuluu-station", key, path=STATION)
        shown = other.get(STATION)
        assert (shown.status, shown.h1) == (404, "Kuuntelu ei ole auki")
        bodies.add(shown.text)
        assert other.client.get(f"{STATION}/audio/1").status_code == 404
    assert len(bodies) == 1
    clerk = at_desk(app, office, made.clerk)
    assert clerk.get(STATION).status == 404, "a clerk's session opens no station"


def test_the_key_of_one_register_is_nothing_in_another(
    app: Portal, arrive: Callable[[], tuple[Visiting, Browser]]
) -> None:
    made, device = arrive()
    device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    mine = device.client.get_cookie("kuuluu-station", path=STATION)
    assert mine is not None
    elsewhere = Browser(app)
    elsewhere.client.set_cookie("kuuluu-station", mine.value)
    assert elsewhere.get("/fi/staff/espoo/station").status == 404
    assert elsewhere.get("/fi/staff/espoo/station/audio/1").status == 404


def test_the_desk_ends_the_listening_and_issues_the_certificate(
    app: Portal, office: Office, arrive: Callable[[], tuple[Visiting, Browser]]
) -> None:
    made, device = arrive()
    page = device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    device.client.get(page.tree.xpath("//audio/source/@src")[0])
    desk = at_desk(app, office, made.clerk)
    page = desk.get(visit_address(made))
    assert "Kuuntelu on käynnissä" in page.text
    assert "Laadi todistus" not in page.text
    page = desk.press(page, "Päätä kuuntelu")
    assert device.get(STATION).status == 404
    page = desk.press(page, "Laadi todistus")
    letter = desk.client.get(page.link("Avaa todistus"))
    assert (letter.status_code, letter.mimetype) == (200, "application/pdf")
    assert letter.headers["Content-Disposition"].startswith("inline")


def test_ending_needs_the_forms_token(arrive: Callable[[], tuple[Visiting, Browser]]) -> None:
    made, device = arrive()
    device.press(device.get(visit_address(made)), "Aloita kuuntelu")
    assert device.client.post(f"{STATION}/end").status_code == 400
    assert device.client.post(f"{STATION}/end", data={"csrf_token": "x"}).status_code == 400
    assert made.events[-1] == "station_opened"
    assert device.get(STATION).h1 == "Kuuntele puhelusi"
