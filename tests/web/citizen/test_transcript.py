"""The call as text: wished for in the request, read and kept from the answer."""

from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services.file_request import Filed
from portal.services.office import Office
from portal.services.transcribe import write_transcript
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.citizen.steps import call_page, check_page, fill, ref_of
from tests.web.client import Browser, entered

TALK = "Asiakaspalvelija: Espoon vaihde.\nSoittaja: <b>Hei</b>."


def answered(office: Office) -> Walk:
    made = walk(office, make.request(Right.ACCESS, wishes=Wishes(transcript=True))).taken().heard()
    write_transcript(office, made.listener, made.filed.ref, made.recordings[0], TALK, complete=True, seen="")
    made.proposed(outcome="granted").approved().signed()
    runner.drain(office)
    return made


def test_the_wish_is_asked_shown_for_checking_and_filed(citizen: Browser, office: Office) -> None:
    page = check_page(citizen, transcript="y")
    assert "TekstiversioKyllä" in page.text
    receipt = citizen.press(page, "Lähetä pyyntö")
    case = Walk(office, Filed(ref_of(receipt), "", again=False), "espoo").case
    assert case.wishes.transcript
    assert "TekstiversioKyllä" in citizen.get(f"/fi/espoo/cases/{case.ref}").text


def test_the_wish_is_kept_when_the_page_is_opened_again(citizen: Browser) -> None:
    check_page(citizen, transcript="y")
    assert citizen.get("/fi/espoo/request/details").value("transcript") == "y"


def test_only_an_access_has_the_wish(citizen: Browser) -> None:
    page = citizen.click(fill(citizen, call_page(citizen, "erasure")), "Jatka")
    assert page.tree.xpath('//*[@name="transcript"]') == []
    assert page.tree.xpath('//*[@name="copy_first"]')


def test_the_answer_shows_the_text_and_gives_it_as_a_file(citizen: Browser, office: Office) -> None:
    made = answered(office)
    page = citizen.get(f"/fi/espoo/cases/{made.filed.ref}/reply")
    assert "Soittaja: <b>Hei</b>." in page.text
    file = citizen.client.get(page.link("Lataa tekstiversio (TXT)"))
    assert file.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{made.filed.ref}-1.txt"'
    assert file.data.decode().endswith(f"\n\n{TALK}\n")
    assert "Latasit tekstiversion" in citizen.get(f"/fi/espoo/cases/{made.filed.ref}").text


def test_an_answer_without_the_wish_has_no_text(citizen: Browser, office: Office) -> None:
    made = walk(office).taken().heard().proposed(outcome="granted").approved().signed()
    page = citizen.get(f"/fi/espoo/cases/{made.filed.ref}/reply")
    assert "Lataa tekstiversio" not in page.text
    assert citizen.client.get(f"/fi/espoo/cases/{made.filed.ref}/text/1").status_code == 404


def test_nobody_elses_text_is_given(app: Portal, office: Office) -> None:
    made = answered(office)
    who = make.identified("Eero Esimerkkilä", "040387-913K")
    make.filed(office, who=who)
    stranger = entered(app, office, who)
    assert stranger.client.get(f"/fi/espoo/cases/{made.filed.ref}/text/1").status_code == 404
