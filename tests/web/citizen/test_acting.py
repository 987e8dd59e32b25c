"""What a person can do with their request and its answer: narrow, answer a fee, complain, ask again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.access import SYSTEM, Actor
from portal.domain.case import Act, CostLine, State
from portal.domain.decisions import Outcome
from portal.domain.events import TO_CITIZEN
from portal.domain.lifecycle import ApproveAct, Ask, OpenProceeding, ProposeAct, Remind, Step
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services.ask_applicant import ask_applicant
from portal.services.office import Office
from portal.services.proceedings import open_proceeding
from portal.services.step import opened, take_step
from portal.services.take_up import take_up
from portal.web.app import Portal
from portal.web.citizen.case import HANDLED
from tests import make
from tests.services.walk import Walk
from tests.web.citizen.answers import Desk
from tests.web.citizen.steps import AT, CALL, call_page, fill, ref_of, send
from tests.web.client import Browser, entered

REASONS = {"ground": "R11-2", "facts": "Ääni on toisen.", "assessment": "Henkilöä ei voida tunnistaa."}
FEE = Act(
    "fee", "sama pyyntö viidennen kerran", ground="R12-5E", facts="Viisi pyyntöä vuodessa.",
    assessment="Pyyntö on kohtuuton.", lines=(CostLine("Kopiointi", 1250), CostLine("Postitus", 205)),
)  # fmt: skip


@pytest.fixture
def desk(office: Office, citizen: Browser) -> Desk:
    """A request that is in hand."""
    made = Desk(office, ref_of(send(citizen)))
    take_up(office, made.first, made.ref, made.case.moves)
    return made


@pytest.fixture
def refused(desk: Desk) -> Desk:
    """A request that has been refused."""
    desk.answered(Outcome.REFUSED, **REASONS)
    return desk


def taken(desk: Desk, step: Step, actor: Actor | None = None) -> None:
    """A step by staff, without its letter."""
    with desk.office.writing() as work:
        take_step(desk.office, work, opened(work, desk.ref, actor or desk.first), step, actor or desk.first)


def page_of(citizen: Browser, desk: Desk, part: str = "") -> Any:
    return citizen.get(f"{AT}/cases/{desk.ref}{part}")


# --- narrowing -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two_calls(office: Office, citizen: Browser) -> str:
    """The reference of a request about two calls."""
    first = fill(citizen, call_page(citizen))
    second = fill(citizen, citizen.click(first, "Lisää toinen puhelu"), day="9.6.2026")
    details = citizen.click(second, "Jatka")
    return ref_of(citizen.press(citizen.press(details, "Jatka"), "Lähetä pyyntö"))


def test_a_call_is_left_out_of_the_request(two_calls: str, citizen: Browser) -> None:
    form = citizen.click(citizen.get(f"{AT}/cases/{two_calls}"), "Rajaa pyyntöä")
    boxes = form.tree.xpath('//input[@name="calls"]')
    assert [box.get("checked") is not None for box in boxes] == [True, True]
    after = citizen.press(form, "Tallenna rajaus", calls="2")
    assert "Rajasit pyyntöä" in after.text
    assert "9.6.2026" in after.text
    assert "16.6.2026" not in after.text
    assert "Rajaa pyyntöä" not in after.text


@pytest.mark.parametrize(
    ("calls", "words"), [([], "Valitse ainakin yksi puhelu"), (["1", "2"], "Poista valinta puhelulta")]
)
def test_leaving_out_nothing_or_everything_is_no_narrowing(
    two_calls: str, citizen: Browser, calls: list[str], words: str
) -> None:
    form = citizen.get(f"{AT}/cases/{two_calls}/narrow")
    page = citizen.press(form, "Tallenna rajaus", calls=calls)
    assert page.status == 422
    assert words in page.errors[0][1]


def test_a_request_about_one_call_is_not_narrowed(desk: Desk, citizen: Browser) -> None:
    assert "Rajaa pyyntöä" not in page_of(citizen, desk).text
    assert page_of(citizen, desk, "/narrow").h1 == f"Pyyntö {desk.ref}"


# --- the open question ---------------------------------------------------------------------------------------------


def test_a_reminder_is_told_beside_the_question(desk: Desk, citizen: Browser, clock: make.Clock) -> None:
    ask = Ask("call", "Mihin aikaan soitit?", "puheluita on monta", desk.office.today() + timedelta(days=20))
    ask_applicant(desk.office, desk.first, desk.ref, ask, desk.case.moves)
    assert "Muistutimme" not in page_of(citizen, desk).text
    taken(desk, Remind(), SYSTEM)
    assert "Muistutimme sinua 18.6.2026." in page_of(citizen, desk).text


# --- fees and visits -----------------------------------------------------------------------------------------------


def announced(desk: Desk) -> None:
    taken(desk, ProposeAct(replace(FEE, reply_by=desk.office.today() + timedelta(days=14))))
    taken(desk, ApproveAct("fee"), desk.second)


def test_a_fee_that_one_person_has_written_is_not_yet_announced(desk: Desk, citizen: Browser) -> None:
    taken(desk, ProposeAct(replace(FEE, reply_by=desk.office.today() + timedelta(days=14))))
    assert "maksun" not in page_of(citizen, desk).text
    assert page_of(citizen, desk, "/fee").h1 == f"Pyyntö {desk.ref}"


@pytest.mark.parametrize(("answer", "words"), [("yes", "Hyväksyit maksun, 14,55 €."), ("no", "Et hyväksynyt maksua.")])
def test_an_announced_fee_is_answered(desk: Desk, citizen: Browser, answer: str, words: str) -> None:
    announced(desk)
    page = page_of(citizen, desk)
    assert "Aiomme periä pyynnön käsittelystä maksun, 14,55 €." in page.text
    form = citizen.click(page, "Vastaa maksuun")
    for told in ("12,50 €", "2,05 €", "14,55 €", "Viisi pyyntöä vuodessa.", "ennen kuin hyväksyt", "kuluu koko ajan"):
        assert told in form.text
    assert citizen.press(form, "Lähetä vastaus").errors == [("accepted-0", "Valitse, hyväksytkö maksun")]
    after = citizen.press(form, "Lähetä vastaus", accepted=answer)
    assert words in after.text
    assert page_of(citizen, desk, "/fee").h1 == f"Pyyntö {desk.ref}"


def test_a_fee_is_written_as_the_language_writes_it(desk: Desk, citizen: Browser) -> None:
    announced(desk)
    assert "14,55 €" in citizen.get(f"/sv/espoo/cases/{desk.ref}/fee").text


# --- after the answer ----------------------------------------------------------------------------------------------


def test_a_message_after_the_answer_is_kept_and_says_what_it_does(refused: Desk, citizen: Browser) -> None:
    form = citizen.click(page_of(citizen, refused, "/reply"), "Lähetä viesti")
    assert "Annettu vastaus ei muutu viestillä" in form.text
    after = citizen.press(form, "Lähetä viesti", text="Se on minun ääneni.")
    assert "Se on minun ääneni." in after.text
    assert refused.case.state is State.ANSWERED


def test_a_complaint_is_told_once_and_keeps_the_recordings(refused: Desk, citizen: Browser) -> None:
    form = citizen.click(page_of(citizen, refused, "/reply"), "Kerro, että olet valittanut")
    assert "Tämä ei ole valitus" in form.text
    assert citizen.press(form, "Kerro valituksesta").errors == [("body-0", "Valitse, mihin olet valittanut")]
    citizen.press(form, "Kerro valituksesta", body="administrative_court")
    after = citizen.press(form, "Kerro valituksesta", body="administrative_court")
    assert "Olet kertonut valittaneesi: Hallinto-oikeus." in after.text
    assert len(refused.case.proceedings) == 1
    other = citizen.press(form, "Kerro valituksesta", body="other")
    assert other.errors == [("name", "Kirjoita viranomaisen tai tuomioistuimen nimi")]
    assert (
        "Eduskunnan" in citizen.press(form, "Kerro valituksesta", body="other", name="Eduskunnan oikeusasiamies").text
    )


@pytest.mark.parametrize(("register", "offered"), [("espoo", True), ("pk_terveys", False)])
def test_an_appeal_to_the_administrative_court_is_offered_against_authorities_only(
    office: Office, app: Portal, register: str, offered: bool
) -> None:
    made = Walk(office, make.filed(office, register=register), register)
    made.taken().proposed(outcome="no_recording").signed()
    page = entered(app, office, make.identified()).get(f"/fi/{register}/cases/{made.filed.ref}/complaint")
    assert ("Hallinto-oikeus" in page.text) == offered


def test_asking_again_begins_a_request_with_the_same_calls(refused: Desk, citizen: Browser) -> None:
    page = citizen.click(page_of(citizen, refused, "/reply"), "Pyydä uudelleen samoista puheluista")
    assert "tiistai 16.6.2026" in page.text
    right = citizen.press(page, "Aloita uusi pyyntö")
    assert right.h1 == "Mitä pyydät?"
    calls = citizen.press(citizen.press(right, "Jatka", right="erasure"), "Jatka", caller="self")
    assert "16.6.2026" in calls.text
    receipt = citizen.press(citizen.press(citizen.click(calls, "Jatka"), "Jatka"), "Lähetä pyyntö")
    first, refused.ref = refused.case.calls, ref_of(receipt)
    assert refused.case.calls == first
    assert refused.case.right is Right.ERASURE


@pytest.mark.parametrize(
    "call",
    [
        {"day": "", "day_sureness": "unknown", "earliest": "1.6.2026", "latest": "10.6.2026"},
        {"time": "", "time_sureness": "morning", "own": "", "withheld": "y"},
        {"own": "", "own_unknown": "y", "called": "unknown"},
        {"called": "other", "called_other": "09 123 4567", "other_phone": "y"},
    ],
)
def test_a_call_is_the_same_when_it_is_asked_again(office: Office, citizen: Browser, call: dict[str, str]) -> None:
    receipt = send(citizen, call=CALL | call)
    desk = Desk(office, ref_of(receipt))
    first: tuple[Any, ...] = desk.case.calls
    citizen.press(citizen.get(f"{AT}/cases/{desk.ref}/withdraw"), "Peruuta pyyntö")
    right = citizen.press(citizen.get(f"{AT}/cases/{desk.ref}/again"), "Aloita uusi pyyntö")
    calls = citizen.press(citizen.press(right, "Jatka", right="access"), "Jatka", caller="self")
    receipt = citizen.press(citizen.press(citizen.click(calls, "Jatka"), "Jatka"), "Lähetä pyyntö")
    desk.ref = ref_of(receipt)
    assert desk.case.calls == first


def test_an_unsent_request_is_not_lost_without_a_word(refused: Desk, citizen: Browser) -> None:
    fill(citizen, call_page(citizen))
    page = page_of(citizen, refused, "/again")
    assert "Se korvautuu tällä uudella." in page.text
    assert "Jatka keskeneräistä" in page.text


def test_an_open_request_is_not_asked_again(desk: Desk, citizen: Browser) -> None:
    assert page_of(citizen, desk, "/again").h1 == f"Pyyntö {desk.ref}"
    assert page_of(citizen, desk, "/complaint").h1 == f"Pyyntö {desk.ref}"


def test_a_withdrawal_is_confirmed_by_a_letter(desk: Desk, citizen: Browser) -> None:
    citizen.press(page_of(citizen, desk, "/withdraw"), "Peruuta pyyntö")
    runner.drain(desk.office)
    page = page_of(citizen, desk)
    assert "Peruutuksen vahvistus" in page.text
    assert citizen.client.get(page.link("Peruutuksen vahvistus")).data.startswith(b"%PDF-")


# --- in hand again -------------------------------------------------------------------------------------------------


def test_a_case_in_hand_again_shows_its_own_day_and_the_earlier_answer(refused: Desk, citizen: Browser) -> None:
    step = OpenProceeding("inquiry", "ombudsman", "TSV/1", refused.office.today() + timedelta(days=40), "miksi")
    open_proceeding(refused.office, refused.first, refused.ref, step, refused.case.moves)
    page = page_of(citizen, refused)
    assert "Asia on uudelleen käsiteltävänä" in page.text
    assert "tiistaina 28.7.2026" in page.text
    earlier = citizen.click(page, "Avaa aiempi vastaus")
    assert "Tämä on aiempi vastauksemme." in earlier.text
    assert "Vastattu 18.6.2026" in earlier.text
    assert citizen.client.get(earlier.tree.xpath('//section[@aria-labelledby="letter"]//a/@href')[0]).status_code == 200
    assert "tiistaina 28.7.2026" in citizen.get(f"{AT}/cases").text


def test_the_answer_to_a_closing_for_want_of_it_takes_the_case_up_again(
    desk: Desk, app: Portal, clock: make.Clock
) -> None:
    ask = Ask("identity", "Mistä numerosta soitit?", "ääni on epäselvä", desk.office.today() + timedelta(days=14))
    ask_applicant(desk.office, desk.first, desk.ref, ask, desk.case.moves)
    clock.move(days=31)
    desk.answered(Outcome.NO_REPLY, **REASONS)
    later = entered(app, desk.office, make.identified(at=clock()))
    page = page_of(later, desk, "/reply")
    assert "Päätimme asian, koska kysymykseemme ei vastattu." in page.text
    form = later.click(page, "Vastaa kysymykseemme")
    assert "otamme asian uudelleen käsittelyyn" in form.text
    after = later.press(form, "Lähetä viesti", text="040 123 4567")
    assert "Vastasit, ja asia otettiin uudelleen käsittelyyn" in after.text
    assert "040 123 4567" in after.text
    assert desk.case.state is State.IN_HAND


# --- who handled it ------------------------------------------------------------------------------------------------


def test_everything_that_staff_do_in_the_open_has_its_words() -> None:
    by_others = {
        "request_received", "message_received", "question_answered", "letter_read", "copy_played", "copy_downloaded",
        "request_withdrawn", "reminder_sent", "request_narrowed", "consent_withdrawn", "fee_answered",
        "visit_booked", "visit_moved", "visit_cancelled", "visit_reminded", "station_played",
        "restriction_lifted", "complaint_told", "case_reopened", "copy_kept", "transcript_downloaded",
        "document_attached", "document_removed", "number_proved", "contact_chosen", "contact_failed", "files_reminded",
        "copy_revoked_again",
    }  # fmt: skip
    assert TO_CITIZEN - by_others == set(HANDLED)
