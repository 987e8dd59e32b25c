"""The data protection officer lets a late extension notice, or a late question, count (GDPR arts. 12(3), 39(1)(b))."""

from portal.domain.access import Actor
from portal.domain.lifecycle import AllowLate
from portal.services.office import Office
from portal.services.step import opened, take_step


def allow_late(office: Office, actor: Actor, ref: str, step: AllowLate, seen: int) -> None:
    """Allow it, with a reason. Forbidden to everybody else, NotNow without a reason.

    It opens no way past the statutory date: a notice after that day stays void.
    """
    with office.writing() as work:
        take_step(office, work, opened(work, ref, actor, seen), step, actor)
