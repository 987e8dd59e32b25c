"""The table of passages on the listening page: typed without a script, tried, approved by another, and decided."""

import re

import pytest

from portal.domain.access import Role
from portal.jobs import runner
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.test_redact import CALL
from tests.services.walk import Walk, walk
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

TYPED = {"begin": ["0.02,00", ""], "end": ["0.03,50", ""], "ground": ["R15-4", ""], "channel": ["", ""],
         "note": ["naapuri", ""]}  # fmt: skip


@pytest.fixture
def made(office: Office) -> Walk:
    found = walk(office)
    files = office.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, CALL.read_bytes()))
    return found.taken().heard()


@pytest.fixture
def desk(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "aino", Role.LISTENER, Role.DECISION_MAKER))


@pytest.fixture
def other(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "bertta", Role.LISTENER))


def shown(desk: Browser, made: Walk) -> Fetched:
    return desk.get(address(f"cases/{{ref}}/listen/{made.recordings[0]}", made.filed.ref))


def submitted(desk: Browser, made: Walk) -> Fetched:
    page = desk.press(shown(desk, made), "Lähetä tarkistettavaksi", **TYPED)
    runner.drain(made.office)
    return page


def test_passages_are_typed_saved_and_shown_in_order(desk: Browser, made: Walk) -> None:
    page = desk.press(shown(desk, made), "Tallenna kohdat", **TYPED)
    assert page.status == 200
    assert page.tree.xpath('//tbody//input[@name="begin"]/@value') == ["0.02,00", ""]
    assert "Kohtia merkitään" in page.text
    assert "1,5 s" in page.text


def test_a_line_in_error_is_named_and_what_was_typed_stays(desk: Browser, made: Walk) -> None:
    page = desk.press(shown(desk, made), "Tallenna kohdat", **(TYPED | {"end": ["0.01,00", ""]}))
    assert page.status == 422
    assert page.errors == [("end-0", "Kohta 1: lopun on oltava alun jälkeen")]
    assert page.tree.xpath('//tbody//input[@name="end"]/@value')[0] == "0.01,00"


def test_one_channel_alone_needs_the_tick_beside_the_warning(desk: Browser, made: Walk) -> None:
    one = TYPED | {"channel": ["1", ""]}
    page = desk.press(shown(desk, made), "Tallenna kohdat", **one)
    assert page.errors == [("alone", "Vahvista, että kohta peitetään vain yhdeltä kanavalta")]
    page = desk.press(page, "Tallenna kohdat", alone="y", **one)
    assert page.status == 200
    assert page.tree.xpath('//select[@name="channel"][1]/option[@selected]/@value')[0] == "1"


def test_a_line_is_removed_by_its_box(desk: Browser, made: Walk) -> None:
    page = desk.press(shown(desk, made), "Tallenna kohdat", **TYPED)
    page = desk.press(page, "Tallenna kohdat", drop="0", **TYPED)
    assert page.tree.xpath('//tbody//input[@name="begin"]/@value') == [""]


def test_a_second_listener_hears_and_approves_and_the_decision_may_then_be_in_part(
    desk: Browser, other: Browser, made: Walk
) -> None:
    decision = desk.get(address("cases/{ref}/decision", made.filed.ref))
    part = {"i1-outcome": "partly", "i1-ground": "R15-4", "i1-facts": "Naapurin osoite.", "i1-assessment": "15(4)."}
    decision = desk.press(decision, "Tallenna ja tarkista", **part)
    assert decision.tree.xpath('//ul[@class="needs"]//a/@href') == ["#redaction"]
    submitted(desk, made)
    own = shown(desk, made)
    assert "Toisen kuuntelijan on hyväksyttävä ne" in own.text
    assert "Hyväksy kohdat" not in own.text
    page = shown(other, made)
    (sound,) = page.tree.xpath('//audio[@aria-labelledby="rendered-h"]/@src')
    answer = other.client.get(sound, headers={"Range": "bytes=0-99"})
    assert (answer.status_code, len(answer.data)) == (206, 100)
    page = other.press(page, "Hyväksy kohdat")
    assert "Kohdat hyväksytty" in page.text
    decision = desk.get(address("cases/{ref}/decision", made.filed.ref))
    assert decision.tree.xpath('//ul[@class="needs"]//a/@href') == []
    assert "0.02–0.04" in decision.text


def test_a_preview_and_the_picture_are_for_listeners_alone(desk: Browser, made: Walk, app: Portal) -> None:
    page = desk.press(shown(desk, made), "Tallenna kohdat", **TYPED)
    sound = desk.client.get(page.link("Kuuntele peitettynä"))
    assert (sound.mimetype, sound.data[:4]) == ("audio/flac", b"fLaC")
    (picture,) = page.tree.xpath("//@data-picture")
    found = desk.client.get(picture).get_json()
    assert len(found["channels"]) == 2
    assert {turn[0] for turn in found["turns"]} == {0, 1}
    clerk = at_desk(app, made.office, make.clerk(made.office, "celia", Role.HANDLER))
    assert {clerk.client.get(url).status_code for url in (picture, page.link("Kuuntele peitettynä"))} <= {403, 404}


def test_a_stale_table_is_answered_by_the_friendly_page(desk: Browser, other: Browser, made: Walk) -> None:
    stale = shown(other, made)
    desk.press(shown(desk, made), "Tallenna kohdat", **TYPED)
    assert other.press(stale, "Tallenna kohdat", **TYPED).status == 409


def test_no_link_of_the_page_tells_the_number_or_the_name(desk: Browser, made: Walk) -> None:
    page = submitted(desk, made)
    assert not re.search(r"40.?123.?4567|Soittola", " ".join(page.tree.xpath("//@href | //@src | //@action")))
