"""One phone call, from the citizen's form to the printed letter, through both faces, in real Chromium."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import people, walk
from tests.browser.portal import Running

NewContext = Callable[..., BrowserContext]


def file_access_request(page: Page, portal: Running) -> str:
    """Tuulikki Soittola asks Espoo for her call; returns the reference."""
    people.sign_in_citizen(page, portal, "espoo", "Tuulikki Soittola")
    page.get_by_label(re.compile("kuunnella puheluni")).check()
    people.go_on(page)
    call = people.the_call(portal, "Tuulikki Soittola", "espoo")
    people.describe_call(page, call, "040 123 4567", "Varhaiskasvatuksen neuvonta")
    people.go_on(page)
    people.prove_number(page, portal)
    people.be_told(page, "tuulikki@esimerkki.fi")
    expect(page.locator("main")).to_contain_text("Sähköpostilla: tuulikki@esimerkki.fi")
    page.get_by_role("button", name="Lähetä pyyntö").click()
    people.expect_heading(page, "Pyyntösi on vastaanotettu")
    return page.url.rsplit("/", 1)[1]


def test_a_request_is_granted_and_the_caller_hears_the_call(
    portal: Running, page: Page, clerk: Callable[[str], Page], tmp_path: Path
) -> None:
    ref = file_access_request(page, portal)
    eeva, ilmari = clerk("eeva"), clerk("ilmari")
    walk.take_up(eeva, portal, "espoo", ref)
    walk.choose_best(eeva, portal, "espoo", ref)
    walk.listen_and_confirm(eeva, portal, "espoo", ref, "Sopivat", "Soittaja sanoo nimensä ja asiansa.")
    walk.decide(eeva, portal, "espoo", ref, "Hyväksytään")
    walk.approve_and_sign(ilmari, portal, "espoo", ref)

    page.goto(f"{portal.citizen}/fi/espoo/cases/{ref}/reply")
    expect(page.locator("main")).to_contain_text("Hyväksymme pyyntösi.")
    people.wait_for_copy(page)
    people.hear(page)
    with page.expect_download() as audio:
        page.get_by_role("link", name="Lataa äänitiedosto (MP3)").click()
    assert Path(audio.value.path()).stat().st_size > 10_000
    with page.expect_download() as letter:
        page.get_by_role("link", name=re.compile("Lataa päätöskirje")).click()
    text = _text_of(Path(letter.value.path()), tmp_path)
    assert "Hyväksymme pyyntösi." in text
    assert ref in text
    expect(page.locator("main")).to_contain_text("Kuka on kuunnellut puhelusi")


def test_a_request_is_refused_and_the_certificate_says_why_and_where_to_turn(
    portal: Running, page: Page, clerk: Callable[[str], Page], tmp_path: Path
) -> None:
    people.sign_in_citizen(page, portal, "espoo", "Maj-Lis Provström")
    page.get_by_label(re.compile("kuunnella puheluni")).check()
    people.go_on(page)
    call = people.the_call(portal, "Maj-Lis Provström", "espoo")
    people.describe_call(page, call, "050 555 0123", "Asiointineuvonta")
    people.go_on(page)
    people.skip_number(page)
    people.be_told(page)
    page.get_by_role("button", name="Lähetä pyyntö").click()
    people.expect_heading(page, "Pyyntösi on vastaanotettu")
    ref = page.url.rsplit("/", 1)[1]
    eeva, ilmari = clerk("eeva"), clerk("ilmari")
    walk.take_up(eeva, portal, "espoo", ref)
    walk.choose_best(eeva, portal, "espoo", ref)
    walk.listen_and_confirm(eeva, portal, "espoo", ref, "Eivät sovi", "Puhuja sanoo toisen nimen.")
    walk.decide(
        eeva, portal, "espoo", ref, "Ei hyväksytä",
        ground="R11-2", facts="Puhelussa puhuja kertoo toisen ihmisen nimen.",
        assessment="Emme voi tunnistaa sinua tallenteesta, joten emme voi antaa sitä.",
    )  # fmt: skip
    walk.approve_and_sign(ilmari, portal, "espoo", ref)

    page.goto(f"{portal.citizen}/fi/espoo/cases/{ref}/reply")
    expect(page.locator("main")).to_contain_text("Emme hyväksy pyyntöäsi.")
    expect(page.locator("main")).to_contain_text("toisen ihmisen nimen")
    expect(page.locator("audio")).to_have_count(0)
    with page.expect_download() as letter:
        page.get_by_role("link", name=re.compile("Lataa päätöskirje")).click()
    text = _text_of(Path(letter.value.path()), tmp_path)
    for needed in ("Kieltäytymistodistus", "11 artiklan 2 kohta", "tietosuojavaltuutettu", "Valitusosoitus", ref):
        assert needed in text


def test_the_whole_request_can_be_sent_without_javascript_on_a_narrow_phone(
    portal: Running, new_context: NewContext
) -> None:
    context = new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    people.sign_in_citizen(page, portal, "pikkujatti", "Aava Esimerkki")
    page.get_by_label(re.compile("tallenne poistetaan")).check()
    people.go_on(page)
    call = people.the_call(portal, "Aava Esimerkki", "pikkujatti")
    people.describe_call(page, call, "040 765 4321", "Puhelinpalvelu")
    people.go_on(page)
    people.skip_number(page)
    people.be_told(page)
    page.get_by_role("button", name="Lähetä pyyntö").click()
    people.expect_heading(page, "Pyyntösi on vastaanotettu")


def test_two_people_at_one_browser_see_nothing_of_each_other(portal: Running, page: Page) -> None:
    ref = file_access_request(page, portal)
    page.get_by_role("button", name="Kirjaudu ulos").click()
    people.sign_in_citizen(page, portal, "espoo", "Eero Esimerkkilä")
    page.goto(f"{portal.citizen}/fi/espoo/cases/{ref}")
    people.expect_heading(page, "Sivua ei löytynyt")
    page.goto(f"{portal.citizen}/fi/espoo/cases")
    expect(page.locator("main")).not_to_contain_text(ref)


def test_a_cancelled_identification_says_so_and_offers_paper(portal: Running, page: Page) -> None:
    page.goto(f"{portal.citizen}/sv/espoo/request/right")
    page.locator("main form button").first.click()
    page.get_by_role("button", name=re.compile("Avbryt|Keskeytä|Cancel")).click()
    assert page.url.startswith(portal.citizen)
    expect(page.locator("main a[href*='paper']").first).to_be_visible()
    expect(page.locator("header")).not_to_contain_text("Soittola")


def _text_of(pdf: Path, folder: Path) -> str:
    out = folder / "letter.txt"
    subprocess.run(["pdftotext", "-layout", str(pdf), str(out)], check=True)
    return " ".join(out.read_text(encoding="utf-8").split())
