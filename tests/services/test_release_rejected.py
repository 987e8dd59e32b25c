"""What turned out to be another call is not kept on: it goes the day after the answer, unless somebody needs it."""

from portal.jobs import runner
from portal.services.choose_call import choose_call
from portal.services.office import Office
from tests.make import Clock
from tests.services.walk import Walk, walk

GRANTED = {"outcome": "granted"}


def answered(here: Office, *, chosen: bool = True) -> Walk:
    """A case of two candidates: one is the call (or none), the other is not."""
    made = walk(here, found=2).taken()
    made.heard() if chosen else made.supported()
    for recording in made.recordings[1 if chosen else 0 :]:
        choose_call(here, made.handler, made.filed.ref, recording, 1, it_is=False, seen=made.case.moves)
    if chosen:
        return made.proposed(**GRANTED).approved().signed()
    return made.proposed(outcome="no_recording").signed()


def holds(here: Office, made: Walk) -> set[str]:
    with here.reading() as work:
        return {recording for recording, _reason in work.recordings.holds_of(made.case.id)}


def test_another_call_is_let_go_the_day_after_the_answer(here: Office, clock: Clock) -> None:
    made = answered(here)
    runner.drain(here)
    assert holds(here, made) == set(made.recordings)
    clock.move(days=1)
    runner.drain(here)
    kept = {finding.recording for finding in made.case.chosen}
    assert holds(here, made) == kept
    assert made.actions.count("hold_released") == 1
    with here.reading() as work:
        assert work.recordings.miscounted() == ()


def test_where_nothing_was_given_what_was_searched_stays_until_the_remedies_are_over(
    here: Office, clock: Clock
) -> None:
    made = answered(here, chosen=False)
    clock.move(days=2)
    runner.drain(here)
    assert holds(here, made) == set(made.recordings)
