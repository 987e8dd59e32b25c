"""Record that a printed letter was posted."""

from datetime import date

from portal.domain import events
from portal.domain.access import Actor
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.step import opened, record


def post_letter(office: Office, actor: Actor, ref: str, document: str, on: date, seen: int) -> None:
    """Mark one letter of the case as posted on a day."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if document not in {letter.id for letter in work.documents.of_case(case.id)}:
            raise Absent(document)
        record(office, work, case, events.LetterPosted(document, on), actor)
        work.documents.posted(document, on)
