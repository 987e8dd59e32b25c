"""Transcripts in the store, on both databases: sealed, bound to their place, and gone with copy or recording."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import IntegrityError

from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.domain.transcript import Transcript
from portal.services.office import Office
from tests import make
from tests.services.walk import Walk, walk
from tests.store.raw import Raw

HALF = Transcript("Soittaja: Kanelipulla", complete=False)
WHOLE = Transcript("Soittaja: Kanelipulla, kiitos.", complete=True)


def save(office: Office, made: Walk, found: Transcript, recording: str = "") -> None:
    with office.writing() as work:
        box, one = work.cases.box(made.case), recording or made.recordings[0]
        work.transcripts.save(made.case.id, one, found, made.listener.id, office.now(), box)


def load(office: Office, made: Walk, recording: str = "") -> Transcript | None:
    with office.reading() as work:
        return work.transcripts.load(made.case.id, recording or made.recordings[0], work.cases.box(made.case))


def sweep(office: Office, days: int) -> int:
    with office.writing() as work:
        return work.transcripts.sweep(office.today() + timedelta(days=days))


def test_the_last_text_is_kept_and_none_stands_in_clear(office: Office, raw: Raw) -> None:
    made = walk(office)
    assert load(office, made) is None
    save(office, made, HALF)
    save(office, made, WHOLE)
    assert load(office, made) == WHOLE
    [row] = raw("SELECT * FROM transcript")
    assert b"Kanelipulla" not in bytes(row.sealed)
    assert row.by == made.listener.id


def test_a_text_put_in_another_recordings_place_does_not_open(office: Office, raw: Raw) -> None:
    made = walk(office, found=2)
    save(office, made, WHOLE)
    raw("UPDATE transcript SET recording = :other", other=made.recordings[1])
    with pytest.raises(InvalidTag):
        load(office, made, made.recordings[1])


def test_a_text_without_its_case_cannot_be_stored(office: Office, raw: Raw) -> None:
    made = walk(office)
    save(office, made, WHOLE)
    with pytest.raises(IntegrityError):
        raw("UPDATE transcript SET case_id = 'absent'")


def test_forgetting_a_recording_takes_its_texts_in_every_case_and_no_other(office: Office) -> None:
    first, second = walk(office, found=2), walk(office, found=0)
    mine, other = first.recordings
    for made, recording in ((first, mine), (first, other), (second, mine)):
        save(office, made, WHOLE, recording)
    with office.writing() as work:
        work.transcripts.forget(mine)
    assert (load(office, first, mine), load(office, second, mine)) == (None, None)
    assert load(office, first, other) == WHOLE


def test_the_sweep_takes_the_text_of_a_closed_case_after_the_copys_last_day_alone(office: Office) -> None:
    made = walk(office, make.request(Right.ACCESS, wishes=Wishes(transcript=True))).taken().heard()
    save(office, made, WHOLE)
    assert sweep(office, 3650) == 0  # nothing has been given yet
    made.proposed(outcome="granted").approved().signed()
    with office.reading() as work:
        [copy] = work.documents.copies(made.case.id, made.case.applicant.person)
    left = (copy.available_until - office.today()).days
    assert sweep(office, left) == 0
    assert sweep(office, left + 1) == 1
    assert load(office, made) is None
