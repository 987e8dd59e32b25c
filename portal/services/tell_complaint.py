"""The applicant tells that they have complained: what the matter is about is kept until it has ended."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Complain
from portal.services.office import Office
from portal.services.reopen import hold_again
from portal.services.step import opened, take_step


def tell_complaint(office: Office, actor: Actor, ref: str, body: str) -> None:
    """Record where they complained, and hold the case's recordings until staff record its end.

    NotNow before there is an answer, or when the same has been told and has not ended.
    """
    with office.writing() as work:
        hold_again(office, work, take_step(office, work, opened(work, ref, actor), Complain(body), actor))
