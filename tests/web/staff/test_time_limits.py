"""Another law's clock, the data protection officer's leave, and what the pages say of an extension or a question."""

from datetime import date, timedelta

import pytest

from portal.domain.access import Role
from portal.domain.lifecycle import Ask, OpenProceeding
from portal.services import ask_applicant, remind, send_message
from portal.services.office import Office
from portal.services.proceedings import open_proceeding
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.staff.desk import Desk, address, at_desk, at_desk_daily

REASON = "pyyntö koskee neljäätoista puhelua, joissa puhutaan useasta muusta ihmisestä"


@pytest.fixture
def made(office: Office) -> Walk:
    """A case in hand."""
    return walk(office).taken()


@pytest.fixture
def handler(app: Portal, office: Office) -> Desk:
    return at_desk_daily(app, office, make.clerk(office, "aino", Role.HANDLER))


@pytest.fixture
def dpo(app: Portal, office: Office) -> Desk:
    return at_desk_daily(app, office, make.clerk(office, "tuija", Role.DPO))


def asked(made: Walk, kind: str = "identity", *, doubt: bool = True) -> None:
    step = Ask(kind, "which call", "two calls fit", made.office.today() + timedelta(days=14), doubt=doubt)
    ask_applicant.ask_applicant(made.office, made.handler, made.filed.ref, step, made.case.moves)


def later(made: Walk, days: int) -> None:
    made.office.clock.move(days=days)  # type: ignore[attr-defined]  # the tests' clock


def test_the_route_is_decided_and_the_shorter_clock_leads(made: Walk, handler: Desk) -> None:
    page = handler().get(address("cases/{ref}", made.filed.ref))
    assert "Sovellettava laki: Tietosuoja" in page.text
    form = handler().get(address("cases/{ref}/route", made.filed.ref))
    empty = handler().press(form, "Tallenna", route="both")
    assert empty.errors == [("why", "Kirjoita, miksi valitset tämän")]
    page = handler().press(form, "Tallenna", route="both", why="pyytää myös ohjetta")
    assert "to 2.7.2026vastattava viimeistään, julkisuuslaki" in page.text
    assert "Tietosuoja-asetuksen määräpäivä on ma 20.7.2026." in page.text
    assert "Julkisuuslain mukaan vastaus annetaan viivytyksettä" in page.text
    assert "to 2.7.2026" in handler().get(address("queue")).text
    form = handler().get(address("cases/{ref}/route", made.filed.ref))
    page = handler().press(form, "Tallenna", route="both", large="y", why="paljon asiakirjoja")
    assert "Julkisuuslain määräpäivä on ma 20.7.2026." in page.text


def test_a_private_controller_has_no_other_law(app: Portal, office: Office) -> None:
    made = walk(office, register="pk_terveys").taken()
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER, register="pk_terveys"))
    assert "Sovellettava laki" not in desk.get(address("cases/{ref}", made.filed.ref, register="pk_terveys")).text
    assert desk.get(address("cases/{ref}/route", made.filed.ref, register="pk_terveys")).status == 409


def test_only_the_data_protection_officer_allows_what_is_late(made: Walk, handler: Desk, dpo: Desk) -> None:
    assert handler().get(address("cases/{ref}/late", made.filed.ref)).status == 404
    page = dpo().click(dpo().get(address("cases/{ref}", made.filed.ref)), "Salli myöhässä")
    assert [anchor for anchor, _text in dpo().press(page, "Salli").errors] == ["what-0", "reason"]
    assert "Tietosuojavastaava salli" in dpo().press(page, "Salli", what="pause", reason="pyytäjä oli matkalla").text
    assert made.case.allowed_late == ("pause",)


def test_a_late_extension_names_the_rule_keeps_the_text_and_goes_through_once_allowed(
    made: Walk, handler: Desk, dpo: Desk
) -> None:
    asked(made)
    later(made, 20)
    send_message.send_message(made.office, made.citizen, made.filed.ref, "the second one")
    later(made, 14)
    form = handler().get(address("cases/{ref}/extend", made.filed.ref))
    assert "tietosuojavastaavan sallittava (tietosuoja-asetus 12(3))" in form.text
    page = handler().press(form, "Jatka määräaikaa", reason="amount", text=REASON)
    assert page.status == 409
    assert page.value("text") == REASON
    assert made.case.extension is None
    leave = dpo().click(dpo().get(address("cases/{ref}", made.filed.ref)), "Salli myöhässä")
    dpo().press(leave, "Salli", what="extension", reason="kello seisoi pyytäjän vastausta odottaessa")
    form = handler().get(address("cases/{ref}/extend", made.filed.ref))
    assert handler().press(form, "Jatka määräaikaa", reason="amount", text=REASON).status == 200
    assert made.case.extension


