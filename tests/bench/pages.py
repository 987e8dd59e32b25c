"""Pages of both faces against bare pages in the same test client."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from portal.domain import events
from portal.domain.access import SYSTEM
from tests.bench import anchors, seed
from tests.bench.place import place
from tests.bench.seed import REGISTER
from tests.bench.timing import Line, compare, cpu_ms
from tests.postgres import Cluster

_EVENT = events.SourceHarvested("bench", 0, 0)
FORM_BUDGET, QUEUE_BUDGET, FLAT = 2.0, 2.0, 0.20
PUBLIC_PAGES = (
    ("start page", f"/sv/{REGISTER}/", False, None),
    ("sign-in page", f"/sv/{REGISTER}/login", False, None),
    ("call form", f"/sv/{REGISTER}/request/call/1", True, FORM_BUDGET),
)
"""Name, address, signed in, budget."""


def fetching(client: FlaskClient, path: str) -> Callable[[], object]:
    """Fetches one page, which must answer 200."""

    def fetch() -> object:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer

    return fetch


def public_pages(root: Path, cluster: Cluster | None) -> list[Line]:
    """(a) public pages against a bare page with 20 translated strings."""
    with place(root, "public", cluster) as at:
        anchor = anchors.strings_page()
        lines = []
        for name, path, signed_in, budget in PUBLIC_PAGES:
            client = at.citizen_client() if signed_in else at.app.test_client()
            if client.get(path).status_code != 200:
                continue
            found = compare(fetching(client, path), anchor)
            lines.append(Line(f"{name} / bare page of 20 strings", found.ratio, "x", budget, str(found)))
        return lines


@dataclass(frozen=True)
class Queue:
    """The queue page at one size: warm, and with the figures of the views counted anew."""

    ratio: float
    anew: float
    detail: str


def queue_page(root: Path, cluster: Cluster | None, sizes: tuple[int, int] = (1_000, 100_000)) -> list[Line]:
    """(c) the queue's first 25 rows at two sizes, every case of them open, against a bare page of 25 rows."""
    small, large = (_queue_at(root, cluster, size) for size in sizes)
    few, many = (f"{size:,}".replace(",", " ") for size in sizes)
    growth = abs(large.ratio / small.ratio - 1)  # of the ratios: the machine may have become slower in between
    return [
        Line(f"queue page, {few} cases / bare page of 25 rows", small.ratio, "x", QUEUE_BUDGET, small.detail),
        Line(f"queue page, {many} cases / bare page of 25 rows", large.ratio, "x", QUEUE_BUDGET, large.detail),
        Line(
            "queue page, change from few cases to many", growth, "", FLAT, f"{small.ratio:.2f} x, {large.ratio:.2f} x"
        ),
        Line(
            "queue page just after a change, few cases", small.anew, "ms", None, "the figures of the views counted anew"
        ),
        Line("queue page just after a change, many cases", large.anew, "ms", None, "the same"),
    ]


def _queue_at(root: Path, cluster: Cluster | None, size: int) -> Queue:
    with place(root, f"queue-{size}", cluster) as at:
        clerks = tuple(at.clerk(n) for n in range(5))
        seed.open_cases(at.here, size, clerks)
        fetch = fetching(at.staff_client(clerks[0]), f"/fi/staff/{REGISTER}/queue")
        found = compare(fetch, anchors.rows_page(at.beside))

        def after_a_change() -> None:
            with at.here.writing() as work:
                work.trail.note(REGISTER, SYSTEM, _EVENT, REGISTER, at.here.now())
            fetch()

        return Queue(found.ratio, cpu_ms(after_a_change, 20), str(found))
