"""Tell the applicant by e-mail or text message that there is news (arts. 12(2)-(4)): what was queued, sent by the
worker."""

import logging
from datetime import date

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.contact import Channel, Contact
from portal.domain.notifications import SUBJECT, Notification, What, long_text, short_text
from portal.services.office import Office
from portal.services.ports import TextMessage
from portal.services.ports.emails import Email, Refused
from portal.services.queue_notification import reaches
from portal.services.step import record

log = logging.getLogger("portal.notify")


def notify(office: Office, case_id: str, message: Notification, message_id: str) -> None:
    """Send one message to where the applicant wants it now; nothing when its day has passed. NotSent passes through:
    the job tries again."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
    to, language = case.contact, case.language
    if to is None or not reaches(office, to) or (message.by and message.by < office.today()):
        return
    if to.channel is Channel.TEXT and office.codes.texts:
        office.codes.texts.send(TextMessage(message_id, to.to, short_text(message, office.host, language)))
    elif office.emails:
        email = Email(message_id, to.to, SUBJECT[language], long_text(message, office.host, language))
        try:
            office.emails.send(email)
        except Refused as fault:
            log.warning("an e-mail address was refused", extra={"fault": str(fault)})
            _say_unreached(office, case_id, to)


def read_args(args: dict[str, str]) -> tuple[str, Notification, str]:
    """What a job holds: the case, the message, and the message's id."""
    by = date.fromisoformat(args["by"]) if args["by"] else None
    return args["case"], Notification(What(args["what"]), by), args["id"]


def _say_unreached(office: Office, case_id: str, to: Contact) -> None:
    """In the case's timeline, once for each choice: the person may mend the address, and staff may write by post."""
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        told = [one.action for one in work.cases.timeline(case) if one.action in ("contact_chosen", "contact_failed")]
        if case.contact == to and told[-1:] != ["contact_failed"]:
            record(office, work, case, events.ContactFailed(to.channel.value), SYSTEM)
