"""Booking a time for listening on site: chosen, changed and given back alone; who comes too late loses nothing."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from portal.domain.representation import Kind, Representative
from portal.services import book_visit, visit_slots, visits
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.make import TE
from tests.services.walk import Walk
from tests.web.client import Browser, Fetched, entered

OTHER = make.identified("Eero Esimerkkilä", "040387-913H")


class Invited:
    """A case whose person has been invited to three of four times."""

    def __init__(self, office: Office) -> None:
        self.slots = make.visit_slots(office)
        self.walk = Walk(office, make.filed(office, register=TE), TE).taken()
        self.office = office
        self.offer(*self.slots[:3])

    def offer(self, *slots: str) -> None:
        made = self.walk
        visits.offer_visit(self.office, made.handler, made.filed.ref, slots, made.case.moves)

    def at(self, part: str = "", language: str = "fi") -> str:
        return f"/{language}/{TE}/cases/{self.walk.filed.ref}{part}"

    def taken_by_another(self, slot: str) -> None:
        """Another person of the same register was quicker."""
        made = Walk(self.office, make.filed(self.office, who=OTHER, register=TE), TE).taken()
        others = make.visit_slots(self.office, *(at + timedelta(days=20) for at in make.VISIT_TIMES[:3]))
        visits.offer_visit(self.office, made.handler, made.filed.ref, others, made.case.moves)
        book_visit.book_visit(self.office, made.citizen, made.filed.ref, slot)


@pytest.fixture
def made(office: Office) -> Invited:
    return Invited(office)


def choose_page(citizen: Browser, made: Invited) -> Fetched:
    return citizen.click(citizen.get(made.at()), "Valitse aika")


def booked_page(citizen: Browser, made: Invited, n: int = 0) -> Fetched:
    return citizen.press(choose_page(citizen, made), "Varaa aika", time=made.slots[n])


def test_a_time_is_chosen_shown_changed_and_given_back(made: Invited, citizen: Browser) -> None:
    assert "Saat kopion ilman käyntiäkin." in citizen.get(made.at()).text
    form = choose_page(citizen, made)
    for told in (
        "tiistai 23.6.2026 klo 12.00", "Neuvontapiste", "Esimerkkikatu 2", "Esteetön sisäänkäynti.", "40 minuuttia",
        "Passi", "Emme kopioi asiakirjaa.", "avustaja tai tulkki", "myös ilman käyntiä",
    ):  # fmt: skip
        assert told in form.text
    assert citizen.press(form, "Varaa aika").errors == [("time-0", "Valitse aika")]
    shown = citizen.press(form, "Varaa aika", time=made.slots[0])
    assert shown.h1.endswith("Kuunteluaika")
    for told in ("tiistai 23.6.2026 klo 12.00", "Esimerkkikatu 2", "Esteetön sisäänkäynti.", "Passi", "tulkki"):
        assert told in shown.text
    changing = citizen.click(shown, "Vaihda aika")
    assert "Se vapautuu, kun varaat toisen ajan." in changing.text
    changed = citizen.press(changing, "Varaa aika", time=made.slots[1])
    assert "torstai 25.6.2026 klo 14.00" in changed.text
    assert "Varasit ajan: torstai 25.6.2026" in citizen.get(made.at()).text
    after = citizen.press(citizen.click(changed, "Peru aika"), "Peru aika")
    assert "Peruit kuunteluajan" in after.body
    assert citizen.click(after, "Valitse aika").status == 200


def test_a_time_gone_meanwhile_is_said_and_the_others_are_shown(made: Invited, citizen: Browser) -> None:
    form = choose_page(citizen, made)
    made.taken_by_another(made.slots[0])
    page = citizen.press(form, "Varaa aika", time=made.slots[0])
    assert page.status == 409
    assert page.errors == [("time-0", "Aika ehdittiin varata. Valitse toinen aika")]
    assert made.slots[0] not in page.body
    assert "torstai 25.6.2026" in citizen.press(page, "Varaa aika", time=made.slots[1]).text


def test_none_of_them_shows_the_other_free_times_and_then_leads_to_staff(made: Invited, citizen: Browser) -> None:
    form = choose_page(citizen, made)
    assert made.slots[3] not in form.body
    others = citizen.click(form, "Mikään ei sovi")
    assert citizen.click(others, "kirjoita meille").h1.endswith("Lähetä viesti")
    assert "keskiviikko 1.7.2026 klo 16.00" in citizen.press(others, "Varaa aika", time=made.slots[3]).text


def test_without_any_free_time_the_person_is_asked_to_write(made: Invited, citizen: Browser) -> None:
    for slot in made.slots:
        visit_slots.withdraw_slot(made.office, made.walk.handler, slot, 0)
    page = choose_page(citizen, made)
    assert "Vapaita aikoja ei ole nyt" in page.text
    assert citizen.click(page, "Kirjoita meille").status == 200


def test_a_time_that_the_controller_took_back_is_told_and_chosen_anew(made: Invited, citizen: Browser) -> None:
    booked_page(citizen, made)
    visit_slots.withdraw_slot(made.office, made.walk.handler, made.slots[0], 1)
    page = citizen.get(made.at())
    assert "Jouduimme perumaan ajan" in page.text
    assert "Jouduimme perumaan ajan" in citizen.click(page, "Valitse aika").text


def test_the_calendar_file_is_neutral_and_follows_the_booking(made: Invited, citizen: Browser) -> None:
    assert citizen.get(made.at("/visit/calendar.ics")).status == 404
    file = citizen.click(booked_page(citizen, made), "Lisää kalenteriin")
    assert file.response.mimetype == "text/calendar"
    assert "appointment.ics" in file.response.headers["Content-Disposition"]
    assert "no-store" in file.response.headers["Cache-Control"]
    entry = Calendar.from_ical(file.response.get_data())
    assert entry.events[0].start.isoformat() == "2026-06-23T12:00:00+03:00"
    citizen.press(citizen.get(made.at("/visit/cancel")), "Peru aika")
    gone = Calendar.from_ical(citizen.get(made.at("/visit/calendar.ics")).response.get_data())
    assert (gone["method"], gone.events[0]["uid"]) == ("CANCEL", entry.events[0]["uid"])


def test_who_was_not_invited_is_led_to_the_case(office: Office, citizen: Browser) -> None:
    ref = make.filed(office, register=TE).ref
    for part in ("/visit", "/visit/choose", "/visit/cancel"):
        assert citizen.get(f"/fi/{TE}/cases/{ref}{part}").h1 == f"Pyyntö {ref}"


def test_a_booking_that_is_over_waits_to_be_marked(made: Invited, app: Portal, clock: make.Clock) -> None:
    booked_page(entered(app, made.office, make.identified()), made)
    clock.move(days=6)
    later = entered(app, made.office, make.identified(at=clock()))
    page = later.get(made.at("/visit/choose"))
    assert "Varaamasi aika on jo ollut." in page.text
    assert not page.tree.xpath('//main//a[contains(@href,"calendar.ics")]')


def test_who_acts_for_another_books_only_once_staff_have_allowed_it(office: Office, citizen: Browser) -> None:
    acting = Representative(Kind.MANDATE, "Aava Esimerkki", ground="Valtakirja 1.6.2026", on_site=True)
    make.visit_slots(office)
    ref = make.filed(office, make.request(representative=acting), register=TE).ref
    assert citizen.get(f"/fi/{TE}/cases/{ref}/visit/choose").h1 == f"Pyyntö {ref}"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_open_in_every_language(made: Invited, citizen: Browser, language: str) -> None:
    assert citizen.get(made.at("/visit/choose", language)).status == 200
    booked_page(citizen, made)
    assert citizen.get(made.at("/visit", language)).status == 200
