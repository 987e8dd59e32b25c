"""Send a text message that waits, and forget it: what is in it lives no longer than its code."""

import logging

from portal.domain.number_proof import CODE_LIFE
from portal.services.office import Office
from portal.services.ports import NotSent

log = logging.getLogger("portal.numbers")


def send_text(office: Office, text_id: str) -> None:
    """Hand the message to the gateway, which tries again by itself; afterwards it is gone from the database, sent or
    not. A job that runs a second time sends it under the same id."""
    with office.reading() as work:
        waiting = work.numbers.text(text_id)
    if waiting is None:
        return
    message, since = waiting
    if office.codes.texts and office.now() < since + CODE_LIFE:
        try:
            office.codes.texts.send(message)
        except NotSent as fault:
            log.error("a text message was not taken", extra={"fault": str(fault)})
    with office.writing() as work:
        work.numbers.drop_text(text_id)
