"""Codes for numbers on both databases: counted, bound, spent, and never in clear."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.number_proof import CODE_LIFE, CodesSent
from portal.services.office import Office
from portal.services.ports import CodeFor, Tried
from tests import make
from tests.store.raw import Raw

MINE = CodeFor("espoo", make.NUMBER, "hetu:131052-902N", "session")
PLACE = (make.NUMBER, "hetu:131052-902N", "192.0.2.1")
CODE = "123456"


@pytest.fixture
def asked(office: Office) -> Office:
    """An office in which a code waits."""
    with office.writing() as work:
        work.numbers.keep_code(MINE, CODE, office.now())
    return office


def typed(here: Office, code: str, code_for: CodeFor = MINE) -> Tried:
    with here.writing() as work:
        return work.numbers.try_code(code_for, code, here.now())


def sent(here: Office, number: str, person: str, address: str) -> CodesSent:
    with here.reading() as work:
        return work.numbers.sent(number, person, address, here.now())


def test_the_right_code_is_right_once(asked: Office) -> None:
    assert typed(asked, CODE) is Tried.RIGHT
    assert typed(asked, CODE) is Tried.EXPIRED


def test_the_fifth_try_counts_and_the_sixth_finds_it_void(asked: Office) -> None:
    assert [typed(asked, "000000") for _ in range(4)] == [Tried.WRONG] * 4
    assert typed(asked, "000000") is Tried.WRONG
    assert typed(asked, CODE) is Tried.SPENT


def test_of_twenty_wrong_codes_at_once_exactly_five_are_counted_and_the_code_is_void(asked: Office, raw: Raw) -> None:
    with ThreadPoolExecutor(20) as at_once:
        answers = Counter(at_once.map(lambda n: typed(asked, f"{n:06d}"), range(20)))
    assert answers == {Tried.WRONG: 5, Tried.SPENT: 15}
    assert raw("SELECT tries FROM number_code")[0].tries == 5
    assert typed(asked, CODE) is Tried.SPENT


def test_of_twenty_right_codes_at_once_one_is_right(asked: Office) -> None:
    with ThreadPoolExecutor(20) as at_once:
        answers = Counter(at_once.map(lambda _n: typed(asked, CODE), range(20)))
    assert answers == {Tried.RIGHT: 1, Tried.EXPIRED: 19}


@pytest.mark.parametrize(
    "other",
    [
        replace(MINE, number="+358505550123"),
        replace(MINE, person="hetu:010190Y930K"),
        replace(MINE, bound="another session"),
        replace(MINE, register="pikkujatti"),
    ],
    ids=["number", "person", "session", "register"],
)
def test_a_code_opens_only_its_own_number_person_session_and_register(asked: Office, other: CodeFor) -> None:
    assert typed(asked, CODE, other) is Tried.EXPIRED
    assert typed(asked, CODE) is Tried.RIGHT


def test_a_code_ends_after_ten_minutes(asked: Office, clock: make.Clock) -> None:
    clock.at += CODE_LIFE - timedelta(seconds=1)
    assert typed(asked, "000000") is Tried.WRONG
    clock.at += timedelta(seconds=1)
    assert typed(asked, CODE) is Tried.EXPIRED


def test_a_new_code_voids_the_earlier_one_and_begins_its_tries_anew(asked: Office) -> None:
    typed(asked, "000000")
    with asked.writing() as work:
        work.numbers.keep_code(MINE, "654321", asked.now())
    assert typed(asked, CODE) is Tried.WRONG
    assert typed(asked, "654321") is Tried.RIGHT


def test_a_code_that_was_never_sent_is_none_that_can_be_typed(office: Office, raw: Raw) -> None:
    with office.writing() as work:
        work.numbers.keep_code(MINE, None, office.now())
        assert work.numbers.waits(MINE, office.now())
    assert len(raw("SELECT code FROM number_code")[0].code) == 64  # a digest of what can be typed has 32
    assert typed(office, CODE) is Tried.WRONG


def test_messages_are_counted_by_number_person_address_hour_and_day(office: Office, clock: make.Clock) -> None:
    number, person, address = PLACE
    for place in (PLACE, (number, "another", address), ("+358505550123", person, "192.0.2.9")):
        with office.writing() as work:
            work.numbers.note_sent(*place, office.now())
    assert sent(office, *PLACE) == CodesSent(2, 2, 2, 1, 2, 3)
    clock.move(minutes=61)
    assert sent(office, *PLACE) == CodesSent(0, 2, 2, 1, 0, 3)
    clock.move(hours=23)
    assert sent(office, *PLACE) == CodesSent()


def test_a_proof_is_the_persons_own_for_this_number_and_register_and_ends(office: Office) -> None:
    now = office.now()
    with office.writing() as work:
        work.numbers.prove("espoo", "one", make.NUMBER, now)
        assert work.numbers.proved("espoo", "one", make.NUMBER, now - timedelta(hours=1)) == now
        for other in (("espoo", "two", make.NUMBER), ("pikkujatti", "one", make.NUMBER), ("espoo", "one", "+358505")):
            assert work.numbers.proved(*other, now - timedelta(hours=1)) is None
        assert work.numbers.proved("espoo", "one", make.NUMBER, now) is None


def test_nothing_of_it_outlives_a_day(asked: Office, raw: Raw, clock: make.Clock) -> None:
    with asked.writing() as work:
        work.numbers.prove("espoo", "one", make.NUMBER, asked.now())
        work.numbers.note_sent(*PLACE, asked.now())
        work.numbers.keep_text(make.NUMBER, "Koodisi on 123456.", asked.now())
    clock.move(days=1)
    with asked.writing() as work:
        work.numbers.sweep(asked.now())
    for table in ("number_code", "number_proof", "number_sent", "number_text"):
        assert raw(f"SELECT count(*) AS n FROM {table}")[0].n == 0


def test_no_row_holds_a_number_a_person_an_address_or_a_code_in_clear(asked: Office, raw: Raw) -> None:
    with asked.writing() as work:
        work.numbers.prove("espoo", PLACE[1], make.NUMBER, asked.now())
        work.numbers.note_sent(*PLACE, asked.now())
        text_id = work.numbers.keep_text(make.NUMBER, f"Koodisi on {CODE}.", asked.now())
    rows = [
        str(tuple(row))
        for table in ("number_code", "number_proof", "number_sent", "number_text")
        for row in raw(f"SELECT * FROM {table}")
    ]
    assert len(rows) == 4
    for secret in (*PLACE, "401234567", CODE, "Koodisi"):
        assert not [row for row in rows if secret in row]
    with asked.reading() as work:
        found = work.numbers.text(text_id)
    assert found
    assert found[0].number == make.NUMBER
