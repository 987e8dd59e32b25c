"""The port of the holds that are looked at again (art. 5(1)(e): over-keeping is processing too)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class HoldToReview:
    """An open hold whose day of review has come."""

    id: str
    case: str
    recording: str
    reason: str
    placed_at: datetime
    review_on: date


class Holds(Protocol):
    """The holds of one unit of work, as their reviewers see them."""

    def to_review(self, register: str, today: date, limit: int = 100) -> tuple[HoldToReview, ...]:
        """The register's open holds whose review day is today or past, the oldest day first."""

    def review_again(self, hold_id: str, on: date) -> bool:
        """Set the next day of review; False when the hold has ended meanwhile."""

    def of_reason(self, recording_id: str, reason: str) -> tuple[HoldToReview, ...]:
        """The open holds of a recording with this reason."""

    def end(self, hold_id: str, now: datetime) -> bool:
        """End one hold, whatever its reason; False when it has ended."""