def test_an_extension_twice_or_after_the_month_names_the_rule(made: Walk, handler: Desk) -> None:
    url = address("cases/{ref}/extend", made.filed.ref)
    handler().press(handler().get(url), "Jatka määräaikaa", reason="amount", text=REASON)
    page = handler().press(handler().get(url), "Jatka määräaikaa", reason="amount", text=REASON)
    assert page.status == 409
    assert "vain kerran (tietosuoja-asetus 12(3))" in page.text
    assert page.value("text") == REASON


def test_after_the_month_the_page_says_that_the_notice_would_be_void(made: Walk, handler: Desk) -> None:
    later(made, 40)
    page = handler().get(address("cases/{ref}/extend", made.filed.ref))
    assert "kuukauden kuluessa pyynnön saapumisesta (tietosuoja-asetus 12(3))" in page.text


@pytest.mark.parametrize(
    ("days", "typed", "why"),
    [
        (0, {"kind": "identity"}, "tunnistautunut vahvasti"),
        (0, {"kind": "scope"}, "suurta määrää"),
        (20, {"kind": "identity", "doubt": "y"}, "viiden päivän kuluessa"),
    ],
)
def test_a_question_that_does_not_stop_the_clock_says_why(
    made: Walk, handler: Desk, days: int, typed: dict[str, str], why: str
) -> None:
    later(made, days)
    form = handler().get(address("cases/{ref}/ask", made.filed.ref))
    page = handler().press(form, "Esikatsele", what="päivä", why="päiviä on kaksi", **typed)
    assert "Kello ei pysähdy" in page.text
    assert why in page.text
    assert "Kello pysähtyy" not in page.text


def test_the_page_tells_of_the_reminder_and_then_offers_to_close_unanswered(made: Walk, handler: Desk) -> None:
    asked(made)
    page = handler().get(address("cases/{ref}", made.filed.ref))
    assert "aikaisintaan la 18.7.2026" in page.text
    later(made, 14)
    remind.remind(made.office, made.register)
    assert "Pyytäjää on muistutettu to 2.7.2026" in handler().get(address("cases/{ref}", made.filed.ref)).text
    later(made, 16)
    page = handler().get(address("cases/{ref}", made.filed.ref))
    assert "Asian voi nyt päättää vastaamattomana" in page.text
    assert handler().click(page, "Päätä vastaamattomana").status == 200


def test_the_administrator_can_make_a_colleague_the_data_protection_officer(app: Portal, office: Office) -> None:
    make.clerk(office, "tuija", Role.HANDLER)
    desk = at_desk(app, office, make.clerk(office, "maija", Role.ADMINISTRATOR))
    page = desk.get(address("accounts"))
    assert "Tietosuojavastaava" in page.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_open_in_every_language(app: Portal, office: Office, made: Walk, language: str) -> None:
    clerk = make.clerk(office, "aino", Role.HANDLER, Role.DPO)
    desk = at_desk(app, office, clerk, language)
    for page in ("cases/{ref}", "cases/{ref}/route", "cases/{ref}/late", "cases/{ref}/extend"):
        assert desk.get(address(page, made.filed.ref, language=language)).status == 200


def test_the_question_page_says_which_clock_stands_still_and_which_runs_on(made: Walk, handler: Desk) -> None:
    form = handler().get(address("cases/{ref}/route", made.filed.ref))
    handler().press(form, "Tallenna", route="both", why="pyytää myös ohjetta")
    typed = {"kind": "identity", "what": "syntymäpaikka", "why": "nimi on kahdella", "doubt": "y"}
    page = handler().press(handler().get(address("cases/{ref}/ask", made.filed.ref)), "Esikatsele", **typed)
    assert "julkisuuslain määräaika ei keskeydy ja päättyy to 2.7.2026." in page.text
    form = handler().get(address("cases/{ref}/route", made.filed.ref))
    handler().press(form, "Tallenna", route="openness", why="pyytää vain ohjetta")
    page = handler().press(handler().get(address("cases/{ref}/ask", made.filed.ref)), "Esikatsele", **typed)
    assert "Syy: julkisuuslain määräaika ei keskeydy kysymyksen vuoksi (laki 621/1999, 14 §)." in page.text
    assert "määräaika ei keskeydy kysymyksemme vuoksi. Se päättyy 2.7.2026." in page.text


def test_a_day_that_an_authority_has_set_is_not_extended_and_the_page_says_who_may(made: Walk, handler: Desk) -> None:
    made.proposed(outcome="refused", ground="R11-2", facts="F.", assessment="A.").approved().signed()
    step = OpenProceeding("inquiry", "ombudsman", "TSV/12/2026", date(2026, 8, 31), "why")
    open_proceeding(made.office, made.handler, made.filed.ref, step, made.case.moves)
    page = handler().click(handler().get(address("cases/{ref}", made.filed.ref)), "Jatka määräaikaa")
    assert "pidennystä voi pyytää vain määräpäivän antajalta (hallintolaki 33 §)." in page.text
