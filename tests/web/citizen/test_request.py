"""The request from its first step to the receipt: nothing typed is lost, and pressing twice files one case."""

from typing import Any

import pytest

from portal.domain.access import Actor, ActorKind
from portal.domain.case import Case
from portal.domain.dispatch import Way
from portal.domain.moments import DaySureness
from portal.domain.rights import Right
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import AT, CALL, call_page, check_page, fill, ref_of, send
from tests.web.client import Browser, Fetched, entered

NUMBER = "Kirjoita puhelinnumero, esimerkiksi 040 123 4567"
DATE = "Kirjoita päivä muodossa 17.5.2026"
NO_DAY = "Tätä päivää ei ole kalenterissa"
FUTURE = "Päivä on tulevaisuudessa. Kirjoita päivä, jona soitit"
TIME = "Kirjoita kellonaika muodossa 14.30"


def filed(office: Office, ref: str) -> Case:
    with office.reading() as work:
        return work.cases.open(ref, Actor(ActorKind.SYSTEM, "system", "*"))


def test_a_request_walks_from_the_right_to_the_receipt(citizen: Browser, office: Office) -> None:
    receipt = send(citizen)
    assert receipt.h1 == "Pyyntösi on vastaanotettu"
    assert "maanantaina 20.7.2026" in receipt.text
    assert "Kuukausi päättyy 18.7.2026, joka on lauantai." in receipt.text
    case = filed(office, ref_of(receipt))
    assert (case.right, case.calls[0].service_number, case.calls[0].own_number) == (
        Right.ACCESS, make.SERVICE, make.NUMBER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("day", "", "Kirjoita puhelun päivä"),
        ("day", "   ", "Kirjoita puhelun päivä"),
        ("day", "31.2.2026", NO_DAY),
        ("day", "29.2.", NO_DAY),
        ("day", "0.5.2026", NO_DAY),
        ("day", "5/17/2026", NO_DAY),
        ("day", "25.61", NO_DAY),
        ("day", "19.6.2026", FUTURE),
        ("day", "17.5.99", FUTURE),
        ("day", "17.5.1899", "Päivä on liian kaukana menneisyydessä. Tarkista vuosi"),
        ("day", "tänään", DATE),
        ("day", "175", DATE),
        ("day", "17.5.206", DATE),
        ("day", "17. toukokuuta 2026", DATE),
        ("day", "eilen klo puoli kolme", DATE),
        ("time", "24.00", TIME),
        ("time", "14.60", TIME),
        ("time", "2.30 PM", TIME),
        ("time", "puoli kolme", TIME),
        ("time", "", "Kirjoita kellonaika, tai valitse vuorokaudenaika tai En muista"),
        ("own", "", NUMBER),
        ("own", "abc", NUMBER),
        ("own", "12", NUMBER),
        ("own", "040 123 4567 890 123 456 789", NUMBER),
        ("own", "+999 123 456 789", NUMBER),
    ],
)
def test_a_wrong_field_says_so_itself_and_keeps_everything(
    citizen: Browser, field: str, typed: str, message: str
) -> None:
    page = fill(citizen, call_page(citizen), **{field: typed})
    assert page.status == 422
    assert (field, message) in page.errors
    assert page.title.startswith("Virhe: ")
    assert {name: page.value(name) for name in CALL} == CALL | {field: typed}
    assert message in page.tree.get_element_by_id(f"{field}-error").text_content()
    assert page.tree.get_element_by_id(field).get("aria-invalid") == "true"


def test_an_empty_page_asks_for_each_thing_and_leads_to_its_first_choice(citizen: Browser) -> None:
    page = citizen.press(call_page(citizen), "Jatka")
    assert page.errors == [
        ("day", "Kirjoita puhelun päivä"),
        ("day_sureness-0", "Valitse, kuinka varma päivä on"),
        ("called-0", "Valitse numero, johon soitit, tai En muista"),
        ("own", NUMBER),
    ]


def test_another_number_must_be_a_number(citizen: Browser) -> None:
    page = fill(citizen, call_page(citizen), called="other", called_other="vaihde")
    assert page.errors == [("called_other", NUMBER)]


