"""The page of acts: two people, the text kept when something is refused, the rule named in the user's language."""

from typing import Any

import pytest

from portal.domain.access import Role
from portal.domain.case import Wishes
from portal.domain.lifecycle import TakeUp
from portal.domain.rights import Right
from portal.services.office import Office
from portal.services.step import take_step
from portal.services.tell_recipient import tell_recipient
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Fetched
from tests.web.staff.desk import Desk, address, at_desk, at_desk_daily

PAGE = "cases/{ref}/acts"
FEE: dict[str, Any] = {
    "fee-ground": "R12-5E",
    "fee-reason": "samaa tallennetta on pyydetty neljästi tässä kuussa",
    "fee-facts": "Pyynnöt 2., 5., 9. ja 12.6.2026.",
    "fee-assessment": "Välissä ei ole tallennettu mitään uutta.",
    "fee-label1": "kopiointi",
    "fee-euros1": "12,50",
}


@pytest.fixture
def made(office: Office) -> Walk:
    """A case in hand."""
    return walk(office).taken()


@pytest.fixture
def handler(app: Portal, office: Office) -> Desk:
    return at_desk_daily(app, office, make.clerk(office, "aino", Role.HANDLER))


@pytest.fixture
def decider(app: Portal, office: Office) -> Desk:
    return at_desk_daily(app, office, make.clerk(office, "ilmari", Role.DECISION_MAKER))


def opened(desk: Desk, made: Walk) -> Fetched:
    return desk().get(address(PAGE, made.filed.ref))


def restricted(office: Office) -> Walk:
    """An answered case whose recording is restricted."""
    wanted = make.request(Right.RESTRICTION, wishes=Wishes(ground="contested"))
    made = walk(office, wanted).taken().heard().proposed(outcome="granted")
    for one in office.registers["espoo"].recipients:
        tell_recipient(office, made.handler, made.filed.ref, one.code, "told", "", made.case.moves)
    return made.signed()


def test_a_fee_is_weighed_beside_the_persons_other_requests_of_a_year(
    made: Walk, office: Office, handler: Desk
) -> None:
    assert "Sama henkilö ei ole tehnyt muita pyyntöjä" in opened(handler, made).text
    other = make.filed(office, make.request(Right.ERASURE))
    page = opened(handler, made).text
    assert f"{other.ref} 18.6.2026" in page
    assert "Määrä yksin ei tee pyynnöstä kohtuutonta." in page


def test_a_fee_is_proposed_by_one_and_announced_by_another(made: Walk, handler: Desk, decider: Desk) -> None:
    page = handler().press(opened(handler, made), "Ehdota maksua", **FEE)
    assert page.status == 200
    assert "Maksu: odottaa toista henkilöä" in page.text
    assert "12,50 €" in page.text
    assert not page.tree.xpath('//form[contains(@action,"/approve")]')
    queue = decider().get(address("approvals"))
    assert "1 toimi odottaa toista henkilöä" in queue.text
    page = decider().click(queue, "Tuulikki Soittola")
    assert "Aiomme periä kohtuullisen maksun" in page.text
    page = decider().press(page, "Hyväksy")
    assert "Maksu: hyväksytty" in page.text
    assert "Pyytäjä ei ole vielä vastannut" in page.text
    assert decider().click(decider().get(address("cases/{ref}", made.filed.ref)), "Ilmoitus maksusta").status == 200


def test_the_page_says_that_a_fee_is_the_exception_and_stops_no_clock(made: Walk, handler: Desk) -> None:
    text = opened(handler, made).text
    assert "harkitse maksua ennen kieltäytymistä" in text
    assert "Maksu ei pysäytä kelloa." in text


def test_a_fee_without_its_reasons_is_refused_and_its_text_stays(made: Walk, handler: Desk) -> None:
    wrong = FEE | {"fee-assessment": " ", "fee-euros1": "paljon", "fee-reply_by": "25.6.2026"}
    page = handler().press(opened(handler, made), "Ehdota maksua", **wrong)
    assert page.status == 422
    assert [anchor for anchor, _text in page.errors] == ["fee-assessment", "fee-euros1", "fee-reply_by"]
    assert "aikaisin mahdollinen päivä on 2.7.2026" in page.errors[-1][1]
    assert page.value("fee-facts") == FEE["fee-facts"]
    assert made.case.acts == ()


@pytest.mark.parametrize("lines", [{"fee-label1": ""}, {"fee-euros1": ""}, {"fee-label2": "postitus"}])
def test_a_cost_line_has_its_name_and_its_amount(made: Walk, handler: Desk, lines: dict[str, str]) -> None:
    page = handler().press(opened(handler, made), "Ehdota maksua", **FEE | lines)
    assert [anchor for anchor, _text in page.errors] == ["fee-label1"]


