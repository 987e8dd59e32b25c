"""The queue: exact figures, filters in the address, a search that leaves no name behind."""

from portal.domain.access import Role
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services import open_cases
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.web.client import Fetched
from tests.web.staff.desk import address, at_desk


def figures(page: Fetched) -> dict[str, str]:
    return {a[0].text: a[1].text for a in page.tree.xpath('//nav[@class="views"]//a[span[2]]')}


def test_the_views_count_exactly(app: Portal, office: Office) -> None:
    make.recorded(office, make.segment(), custody="unreachable")
    ref = make.filed(office).ref
    make.filed(office, make.request(Right.ERASURE, make.call(own_number="+358401110000", service_number=None)))
    who = make.clerk(office, "aino", Role.HANDLER)
    take_up(office, who.actor, ref, 0)
    page = at_desk(app, office, who).get(address("queue"))
    assert figures(page) == {
        "Kaikki avoimet": "2", "Omat": "1", "Vapaat": "1", "Tallenne vaarassa": "1", "Odottaa pyytäjää": "0",
        "Odottaa hyväksyntää": "0", "Allekirjoitettavana": "0",
    }  # fmt: skip
    assert "Pito vahvistamatta" in page.text


def test_filters_narrow_and_can_be_dropped(app: Portal, office: Office) -> None:
    make.filed(office, make.request(language=Language.SV))
    make.filed(office, make.request(Right.ERASURE))
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.get(address("queue") + "?language=sv&right=access")
    assert "1 avoin asia" in page.text
    assert "2 avointa asiaa" in desk.click(page, "Poista suodattimet").text


def test_an_unknown_filter_is_said_and_ignored(app: Portal, office: Office) -> None:
    make.filed(office)
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.get(address("queue") + "?right=everything&after=nonsense&colour=red")
    assert "jätettiin huomiotta: right, colour, after" in page.text
    assert "1 avoin asia" in page.text


def test_pages_follow_each_other_without_gaps(app: Portal, office: Office) -> None:
    for _case in range(open_cases.PAGE + 2):
        make.filed(office)
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    first = desk.get(address("queue"))
    second = desk.click(first, "Seuraavat")
    refs = [e.text for page in (first, second) for e in page.tree.xpath('//tbody//th/span[@class="sub"]')]
    assert len(refs) == len(set(refs)) == open_cases.PAGE + 2
    assert desk.click(second, "Alkuun").url == first.url or "after" not in desk.click(second, "Alkuun").url


def test_a_case_is_found_by_name_number_and_reference(app: Portal, office: Office) -> None:
    ref = make.filed(office).ref
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    start = desk.get(address("queue"))
    token = start.value("csrf_token")
    for typed in ("soittola", "Tuulikki Soittola", "040 123 4567", "+358 40 1234567", ref.lower()):
        found = desk.post(address("search"), {"csrf_token": token, "q": typed})
        assert "Tuulikki Soittola" in found.text, typed
        assert typed not in found.url
    assert "ei löytynyt" in desk.post(address("search"), {"csrf_token": token, "q": "Ei Ketään"}).text
