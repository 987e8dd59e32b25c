"""The listening page's waveform by keyboard alone: passages marked, submitted, heard and approved, under the policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from portal.domain.access import Role
from portal.domain.case import Verdict
from portal.services import check_speaker, choose_call, take_up
from portal.services.ports import QueueFilter
from tests import make
from tests.browser.portal import Running
from tests.browser.test_accessibility import check, violations
from tests.services.walk import clerk as actor

HANDLER = actor("handler", Role.HANDLER)
LISTENER = actor("listener", Role.LISTENER)


@pytest.fixture
def chosen(portal: Running) -> tuple[str, str]:
    """(case, recording): an access of the demo whose call was found and heard."""
    office = portal.office
    with office.reading() as work:
        rows = work.queue.page("espoo", QueueFilter(right="access"), None, 50)
        found = [(row, work.recordings.candidates(row.id)) for row in rows]
    row, candidates = next((row, mine) for row, mine in found if mine and row.state.value in ("received", "in_hand"))
    recording = candidates[0].recording

    def moves() -> int:
        with office.reading() as work:
            return work.cases.open(row.ref, HANDLER).moves

    if row.handler != HANDLER.id:
        take_up.take_up(office, HANDLER, row.ref, moves())
    choose_call.choose_call(office, HANDLER, row.ref, recording, candidates[0].call, it_is=True, seen=moves())
    with office.reading() as work:
        one = work.recordings.get(recording)
    assert one is not None
    make.heard_by(office, LISTENER.id, agent=one.agent or "")
    check_speaker.check_speaker(office, LISTENER, row.ref, recording, Verdict.FITS, "name", moves())
    return row.ref, recording


def opened(page: Page, portal: Running, at: tuple[str, str], language: str = "fi") -> None:
    page.goto(f"{portal.staff}/{language}/staff/espoo/cases/{at[0]}/listen/{at[1]}")


def test_a_passage_is_drawn_with_the_mouse_and_the_page_is_accessible(
    portal: Running, clerk: Callable[[str], Page], chosen: tuple[str, str]
) -> None:
    page = clerk("eeva")
    address = f"{portal.staff}/fi/staff/espoo/cases/{chosen[0]}/listen/{chosen[1]}"
    assert check(page, address) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    opened(page, portal, chosen)
    wave = page.locator("[data-wave] > div")
    expect(wave).to_be_visible()
    wave.scroll_into_view_if_needed()
    place = wave.bounding_box()
    assert place is not None
    x, y = place["x"], place["y"] + 20
    rows = page.locator("tbody [data-row]").count()
    page.mouse.move(x + 500, y)
    page.mouse.down()
    page.mouse.move(x + 560, y, steps=6)
    page.mouse.up()
    expect(page.locator("tbody [data-row]")).to_have_count(rows + 1)


def test_passages_are_marked_submitted_and_approved_by_the_keyboard_alone(
    portal: Running, clerk: Callable[[str], Page], chosen: tuple[str, str]
) -> None:
    page, refused = clerk("eeva"), []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            refused.append(message.text)

    page.on("console", heard)
    opened(page, portal, chosen)
    expect(page.locator("[data-wave] > div")).to_be_visible()
    page.locator("#spans-h").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    expect(page.locator("[data-told]")).to_contain_text("merkitty")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    expect(page.locator("#begin-0")).to_have_value("0.05,00")
    expect(page.locator("#end-0")).to_have_value("0.10,00")
    expect(page.locator("#ground-0")).to_be_focused()
    page.locator("#spans-h").focus()
    page.keyboard.press(".")
    expect(page.locator("#end-0")).to_have_value("0.10,10")
    page.keyboard.press("n")
    expect(page.locator("[data-told]")).to_contain_text("Puheenvuoro")
    page.keyboard.press("h")
    expect(page.locator("#begin-1")).not_to_have_value("")
    assert refused == []
    assert violations(page) == []
    refused.clear()  # axe, which is no part of the page, tries styles of its own
    page.get_by_role("button", name="Tallenna kohdat").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Kohtia merkitään")
    expect(page.locator("[data-wave] > div")).to_be_visible()
    page.locator("#spans-h").focus()
    page.keyboard.press("p")
    for _ in range(40):  # a condition in the page would be evaluated, which the policy forbids
        if page.locator("[data-heard]").evaluate("one => one.currentTime") > 0.2:
            break
        page.wait_for_timeout(250)
    assert page.locator("[data-heard]").evaluate("one => one.currentTime") > 0.2
    page.get_by_role("button", name="Lähetä tarkistettavaksi").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Toisen kuuntelijan on hyväksyttävä ne")
    assert refused == []
