"""The applicant withdraws the request; holds end, a booked visit is given back, nothing else is lost."""

from portal.domain.access import Actor
from portal.domain.lifecycle import Withdraw
from portal.services.book_visit import give_back
from portal.services.office import Office
from portal.services.step import opened, take_step


def withdraw_request(office: Office, actor: Actor, ref: str) -> None:
    """End an open case by its applicant. NotNow once it has been answered."""
    with office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor), Withdraw(), actor)
        give_back(office, work, case, actor)
