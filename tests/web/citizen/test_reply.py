"""The answer: heard, downloaded and read by its applicant, freshly identified, each recorded once."""

from datetime import timedelta

import pytest

from portal.domain.decisions import Outcome
from portal.domain.lifecycle import Ask
from portal.services.acknowledge import acknowledge
from portal.services.ask_applicant import ask_applicant
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.web.citizen.answers import Desk
from tests.web.citizen.steps import AT, ref_of, send
from tests.web.client import Browser, entered

REASONS = {
    "ground": "R15-4",
    "facts": "Puhelussa kuuluu toisen ihmisen asia.",
    "assessment": "Toisen oikeudet painavat tässä enemmän.",
}


@pytest.fixture
def desk(office: Office, citizen: Browser) -> Desk:
    """A request whose call has been found."""
    [recording] = make.recorded(office, make.segment())
    made = Desk(office, ref_of(send(citizen)))
    made.found(recording)
    return made


def actions(desk: Desk) -> list[str]:
    with desk.office.reading() as work:
        return [entry.action for entry in work.cases.timeline(desk.case)]


def test_a_granted_call_is_heard_downloaded_and_explained(desk: Desk, citizen: Browser) -> None:
    desk.answered(Outcome.GRANTED)
    listed = citizen.get(f"{AT}/cases")
    assert "Vastaus on valmis" in listed.text
    page = citizen.click(listed, "Avaa vastaus")
    assert page.h1 == "Vastaus pyyntöösi"
    assert "Hyväksymme pyyntösi." in page.text
    assert "Noudettavissa" in page.text
    source = page.tree.find(".//audio/source").get("src")
    whole = citizen.client.get(source)
    assert (whole.status_code, whole.mimetype) == (200, "audio/mpeg")
    part = citizen.client.get(source, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    again = citizen.client.get(source, headers={"Range": "bytes=0-"})
    assert again.status_code == 206
    file = citizen.client.get(page.link("Lataa äänitiedosto (MP3)"))
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.data == whole.data
    assert (actions(desk).count("copy_played"), actions(desk).count("copy_downloaded")) == (1, 1)


def test_the_letter_is_read_as_a_page_and_kept_as_a_file(desk: Desk, citizen: Browser) -> None:
    desk.answered(Outcome.GRANTED)
    page = citizen.get(f"{AT}/cases/{desk.ref}/reply")
    assert page.tree.xpath('//article[@class="letter"]'), "the letter's own words"
    letter = citizen.client.get(page.tree.xpath('//section[@aria-labelledby="letter"]//a/@href')[0])
    assert letter.mimetype == "application/pdf"
    assert letter.data.startswith(b"%PDF-")
    assert "Soittola" not in letter.headers["Content-Disposition"]
    assert "letter_read" in actions(desk)


def test_a_refusal_has_its_reasons_and_a_way_on(desk: Desk, citizen: Browser) -> None:
    desk.answered(Outcome.REFUSED, **(REASONS | {"ground": "TSL34-2"}))
    page = citizen.get(f"{AT}/cases/{desk.ref}/reply")
    assert "Emme hyväksy pyyntöäsi." in page.text
    for words in (REASONS["facts"], REASONS["assessment"], "tietosuojalaki (1050/2018)", "Tee valitus", "hallinto-oik"):
        assert words in page.text
    assert page.tree.find(".//audio") is None
    assert citizen.client.get(f"{AT}/cases/{desk.ref}/audio/1").status_code == 404


def test_a_partial_grant_says_what_was_left_out(desk: Desk, citizen: Browser) -> None:
    desk.answered(Outcome.PARTLY, left_out="kohta 0.10–0.20", **REASONS)
    page = citizen.get(f"{AT}/cases/{desk.ref}/reply")
    assert "Hyväksymme pyyntösi osittain." in page.text
    assert "kohta 0.10–0.20" in page.text
    assert "0.00–0.01, yhteensä 1 s" in page.text.replace("\xa0", " ")
    assert page.tree.xpath('//*[local-name()="rect"][@class="gap"]'), "the picture shows where"


def test_opening_asks_for_a_fresh_identification(desk: Desk, app: Portal, office: Office, clock: make.Clock) -> None:
    desk.answered(Outcome.GRANTED)
    old = entered(app, office, make.identified(at=clock() - timedelta(minutes=16)))
    for part in ("reply", "audio/1", "file/1", "letter/x"):
        answer = old.client.get(f"{AT}/cases/{desk.ref}/{part}")
        assert answer.status_code == 303, part
        assert answer.headers["Location"] == f"{AT}/sign-in?to={AT}/cases/{desk.ref}/reply", part
    assert old.get(f"{AT}/cases/{desk.ref}").status == 200


def test_what_was_opened_stays_open_while_the_session_lasts(desk: Desk, citizen: Browser, clock: make.Clock) -> None:
    desk.answered(Outcome.GRANTED)
    citizen.get(f"{AT}/cases/{desk.ref}/reply")
    clock.move(minutes=14)
    citizen.get(f"{AT}/cases")
    clock.move(minutes=2)
    assert citizen.client.get(f"{AT}/cases/{desk.ref}/audio/1").status_code == 200


def test_the_letter_stays_when_the_files_are_gone(desk: Desk, app: Portal, office: Office, clock: make.Clock) -> None:
    desk.answered(Outcome.GRANTED)
    clock.move(days=70)
    later = entered(app, office, make.identified(at=clock()))
    page = later.get(f"{AT}/cases/{desk.ref}/reply")
    assert "noutoaika on päättynyt" in page.text
    assert page.tree.find(".//audio") is None
    assert later.client.get(f"{AT}/cases/{desk.ref}/audio/1").status_code == 404


def test_before_the_answer_its_page_is_the_requests_own(citizen: Browser) -> None:
    ref = ref_of(send(citizen))
    assert citizen.get(f"{AT}/cases/{ref}/reply").h1 == f"Pyyntö {ref}"


def test_a_question_is_asked_prominently_and_answered(office: Office, citizen: Browser) -> None:
    desk = Desk(office, ref_of(send(citizen)))
    take_up(office, desk.first, desk.ref, desk.case.moves)
    ask = Ask("call", "Mihin aikaan soitit?", "puheluita on monta", office.today() + timedelta(days=14))
    ask_applicant(office, desk.first, desk.ref, ask, desk.case.moves)
    page = citizen.get(f"{AT}/cases/{desk.ref}")
    assert "Tarvitsemme sinulta vastauksen" in page.text
    form = citizen.click(page, "Vastaa kysymykseemme")
    assert citizen.press(form, "Lähetä viesti", text="  ").errors == [("text", "Kirjoita viesti")]
    after = citizen.press(form, "Lähetä viesti", text="Noin kello 14.")
    assert "Sinulta ei tarvita nyt mitään." in after.text
    assert "Noin kello 14." in after.text
    assert "Tietosuojakäsittelijä pyysi lisätietoja" in after.text
    assert "Malla" not in after.body


def test_too_long_a_message_is_kept_and_counted(citizen: Browser) -> None:
    form = citizen.get(f"{AT}/cases/{ref_of(send(citizen))}/message")
    page = citizen.press(form, "Lähetä viesti", text="a" * 4001)
    assert page.errors == [("text", "Lyhennä tekstiä: enintään 4000 merkkiä, nyt 4001")]
    assert page.value("text") == "a" * 4001


def test_withdrawing_asks_once_more(citizen: Browser) -> None:
    ref = ref_of(send(citizen))
    asked = citizen.click(citizen.get(f"{AT}/cases/{ref}"), "Peruuta pyyntö")
    after = citizen.press(asked, "Peruuta pyyntö")
    assert "Peruutettu" in after.text
    stale = citizen.press(asked, "Peruuta pyyntö")
    assert (stale.status, stale.h1) == (409, "Tiedot muuttuivat, kun sivu oli auki")


def test_the_acknowledgement_can_be_downloaded_from_the_receipt(office: Office, citizen: Browser) -> None:
    ref = ref_of(send(citizen))
    acknowledge(office, Desk(office, ref).case.id)
    receipt = citizen.get(f"{AT}/request/received/{ref}")
    answer = citizen.client.get(receipt.link("Lataa yhteenveto (PDF)"))
    assert answer.data.startswith(b"%PDF-")
    assert "Vastaanottoilmoitus" in citizen.get(f"{AT}/cases/{ref}").text
