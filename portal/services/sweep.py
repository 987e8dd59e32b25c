"""Remove what has ended by itself: sessions, drafts of a day, delivered copies whose life is over."""

from portal.services.drafts import LIFE
from portal.services.office import Office
from portal.services.staff_sign_in import IDLE, LONGEST


def sweep(office: Office) -> None:
    """Remove ended sessions and old drafts, and the files of copies after their last day; the letters stay."""
    now = office.now()
    with office.writing() as work:
        work.sessions.sweep(now, max(IDLE, LONGEST))
        work.drafts.sweep("request", now - LIFE)
    with office.reading() as work:
        expired = work.documents.expired(office.today())
        registers = {case: work.cases.open_for_system(case).register for case, _recording, _object in expired}
    for case, _recording, vault_object in expired:
        office.vault.delete(registers[case], vault_object)
        with office.writing() as work:
            work.documents.forget_copy(vault_object)
