"""The count of downloads on both databases: the last one is given once, however many ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from portal.domain.grants import MOST_DOWNLOADS
from portal.domain.lifecycle import NotNow
from portal.jobs import runner
from portal.services.hand_over import note_heard
from portal.services.office import Office
from tests.services.walk import Walk, walk

TOGETHER = 6


def given(office: Office) -> Walk:
    made = walk(office).taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(office)
    return made


def test_the_last_download_is_given_once(office: Office) -> None:
    made = given(office)
    for _ in range(MOST_DOWNLOADS - 1):
        note_heard(office, made.citizen, made.filed.ref, 1, downloaded=True)
    start, citizen = Barrier(TOGETHER), made.citizen

    def ask(_n: int) -> bool:
        start.wait()
        try:
            note_heard(office, citizen, made.filed.ref, 1, downloaded=True)
        except NotNow:
            return False
        return True

    with ThreadPoolExecutor(TOGETHER) as threads:
        assert sorted(threads.map(ask, range(TOGETHER))) == [False] * (TOGETHER - 1) + [True]
    assert made.actions.count("copy_downloaded") == MOST_DOWNLOADS


def test_the_statement_itself_counts_no_further_than_allowed(office: Office) -> None:
    """Without the lock on the case too: the count and its limit are looked at in one statement."""
    made = given(office)
    case, recording = made.case.id, made.recordings[0]
    with office.writing() as work:
        taken = [work.documents.take(case, recording) for _ in range(MOST_DOWNLOADS + 2)]
        assert taken == [True] * MOST_DOWNLOADS + [False] * 2
        assert work.documents.renew(case, recording, MOST_DOWNLOADS + 1)
        assert [work.documents.take(case, recording) for _ in range(2)] == [True, False]
        assert work.documents.revoke(case, recording, office.now())
        assert not work.documents.revoke(case, recording, office.now())
        assert not work.documents.renew(case, recording, 99)
        assert not work.documents.copy_made(case, recording, "f" * 32, "0" * 64, 1, 0)
        work.documents.deliver(case, recording, made.filed.person, date(2026, 9, 1))
        (copy,) = work.documents.copies(case, made.filed.person)
    assert (copy.downloads, copy.most, copy.revoked_at, copy.vault_object) == (0, MOST_DOWNLOADS, None, None)
