"""python -m tests.bench [--postgres] [--only NAME …]: every figure of docs/benchmarks.md, in one run on one machine."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.claims import claims
from tests.bench.filing import filing
from tests.bench.harvest import harvested
from tests.bench.letters import letter
from tests.bench.lookup import archive, lookup
from tests.bench.pages import public_pages, queue_page
from tests.bench.passwords import passwords
from tests.bench.race import race
from tests.bench.redaction import redaction
from tests.bench.sign_in import sign_in_callback
from tests.bench.timing import Line
from tests.postgres import Cluster, running_cluster, server_binaries

BENCHES: dict[str, Callable[[Path, Cluster | None], list[Line]]] = {
    "pages": public_pages, "filing": filing, "queue": queue_page, "lookup": lookup, "letter": letter,
    "passwords": passwords,
    "claims": claims, "archive": archive,
    "sign-in-callback": sign_in_callback,
    "redaction": redaction,
    "harvest": harvested,
    "race": race,
}  # fmt: skip


def main() -> int:
    """Print the table; 1 when a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="on a private PostgreSQL instead of SQLite")
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHES), default=list(BENCHES))
    given = parser.parse_args()
    start, over = time.monotonic(), 0
    print(
        f"database: {'PostgreSQL' if given.postgres else 'SQLite'}\n{'figure':62}{'value':>9}  {'budget':>8}  verdict"
    )
    with tempfile.TemporaryDirectory(prefix="kuuluu-bench-") as root, _cluster(given.postgres) as cluster:
        for name in given.only:
            for line in BENCHES[name](Path(root), cluster):
                over += line.verdict == "OVER"
                print(_row(line), flush=True)
    print(f"{over} over budget; {time.monotonic() - start:.0f} s")
    return 1 if over else 0


def _row(line: Line) -> str:
    budget = "" if line.budget is None else f"{line.budget:.2f} {line.unit}"
    return f"{line.name:62}{line.value:>6.2f} {line.unit:2}  {budget:>8}  {line.verdict:7}  {line.detail}"


@contextmanager
def _cluster(wanted: bool) -> Iterator[Cluster | None]:
    if not wanted:
        yield None
        return
    binaries = server_binaries()
    if binaries is None:
        sys.exit("no PostgreSQL server is installed (tools/setup --test brings it)")
    with running_cluster(binaries) as cluster:
        yield cluster


if __name__ == "__main__":
    sys.exit(main())
