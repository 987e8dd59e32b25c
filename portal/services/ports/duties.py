"""The port of retention's duties: alarms, erasures asked of operators, longer retention, deletions that wait."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class RiskyHold:
    """A candidate of an open case whose hold is not confirmed, or came too late."""

    case: str
    recording: str
    call: int
    outcome: str
    found_at: datetime
    purge_at: datetime


@dataclass(frozen=True)
class StandingAlarm:
    """An alarm that has not ended, with the case that it is about."""

    id: str
    register: str
    case: str
    ref: str
    recording: str
    code: str
    raised_at: datetime


@dataclass(frozen=True)
class ErasureTask:
    """An operator is asked to erase a recording. `locator` is its place there, forgotten once confirmed."""

    case: str
    recording: str
    source: str
    asked_at: datetime
    due_on: date
    denied_on: date | None
    confirmed_at: datetime | None
    confirmed_on: date | None
    locator: str


@dataclass(frozen=True)
class LongerHold:
    """One recording that is, or may be, kept longer: `state` is proposed, approved, rejected or ended."""

    id: str
    case: str
    recording: str
    reason: str
    state: str
    author: str
    approver: str | None
    proposed_at: datetime


@dataclass(frozen=True)
class Stuck:
    """How many deletions their source has not let through, since when the oldest waits, by source."""

    source: str
    number: int
    since: datetime


class DutyDesk(Protocol):
    """Who is told at once."""

    def tell(self) -> None:
        """Say that a hold is not confirmed; NotSent when it was not taken."""


class Duties(Protocol):
    """The duties of one unit of work."""

    def risky(self, register: str) -> tuple[RiskyHold, ...]:
        """The unconfirmed and the late holds of the register's open cases."""

    def failing(self, before: datetime) -> frozenset[tuple[str, str]]:
        """Case and recording of each copy that has failed, is dead, or was due before an instant and has not run."""

    def over_held(self, register: str, before: date) -> tuple[tuple[str, str], ...]:
        """Case and recording of each open hold whose review day is before a day."""

    def alarms(self, register: str | None = None) -> tuple[StandingAlarm, ...]:
        """The standing alarms, the oldest first."""

    def raise_alarm(self, register: str, case: str, recording: str, code: str, now: datetime) -> bool:
        """Raise an alarm; False when one stands on this recording already."""

    def end_alarm(self, alarm: str, now: datetime) -> bool:
        """End an alarm; False when it has ended."""

    def last_slot(self, name: str) -> int | None:
        """The last slot that some worker took of a kind of periodic work."""

    def ask_erasure(
        self, register: str, case: str, recording: str, source: str, locator: str, due: date, now: datetime
    ) -> None:
        """Open the task of an operator's erasure; repeating it changes nothing."""

    def erasures(self, register: str, case: str | None = None) -> tuple[ErasureTask, ...]:
        """The tasks of a case, or the register's that are not confirmed; the soonest due first."""

    def confirm_erasure(self, case: str, recording: str, on: date, now: datetime) -> bool:
        """The operator confirmed it; False when there is no such open task. Its place there is forgotten."""

    def deny_erasure(self, case: str, recording: str, on: date) -> bool:
        """The operator has not done it; False when there is no such open task."""

    def propose_longer(self, register: str, case: str, recording: str, reason: str, by: str, now: datetime) -> bool:
        """Propose longer retention; False when the same is proposed or in force."""

    def longer(self, register: str, state: str) -> tuple[LongerHold, ...]:
        """The register's proposals or longer holds in a state, the oldest first."""

    def longer_of(self, recording: str) -> tuple[LongerHold, ...]:
        """What is proposed or in force for a recording."""

    def settle_longer(self, longer: str, before: str, after: str, approver: str | None, now: datetime) -> bool:
        """From one state to another; False when it is in another state by now."""

    def wait(self, register: str, recording: str, source: str, now: datetime) -> bool:
        """A deletion did not go through: try again later, ever more seldom. True the first time."""

    def waiting(self, register: str, now: datetime) -> frozenset[str]:
        """The recordings whose deletion is not to be tried yet."""

    def went_through(self, recording: str) -> None:
        """The deletion waits no longer."""

    def stuck(self, register: str | None = None) -> tuple[Stuck, ...]:
        """What waits at each source."""

    def of_class(self, register: str, recording_class: str, before: datetime) -> tuple[int, int, int]:
        """Live recordings of a class: all, those of calls that ended before an instant, and those that are held."""
