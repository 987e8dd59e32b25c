"""Accessibility feedback: given without signing in, answered by staff within fourteen days."""

from datetime import date

from portal.domain.words import Language
from portal.services import give_feedback
from portal.services.office import Office
from portal.store.tables import feedback
from tests.web.client import Browser


def test_anyone_may_say_what_does_not_work_and_the_clock_starts(visitor: Browser, office: Office) -> None:
    statement = visitor.get("/fi/espoo/accessibility")
    page = visitor.click(statement, "Anna palautetta saavutettavuudesta")
    thanks = visitor.press(page, "Lähetä palaute", text="Soitin ei toimi näppäimillä", reply_to="soili@example.fi")
    assert thanks.h1 == "Kiitos palautteesta"
    with office.reading() as work:
        (one,) = work.feedback.of("espoo")
    assert (one.text, one.reply_to, one.due) == ("Soitin ei toimi näppäimillä", "soili@example.fi", date(2026, 7, 2))


def test_the_time_ends_on_the_fourteenth_day_and_is_planned_before_a_holiday(visitor: Browser, office: Office) -> None:
    given = give_feedback.give_feedback(office, "espoo", "x", "", Language.FI)
    assert given.due == date(2026, 7, 2)
    late = type(given)("a", "espoo", "x", "", "fi", given.received_at, date(2026, 6, 5))
    assert (late.due, late.plan_on) == (date(2026, 6, 19), date(2026, 6, 18))  # Midsummer Eve


def test_an_empty_message_is_refused_and_the_address_kept(visitor: Browser) -> None:
    page = visitor.press(visitor.get("/sv/espoo/accessibility/feedback"), "Skicka responsen", reply_to="09 1234")
    assert page.status == 422
    assert page.value("reply_to") == "09 1234"
    assert page.errors


def test_a_flood_is_stopped_and_said(visitor: Browser, office: Office) -> None:
    for _n in range(200):
        give_feedback.give_feedback(office, "espoo", "x", "", Language.FI)
    page = visitor.press(visitor.get("/fi/espoo/accessibility/feedback"), "Lähetä palaute", text="vielä yksi")
    assert page.status == 429
    assert "Yritä huomenna uudelleen" in page.text
    assert "vielä yksi" in page.text


def test_what_is_written_is_sealed_in_the_database(visitor: Browser, office: Office) -> None:
    give_feedback.give_feedback(office, "espoo", "kuulolaite", "soili@example.fi", Language.FI)
    with office.book.engine.connect() as connection:  # type: ignore[attr-defined]  # the store's Book
        (row,) = connection.execute(feedback.select())
    assert b"kuulolaite" not in row.sealed


def test_answered_feedback_is_removed_after_half_a_year(office: Office) -> None:
    given = give_feedback.give_feedback(office, "espoo", "x", "", Language.FI)
    with office.writing() as work:
        work.feedback.answered("espoo", given.id, office.now())
        assert work.feedback.sweep(given.received_on) == 0
        assert work.feedback.sweep(date(2027, 1, 1)) == 1
