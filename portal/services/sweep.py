"""Remove what has ended by itself: sessions, drafts of a day, old feedback, delivered copies whose life is over."""

from portal.services import print_batch
from portal.services.drafts import LIFE
from portal.services.give_feedback import KEPT
from portal.services.office import Office
from portal.services.staff_sign_in import IDLE, LONGEST


def sweep(office: Office) -> None:
    """Remove ended sessions, old drafts, and copies (sound and transcript) after their last day; the letters stay."""
    now = office.now()
    with office.writing() as work:
        work.sessions.sweep(now, max(IDLE, LONGEST))
        work.drafts.sweep("request", now - LIFE)
        work.feedback.sweep((now - KEPT).date())
        work.transcripts.sweep(office.today())
    with office.reading() as work:
        expired = work.documents.expired(office.today())
        registers = {case: work.cases.open_for_system(case).register for case, _recording, _object in expired}
    for case, _recording, vault_object in expired:
        office.vault.delete(registers[case], vault_object)
        with office.writing() as work:
            work.documents.forget_copy(vault_object)
    _old_batches(office)


def _old_batches(office: Office) -> None:
    """The mail room's files: the letters in them stay in their cases."""
    with office.reading() as work:
        ended = work.mail.batches_ended(office.now() - print_batch.KEPT)
    for batch in ended:
        if batch.vault_object:
            office.vault.delete(batch.register, batch.vault_object)
        with office.writing() as work:
            work.mail.forget_file(batch.id)
