"""(d) finding a call: the index's own search (build, run, fetch, open what is sealed), and the whole ranked search."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from portal.domain.moments import helsinki
from portal.services import find_calls
from portal.services.office import Office
from portal.services.ports import Search
from portal.store.engine import reading
from tests import make
from tests.bench import seed
from tests.bench.place import place
from tests.bench.seed import REGISTER
from tests.bench.timing import Line, percentile, wall_ms
from tests.postgres import Cluster

BUDGET_MS = 1.0
CALLERS = 50_000


def lookup(root: Path, cluster: Cluster | None, recorded: int = 1_000_000, searches: int = 1_000) -> list[Line]:
    """Milliseconds by the clock of searches by number and a window of three and a half days."""
    callers = min(CALLERS, recorded)
    with place(root, "lookup", cluster) as at:
        now, register = at.here.now(), at.here.registers[REGISTER]
        picks = [(n * 7_907) % recorded for n in range(searches + 50)]
        seed.recordings(at.here, recorded, callers, {pick % callers for pick in picks})
        with at.here.reading() as work:

            def by_number(n: int) -> None:
                start = seed.call_instant(picks[n], now)
                span = (start - timedelta(hours=42), start + timedelta(hours=42))
                wanted = Search((span,), number=seed.number(picks[n] % callers))
                assert work.recordings.search(REGISTER, wanted)

            def ranked(n: int) -> None:
                when = helsinki(seed.call_instant(picks[n], now))
                call = make.call(day=when.date(), time=when.time(), own_number=seed.number(picks[n] % callers))
                assert find_calls.search(at.here, work, register, call)

            assert "ix_num" in _plan(at.here, lambda: by_number(0)), "the search by number reads past its index"
            wall_ms(by_number, 50)
            found = wall_ms(by_number, searches)
            wall_ms(ranked, 50)
            whole = wall_ms(ranked, searches)
    size = f"{recorded:,}".replace(",", " ")
    return [
        _line(f"call lookup in {size} recordings, p95", found, BUDGET_MS),
        _line("the same, searched wide and ranked with reasons, p95", whole, None),
    ]


def archive(root: Path, cluster: Cluster | None) -> list[Line]:
    """The same in ten million recordings: a large city's year."""
    return lookup(root, cluster, recorded=10_000_000)


def _plan(here: Office, search: Callable[[], None]) -> str:
    """How the database means to answer what `search` asks it."""
    engine, asked = seed.engine_of(here), []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        search()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with reading(engine) as db:
        return "\n".join(str(row) for row in db.exec_driver_sql(f"{explain} {statement}", parameters))


def _line(name: str, taken: list[float], budget: float | None) -> Line:
    detail = f"median {percentile(taken, 0.5):.2f} ms, p99 {percentile(taken, 0.99):.2f} ms, by the clock"
    return Line(name, percentile(taken, 0.95), "ms", budget, detail)
