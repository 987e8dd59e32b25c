"""python -m tests.crash [--submissions N] [--kills N] [--seed N] [--postgres]: the trial by hand."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.store.migrate import upgrade
from tests.crash import trial
from tests.postgres import running_cluster, server_binaries


@contextmanager
def database(folder: Path, postgres: bool) -> Iterator[str]:
    """The URL of an empty database with our schema."""
    if not postgres:
        url = f"sqlite:///{folder}/portal.db"
        upgrade(url)
        yield url
        return
    binaries = server_binaries()
    if binaries is None:
        sys.exit("no PostgreSQL server is installed (tools/setup --test brings it)")
    with running_cluster(binaries) as cluster:
        url = cluster.url(cluster.create())
        upgrade(url)
        yield url


def main() -> int:
    """Run the trial and print what was found; 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kuuluu-crash-") as name, database(Path(name), given.postgres) as url:
        outcome = trial.run(Path(name), url, given.submissions, given.kills, given.seed)
    print(f"seed {given.seed}: {given.submissions} submissions in {outcome.tries} tries, killed {outcome.kills}")
    print(f"{len(outcome.acknowledged)} acknowledged, {outcome.cases} cases")
    print("\n".join(outcome.faults) or "nothing lost, nothing twice")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
