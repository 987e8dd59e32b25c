"""Remove what has ended by itself: sessions, drafts of a day, old feedback, delivered copies whose life is over."""

import shutil
from contextlib import suppress
from datetime import timedelta

from portal.services import print_batch, throttle
from portal.services.attach_document import sweep_documents
from portal.services.drafts import LATE, LIFE
from portal.services.give_feedback import KEPT
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.sign_in import IDLE

LONGEST_WORK = timedelta(hours=2)
"""Longer than any work on a file in the scratch folder takes: a decoder alone is stopped after half an hour."""


def sweep(office: Office) -> None:
    """Remove ended sessions, old drafts, and copies (sound and transcript) after their last day, unless the matter is
    disputed; the letters stay."""
    now = office.now()
    with office.writing() as work:
        work.throttle.sweep(now - throttle.KEPT)
        work.sessions.sweep(now, {"citizen": IDLE, "staff": office.staff_idle})
        work.arrivals.sweep(now)
        work.drafts.sweep("request", now - LIFE)
        work.drafts.sweep(LATE, now - LIFE)
        work.feedback.sweep((now - KEPT).date())
        work.transcripts.sweep(office.today(), _disputed(office, work))
        work.numbers.sweep(now)
    with office.reading() as work:
        kept = _disputed(office, work)
        expired = [one for one in work.documents.expired(office.today()) if one[0] not in kept]
        registers = {case: work.cases.open_for_system(case).register for case, _recording, _object in expired}
    for case, recording, vault_object in expired:
        with office.reading() as work:
            rendered = work.redactions.files_of(case, recording)  # what the copy was made from
        for made in (*rendered, vault_object):
            office.vault.delete(registers[case], made)
        with office.writing() as work:
            work.documents.forget_copy(vault_object)
            for made in rendered:
                work.redactions.forget_file(made)
    _old_batches(office)
    _left_in_scratch(office)
    sweep_documents(office)


def _disputed(office: Office, work: Work) -> frozenset[str]:
    """The cases whose copies are past their last day while a complaint, an inquiry or a court is open: they stay."""
    past = {case for case, _recording, _object in work.documents.expired(office.today())}
    return frozenset(case for case in past if work.cases.open_for_system(case).disputed)


def _left_in_scratch(office: Office) -> None:
    """Remove the files of work whose process was killed; work that goes on is never so old."""
    oldest = (office.now() - LONGEST_WORK).timestamp()
    for folder in office.scratch.iterdir():
        with suppress(FileNotFoundError):  # the work has just ended
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)


def _old_batches(office: Office) -> None:
    """The mail room's files: the letters in them stay in their cases."""
    with office.reading() as work:
        ended = work.mail.batches_ended(office.now() - print_batch.KEPT)
    for batch in ended:
        if batch.vault_object:
            office.vault.delete(batch.register, batch.vault_object)
        with office.writing() as work:
            work.mail.forget_file(batch.id)
