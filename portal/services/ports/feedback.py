"""The port of accessibility feedback."""

from datetime import date, datetime
from typing import Protocol

from portal.domain.feedback import Feedback


class FeedbackBook(Protocol):
    """The accessibility feedback of one unit of work."""

    def add(self, feedback: Feedback) -> None: ...

    def of(self, register: str) -> tuple[Feedback, ...]:
        """Everything kept, unanswered first, the nearest end of its time first."""

    def received_since(self, register: str, since: datetime) -> int:
        """How many have come since an instant (a limit of use)."""

    def answered(self, register: str, feedback: str, now: datetime) -> bool:
        """Note that it has been answered; False when it is absent or was answered before."""

    def sweep(self, before: date) -> int:
        """Remove what was answered before a day."""
