"""The blank form of a call is kept for everyone; nothing of a person is in what is kept."""

import re

from portal.domain.rights import Right
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import AT, call_page
from tests.web.client import Browser, Fetched, entered

URL = f"{AT}/request/call/1"


def begun(app: Portal, office: Office, name: str, code: str, right: Right = Right.ACCESS) -> Browser:
    """A person at the blank form."""
    browser = entered(app, office, make.identified(name, code))
    call_page(browser, right.value)
    return browser


def secrets(page: Fetched) -> tuple[str, str]:
    return page.value("csrf_token") or "", page.tree.xpath("//script/@nonce")[0]


def test_two_people_get_one_form_and_each_their_own_name_token_and_nonce(app: Portal, office: Office) -> None:
    one = begun(app, office, "Tuulikki Soittola", "131052-902N")
    other = begun(app, office, "Eero Esimerkki", "010190-900P")
    pages = [each.get(URL) for each in (one, other, one, other)]
    names = [page.tree.xpath('string(//a[@class="name"]/span/text())') for page in pages]
    assert names == ["Tuulikki Soittola", "Eero Esimerkki"] * 2
    assert "Soittola" not in pages[1].body + pages[3].body
    assert len({secrets(page)[1] for page in pages}) == 4
    assert secrets(pages[0])[0] != secrets(pages[1])[0]
    assert len(app.kept._pages) == 1
    held = repr(app.kept._pages)
    assert not [word for page in pages for word in (*secrets(page), "Soittola", "Esimerkki") if word in held]


def test_another_persons_token_is_refused(app: Portal, office: Office) -> None:
    one = begun(app, office, "Tuulikki Soittola", "131052-902N")
    other = begun(app, office, "Eero Esimerkki", "010190-900P")
    mine = one.get(URL)
    other.get(URL)
    assert other.client.post(URL, data={"csrf_token": secrets(mine)[0]}).status_code == 400
    assert one.press(mine, "Jatka").status == 422


def test_a_form_with_something_in_it_is_nobody_elses(app: Portal, office: Office) -> None:
    one = begun(app, office, "Tuulikki Soittola", "131052-902N")
    one.press(one.get(URL), "Tallenna ja jatka myöhemmin", own="040 123 4567", day="1.6.2026")
    assert one.get(URL).value("own") == "040 123 4567"
    other = begun(app, office, "Eero Esimerkki", "010190-900P")
    assert [other.get(URL).value(box) for box in ("own", "day")] == ["", ""]


def test_the_way_past_the_form_is_offered_with_its_rights_only(app: Portal, office: Office) -> None:
    words = "Ohita: pyyntö ei koske tiettyä puhelua"
    access = begun(app, office, "Tuulikki Soittola", "131052-902N")
    objection = begun(app, office, "Eero Esimerkki", "010190-900P", Right.OBJECTION)
    for _time in range(2):
        assert words not in access.get(URL).text
        assert words in objection.get(URL).text


def test_the_buttons_for_today_and_yesterday_are_of_the_day(app: Portal, office: Office, clock: make.Clock) -> None:
    begun(app, office, "Tuulikki Soittola", "131052-902N").get(URL)
    clock.move(days=1)
    page = begun(app, office, "Eero Esimerkki", "010190-900P").get(URL)
    assert page.tree.xpath('//button[@name="quick"]/@value') == ["19.6.2026", "18.6.2026"]


def test_the_forms_of_two_languages_are_two(app: Portal, office: Office) -> None:
    one = begun(app, office, "Tuulikki Soittola", "131052-902N")
    headings = [one.get(re.sub("^/fi", f"/{language}", URL)).h1 for language in ("fi", "sv", "en", "fi")]
    assert headings[0] == headings[3]
    assert len(set(headings)) == 3
