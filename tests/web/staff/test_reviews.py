"""Who may listen, on the pages: no player for whom the notice does not name, and the way to ask those it names."""

import pytest

from portal.domain.access import Role
from portal.services import choose_call
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk


@pytest.fixture
def made(office: Office) -> Walk:
    found = walk(office).taken()
    choose_call.choose_call(
        office, found.handler, found.filed.ref, found.recordings[0], 1, it_is=True, seen=found.case.moves
    )
    return found


@pytest.fixture
def agent(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "aino", Role.LISTENER))


@pytest.fixture
def handler(app: Portal, office: Office) -> Browser:
    return at_desk(app, office, make.clerk(office, "kalle", Role.HANDLER))


def outsider(app: Portal, office: Office) -> Browser:
    """A handler who listens to calls, but whose call this was not."""
    who = make.clerk(office, "veikko", Role.HANDLER)
    with office.writing() as work:
        work.staff.set_roles(who.actor.id, "espoo", frozenset({Role.HANDLER, Role.LISTENER}))
    return at_desk(app, office, who)


def test_a_handler_asks_the_agent_listens_and_the_handler_reads_it(
    handler: Browser, agent: Browser, made: Walk
) -> None:
    ref = made.filed.ref
    page = handler.get(address("cases/{ref}/calls", ref))
    assert "Puhelun saa kuunnella siinä mukana ollut asiakaspalvelija ja hänen esimiehensä." in page.text
    assert "Puheluun vastasi: A. Agentti." in page.text
    assert not page.tree.xpath("//audio")
    page = handler.press(page, "Pyydä kuuntelemaan", of="")
    assert "Aino Testi: pyydetty kuuntelemaan to 18.6.2026" in page.text
    queue = agent.get(address("queue"))
    assert "Sinua on pyydetty kuuntelemaan 1 puhelu." in queue.text
    page = agent.click(queue, ref)
    assert page.tree.xpath("//audio")
    assert "Sinua on pyydetty kuuntelemaan tämä puhelu" in page.text
    agent.press(page, "Olen kuunnellut", text="Toinen henkilö.")
    assert "pyydetty kuuntelemaan" not in agent.get(address("queue")).text
    told = handler.get(address("cases/{ref}", ref)).text
    assert "Kuuntelupyyntöön vastattiin" in told
    assert "Toinen henkilö." in told
    assert "Aino Testi: kuuntelupyyntöön vastattu to 18.6.2026" in handler.get(address("cases/{ref}/calls", ref)).text


def test_the_speaker_check_answers_what_was_asked(handler: Browser, agent: Browser, made: Walk) -> None:
    ref, one = made.filed.ref, made.recordings[0]
    handler.press(handler.get(address("cases/{ref}/calls", ref)), "Pyydä kuuntelemaan", of="")
    page = agent.get(address(f"cases/{{ref}}/listen/{one}", ref))
    agent.press(page, "Tallenna", verdict="fits", how="Sanoo nimensä.")
    assert "pyydetty kuuntelemaan" not in agent.get(address("queue")).text
    assert made.actions[-1] == "review_answered"


def test_whoever_listens_elsewhere_has_no_player_here_and_is_led_to_ask(
    app: Portal, office: Office, made: Walk
) -> None:
    desk, ref, one = outsider(app, office), made.filed.ref, made.recordings[0]
    make.clerk(office, "aino", Role.LISTENER)
    page = desk.get(address("cases/{ref}/calls", ref))
    assert "Kuuntele" not in [link.text_content().strip() for link in page.tree.xpath("//main//a")]
    assert "Pyydä kuuntelemaan" in page.text
    led = desk.get(address(f"cases/{{ref}}/listen/{one}", ref))
    assert led.url.endswith(f"/cases/{ref}/calls")
    for way in ("audio/{one}", "redaction/{one}/picture", "redaction/{one}/passage/0", "redaction/{one}/audio/1"):
        assert desk.get(address(f"cases/{{ref}}/{way.format(one=one)}", ref)).status == 404
    assert desk.get(address(f"cases/{{ref}}/recordings/{one}/transcript", ref)).status == 404
    assert "recording_listened" not in made.actions


def test_where_nobody_may_hear_the_page_says_what_to_do(app: Portal, office: Office) -> None:
    make.recorded(office, make.segment(agent="B. Agentti"))
    made = walk(office, found=0).taken()
    desk = at_desk(app, office, make.clerk(office, "kalle", Role.HANDLER))
    page = desk.get(address("cases/{ref}/calls", made.filed.ref))
    assert "Kukaan käyttäjistä ei saa kuunnella tätä tallennetta." in page.text
    assert "Pyydä kuuntelemaan" not in page.text


