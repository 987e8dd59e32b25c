"""Queue the message that an event is worth, in the unit that records the event: nothing can happen and be left untold.

Messages of one kind that fall into the same two minutes are one: what is done in one sitting is news once.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from portal.domain.case import Case
from portal.domain.contact import Channel, Contact
from portal.domain.event import Event
from portal.domain.notifications import leaves_at, notification
from portal.services.office import Office
from portal.services.ports import Work

TOGETHER = timedelta(minutes=2)
"""Messages of one kind within such a span are one."""
TRIES = 8
"""Over two days: the news waits in the portal, and a mail server may be away for a day."""


def reaches(office: Office, contact: Contact) -> bool:
    """Can this installation tell anybody this way?"""
    return (office.emails if contact.channel is Channel.EMAIL else office.codes.texts) is not None


def queue_notification(office: Office, work: Work, case: Case, event: Event) -> None:
    """Queue what the event tells the applicant, in the open unit that records it; `case` is as it is after it."""
    message = notification(event, case) if case.contact and reaches(office, case.contact) else None
    if message is None:
        return
    now = office.now()
    at = max(leaves_at(message, case, now), _end_of_span(now))
    by = message.by.isoformat() if message.by else ""
    args = {"case": case.id, "what": message.what.value, "by": by, "id": uuid4().hex}
    work.outbox.add("notify", args, f"notify:{case.id}:{message.what}:{by}:{at.isoformat()}", at, TRIES)


def _end_of_span(now: datetime) -> datetime:
    span = TOGETHER.total_seconds()
    return datetime.fromtimestamp((now.timestamp() // span + 1) * span, UTC)
