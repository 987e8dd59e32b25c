"""The benches themselves stay able to run: each once, small. What they measure is printed by `make bench`."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import timing
from tests.bench.claims import claims
from tests.bench.filing import filing
from tests.bench.harvest import harvested
from tests.bench.lookup import lookup
from tests.bench.pages import public_pages, queue_page
from tests.bench.passwords import passwords
from tests.bench.redaction import redaction
from tests.bench.sign_in import sign_in_callback
from tests.bench.timing import Line


@pytest.fixture(autouse=True)
def _briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """One short round instead of nine long ones."""
    monkeypatch.setattr(timing.compare, "__defaults__", (1, 0.01))


def test_every_bench_measures_something(tmp_path: Path) -> None:
    lines = [
        *public_pages(tmp_path, None),
        *filing(tmp_path, None, recorded=200, filings=3),
        *queue_page(tmp_path, None, sizes=(40, 80)),
        *lookup(tmp_path, None, recorded=500, searches=5),
        *sign_in_callback(tmp_path, None, logins=3),
        *claims(tmp_path, None, each=5),
        *passwords(tmp_path, None, seconds=0.5),
        *harvested(tmp_path, None, rows=300),
        *redaction(tmp_path, None, minutes=2),
    ]
    assert {line.name.split(",")[0].split(" /")[0] for line in lines} >= {
        "call form", "filing a request", "queue page", "call lookup in 500 recordings", "claims: number only",
        "citizen's call form",
    }  # fmt: skip
    assert all(line.value > 0 for line in lines if line.unit or line.budget), "a figure of nothing"


def test_a_figure_over_its_budget_says_so_and_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Line("a page", 2.01, "x", 2.0, "")
    monkeypatch.setattr(bench, "BENCHES", {"pages": lambda _root, _cluster: [slow]})
    monkeypatch.setattr("sys.argv", ["bench", "--only", "pages"])
    with redirect_stdout(io.StringIO()) as out:
        assert bench.main() == 1
    assert "OVER" in out.getvalue()
    assert Line("a page", 2.0, "x", 2.0, "").verdict == "ok"
    assert Line("found", 0.96, "", 0.97, "", least=True).verdict == "OVER"