def test_remembering_nothing_is_no_error(citizen: Browser, office: Office) -> None:
    nothing = {"day": "", "day_sureness": "unknown", "time": "", "time_sureness": "unknown", "called": "unknown",
               "own": "", "own_unknown": "y"}  # fmt: skip
    receipt = citizen.press(check_page(citizen, call=nothing), "Lähetä pyyntö")
    call = filed(office, ref_of(receipt)).calls[0]
    assert (call.day, call.time, call.service_number, call.own_number) == (None, None, None, None)
    assert call.day_sureness is DaySureness.UNKNOWN


def test_a_range_of_days_is_kept_for_staff_and_turned_round(citizen: Browser, office: Office) -> None:
    page = check_page(
        citizen, call={"day": "", "day_sureness": "unknown", "earliest": "10.6.2026", "latest": "1.6.2026"}
    )
    assert "1.6.2026–10.6.2026" in page.text
    receipt = citizen.press(page, "Lähetä pyyntö")
    assert filed(office, ref_of(receipt)).calls[0].note == "1.6.2026–10.6.2026"


@pytest.mark.parametrize(
    ("typed", "notice"),
    [
        ({"day": "1.1.2020"}, "Tallenteita säilytetään 6 kuukautta. Voit silti lähettää pyynnön"),
        (
            {"day": "29.3.2026", "time": "3.30"},
            "Kelloja siirrettiin silloin. Etsimme puhelua kumpaankin aikaan",
        ),
        ({"own": "+46 70 123 45 67"}, "Numerosi on ulkomainen. Etsimme puhelua sillä"),
        (
            {"called": "other", "called_other": "09 123 4567"},
            "Numero, johon soitit, ei ole luettelossamme. Etsimme puhelua myös sillä",
        ),
    ],
)
def test_what_still_can_be_searched_is_accepted_with_a_hint(
    citizen: Browser, typed: dict[str, str], notice: str
) -> None:
    page = check_page(citizen, call=typed)
    assert notice in page.text
    assert citizen.press(page, "Lähetä pyyntö").h1 == "Pyyntösi on vastaanotettu"


def test_a_withheld_number_is_fine(citizen: Browser, office: Office) -> None:
    receipt = citizen.press(check_page(citizen, call={"own": "salainen"}), "Lähetä pyyntö")
    assert filed(office, ref_of(receipt)).calls[0].withheld


def test_a_service_number_as_ones_own_offers_to_swap(citizen: Browser) -> None:
    asked = fill(citizen, call_page(citizen), own="010 123 4567", called="other", called_other="040 123 4567")
    assert asked.errors == [("own", "Tämä näyttää numerolta, johon soitit. Vaihdetaanko numerot?")]
    swapped = citizen.press(asked, "Vaihda numerot")
    assert (swapped.value("called_other"), swapped.value("own")) == ("010 123 4567", "040 123 4567")
    assert citizen.press(swapped, "Jatka").h1 == "Puhelut, joita pyyntö koskee"


def test_the_swap_finds_the_controllers_own_number(citizen: Browser) -> None:
    asked = fill(citizen, call_page(citizen, at="/fi/pikkujatti"), own="010 380 8000", called="unknown")
    swapped = citizen.press(asked, "Vaihda numerot")
    assert (swapped.value("called"), swapped.value("own")) == ("+358103808000", "")


def test_a_service_number_sent_again_is_taken_as_it_is(citizen: Browser) -> None:
    asked = fill(citizen, call_page(citizen), own="010 123 4567")
    assert citizen.press(asked, "Jatka").h1 == "Puhelut, joita pyyntö koskee"


def test_today_and_yesterday_fill_the_day_and_keep_the_rest(citizen: Browser) -> None:
    page = citizen.press(call_page(citizen), "Eilen", own="040 765 4321")
    assert (page.value("day"), page.value("own"), page.errors) == ("17.6.2026", "040 765 4321", [])
    assert citizen.press(page, "Tänään").value("day") == "18.6.2026"


