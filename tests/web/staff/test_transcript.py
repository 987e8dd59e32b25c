"""Writing a call down: only for who asked for it, kept at every save, and lacking until it is word for word."""

import io
from dataclasses import replace

import pytest

from portal.adapters.audio.transcriber import CommandTranscriber
from portal.domain import events
from portal.domain.access import SYSTEM, Role
from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.domain.transcript import Transcript
from portal.services.office import Office
from portal.services.step import record
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

TALK = "Asiakaspalvelija: Espoon vaihde.\r\nSoittaja: Hei, kysyn ajasta."


@pytest.fixture
def made(office: Office) -> Walk:
    """An access whose applicant wants the call as text too; found and heard."""
    return walk(office, make.request(Right.ACCESS, wishes=Wishes(transcript=True))).taken().heard()


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "aino", Role.LISTENER, Role.DECISION_MAKER))


def shown(desk: Browser, made: Walk) -> Fetched:
    return desk.get(address(f"cases/{{ref}}/recordings/{made.recordings[0]}/transcript", made.filed.ref))


def test_the_calls_and_the_decision_lead_to_the_text(desk: Browser, made: Walk) -> None:
    for at in ("cases/{ref}/calls", "cases/{ref}/decision"):
        page = desk.get(address(at, made.filed.ref))
        assert "Tekstiversio:" in desk.click(page, "Kirjoita tekstiversio").text


def test_a_half_text_is_kept_and_the_decision_lacks_it_until_it_is_complete(desk: Browser, made: Walk) -> None:
    decision = desk.get(address("cases/{ref}/decision", made.filed.ref))
    decision = desk.press(decision, "Tallenna ja tarkista", **{"i1-outcome": "granted"})
    assert decision.tree.xpath('//ul[@class="needs"]//a/@href') == ["#transcript"]
    page = desk.press(shown(desk, made), "Tallenna", text="Asiakaspalvelija: Espoon")
    assert page.value("text") == "Asiakaspalvelija: Espoon"
    assert "Tekstiversio kesken" in page.text
    page = desk.press(page, "Tallenna", text=TALK, complete="y")
    assert page.value("text") == TALK.replace("\r\n", "\n")
    assert "Tekstiversio valmis" in page.text
    decision = desk.get(address("cases/{ref}/decision", made.filed.ref))
    assert decision.tree.xpath('//ul[@class="needs"]//a/@href') == []
    assert "Tekstiversio valmis" in decision.text


def test_a_line_without_its_speaker_is_named_and_the_text_stays(desk: Browser, made: Walk) -> None:
    typed = "Soittaja: Hei.\r\nKysyy aikaa."
    page = desk.press(shown(desk, made), "Tallenna", text=typed, complete="y")
    assert page.status == 422
    assert page.errors == [("text", "Kirjoita rivin 2 alkuun puhuja ja kaksoispiste")]
    assert page.value("text") == typed.replace("\r\n", "\n")
    assert shown(desk, made).value("text") == ""


def test_a_stale_page_overwrites_nothing_and_shows_what_was_typed(desk: Browser, made: Walk) -> None:
    stale = shown(desk, made)
    desk.press(stale, "Tallenna", text="Soittaja: Hei.")
    page = desk.press(stale, "Tallenna", text="Soittaja: Toinen teksti.")
    assert page.status == 409
    assert "Soittaja: Toinen teksti." in page.text
    assert shown(desk, made).value("text") == "Soittaja: Hei."


def test_signing_without_the_text_says_what_is_missing(desk: Browser, made: Walk) -> None:
    made.proposed(outcome="granted").approved()
    page = desk.get(address("cases/{ref}/letter", made.filed.ref))
    assert "Tekstiversio puuttuu." in page.text
    refused = desk.press(page, "Allekirjoita ja lähetä")
    assert refused.status == 409
    assert "tekstiversio on kesken" in refused.text
    desk.press(shown(desk, made), "Tallenna", text=TALK, complete="y")
    page = desk.get(address("cases/{ref}/letter", made.filed.ref))
    assert "Tekstiversio puuttuu." not in page.text
    assert desk.press(page, "Allekirjoita ja lähetä").status == 200
    assert made.case.state.value == "answered"


def test_there_is_no_page_where_no_text_was_asked_for(desk: Browser, office: Office) -> None:
    plain = walk(office).taken().heard()
    assert shown(desk, plain).status == 404
    assert "Kirjoita tekstiversio" not in desk.get(address("cases/{ref}/calls", plain.filed.ref)).text
    assert "Tekstiversio" not in desk.get(address("cases/{ref}/decision", plain.filed.ref)).text


def test_who_may_not_listen_may_not_write(app: Portal, office: Office, made: Walk) -> None:
    handler = at_desk(app, office, make.clerk(office, "outi", Role.HANDLER))
    assert shown(handler, made).status == 404
    page = handler.get(address("cases/{ref}/decision", made.filed.ref))
    assert "Tekstiversio kesken" in page.text
    assert "Kirjoita tekstiversio" not in page.text


def sent(desk: Browser, made: Walk, content: bytes, **typed: str) -> Fetched:
    return desk.press(shown(desk, made), "Tallenna", file=(io.BytesIO(content), "puhelu.txt"), **typed)


def test_a_text_file_takes_the_place_of_what_is_typed(desk: Browser, made: Walk) -> None:
    page = sent(desk, made, "\ufeffSoittaja: Hyvää päivää.\r\n".encode(), text="vanha")
    assert (page.status, page.value("text")) == (200, "Soittaja: Hyvää päivää.")
    assert "Tekstiversio kesken" in page.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Soittaja: Hyvää päivää.".encode("cp1252"), "Tiedosto ei ole UTF-8-muotoista tekstiä"),
        (b"ID3\x04\x00\x00", "Tiedosto ei ole UTF-8-muotoista tekstiä"),
        (b"a" * 200_001, "Tekstitiedosto on liian pitkä"),
    ],
    ids=["another encoding", "sound", "too long"],
)
def test_a_file_that_is_no_such_text_is_refused_and_nothing_is_lost(
    desk: Browser, made: Walk, content: bytes, said: str
) -> None:
    page = sent(desk, made, content, text="Soittaja: Hei.")
    assert page.status == 422
    assert page.errors == [("file", said)]
    assert page.value("text") == "Soittaja: Hei."


def test_a_draft_is_offered_only_where_the_controller_has_a_program(desk: Browser, app: Portal, made: Walk) -> None:
    assert "Pyydä luonnos ohjelmalta" not in shown(desk, made).text
    app.office = replace(app.office, transcriber=CommandTranscriber(("cat",), 60))
    page = desk.press(shown(desk, made), "Pyydä luonnos ohjelmalta")
    assert "Ohjelma tekee luonnosta" in page.text
    with app.office.writing() as work:
        box = work.cases.box(made.case)
        now = app.office.now()
        work.transcripts.save(made.case.id, made.recordings[0], Transcript(TALK, complete=False), "system", now, box)
        record(app.office, work, made.case, events.TranscriptDrafted(made.recordings[0], made=True), SYSTEM)
    page = shown(desk, made)
    assert "Vertaa jokainen sana tallenteeseen" in page.text
    assert "Pyydä luonnos ohjelmalta" not in page.text
