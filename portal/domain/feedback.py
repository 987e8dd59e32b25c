"""Accessibility feedback and its own time limit (Act 306/2019 on digital services): fourteen days from receipt."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.calendar_fi import FI_150_1930

_TIME = timedelta(days=14)


@dataclass(frozen=True)
class Feedback:
    """One message about accessibility. `reply_to` is where the sender wants the answer; empty: wants none."""

    id: str
    register: str
    text: str
    reply_to: str
    language: str
    received_at: datetime
    received_on: date
    answered_at: datetime | None = None

    @property
    def due(self) -> date:
        """The last day of the answer, as the statement promises it."""
        return self.received_on + _TIME

    @property
    def plan_on(self) -> date:
        """The last working day on or before it."""
        return FI_150_1930.roll_back(self.due)