def test_ten_calls_are_the_most_and_each_can_be_changed_or_taken_away(citizen: Browser) -> None:
    page = fill(citizen, call_page(citizen))
    for day in range(2, 11):
        page = fill(citizen, citizen.click(page, "Lisää toinen puhelu"), day=f"{day}.6.2026")
    assert "Lisää toinen puhelu" not in page.text
    assert citizen.get(f"{AT}/request/call/11").status == 404
    changed = fill(citizen, citizen.get(f"{AT}/request/call/10"), day="11.6.2026")
    assert "torstai 11.6.2026" in changed.text
    fewer = citizen.press(changed, "Poista")
    assert "tiistai 16.6.2026" not in fewer.text
    assert "Lisää toinen puhelu" in fewer.text


def test_what_was_typed_waits_for_the_same_person(citizen: Browser, app: Portal, office: Office) -> None:
    page = citizen.press(call_page(citizen), "Tallenna ja jatka myöhemmin", day="31.2.", own="040")
    assert "Sinulla on keskeneräinen pyyntö" in page.text
    later = entered(app, office, make.identified())
    there = later.click(later.click(later.get(f"{AT}/cases"), "Jatka pyyntöä"), "Jatka pyyntöä")
    assert (there.value("day"), there.value("own")) == ("31.2.", "040")
    stranger = entered(app, office, make.identified("Eero Esimerkkilä", "040387-913H"))
    assert "keskeneräinen" not in stranger.get(f"{AT}/cases").text


def test_a_draft_can_be_begun_again(citizen: Browser) -> None:
    fill(citizen, call_page(citizen))
    page = citizen.press(citizen.get(f"{AT}/request/right"), "Aloita alusta")
    assert "keskeneräinen" not in page.text
    assert citizen.press(page, "Jatka", right="access").h1 == "Kuka soitti?"


def test_sending_twice_gives_the_same_receipt_and_one_case(citizen: Browser, office: Office) -> None:
    page = check_page(citizen)
    first, second = citizen.press(page, "Lähetä pyyntö"), citizen.press(page, "Lähetä pyyntö")
    assert first.url == second.url
    assert citizen.get(f"{AT}/cases").body.count('<li class="card">') == 1
    with office.reading() as work:
        entries = work.cases.timeline(filed(office, ref_of(first)))
    assert [entry.action for entry in entries].count("request_received") == 1


def test_a_form_of_an_older_draft_files_nothing(citizen: Browser) -> None:
    old = check_page(citizen)
    citizen.press(citizen.get(f"{AT}/request/right"), "Aloita alusta")
    check_page(citizen)
    assert citizen.press(old, "Lähetä pyyntö").h1 == "Mitä pyydät?"
    assert "Sinulla ei ole pyyntöjä." in citizen.get(f"{AT}/cases").text


@pytest.mark.parametrize(
    ("right", "details", "shown"),
    [
        ("rectification", {"wrong": "Ikä on väärin", "correct": "Olen 52"}, "Olen 52"),
        ("erasure", {"copy_first": "y", "reason": "En halua"}, "Kopio ensin"),
        ("restriction", {"ground": "contested"}, "Tieto ei pidä paikkaansa"),
        ("objection", {"purposes": "quality", "reason": "Tilanteeni"}, "Käyttö, jota pyyntö koskee"),
        ("access", {"by_post": "y", "street": "Testikuja 1", "postcode": "00100", "town": "Helsinki"}, "Testikuja 1"),
        ("access", {"answer_language": "sv"}, "ruotsi"),
    ],
)
def test_each_right_asks_what_it_needs(citizen: Browser, right: str, details: dict[str, Any], shown: str) -> None:
    page = check_page(citizen, right, **details)
    assert page.h1 == "Tarkista pyyntösi"
    assert shown in page.text
    assert citizen.press(page, "Lähetä pyyntö").h1 == "Pyyntösi on vastaanotettu"


@pytest.mark.parametrize(
    ("right", "details", "error"),
    [
        ("rectification", {"correct": "x"}, ("wrong", "Kirjoita, mikä tieto on väärin")),
        ("rectification", {"wrong": "x", "correct": "y" * 1001},
         ("correct", "Lyhennä tekstiä: enintään 1000 merkkiä, nyt 1001")),
        ("restriction", {}, ("ground-0", "Valitse, miksi käyttöä pitää rajoittaa")),
        ("objection", {}, ("purposes-0", "Valitse ainakin yksi kohta")),
        ("access", {"by_post": "y"}, ("street", "Kirjoita katuosoite")),
    ],
)  # fmt: skip
def test_a_missing_detail_is_asked_for(
    citizen: Browser, right: str, details: dict[str, Any], error: tuple[str, str]
) -> None:
    page = check_page(citizen, right, **details)
    assert page.status == 422
    assert error in page.errors


