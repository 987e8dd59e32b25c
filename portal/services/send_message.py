"""The applicant writes: an answer to an open question, or anything else about the case, also after its answer."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Reply
from portal.services.office import Office
from portal.services.reopen import hold_again
from portal.services.step import opened, take_step

LONGEST = 4000


def send_message(office: Office, actor: Actor, ref: str, text: str) -> None:
    """Add the message to the case; while a question is open this answers it and the clock runs on. What comes after a
    closing for want of an answer takes the case up again and holds its recordings anew."""
    with office.writing() as work:
        before = opened(work, ref, actor)
        case = take_step(office, work, before, Reply(text), actor)
        if case.reopened != before.reopened:
            hold_again(office, work, case)
