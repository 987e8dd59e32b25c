"""3 000 submissions against a running retention job: a promised hold is never lost (art. 5(1)(f)).

The same race as in `tests/race`, longer: three filers and the job, each a process of its own. What counts is not how
fast it goes but that nothing is both promised and deleted, and nothing neither.
"""

import time
from pathlib import Path

from portal.store.migrate import upgrade
from tests.bench.timing import Line
from tests.postgres import Cluster
from tests.race import contest

SUBMISSIONS = 3000


def race(root: Path, cluster: Cluster | None) -> list[Line]:
    """Promised holds that were lost, of all submissions."""
    folder = root / "race"
    folder.mkdir()
    url = f"sqlite:///{folder}/race.db" if cluster is None else cluster.url(cluster.create())
    upgrade(url)
    began = time.monotonic()
    ended = contest.race(folder, url, SUBMISSIONS)
    lost = ended.promised & ended.deleted
    neither = set(ended.state) - ended.promised - ended.deleted
    assert not lost, f"{len(lost)} recordings were promised and deleted"
    assert not neither, f"{len(neither)} recordings were neither"
    assert ended.promised
    assert ended.deleted
    with ended.here.reading() as work:
        assert work.recordings.miscounted() == ()
    detail = f"{len(ended.promised)} held, {len(ended.deleted)} deleted in {time.monotonic() - began:.0f} s"
    return [Line(f"race of {SUBMISSIONS} holds against retention, lost = {len(lost)}", len(lost), "", 0, detail)]