def test_an_objection_need_not_name_a_call(citizen: Browser, office: Office) -> None:
    page = citizen.press(call_page(citizen, "objection"), "Ohita: pyyntö ei koske tiettyä puhelua")
    receipt = citizen.press(citizen.press(page, "Jatka", purposes="quality"), "Lähetä pyyntö")
    assert filed(office, ref_of(receipt)).calls == ()


def test_only_rights_that_the_law_gives_can_be_chosen(citizen: Browser) -> None:
    page = citizen.get(f"{AT}/request/right")
    assert "portability" not in [one.get("value") for one in page.tree.xpath('//input[@name="right"]')]
    assert "Tietoja ei voi siirtää järjestelmästä toiseen" in page.text
    refused = citizen.press(page, "Jatka", right="portability")
    assert refused.errors == [("right-0", "Valitse, mitä pyydät")]


@pytest.mark.parametrize("step", ["call/1", "calls", "details", "check"])
def test_a_step_before_its_turn_leads_back_to_the_first(citizen: Browser, step: str) -> None:
    assert citizen.get(f"{AT}/request/{step}").h1 == "Mitä pyydät?"


def test_a_link_of_the_start_page_chooses_the_right_beforehand(citizen: Browser) -> None:
    assert citizen.get(f"{AT}/request/right?right=erasure").value("right") == "erasure"


def test_nothing_before_the_answer_tells_whether_a_recording_exists(
    app: Portal, office: Office, clock: make.Clock
) -> None:
    make.recorded(office, make.segment())

    def pages(who: Browser, own: str) -> list[str]:
        check = check_page(who, call={"own": own})
        receipt = who.press(check, "Lähetä pyyntö")
        case = who.click(receipt, "Katso pyyntö")
        return [_plain(check), _plain(receipt, ref_of(receipt)), _plain(case, ref_of(receipt))]

    known = pages(entered(app, office, make.identified()), "040 123 4567")
    unknown = pages(entered(app, office, make.identified("Eero Esimerkkilä", "040387-913H")), "040 765 4367")
    assert known == unknown


def _plain(page: Fetched, ref: str = "") -> str:
    return page.text.replace(ref, "R") if ref else page.text


POSTAL: dict[str, Any] = {"street": "Esimerkkikatu 12", "postcode": "02999", "town": "Mallila"}
BANNED = "Turvakielto: emme lähetä mitään postitse."


def test_who_lives_under_non_disclosure_says_so_and_nothing_is_posted(citizen: Browser, office: Office) -> None:
    page = check_page(citizen, protected="y", **POSTAL)
    assert BANNED in page.text
    assert "Esimerkkikatu" not in citizen.get(f"{AT}/request/details").body
    receipt = citizen.press(page, "Lähetä pyyntö")
    assert BANNED in receipt.text
    case = filed(office, ref_of(receipt))
    assert (case.applicant.address, case.way, case.dispatch and case.dispatch.protected) == (None, Way.PORTAL, True)


def test_a_letter_by_post_and_nothing_by_post_cannot_both_be_wanted(citizen: Browser) -> None:
    page = check_page(citizen, protected="y", by_post="y", **POSTAL)
    assert page.status == 422
    assert page.errors == [("protected", "Valitse joko kirje postitse tai ettei mitään lähetetä postitse")]
    assert citizen.press(page, "Jatka", by_post=None).h1 == "Tarkista pyyntösi"


def test_without_the_tick_a_letter_is_posted_as_before(citizen: Browser, office: Office) -> None:
    receipt = send(citizen, by_post="y", **POSTAL)
    assert BANNED not in receipt.text
    case = filed(office, ref_of(receipt))
    assert (case.way, case.dispatch) == (Way.POST, None)
