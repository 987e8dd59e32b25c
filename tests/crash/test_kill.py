"""Web and worker are killed with SIGKILL at random points while requests come in; nothing acknowledged is lost."""

from pathlib import Path

import pytest

from tests.crash import trial


@pytest.mark.parametrize(("database", "submissions", "kills"), [("sqlite", 200, 24), ("postgresql", 60, 12)])
def test_nothing_acknowledged_is_lost_when_processes_are_killed(
    database: str, submissions: int, kills: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(f"{database}_url")
    outcome = trial.run(tmp_path, url, submissions, kills, seed=20260618)
    assert outcome.faults == []
    assert len(outcome.acknowledged) >= submissions * 0.9, "the patient ones all have their receipt"
    assert sum(outcome.kills.values()) >= kills - 2
    assert outcome.tries > submissions, "no kill fell into a sending"
