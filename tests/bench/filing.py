"""(b) filing a request: search, hold, two events, sealing and the acknowledgement's job, in one committed unit."""

import time
from dataclasses import replace
from pathlib import Path

from portal.domain.matching import CallDescription
from portal.domain.moments import helsinki
from portal.domain.rights import Right
from tests import make
from tests.bench import seed
from tests.bench.place import Place, place
from tests.bench.timing import Line
from tests.postgres import Cluster

BUDGET_MS = 18.0
CALLERS = 5_000


def filing(root: Path, cluster: Cluster | None, recorded: int = 100_000, filings: int = 200) -> list[Line]:
    """CPU of the process that files, by first-time applicants whose call is among the register's recordings."""
    with place(root, "filing", cluster) as at:
        seed.recordings(at.here, recorded, min(CALLERS, recorded))
        for n in range(20):
            _file(at, n)
        start, walls = time.process_time(), time.perf_counter()
        for n in range(20, 20 + filings):
            _file(at, n)
        cpu = (time.process_time() - start) * 1000 / filings
        wall = (time.perf_counter() - walls) * 1000 / filings
        with at.here.reading() as work:
            assert work.recordings.miscounted() == ()
    detail = f"{filings} filings among {recorded:,} recordings; {wall:.1f} ms by the clock".replace(",", " ")
    return [Line("filing a request, CPU of the web process", cpu, "ms", BUDGET_MS, detail)]


def _file(at: Place, n: int) -> None:
    who = replace(make.identified(), subject_key=f"bench:{n}")
    filed = make.filed(at.here, make.request(Right.ACCESS, _call(at, n)), who)
    assert not filed.again


def _call(at: Place, n: int) -> CallDescription:
    when = helsinki(seed.call_instant(n, at.here.now()))
    return make.call(
        day=when.date(), time=when.time().replace(second=0), own_number=seed.number(n), service_number=None
    )
