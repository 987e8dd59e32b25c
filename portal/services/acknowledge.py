"""The acknowledgement of receipt: an authority sends it without delay (Act 13/2003 s. 12), others as good practice."""

from portal.domain.access import SYSTEM
from portal.domain.decisions import LetterKind
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import ack_facts
from portal.services.office import Office


def acknowledge(office: Office, case_id: str) -> None:
    """Freeze the case's acknowledgement, once."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        if any(letter.kind == LetterKind.ACK.value for letter in work.documents.of_case(case_id)):
            return
        facts = ack_facts(office, work, case)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if any(done.kind == LetterKind.ACK.value for done in work.documents.of_case(case_id)):
            raise AlreadyDone
        issue(office, work, case, letter, SYSTEM)


class AlreadyDone(Exception):
    """Another worker was faster; its letter stands and this one's bytes are removed."""
