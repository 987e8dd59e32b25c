"""When a letter counts as received, and until when an appeal may be made (APA s. 59; Act 13/2003 s. 19).

An ordinary electronic message is deemed received on the third day from its sending, an ordinary letter on the seventh
day from its posting. A letter that came back was received by nobody: what was sent before it does not count either,
and the period starts anew from what is sent next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.calendar_fi import FI_150_1930

APPEAL_DAYS = 30


class Channel(StrEnum):
    """How a document was sent."""

    ELECTRONIC = "electronic"
    LETTER = "letter"
    HANDED = "handed"


_DEEMED_DAYS = {Channel.ELECTRONIC: 3, Channel.LETTER: 7, Channel.HANDED: 0}


@dataclass(frozen=True)
class Sending:
    """One sending of a document: `on` is the day it was made available, posted or handed over (Helsinki date)."""

    channel: Channel
    on: date
    returned: bool = False


def deemed_receipt(channel: Channel, on: date) -> date:
    """The day on which what was sent on this day counts as received, whatever day of the week it is."""
    return on + timedelta(days=_DEEMED_DAYS[channel])


def received_on(sendings: Iterable[Sending]) -> date | None:
    """The day from which the periods run, of sendings in the order in which they were made: the latest deemed
    receipt, as nobody may lose time by being sent the same twice. None when nothing stands."""
    found: date | None = None
    for one in sendings:
        receipt = deemed_receipt(one.channel, one.on)
        found = None if one.returned else max(found or receipt, receipt)
    return found


def appeal_until(received: date) -> date:
    """The last day for an appeal: thirty days from receipt, moved off a day when courts are closed (Act 150/1930)."""
    return FI_150_1930.roll_forward(received + timedelta(days=APPEAL_DAYS))
