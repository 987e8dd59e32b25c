"""The queue's page is kept while it stands: never stale, never somebody else's, and never an answer's own secrets."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import template_rendered

from portal.domain.access import Role
from portal.domain.rights import Right
from portal.services import take_up, withdraw_request
from portal.services.office import Office
from portal.web import kept
from portal.web.app import Portal
from portal.web.kept import Kept
from tests import make
from tests.web.client import Browser, Fetched
from tests.web.staff.desk import address, at_desk

QUEUE = address("queue")
_OWN = re.compile(r'nonce="[^"]+"|name="csrf_token" value="[^"]+"|data-session-ends="[^"]+"|klo \d+\.\d\d')


@pytest.fixture
def drawn(app: Portal) -> Iterator[list[str]]:
    """The templates drawn since the list was last cleared."""
    names: list[str] = []

    def note(_app: Portal, template: object, **_context: object) -> None:
        names.append(getattr(template, "name", ""))

    with template_rendered.connected_to(note, app):
        yield names


def handlers(page: Fetched) -> list[str]:
    return [cell.text for cell in page.tree.xpath('//td[contains(@class, "t-k")]')]


def nonce(page: Fetched) -> str:
    found = re.search(r"'nonce-([^']+)'", page.response.headers["Content-Security-Policy"])
    assert found
    return found[1]


def without_secrets(page: Fetched) -> str:
    return _OWN.sub("", page.body)


def clerks(app: Portal, office: Office) -> tuple[make.Clerk, Browser, make.Clerk, Browser]:
    aino, eino = (make.clerk(office, login, Role.HANDLER) for login in ("aino", "eino"))
    return aino, at_desk(app, office, aino), eino, at_desk(app, office, eino)


def test_a_page_on_which_nothing_has_changed_is_not_drawn_again(app: Portal, office: Office, drawn: list[str]) -> None:
    make.filed(office)
    _aino, desk, _eino, _other = clerks(app, office)
    first = desk.get(QUEUE)
    assert "staff/queue/list.html" in drawn
    drawn.clear()
    assert without_secrets(desk.get(QUEUE)) == without_secrets(first)
    assert drawn == []


@pytest.mark.parametrize("query", ["", "?view=mine", "?right=erasure", "?state=received&language=fi", "?colour=red"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_kept_page_is_the_page_that_would_be_drawn(app: Portal, office: Office, query: str, language: str) -> None:
    make.filed(office, make.request(Right.ERASURE))
    aino, desk, _eino, other = clerks(app, office)
    take_up.take_up(office, aino.actor, make.filed(office).ref, 0)
    url = address("queue", language=language) + query
    for each in (desk, other):
        each.get(url)
    for each in (desk, other):
        again = each.get(url)
        app.kept.clear()
        assert without_secrets(each.get(url)) == without_secrets(again)


def test_what_a_clerk_did_is_on_everybodys_very_next_page(app: Portal, office: Office) -> None:
    found = make.filed(office)
    aino, desk, _eino, other = clerks(app, office)
    for each in (desk, other):
        assert handlers(each.get(QUEUE)) == ["Vapaa"]
    take_up.take_up(office, aino.actor, found.ref, 0)
    assert handlers(other.get(QUEUE)) == [aino.actor.name]
    assert handlers(desk.get(QUEUE)) == ["Sinä"]
    make.filed(office)
    assert len(handlers(other.get(QUEUE))) == 2
    withdraw_request.withdraw_request(office, make.citizen(found), found.ref)
    for each in (desk, other):
        assert handlers(each.get(QUEUE)) == ["Vapaa"]


def test_two_clerks_never_get_each_others_page(app: Portal, office: Office) -> None:
    aino, desk, eino, other = clerks(app, office)
    take_up.take_up(office, aino.actor, make.filed(office).ref, 0)
    for _time in range(2):
        mine, theirs = desk.get(QUEUE), other.get(QUEUE)
        assert (aino.actor.name in theirs.body, eino.actor.name in mine.body) == (True, False)  # the row's handler
        assert [words for page in (mine, theirs) for words in handlers(page)] == ["Sinä", aino.actor.name]
        people = [page.tree.xpath('string(//details[@class="menu"]/summary)').strip() for page in (mine, theirs)]
        assert people == [aino.actor.name, eino.actor.name]


def test_each_answer_has_its_own_nonce_and_each_session_its_own_token(app: Portal, office: Office) -> None:
    _aino, desk, _eino, other = clerks(app, office)
    pages = [desk.get(QUEUE), desk.get(QUEUE), other.get(QUEUE)]
    assert len({nonce(page) for page in pages}) == 3
    for page in pages:
        assert set(page.tree.xpath("//@nonce")) == {nonce(page)}
    tokens = [set(page.tree.xpath('//input[@name="csrf_token"]/@value')) for page in pages]
    assert all(len(one) == 1 for one in tokens)
    foreign = other.client.post(address("search"), data={"csrf_token": tokens[0].pop(), "q": "x"})
    assert foreign.status_code == 400
    assert desk.press(pages[1], "Kirjaudu ulos").status == 200
    assert all(page.response.headers["Cache-Control"] == "no-store" for page in pages)


def test_roles_given_and_taken_are_on_the_next_page(app: Portal, office: Office) -> None:
    aino, desk, _eino, _other = clerks(app, office)
    links = '//nav[@class="snav"]//a/text()'
    assert "Lokihaku" not in desk.get(QUEUE).tree.xpath(links)
    with office.writing() as work:
        work.staff.set_roles(aino.actor.id, "espoo", frozenset({Role.HANDLER, Role.AUDITOR}))
    assert "Lokihaku" in desk.get(QUEUE).tree.xpath(links)
    with office.writing() as work:
        work.staff.set_roles(aino.actor.id, "espoo", frozenset())
    assert desk.client.get(QUEUE).status_code == 404


def test_the_next_day_is_another_page(app: Portal, office: Office, clock: make.Clock) -> None:
    make.filed(office)
    aino = make.clerk(office, "aino", Role.HANDLER)
    first = at_desk(app, office, aino).get(QUEUE)
    clock.move(days=1)
    second = at_desk(app, office, aino).get(QUEUE)
    assert "torstai 18.6.2026" in first.text
    assert "perjantai 19.6.2026" in second.text


def test_the_sessions_end_moves_with_each_answer(app: Portal, office: Office, clock: make.Clock) -> None:
    desk = at_desk(app, office, make.clerk(office, "aino", Role.HANDLER))
    first = desk.get(QUEUE).tree.xpath("//@data-session-ends")
    clock.move(minutes=5)
    second = desk.get(QUEUE).tree.xpath("//@data-session-ends")
    assert (first, second) == (["2026-06-18T12:15:00+03:00"], ["2026-06-18T12:20:00+03:00"])


def test_a_name_is_escaped_where_it_is_filled_in(app: Portal, office: Office) -> None:
    with office.writing() as work:
        odd = work.staff.add("odd", '<b>"O\'Hara" & {{ 1 }}</b>', "Käsittelijä", office.now())
        work.staff.set_roles(odd, "espoo", frozenset({Role.HANDLER}))
        work.staff.commit(odd, office.now())
    who = make.clerk(office, "aino", Role.HANDLER)
    at_desk(app, office, who).get(QUEUE)
    page = at_desk(app, office, replace(who, actor=replace(who.actor, id=odd))).get(QUEUE)
    assert page.tree.xpath('string(//details[@class="menu"]/summary)').strip() == '<b>"O\'Hara" & {{ 1 }}</b>'


def test_the_register_of_the_address_decides(app: Portal, office: Office) -> None:
    make.filed(office)
    aino = make.clerk(office, "aino", Role.HANDLER)
    with office.writing() as work:
        work.staff.set_roles(aino.actor.id, "janakkala", frozenset({Role.HANDLER}))
    desk = at_desk(app, office, aino)
    for _time in range(2):
        assert "Tuulikki Soittola" in desk.get(QUEUE).text
        assert "Tuulikki Soittola" not in desk.get(address("queue", register="janakkala")).text


def test_no_more_pages_are_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    pages = Kept()
    for place in ("a", "b", "c", "a", "d"):
        pages.put(place, "now", (place,))
    assert [pages.get(place, "now") for place in "abcd"] == [("a",), None, ("c",), ("d",)]
    assert pages.get("a", "later") is None
