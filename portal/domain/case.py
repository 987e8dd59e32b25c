"""A case: one data subject's request about their recorded calls, as an immutable value.

Every change makes a new Case together with its Event (see lifecycle); deadlines are derived from it, never stored.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.contact import Contact
from portal.domain.deadlines import Deadline, Pause, PauseKind, derive
from portal.domain.decisions import Decision
from portal.domain.dispatch import Dispatch, Way
from portal.domain.matching import CallDescription
from portal.domain.number_proof import Grade, NumberProof
from portal.domain.openness import Openness, openness_clock
from portal.domain.register import Language
from portal.domain.representation import Representative
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
    addition: str = ""


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
    transcript: bool = False


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
class CostLine:
    """One line of a fee: what it is for, in cents."""

    label: str
    cents: int


class Route(StrEnum):
    """The law by which a request is answered. A request that names none is a data protection request."""

    DATA_PROTECTION = "data_protection"
    OPENNESS = "openness"
    BOTH = "both"


@dataclass(frozen=True)
class Act:
    """Something beside the decision that two people must agree on: `kind` is fee, lifting or hold_release.

    `reason` is a clause in the case's language. A fee has its ground, facts, assessment and cost lines (label, cents);
    a lifting its day `on`; both tell until when the applicant may reply.
    """

    kind: str
    reason: str
    author: str = ""
    proposed_at: datetime | None = None
    approver: str | None = None
    on: date | None = None
    reply_by: date | None = None
    recordings: tuple[str, ...] = ()
    ground: str = ""
    facts: str = ""
    assessment: str = ""
    lines: tuple[CostLine, ...] = ()
    accepted: bool | None = None

    @property
    def cents(self) -> int:
        """The sum of the cost lines."""
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True)
class Visit:
    """An invitation to listen on site: the times offered, ascending, with the ids of their slots in the same order.
    What was booked is an appointment (see visits)."""

    place: str
    times: tuple[datetime, ...]
    minutes: int
    slots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What one recipient of the data was told (art. 19): `state` is told or impossible; `why` explains the latter."""

    recipient: str
    state: str
    why: str = ""


@dataclass(frozen=True)
class Proceeding:
    """A complaint, an authority's inquiry or a matter in court about the case; it keeps holds while it is open."""

    kind: str
    body: str
    opened_at: datetime
    reference: str = ""
    reply_by: date | None = None
    outcome: str = ""
    closed_at: datetime | None = None


RENEWED = "answered_late"
"""Why a case is in hand again when what was asked came after its closing: it is then as a new request."""


@dataclass(frozen=True)
class Reopening:
    """Why an answered case is in hand again (`RENEWED`, inquiry or court), and its own clock."""

    why: str
    at: datetime
    due: date


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
    route: Route = Route.DATA_PROTECTION
    large: bool = False
    allowed_late: tuple[str, ...] = ()
    reminded_at: datetime | None = None
    acts: tuple[Act, ...] = ()
    visit: Visit | None = None
    told: tuple[Told, ...] = ()
    proceedings: tuple[Proceeding, ...] = ()
    reopened: Reopening | None = None
    dispatch: Dispatch | None = None
    numbers: tuple[NumberProof, ...] = ()
    representative: Representative | None = None
    contact: Contact | None = None

    @property
    def items(self) -> tuple[int, ...]:
        """What is decided one by one: each described call, or the request as a whole when none is described."""
        return tuple(call.number for call in self.calls) or (1,)

    @property
    def chosen(self) -> tuple[Finding, ...]:
        """The recordings that staff took to be the applicant's calls."""
        return tuple(finding for finding in self.findings if finding.chosen)

    @property
    def way(self) -> Way:
        """How the case's letters go: as staff chose, else as the applicant wished."""
        if self.dispatch:
            return self.dispatch.way
        return Way.POST if self.wishes.by_post else Way.PORTAL

    @property
    def disputed(self) -> bool:
        """Is a complaint, an inquiry or a matter in court open?"""
        return any(one.closed_at is None for one in self.proceedings)

    def number(self, call: int) -> NumberProof:
        """What is known of the number of this call."""
        known = next((one for one in self.numbers if one.call == call), None)
        return known or NumberProof(call, Grade.UNPROVED)

    def act(self, kind: str) -> Act | None:
        """The latest act of this kind, if there is one."""
        return next((act for act in reversed(self.acts) if act.kind == kind), None)


def deadline(case: Case, target_days: int | None = None) -> Deadline:
    """The case's time limits, derived from receipt, counted pauses and extension (art. 12(3))."""
    return derive(case.received_at, case.pauses, case.extension is not None, target_days)


def extended(case: Case) -> bool:
    """Has the present time limit been extended? What was extended before a renewal is over."""
    again = case.reopened
    return case.extension is not None and (again is None or case.extension.dispatched_at >= again.at)


def renewed(case: Case) -> Deadline | None:
    """The month of a request that a late answer renewed, with its own extension (art. 12(3)); None for any other case:
    the day that an authority or a court has set is theirs to move."""
    again = case.reopened
    if again is None or again.why != RENEWED:
        return None
    return derive(again.at, (), extended(case))


def openness(case: Case) -> Openness | None:
    """The clock of the Openness Act, where the request is answered by it (too)."""
    return None if case.route is Route.DATA_PROTECTION else openness_clock(case.received_on, large=case.large)


@dataclass(frozen=True)
class Leading:
    """The clock to answer by: `law` is gdpr, openness or own (of a case in hand again). `due` is the last day on
    which an answer is in time, None while the clock stands still; `plan_on` the day to plan it on."""

    law: str
    due: date | None
    plan_on: date


def leading(case: Case) -> Leading:
    """The nearest of the case's clocks; a case in hand again has its own alone."""
    if case.reopened:
        again = renewed(case)
        if again is None or not extended(case):
            return Leading("own", case.reopened.due, case.reopened.due)
        return Leading("own", again.effective_due, again.internal_extended_due)
    counted = deadline(case)
    planned = counted.internal_extended_due if case.extension else counted.internal_due
    own, other = Leading("gdpr", counted.effective_due, planned), openness(case)
    if other is None or (case.route is Route.BOTH and own.plan_on <= other.plan_on):
        return own
    return Leading("openness", other.due, other.plan_on)


def plan_on(case: Case) -> date:
    """The day to plan the answer on: the nearest of the case's clocks."""
    return leading(case).plan_on


__all__ = [
    "RENEWED",
    "Act",
    "Address",
    "Applicant",
    "Case",
    "CostLine",
    "Evidence",
    "Extension",
    "Finding",
    "Leading",
    "Pause",
    "PauseKind",
    "Proceeding",
    "Question",
    "Reopening",
    "Route",
    "State",
    "Told",
    "Verdict",
    "Visit",
    "Wishes",
    "deadline",
    "extended",
    "leading",
    "openness",
    "plan_on",
    "renewed",
]  # fmt: skip
