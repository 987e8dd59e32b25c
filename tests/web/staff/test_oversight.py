"""Sources, audit trail and accounts: for administrators and auditors, and nobody grants themselves anything."""

from portal.domain.access import Role
from portal.domain.recording import RefusalCode, RowRefusal
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.staff.desk import address, at_desk


def test_refused_rows_are_shown_with_line_and_reason(app: Portal, office: Office) -> None:
    refusal = RowRefusal("fake-espoo", "puhelut.csv", 17, RefusalCode.NO_NUMBER, "")
    with office.writing() as work:
        work.sources.reached("fake-espoo", "espoo", "1", 240, office.now())
        work.sources.refuse("espoo", (refusal,), office.now())
    page = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR)).get(address("sources"))
    assert "puhelut.csv" in page.text
    assert "Soittajan numero puuttuu" in page.text
    assert "240" in page.text


def test_the_auditor_reads_who_did_what(app: Portal, office: Office) -> None:
    ref = make.filed(office).ref
    desk = at_desk(app, office, make.clerk(office, "tarja", Role.AUDITOR))
    page = desk.get(address("audit"))
    assert "Pyyntö saapui" in page.text
    assert ref in page.text
    only = desk.get(address("audit") + "?action=staff_added")
    assert ref not in only.text
    assert "Hakuehto ei ole tuttu" in desk.get(address("audit") + "?action=anything").text


def test_an_administrator_changes_a_colleagues_roles(app: Portal, office: Office) -> None:
    colleague = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    theirs = at_desk(app, office, colleague)
    page = desk.get(address("accounts"))
    data = {"csrf_token": page.value("csrf_token"), "account": colleague.actor.id, "roles": ["handler", "listener"]}
    assert desk.post(address("accounts"), data).status == 200
    with office.reading() as work:
        account = work.staff.by_id(colleague.actor.id)
    assert account is not None
    assert account.roles["espoo"] == {Role.HANDLER, Role.LISTENER}
    assert theirs.get(address("queue")).h1 == "Henkilöstön kirjautuminen"


def test_nobody_changes_their_own_roles(app: Portal, office: Office) -> None:
    me = make.clerk(office, "paavo", Role.ADMINISTRATOR)
    desk = at_desk(app, office, me)
    page = desk.get(address("accounts"))
    data = {"csrf_token": page.value("csrf_token"), "account": me.actor.id, "roles": ["decision_maker"]}
    assert desk.post(address("accounts"), data).status == 422
    with office.reading() as work:
        account = work.staff.by_id(me.actor.id)
    assert account is not None
    assert account.roles["espoo"] == {Role.ADMINISTRATOR}


def test_another_controllers_colleague_is_out_of_reach(app: Portal, office: Office) -> None:
    theirs = make.clerk(office, "saara", Role.HANDLER, register="janakkala")
    desk = at_desk(app, office, make.clerk(office, "paavo", Role.ADMINISTRATOR))
    token = desk.get(address("accounts")).value("csrf_token")
    data = {"csrf_token": token, "account": theirs.actor.id, "roles": ["handler"]}
    assert desk.post(address("accounts"), data).status == 404