@pytest.mark.parametrize("field", ["fee-reason", "fee-facts", "fee-assessment", "fee-label1"])
def test_an_identity_code_in_a_fees_text_is_refused_where_it_is_written(made: Walk, handler: Desk, field: str) -> None:
    page = handler().press(opened(handler, made), "Ehdota maksua", **FEE | {field: "131052-308T pyysi samaa"})
    assert page.status == 422
    assert page.errors == [(field, "Poista henkilötunnus: kirjeessä ei saa olla sitä (tietosuojalaki 29 §)")]
    assert made.case.acts == ()


def test_the_same_act_is_not_proposed_twice(made: Walk, handler: Desk) -> None:
    page = opened(handler, made)
    handler().press(page, "Ehdota maksua", **FEE)
    token = {"csrf_token": page.value("csrf_token"), "seen": str(made.case.moves), "fee-reply_by": "9.7.2026"}
    again = handler().post(address(PAGE + "/fee", made.filed.ref), FEE | token)
    assert again.status == 409
    assert "Samasta asiasta on jo ehdotus" in again.errors[0][1]


def test_a_stale_proposal_shows_what_was_typed(made: Walk, handler: Desk, office: Office) -> None:
    page = opened(handler, made)
    other = made.decider
    with office.writing() as work:
        take_step(office, work, work.cases.open(made.filed.ref, other, lock=True), TakeUp(), other)
    stale = handler().press(page, "Ehdota maksua", **FEE)
    assert stale.status == 409
    assert str(FEE["fee-facts"]) in stale.tree.text_content()


def test_no_fee_is_offered_where_the_notice_promises_none(app: Portal, office: Office) -> None:
    made = walk(office, register="janakkala").taken()
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER, register="janakkala"))
    page = desk.get(address(PAGE, made.filed.ref, register="janakkala"))
    assert "maksua ei peritä" in page.text
    assert not page.tree.xpath('//form[contains(@action,"/fee")]')


def test_a_restriction_is_lifted_by_two_after_its_notice(office: Office, handler: Desk, decider: Desk) -> None:
    made = restricted(office)
    page = opened(handler, made)
    short = handler().press(
        page, "Ehdota rajoituksen poistamista",
        **{"lifting-reason": "tiedot on tarkistettu", "lifting-on": "20.6.2026", "lifting-reply_by": "19.6.2026"},
    )  # fmt: skip
    assert short.status == 422
    assert "tietosuoja-asetus 18(3)" in short.errors[0][1]
    assert short.value("lifting-reason") == "tiedot on tarkistettu"
    page = handler().press(page, "Ehdota rajoituksen poistamista", **{"lifting-reason": "tiedot on tarkistettu"})
    assert "Rajoituksen poistaminen: odottaa toista henkilöä" in page.text
    page = decider().press(opened(decider, made), "Hyväksy")
    assert "Rajoitus poistuu päivän päättyessä itsestään" in page.text
    page = decider().press(page, "Hylkää tai peru", **{"reject-lifting-reason": "pyytäjä vastusti"})
    assert "hyväksytty" not in page.text
    assert made.case.acts == ()


def test_a_hold_is_released_early_by_two(office: Office, handler: Desk, decider: Desk) -> None:
    made = walk(office).taken().heard().proposed(outcome="granted").approved().signed()
    page = opened(handler, made)
    assert handler().press(page, "Ehdota pidon purkamista", **{"release-reason": "x"}).status == 422
    page = handler().press(
        page, "Ehdota pidon purkamista",
        **{"release-reason": "kopio on haettu", "release-recordings": made.recordings[0]},
    )  # fmt: skip
    assert "Pidon purkaminen ennen aikaa: odottaa toista henkilöä" in page.text
    assert "hyväksytty" in decider().press(opened(decider, made), "Hyväksy").text
    assert "hold_released" in made.actions


def test_an_approval_that_has_become_too_late_names_the_rule(made: Walk, handler: Desk, decider: Desk) -> None:
    handler().press(opened(handler, made), "Ehdota maksua", **FEE | {"fee-reply_by": "2.7.2026"})
    made.office.clock.move(days=2)  # type: ignore[attr-defined]  # the tests' clock
    page = decider().press(opened(decider, made), "Hyväksy")
    assert page.status == 409
    assert "Maksusta ilmoitetaan etukäteen" in page.errors[0][1]
    assert "fee" not in [one for one in made.actions if one == "letter_issued"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_opens_in_every_language(app: Portal, office: Office, made: Walk, language: str) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER), language)
    assert desk.get(address(PAGE, made.filed.ref, language=language)).status == 200


def test_the_case_leads_to_the_lifting_that_its_restriction_waits_for(office: Office, handler: Desk) -> None:
    ref = restricted(office).filed.ref
    page = handler().get(address("cases/{ref}", ref))
    assert "Arvioi, voiko rajoituksen poistaa" in page.text
    assert "Päätä asia" in page.text
    assert "Ehdota rajoituksen poistamista" in handler().click(page, "Avaa toimet").text
