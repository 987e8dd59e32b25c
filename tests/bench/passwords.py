"""What twenty wrong passwords at once cost everybody else: the time of a citizen's page, and memory."""

import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flask.testing import FlaskClient

from portal.domain.access import Role
from tests import make
from tests.bench.pages import PUBLIC_PAGES, fetching
from tests.bench.place import Place, place
from tests.bench.timing import Line, percentile
from tests.postgres import Cluster

GUESSERS, SLOWER, MEGABYTES = 20, 1.5, 160.0
_SIGN_IN = "/fi/staff/sign-in"


def passwords(root: Path, cluster: Cluster | None, seconds: float = 4.0) -> list[Line]:
    """A citizen's page with and without twenty people who all type a wrong password at once, again and again."""
    with place(root, "passwords", cluster) as at:
        make.clerk(at.here, "bench", Role.HANDLER)
        fetch = fetching(at.citizen_client(), PUBLIC_PAGES[-1][1])
        guessers = [_guesser(at, n) for n in range(GUESSERS)]
        guessers[0]()  # the first hash makes the threads and the stand-in for unknown names
        _walls(fetch, 0.2)
        alone = _walls(fetch, seconds / 2)
        start = _memory(reset=True)
        with _all_at_once(guessers) as answers:
            among = _walls(fetch, seconds)
        alone += _walls(fetch, seconds / 2)
        peak = _memory(reset=False)
    ratio = statistics.median(among) / statistics.median(alone)
    late = f"95 of 100 within {percentile(among, 0.95):.2f} against {percentile(alone, 0.95):.2f} ms"
    times = f"{statistics.median(among):.2f} ms against {statistics.median(alone):.2f} ms by the clock; {late}"
    said = ", ".join(f"{answers.count(status)} answered {status}" for status in sorted(set(answers)))
    return [
        Line(f"citizen's call form, {GUESSERS} wrong passwords at once / none", ratio, "x", SLOWER, times),
        Line(f"memory that {GUESSERS} wrong passwords at once take", peak - start, "MB", MEGABYTES, said),
    ]


def _guesser(at: Place, number: int) -> Callable[[], int]:
    """Types a wrong password for a name of its own; returns the answer's status."""
    client: FlaskClient = at.app.test_client()
    page = client.get(_SIGN_IN, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None, "no form on the sign-in page"
    form = {"csrf_token": token[1], "login": f"bench{number or ''}", "password": "wrong wrong wrong"}
    return lambda: client.post(_SIGN_IN, data=form, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}).status_code


@contextmanager
def _all_at_once(guessers: list[Callable[[], int]]) -> Iterator[list[int]]:
    """All guess together, and together again when the last has its answer, until the block ends."""
    answers: list[int] = []
    going = threading.Event()
    going.set()
    gate = threading.Barrier(len(guessers))

    def guess(mine: Callable[[], int]) -> None:
        while going.is_set():
            with suppress(threading.BrokenBarrierError):  # the block ended while some had guessed and some had not
                gate.wait()
                answers.append(mine())

    threads = [threading.Thread(target=guess, args=(one,)) for one in guessers]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        going.clear()
        gate.abort()
        for thread in threads:
            thread.join()


def _walls(fetch: Callable[[], object], seconds: float) -> list[float]:
    """Milliseconds of each fetch by the clock: what a citizen waits, other threads and all."""
    found, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        fetch()
        found.append((time.perf_counter() - start) * 1000)
    return found


def _memory(*, reset: bool) -> float:
    """Megabytes of this process at its peak since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak is not None, "no peak in /proc/self/status"
    return int(peak[1]) / 1024
