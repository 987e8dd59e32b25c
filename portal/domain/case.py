"""A case: one data subject's request about their recorded calls, as an immutable value.

Every change makes a new Case together with its Event (see lifecycle); deadlines are derived from it, never stored.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.deadlines import Deadline, Pause, PauseKind, derive
from portal.domain.decisions import Decision
from portal.domain.matching import CallDescription
from portal.domain.register import Language
from portal.domain.rights import Right


class State(StrEnum):
    """Where a case stands. "Late" is no state: it is a fact about a deadline."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    ASKED = "asked"
    FOR_APPROVAL = "for_approval"
    APPROVED = "approved"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Is an answer still owed?"""
        return self not in (State.ANSWERED, State.CLOSED, State.WITHDRAWN)


class Verdict(StrEnum):
    """The listener's answer to: is the speaker the applicant, and does the matter fit?"""

    FITS = "fits"
    DIFFERS = "differs"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Address:
    """Where a letter is posted; as the person wrote it."""

    street: str
    postcode: str
    town: str


@dataclass(frozen=True)
class Applicant:
    """The person who asks, as strongly identified. Never holds the personal identity code."""

    person: str
    given: str
    family: str
    born: date | None = None
    address: Address | None = None

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True)
class Evidence:
    """How the applicant was identified: kept on the case and printed in the letter (never a token or a code)."""

    provider: str
    method: str
    level: str
    at: datetime
    transaction: str


@dataclass(frozen=True)
class Wishes:
    """What the applicant wants done, in their own words where the law needs words."""

    copy: bool = True
    by_post: bool = False
    wrong: str = ""
    correct: str = ""
    reason: str = ""
    copy_first: bool = False
    ground: str = ""
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A request for further information (art. 12(6), recital 63): what is asked, why, until when."""

    kind: str  # call | identity | scope
    what: str
    why: str
    asked_at: datetime
    answer_by: date


@dataclass(frozen=True)
class Extension:
    """Art. 12(3): why two further months are needed, in individual words, and when the notice was dispatched."""

    reason: str
    text: str
    dispatched_at: datetime


@dataclass(frozen=True)
class Finding:
    """What staff found about one candidate recording: chosen or not, and whose voice it is."""

    recording: str
    call: int
    chosen: bool
    speaker: Verdict | None = None
    how: str = ""
    checked_by: str = ""


@dataclass(frozen=True)
class Case:
    """One request. `seq` counts its events, `moves` the steps among them: a page made before the last move is stale."""

    id: str
    ref: str
    register: str
    register_version: str
    right: Right
    state: State
    language: Language
    applicant: Applicant
    evidence: Evidence
    received_at: datetime
    received_on: date
    calls: tuple[CallDescription, ...]
    wishes: Wishes
    seq: int = 0
    moves: int = 0
    handler: str | None = None
    pauses: tuple[Pause, ...] = ()
    question: Question | None = None
    extension: Extension | None = None
    findings: tuple[Finding, ...] = ()
    decision: Decision | None = None
    author: str | None = None
    approver: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def items(self) -> tuple[int, ...]:
        """What is decided one by one: each described call, or the request as a whole when none is described."""
        return tuple(call.number for call in self.calls) or (1,)

    @property
    def chosen(self) -> tuple[Finding, ...]:
        """The recordings that staff took to be the applicant's calls."""
        return tuple(finding for finding in self.findings if finding.chosen)


def deadline(case: Case, target_days: int | None = None) -> Deadline:
    """The case's time limits, derived from receipt, counted pauses and extension (art. 12(3))."""
    return derive(case.received_at, case.pauses, case.extension is not None, target_days)


__all__ = [
    "Address", "Applicant", "Case", "Evidence", "Extension", "Finding", "Pause", "PauseKind", "Question", "State",
    "Verdict", "Wishes", "deadline",
]  # fmt: skip