def test_a_restricted_recording_says_in_words_why_it_is_not_played(app: Portal, office: Office, made: Walk) -> None:
    one = made.recordings[0]
    stranger = make.filed(office, who=make.identified("Eero Esimerkkilä", "040387-913K"))
    foreign = Walk(office, stranger, "espoo")
    with office.writing() as work:
        work.recordings.hold(one, "restriction", made.case.id, "x", office.today(), office.now())
        work.recordings.restrict(one, on=True)
    desk = at_desk(app, office, make.clerk(office, "aino", Role.LISTENER))
    page = desk.get(address(f"cases/{{ref}}/listen/{one}", foreign.filed.ref))
    assert page.status == 200
    assert "Tallenteen käyttöä on rajoitettu" in page.text
    assert not page.tree.xpath("//audio")
    assert foreign.actions[-1] == "restricted_use_refused"
    assert foreign.actions.count("restricted_use_refused") == 1
    assert desk.get(address(f"cases/{{ref}}/audio/{one}", foreign.filed.ref)).status == 409
    assert foreign.actions.count("restricted_use_refused") == 2
    handler = at_desk(app, office, make.clerk(office, "kalle", Role.HANDLER))
    assert "Rajoitetun tallenteen käyttö estettiin" in handler.get(address("cases/{ref}", foreign.filed.ref)).text


# --- the administrator's page --------------------------------------------------------------------------------------


def test_the_accounts_page_says_whom_the_notice_lets_listen(app: Portal, office: Office) -> None:
    espoo = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR)).get(address("accounts"))
    assert "Puhelun saa kuunnella siinä mukana ollut asiakaspalvelija ja hänen esimiehensä." in espoo.text
    who = make.clerk(office, "pirkko", Role.ADMINISTRATOR, register="janakkala")
    page = at_desk(app, office, who).get(address("accounts", register="janakkala"))
    assert "Tallenteita voivat kuunnella vain puhelinpalvelussa työskentelevät ja heidän esimiehensä." in page.text
    assert "Nimi tallennusjärjestelmässä" not in page.text


def test_an_administrator_says_who_a_colleague_is_in_the_recorder(app: Portal, office: Office) -> None:
    aino, veikko = (make.clerk(office, login, Role.HANDLER).actor.id for login in ("aino", "veikko"))
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    token = desk.get(address("accounts")).value("csrf_token")
    data = {"csrf_token": token, "account": aino, "names": "Neuvoja 11\r\nNeuvoja 12\r\n", "supervisors": "veikko\r\n"}
    page = desk.post(address("accounts/recorder"), data)
    assert page.status == 200
    with office.reading() as work:
        link = work.listeners.links("espoo")[aino]
        assert (link.names, link.supervisors) == (("Neuvoja 11", "Neuvoja 12"), (veikko,))
    boxes = {box.get("id"): (box.text or "").strip() for box in page.tree.xpath("//textarea")}
    assert boxes[f"names-{aino}"] == "Neuvoja 11\nNeuvoja 12"
    assert boxes[f"supervisors-{aino}"] == "veikko"


def test_a_fault_is_named_and_what_was_typed_stays(app: Portal, office: Office) -> None:
    aino = make.clerk(office, "aino", Role.HANDLER).actor.id
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    token = desk.get(address("accounts")).value("csrf_token")
    data = {"csrf_token": token, "account": aino, "names": "Neuvoja 11", "supervisors": "eikukaan"}
    page = desk.post(address("accounts/recorder"), data)
    assert page.status == 422
    assert page.errors == [(f"supervisors-{aino}", "Käyttäjää eikukaan ei ole tässä rekisterissä")]
    assert "Neuvoja 11" in page.body
    with office.reading() as work:
        assert work.listeners.links("espoo") == {}


def test_nobody_links_themselves_a_stranger_or_where_the_notice_asks_for_no_link(app: Portal, office: Office) -> None:
    me = make.clerk(office, "paavo", Role.ADMINISTRATOR)
    theirs = make.clerk(office, "saara", Role.HANDLER, register="janakkala")
    desk = at_desk(app, office, me)
    token = desk.get(address("accounts")).value("csrf_token")
    for account in (me.actor.id, theirs.actor.id, "x"):
        data = {"csrf_token": token, "account": account, "names": "Neuvoja 11", "supervisors": ""}
        assert desk.post(address("accounts/recorder"), data).status == 404
    boss = make.clerk(office, "pirkko", Role.ADMINISTRATOR, register="janakkala")
    there = at_desk(app, office, boss)
    token = there.get(address("accounts", register="janakkala")).value("csrf_token")
    data = {"csrf_token": token, "account": theirs.actor.id, "names": "Neuvoja 11", "supervisors": ""}
    assert there.post(address("accounts/recorder", register="janakkala"), data).status == 404
    with office.reading() as work:
        assert work.listeners.links("espoo") == work.listeners.links("janakkala") == {}
