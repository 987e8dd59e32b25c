"""The queue: complete, without doubles, by its index; and what a clerk finds with a name, a number or a reference."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.rights import Right
from portal.services import close_case, take_up, withdraw_request
from portal.services.office import Office
from portal.services.ports import Keeping, QueueFilter, Search
from tests import make
from tests.store.raw import engine_of, is_postgres, run

CLERK = Actor(ActorKind.STAFF, "c" * 32, "espoo", frozenset({Role.HANDLER}))
EVERY = QueueFilter()


def refs(office: Office, wanted: QueueFilter, register: str = "espoo") -> list[str]:
    with office.reading() as work:
        return [row.ref for row in work.queue.page(register, wanted, None, 100)]


def test_pages_by_key_show_every_open_case_once_nearest_clock_first(office: Office, clock: make.Clock) -> None:
    for n in range(11):
        if n % 3 == 0:
            clock.move(days=1)
        make.filed(office)
    done = make.filed(office)
    withdraw_request.withdraw_request(office, make.citizen(done), done.ref)
    make.filed(office, register="janakkala")
    rows, after = [], None
    with office.reading() as work:
        while page := work.queue.page("espoo", EVERY, after, 4):
            rows += page
            after = (page[-1].sort_on, page[-1].id)
        assert work.queue.total("espoo", EVERY) == len(rows) == 11
    assert len({row.id for row in rows}) == 11
    assert [(row.sort_on, row.id) for row in rows] == sorted((row.sort_on, row.id) for row in rows)
    assert done.ref not in {row.ref for row in rows}
    assert rows[0].name == "Tuulikki Soittola"


def test_a_recording_that_could_be_lost_comes_before_an_answer_that_is_due(office: Office) -> None:
    first, urgent = make.filed(office), make.filed(office)
    with office.writing() as work:
        case = work.cases.open(urgent.ref, CLERK)
        work.cases.keep(case, Keeping("task", office.today() + timedelta(days=2)))
    assert refs(office, EVERY) == [urgent.ref, first.ref]
    take_up.take_up(office, CLERK, urgent.ref, 0)
    assert refs(office, EVERY) == [urgent.ref, first.ref]


def test_filters_narrow_the_queue_and_its_total(office: Office) -> None:
    mine = make.filed(office)
    make.filed(office, make.request(Right.ERASURE))
    take_up.take_up(office, CLERK, mine.ref, 0)
    for wanted in (
        QueueFilter(state="in_hand"),
        QueueFilter(handler=CLERK.id),
        QueueFilter(right="access"),
        QueueFilter(right="access", state="in_hand", language="fi"),
    ):
        assert refs(office, wanted) == [mine.ref], wanted
        with office.reading() as work:
            assert work.queue.total("espoo", wanted) == 1
    assert mine.ref not in refs(office, QueueFilter(free=True))
    assert refs(office, QueueFilter(keeping_in=("task",))) == []
    assert refs(office, QueueFilter(due_by=office.today())) == []


def test_counts_tell_every_views_figure(office: Office) -> None:
    taken = make.filed(office)
    make.filed(office)
    take_up.take_up(office, CLERK, taken.ref, 0)
    with office.reading() as work:
        assert work.queue.counts("espoo") == {("in_hand", "none", CLERK.id): 1, ("received", "none", None): 1}


@pytest.mark.parametrize("words", ["soittola", "SOITTOLA tuulikki", "Tuulikki", "R-2026-00001", "r-2026-00001 "])
def test_a_case_is_found_by_words_of_the_name_or_by_reference(sqlite_office: Office, words: str) -> None:
    wanted = make.filed(sqlite_office)
    make.filed(sqlite_office, who=make.identified("Eero Esimerkki", "010190-900P"))
    assert refs(sqlite_office, QueueFilter(words=words)) == [wanted.ref]


@pytest.mark.parametrize("words", ["soitto", "Eero Soittola", "R-2026-0000", "+358400000000"])
def test_part_of_a_word_or_somebody_elses_word_finds_nothing(sqlite_office: Office, words: str) -> None:
    make.filed(sqlite_office)
    assert refs(sqlite_office, QueueFilter(words=words)) == []


def test_a_case_is_found_by_the_callers_number_in_its_own_register_only(office: Office) -> None:
    wanted = make.filed(office)
    make.filed(office, make.request(Right.ACCESS, make.call(own_number="+358507654321")))
    make.filed(office, register="janakkala")
    assert refs(office, QueueFilter(words=make.NUMBER)) == [wanted.ref]


def plan(office: Office, ask: Callable[[], object]) -> str:
    """How the database would answer what `ask` asks. PostgreSQL plans without sequential scans: the tables of a
    test are so small that it would read them whole."""
    seen: list[tuple[str, object]] = []

    def keep(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        if "SELECT" in statement:
            seen.append((statement, values))

    engine = engine_of(office)
    event.listen(engine, "before_cursor_execute", keep)
    ask()
    event.remove(engine, "before_cursor_execute", keep)
    with engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if is_postgres(office):
            connection.exec_driver_sql("SET enable_seqscan = off")
            explain = "EXPLAIN"
        return "\n".join(str(row) for one in seen for row in connection.exec_driver_sql(f"{explain} {one[0]}", one[1]))


@pytest.mark.parametrize("after", [False, True], ids=["first page", "later page"])
def test_a_page_of_the_queue_reads_the_index_of_open_cases(office: Office, after: bool) -> None:
    filed = make.filed(office)
    with office.reading() as work:
        row = work.queue.page("espoo", EVERY, None, 1)[0]
    key = (row.sort_on, row.id) if after else None

    def ask() -> None:
        with office.reading() as work:
            work.queue.page("espoo", EVERY, key, 26)

    shown = plan(office, ask)
    assert "ix_cases_queue" in shown, shown
    assert "TEMP B-TREE" not in shown
    assert "Sort" not in shown
    assert filed.ref == row.ref


def test_a_search_by_number_reads_the_index_of_numbers(office: Office) -> None:
    make.recorded(office, *(make.segment(caller=f"+3584012{n:05}") for n in range(300)), make.segment())
    run(office, "ANALYZE")
    window = (office.now() - timedelta(days=10), office.now())

    def ask() -> None:
        with office.reading() as work:
            assert work.recordings.search("espoo", Search((window,), number=make.NUMBER))

    shown = plan(office, ask)
    assert "ix_num" in shown, shown
    assert "ix_other" in shown


def test_a_search_by_service_reads_the_index_of_services(office: Office) -> None:
    make.recorded(office, make.segment())
    window = (office.now() - timedelta(days=10), office.now())

    def ask() -> None:
        with office.reading() as work:
            assert work.recordings.search("espoo", Search((window,), service=make.SERVICE))

    assert "ix_svc" in plan(office, ask)


def test_an_answered_case_leaves_the_queue(sqlite_office: Office) -> None:
    filed = make.filed(sqlite_office)
    withdraw_request.withdraw_request(sqlite_office, make.citizen(filed), filed.ref)
    assert refs(sqlite_office, EVERY) == []
    with pytest.raises(Exception, match="state"):
        close_case.close_case(sqlite_office, CLERK, filed.ref, 1)
