"""Pages of both faces against bare pages in the same test client."""

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.store import case_book
from portal.web.staff import queue
from tests.bench import anchors, seed
from tests.bench.place import Place, place
from tests.bench.seed import REGISTER
from tests.bench.timing import Line, compare
from tests.postgres import Cluster

_EVENT = events.SourceHarvested("bench", 0, 0)
FORM_BUDGET, QUEUE_BUDGET, FLAT = 2.0, 2.0, 0.20
PUBLIC_PAGES = (
    ("start page", f"/sv/{REGISTER}/", False, None),
    ("sign-in page", f"/sv/{REGISTER}/sign-in", False, None),
    ("call form", f"/sv/{REGISTER}/request/call/1", True, FORM_BUDGET),
)
"""Name, address, signed in, budget."""
_CALL = {"day": "2.11.2026", "day_sureness": "certain", "called": "other", "called_other": "09 1234", "done": False}
"""A call left half written: its boxes cannot be the blank ones that everyone gets."""


def fetching(client: FlaskClient, path: str) -> Callable[[], object]:
    """Fetches one page, which must answer 200."""

    def fetch() -> object:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer

    return fetch


def drawing(at: Place, fetch: Callable[[], object]) -> Callable[[], object]:
    """Fetches a page that is not kept, so that it must be drawn."""

    def draw() -> object:
        at.app.kept.clear()
        return fetch()

    return draw


def public_pages(root: Path, cluster: Cluster | None) -> list[Line]:
    """(a) public pages against a bare page with 20 translated strings."""
    with place(root, "public", cluster) as at:
        anchor = anchors.strings_page()
        lines = []
        for name, path, signed_in, budget in PUBLIC_PAGES:
            client = at.citizen_client() if signed_in else at.app.test_client()
            found = compare(fetching(client, path), anchor)
            lines.append(Line(f"{name} / bare page of 20 strings", found.ratio, "x", budget, str(found)))
        blank = compare(drawing(at, fetching(at.citizen_client(), PUBLIC_PAGES[-1][1])), anchor)
        lines.append(Line("call form, the day's first / the same", blank.ratio, "x", None, str(blank)))
        filled = compare(fetching(at.citizen_client(_CALL), PUBLIC_PAGES[-1][1]), anchor)
        lines.append(Line("call form, a kept call in it / the same", filled.ratio, "x", None, str(filled)))
        return lines


def queue_page(root: Path, cluster: Cluster | None, sizes: tuple[int, int] = (1_000, 100_000)) -> list[Line]:
    """(c) the queue's first 25 rows at two sizes, every case of them open, against a bare page of 25 rows."""
    few, many = (f"{size:,} cases".replace(",", " ") for size in sizes)
    with place(root, "few", cluster) as small_place, place(root, "many", cluster) as large_place:
        small, small_changed = _queue(small_place, sizes[0])
        large, large_changed = _queue(large_place, sizes[1])

        redrawn = drawing(small_place, small)

        def anew() -> None:
            queue._row.cache_clear()
            case_book._name.cache_clear()
            redrawn()

        anchor = anchors.rows_page(small_place.beside)
        lines = []
        for name, fetch in ((few, small), (many, large)):
            found = compare(fetch, anchor)
            lines.append(Line(f"queue page, {name} / bare page of 25 rows", found.ratio, "x", QUEUE_BUDGET, str(found)))
        changed = compare(redrawn, anchor, rounds=3)
        lines.append(Line("the same, drawn anew: something has changed", changed.ratio, "x", None, str(changed)))
        drawn = compare(anew, anchor, rounds=3)
        lines.append(Line("the same, no row of it shown before", drawn.ratio, "x", None, str(drawn)))
        grown = compare(large, small)
        lines.append(Line(f"queue page, {many} against {few}", abs(grown.ratio - 1), "", FLAT, str(grown)))
        changed = compare(large_changed, small_changed, rounds=3)
        lines.append(
            Line("the same, just after a change: figures counted anew", changed.ratio, "x", None, str(changed))
        )
        return lines


def _queue(at: Place, size: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """Fetches the queue; and fetches it when something has just happened in the register."""
    clerks = tuple(at.clerk(n) for n in range(5))
    seed.open_cases(at.here, size, clerks)
    fetch = fetching(at.staff_client(clerks[0]), f"/fi/staff/{REGISTER}/queue")

    def after_a_change() -> None:
        with at.here.writing() as work:
            work.trail.note(REGISTER, SYSTEM, _EVENT, REGISTER, at.here.now())
        fetch()

    return fetch, after_a_change
