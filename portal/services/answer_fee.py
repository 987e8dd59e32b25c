"""The applicant accepts an announced fee, or does not (art. 12(5)); nothing is charged before that."""

from portal.domain.access import Actor
from portal.domain.lifecycle import AnswerFee
from portal.services.office import Office
from portal.services.step import opened, take_step


def answer_fee(office: Office, actor: Actor, ref: str, *, accepted: bool) -> None:
    """Record the answer; the clock has run all the time. NotNow when no fee is announced or it has been answered."""
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor), AnswerFee(accepted), actor)
