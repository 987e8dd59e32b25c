"""The listening places and times: added in bulk after a look at the count, withdrawn one by one, offered in a case."""

from typing import Any

import pytest

from portal.domain.access import Role
from portal.services import book_visit, visit_slots
from portal.services.office import Office
from portal.services.visit_slots import SlotsView
from portal.web.app import Portal
from tests import make
from tests.make import TE
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

PLACE = {
    "name_fi": "Neuvontapiste", "name_sv": "Rådgivningen", "address": "Esimerkkikatu 2, Lappeenranta",
    "access_fi": "Esteetön sisäänkäynti.", "access_sv": "Tillgänglig entré.",
}  # fmt: skip
PLAN: dict[str, Any] = {
    "first": "18.6.2026", "last": "26.6.2026", "clocks": "9.00, 14.30", "minutes": "40", "seats": "2",
    "weekdays": ["0", "1", "2", "3", "4"],
}  # fmt: skip


@pytest.fixture
def clerk(office: Office) -> make.Clerk:
    return make.clerk(office, "aino", Role.HANDLER, register=TE)


@pytest.fixture
def desk(app: Portal, office: Office, clerk: make.Clerk) -> Browser:
    return at_desk(app, office, clerk)


def slots_page(desk: Browser) -> Fetched:
    return desk.get(address("slots", register=TE))


def known(office: Office, clerk: make.Clerk) -> SlotsView:
    return visit_slots.slots_view(office, clerk.actor)


def test_a_place_and_times_are_added_after_a_look_at_the_count(
    desk: Browser, office: Office, clerk: make.Clerk
) -> None:
    page = desk.click(slots_page(desk), "Lisää paikka")
    wrong = desk.press(page, "Tallenna")
    assert [anchor for anchor, _text in wrong.errors] == ["name_fi", "name_sv", "address", "access_fi", "access_sv"]
    page = desk.press(page, "Tallenna", **PLACE)
    assert "Esteetön sisäänkäynti." in page.text
    counted = desk.press(page, "Laske ajat", **PLAN)
    assert "12 aikaa" not in counted.text
    assert "13 aikaa" in counted.text, "the half past two of today is ahead, its nine is not"
    assert known(office, clerk).slots == ()
    added = desk.press(counted, "Lisää ajat", weekdays=PLAN["weekdays"])
    assert "13 aikaa edessä" in added.text
    assert {(slot.minutes, slot.seats) for slot in known(office, clerk).slots} == {(40, 2)}
    again = desk.press(desk.press(added, "Laske ajat", **PLAN), "Lisää ajat", weekdays=PLAN["weekdays"])
    assert "13 aikaa edessä" in again.text


def test_public_holidays_are_skipped_and_named(desk: Browser, office: Office) -> None:
    make.visit_slots(office)
    plan = PLAN | {"first": "2.11.2026", "last": "8.12.2026", "weekdays": ["5", "6"], "clocks": "10"}
    page = desk.press(slots_page(desk), "Laske ajat", **plan)
    assert "Pyhäpäivinä ei aikoja: su 6.12.2026" in page.text


def test_changed_boxes_are_counted_again_before_anything_is_added(
    desk: Browser, office: Office, clerk: make.Clerk
) -> None:
    make.visit_slots(office)
    counted = desk.press(slots_page(desk), "Laske ajat", **PLAN)
    page = desk.press(counted, "Lisää ajat", **PLAN | {"last": "23.6.2026"})
    assert "Lisää ajat" in [one.text for one in page.tree.iter("button")]
    assert len(known(office, clerk).slots) == len(make.VISIT_TIMES)


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ({"first": "", "last": ""}, "first"),
        ({"last": "1.6.2026"}, "last"),
        ({"first": "1.6.2026", "last": "5.6.2026"}, "last"),
        ({"last": "18.6.2027"}, "last"),
        ({"clocks": "kello yhdeksän"}, "clocks"),
        ({"clocks": "25.00"}, "clocks"),
        ({"clocks": "9", "last": "18.6.2026"}, "clocks"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "puoli tuntia"}, "minutes"),
        ({"seats": "9999"}, "seats"),
        ({"weekdays": None}, "weekdays-0"),
        ({"place": "nowhere"}, "place-0"),
        ({"last": "17.12.2026", "clocks": " ".join(f"{n}.00" for n in range(8, 16))}, "last"),
    ],
)
def test_what_makes_no_times_is_said_where_it_stands(
    desk: Browser, office: Office, clerk: make.Clerk, typed: dict[str, Any], anchor: str
) -> None:
    make.visit_slots(office)
    page = desk.press(slots_page(desk), "Laske ajat", **PLAN | typed)
    assert page.status == 422
    assert page.errors[0][0] == anchor
    assert len(known(office, clerk).slots) == len(make.VISIT_TIMES)


