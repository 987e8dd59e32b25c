"""The clock of the Act on the Openness of Government Activities (621/1999 s. 14), beside that of the GDPR.

An authority answers without delay and within two weeks, or within a month when the documents are many or hold secret
parts. Whether Act 150/1930 moves an end on a holiday is open; therefore work is planned on the last working day on or
before it, which is in time by either reading.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.calendar_fi import FI_150_1930
from portal.domain.deadlines import add_months

_TWO_WEEKS = timedelta(days=14)


@dataclass(frozen=True)
class Openness:
    """The end of the period as it is counted, the same moved over holidays, and the day to plan on."""

    nominal: date
    due: date
    plan_on: date


def openness_clock(received_on: date, *, large: bool) -> Openness:
    """The period from the day of receipt; `large`: many documents or secret parts (s. 14(4))."""
    nominal = add_months(received_on, 1) if large else received_on + _TWO_WEEKS
    return Openness(nominal, FI_150_1930.roll_forward(nominal), FI_150_1930.roll_back(nominal))
