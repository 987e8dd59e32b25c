"""The applicant writes: an answer to an open question, or anything else about the case."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Reply
from portal.services.office import Office
from portal.services.step import opened, take_step

LONGEST = 4000


def send_message(office: Office, actor: Actor, ref: str, text: str) -> None:
    """Add the message to the case; while a question is open this answers it and the clock runs on."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor), Reply(text), actor)