def test_a_place_is_changed_and_closed(desk: Browser, office: Office, clerk: make.Clerk) -> None:
    (slot,) = make.visit_slots(office, make.VISIT_TIMES[0])
    page = desk.press(desk.click(slots_page(desk), "Muuta"), "Tallenna", address="Toinen katu 3")
    assert "Toinen katu 3" in page.text
    place = desk.click(page, "Muuta")
    refused = desk.press(place, "Poista paikka käytöstä")
    assert refused.status == 409
    assert "Poista ne ensin käytöstä" in refused.text
    visit_slots.withdraw_slot(office, clerk.actor, slot, 0)
    assert "Lisää ensin paikka" in desk.press(place, "Poista paikka käytöstä").text


def invited(office: Office, desk: Browser) -> tuple[Walk, tuple[str, ...]]:
    slots = make.visit_slots(office)
    made = Walk(office, make.filed(office, register=TE), TE).taken()
    page = desk.get(address("cases/{ref}/acts", made.filed.ref, TE))
    desk.press(page, "Lähetä kutsu", **{"visit-slots": list(slots[:3])})
    return made, slots


def test_a_booked_time_asks_before_it_is_withdrawn_and_says_how_many(desk: Browser, office: Office) -> None:
    made, slots = invited(office, desk)
    asked = desk.click(slots_page(desk), "Poista käytöstä")
    assert "Kukaan ei ole varannut" in asked.text
    book_visit.book_visit(office, made.citizen, made.filed.ref, slots[0])
    again = desk.press(asked, "Poista käytöstä")
    assert again.status == 409
    assert "1 pyytäjä on varannut tämän ajan." in again.text
    assert "3 aikaa edessä" in desk.press(again, "Poista käytöstä").text
    assert made.actions[-1] == "visit_called_off"


def test_an_invitation_needs_three_times_on_different_days_and_shows_what_was_booked(
    desk: Browser, office: Office
) -> None:
    slots = make.visit_slots(office)
    made = Walk(office, make.filed(office, register=TE), TE).taken()
    page = desk.get(address("cases/{ref}/acts", made.filed.ref, TE))
    assert "eikä korvaa jäljennöstä" in page.text
    few = desk.press(page, "Lähetä kutsu", **{"visit-slots": list(slots[:2])})
    assert few.errors == [("visit-slots-0", "Valitse vähintään kolme aikaa eri päiviltä")]
    assert few.value("visit-slots") == slots[0]
    same_hour = make.visit_slots(office, *(at.replace(hour=6) for at in make.VISIT_TIMES[:3]))
    page = desk.get(address("cases/{ref}/acts", made.filed.ref, TE))
    refused = desk.press(page, "Lähetä kutsu", **{"visit-slots": list(same_hour)})
    assert refused.status == 422
    assert "samalla tunnilla" in refused.errors[0][1]
    assert made.case.visit is None
    sent = desk.press(refused, "Lähetä kutsu", **{"visit-slots": list(slots[:3])})
    assert "pyytäjä ei ole vielä valinnut aikaa" in sent.text
    book_visit.book_visit(office, made.citizen, made.filed.ref, slots[1])
    for part in ("cases/{ref}", "cases/{ref}/acts"):
        assert "to 25.6.2026 klo 14.00" in desk.get(address(part, made.filed.ref, TE)).text


def test_only_controllers_that_offer_visits_have_the_page(app: Portal, office: Office, desk: Browser) -> None:
    assert "Kuunteluajat" in [link.text for link in slots_page(desk).tree.xpath("//nav//a")]
    elsewhere = at_desk(app, office, make.clerk(office, "eino", Role.HANDLER))
    assert elsewhere.get(address("slots")).status == 404
    assert "Kuunteluajat" not in [link.text for link in elsewhere.get(address("queue")).tree.xpath("//nav//a")]
    ref = Walk(office, make.filed(office), "espoo").taken().filed.ref
    assert "Kutsu kuuntelemaan" not in elsewhere.get(address("cases/{ref}/acts", ref)).text


def test_who_may_not_decide_may_not_arrange(app: Portal, office: Office) -> None:
    listener = at_desk(app, office, make.clerk(office, "kuuno", Role.LISTENER, register=TE))
    assert listener.get(address("slots", register=TE)).status == 404


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_open_in_every_language(app: Portal, office: Office, clerk: make.Clerk, language: str) -> None:
    (slot,) = make.visit_slots(office, make.VISIT_TIMES[0])
    desk = at_desk(app, office, clerk, language)
    for part in ("slots", "slots/place", f"slots/place/{make.place().id}", f"slots/time/{slot}/withdraw"):
        assert desk.get(address(part, register=TE, language=language)).status == 200
