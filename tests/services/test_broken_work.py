"""Work on audio that breaks off: a full disk, a killed decoder, a killed worker. Nothing half-known, nothing lost."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.adapters.audio import sandbox
from portal.adapters.audio.decoder import Audio
from portal.adapters.audio.sandbox import AudioLimits
from portal.domain.lifecycle import NotNow
from portal.jobs import runner
from portal.services import sweep
from portal.services.hand_over import open_copy
from portal.services.office import Office
from portal.services.redact import approve_redaction, return_redaction, submit
from tests import make
from tests.services.test_redact import PART, SECOND, approved, heard, mark, state
from tests.services.walk import Walk

ROOM = 20_000
"""Bytes that the rendering's file may have: less than any rendering of the call needs."""


@pytest.fixture
def made(here: Office) -> Walk:
    return heard(here)


def full(here: Office) -> Office:
    """The same office with a full disk for whatever the decoder writes: the limit is the system's own."""
    return replace(here, audio=Audio(AudioLimits(output_bytes=ROOM)))


def killed(here: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> Callable[[], None]:
    """From now on the decoder is killed as soon as its file `name` has begun. Call it to end that."""
    wait = sandbox._line_within

    def cut(stream: Any, seconds: float) -> str | None:
        for _ in range(400):
            if any(path.stat().st_size for path in here.scratch.glob(f"*/{name}")):
                return None  # no answer has come: the parent kills the child
            time.sleep(0.01)
        return wait(stream, seconds)

    monkeypatch.setattr(sandbox, "_line_within", cut)
    return lambda: monkeypatch.setattr(sandbox, "_line_within", wait)


def objects(here: Office) -> set[str]:
    return set(here.vault.ids("espoo"))


def sent(made: Walk) -> None:
    """Passages marked and sent to the second listener; nothing is rendered yet."""
    mark(made)
    submit(made.office, made.listener, made.filed.ref, made.recordings[0], state(made).edition)


def jobs(here: Office) -> dict[str, int]:
    with here.reading() as work:
        return {one: count for one, count in work.outbox.counts().items() if one != "done"}


def unrendered(made: Walk) -> bool:
    current = state(made).current
    return current is not None and current.vault_object is None and current.rendering is None


def test_disk_full_while_rendering_a_redaction_leaves_nothing_and_the_job_is_tried_again(
    here: Office, made: Walk, clock: make.Clock
) -> None:
    runner.drain(here)
    sent(made)
    before = objects(here)
    assert runner.drain(full(here)) == 0
    assert (unrendered(made), objects(here), list(here.scratch.iterdir())) == (True, before, [])
    with pytest.raises(NotNow, match="not_rendered"):
        approve_redaction(here, SECOND, made.filed.ref, made.recordings[0], state(made).edition)
    assert jobs(here) == {"queued": 1}
    clock.move(minutes=10)
    runner.drain(here)
    assert not unrendered(made)


def test_disk_full_while_rendering_a_copy_gives_nothing_until_there_is_room(
    here: Office, made: Walk, clock: make.Clock
) -> None:
    approved(made).proposed(**PART).approved().signed()
    runner.drain(full(here))
    with here.reading() as work:
        (copy,) = work.documents.copies(made.case.id, made.case.applicant.person)
    assert (copy.vault_object, list(here.scratch.iterdir())) == (None, [])
    clock.move(minutes=10)
    runner.drain(here)
    assert open_copy(here, made.citizen, made.filed.ref, 1).size > 0


def test_a_render_killed_in_mid_file_leaves_nothing_and_is_done_again(
    here: Office, made: Walk, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.drain(here)
    sent(made)
    before = objects(here)
    alive = killed(here, monkeypatch, "redacted.flac")
    assert runner.drain(here) == 0
    alive()
    assert (unrendered(made), objects(here), list(here.scratch.iterdir())) == (True, before, [])
    clock.move(minutes=10)
    runner.drain(here)
    assert not unrendered(made)


def test_a_render_that_can_never_be_made_is_sent_again_by_the_clerk(
    here: Office, made: Walk, clock: make.Clock
) -> None:
    runner.drain(here)
    sent(made)
    for _ in range(8):
        runner.drain(full(here))
        clock.move(hours=3)
    assert jobs(here) == {"dead": 1}
    return_redaction(here, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    submit(here, made.listener, made.filed.ref, made.recordings[0], state(made).edition)
    runner.drain(here)
    assert not unrendered(made)


def test_a_worker_killed_in_mid_render_leaves_a_job_that_runs_again_and_its_files_are_swept(
    here: Office, made: Walk, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.drain(here)
    sent(made)

    def die(*_: object) -> None:
        raise KeyboardInterrupt  # not even the job's own failure is written down

    with monkeypatch.context() as patched:
        patched.setattr(here.vault, "put", die)
        with pytest.raises(KeyboardInterrupt):
            runner.drain(here)
    left = here.scratch / "killed"  # what a killed process cannot remove itself
    left.mkdir()
    (left / "copy.flac").write_bytes(b"fLaC")
    old = (here.now() - sweep.LONGEST_WORK - timedelta(minutes=1)).timestamp()
    os.utime(left, (old, old))
    young = Path(here.scratch, "at-work")
    young.mkdir()
    sweep.sweep(here)
    assert [path.name for path in here.scratch.iterdir()] == ["at-work"]
    clock.move(minutes=2)  # the lease of the dead worker's job has run out
    runner.drain(here)
    assert not unrendered(made)
