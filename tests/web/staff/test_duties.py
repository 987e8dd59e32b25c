"""Retention's duties on the staff's pages: red alarms first, an operator's erasure confirmed, one recording kept
longer, a deletion that does not go through."""

from datetime import timedelta

import pytest

from portal.domain.access import SYSTEM, Role
from portal.domain.recording import Transient
from portal.domain.rights import Right
from portal.services import hold_alarms
from portal.services.dispose import dispose_due
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.make import Clock
from tests.services.walk import walk
from tests.web.staff.desk import address, at_desk, at_desk_daily

GRANTED = {"outcome": "granted"}


def alarms(page: object) -> list[str]:
    return [" ".join(one.itertext()) for one in page.tree.xpath('//div[@class="alerts"]//div[@class="notice danger"]')]  # type: ignore[attr-defined]  # a Fetched


@pytest.fixture
def late(office: Office, clock: Clock) -> str:
    """A case whose operator should have been asked days ago; its reference."""
    make.recorded(office, make.segment(), custody="unreachable")
    ref = make.filed(office).ref
    clock.move(days=5)
    hold_alarms.watch(office, "espoo")
    return ref


def test_an_alarm_is_the_first_line_of_the_queue_and_leads_to_the_case(app: Portal, office: Office, late: str) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.get(address("queue"))
    (first,) = alarms(page)
    assert late in first
    assert "Poistokielto vahvistamatta" in first
    assert "tehtävä myöhässä" in page.text
    assert "Vahvista poistokielto" in desk.click(page, f"Avaa {late}").text


def test_only_who_can_act_is_shown_the_alarm(app: Portal, office: Office, late: str) -> None:
    assert late
    page = at_desk(app, office, make.clerk(office, "leo", Role.LISTENER)).get(address("queue"))
    assert alarms(page) == []


def test_the_queue_has_no_alarm_once_the_operator_has_answered(app: Portal, office: Office, late: str) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    desk.get(address("queue"))
    page = desk.get(address("cases/{ref}/calls", late))
    desk.press(page, "Vahvista poistokielto", note="by phone")
    hold_alarms.watch(office, "espoo")
    assert alarms(desk.get(address("queue"))) == []


def test_an_operators_erasure_is_confirmed_on_its_page(app: Portal, office: Office) -> None:
    make.recorded(office, make.segment(), custody="operator")
    made = walk(office, make.request(Right.ERASURE), found=0)
    made.taken().heard().proposed(**GRANTED).approved().signed()
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    page = desk.click(desk.get(address("cases/{ref}", made.filed.ref)), "Avaa operaattorin poistot")
    assert "Poistakaa tallenne, joka alkoi ti 16.6.2026 klo 14.12 ja kesti" in page.text
    wrong = desk.press(page, "Vahvista poisto", **{"done-on": "", "done-who": ""})
    assert wrong.status == 422
    assert "Kirjoita päivä, jona tallenne poistettiin" in wrong.text
    denied = desk.press(page, "Kirjaa vastaus", **{"not-why": "ensi viikolla"})
    assert "Myöhässä" in denied.text
    done = desk.press(denied, "Vahvista poisto", **{"done-on": "18.6.2026", "done-who": "asiakaspalvelu"})
    assert "Yksikään poisto ei odota operaattorin vahvistusta." in done.text


def test_one_proposes_longer_retention_and_the_officer_agrees(app: Portal, office: Office) -> None:
    (recording,) = make.recorded(office, make.segment(), register="te_kaakkois_suomi")
    te = "te_kaakkois_suomi"
    ref = make.filed(office, register=te).ref
    aino = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER, register=te))
    page = aino.click(aino.get(address("cases/{ref}/calls", ref, register=te)), "Pidempi säilytys, ehdokas 1")
    assert "enintään 16.6.2027 saakka" in page.text
    assert aino.press(page, "Ehdota", why="projekti").status == 422
    done = aino.press(page, "Ehdota", reason="quality", why="laatuprojekti")
    assert "odottaa toista henkilöä" in done.text
    assert "Hyväksy" not in [one.text for one in done.tree.xpath("//main//button")]
    dora = at_desk(app, office, make.clerk(office, "dora", Role.DPO, register=te))
    asked = dora.click(dora.get(address("holds", register=te)), f"Laadun kehittämishanke {ref}")
    assert "laatuprojekti" in asked.text
    agreed = dora.press(asked, "Hyväksy")
    assert "kehittämishanke: voimassa" in agreed.text
    with office.reading() as work:
        assert [one.reason for one in work.holds.of_reason(recording, "quality")] == ["quality"]
    ended = dora.press(agreed, "Päätä pidempi säilytys", **{"why-why": "projekti on ohi"})
    assert "projekti on ohi" in dora.get(address("cases/{ref}", ref, register=te)).text
    assert "kehittämishanke: voimassa" not in ended.text


def test_a_register_without_longer_retention_says_so(app: Portal, office: Office) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    assert "Pidempi säilytys" not in desk.get(address("cases/{ref}/calls", ref)).text
    page = desk.get(address(f"cases/{ref}/calls/{recording}/longer"))
    assert "ei salli tallenteen säilyttämistä pidempään" in page.text


def test_a_deletion_that_its_source_does_not_let_through_is_said_on_the_sources_page(
    app: Portal, office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.recorded(office, make.segment())
    clock.move(days=1000)

    def shut(_locator: str) -> bool:
        raise Transient("the container does not open: BadVcon")

    monkeypatch.setattr(office.sources["fake-espoo"], "erase", shut)
    dispose_due(office, SYSTEM, "espoo", dry_run=False)
    desk = at_desk_daily(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    assert "1 tallenne ei poistu lähteestä" in desk().get(address("sources")).text
    monkeypatch.undo()
    clock.at += timedelta(hours=1)
    dispose_due(office, SYSTEM, "espoo", dry_run=False)
    assert "ei poistu lähteestä" not in desk().get(address("sources")).text
