"""What the pages show: frozen read models, each made for one actor. Nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain.access import Action, Actor, allowed, demand
from portal.domain.case import Case, Finding, State, Verdict, deadline, leading
from portal.domain.deadlines import Deadline
from portal.domain.events import TO_CITIZEN
from portal.domain.grants import GrantState
from portal.domain.lifecycle import Step, open_steps
from portal.domain.matching import Fit, Reason, Term
from portal.domain.number_steps import releases
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.services.find_calls import keeping_of
from portal.services.given_copies import GivenCopy, bundled, given_copies
from portal.services.letter_facts import preserved
from portal.services.listeners import hearing
from portal.services.office import Office
from portal.services.open_cases import AT_RISK, NEXT_STEP
from portal.services.ports import (
    Document,
    Entry,
    Harvest,
    Recording,
    Refusal,
    TrailLine,
    Work,
)
from portal.services.ports.duties import Stuck
from portal.services.ports.sources import SourceState


@dataclass(frozen=True)
class Moment:
    """One line of a timeline: `kind` names the event, `who` the person who did it (empty: the system)."""

    kind: str
    at: datetime
    actor_kind: str
    who: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class MyCase:
    """A line of "my requests"."""

    ref: str
    right: Right
    state: State
    received_at: datetime
    due: date | None


@dataclass(frozen=True)
class Handling:
    """Who handled the matter and when, without names of staff: the role is what the applicant is told."""

    at: datetime
    what: str


MESSAGES = ("message_received", "question_answered", "question_asked", "case_reopened")
"""The events that hold what one of the two wrote to the other."""


@dataclass(frozen=True)
class MyCaseView:
    """The applicant's own case: P1 every page says what is next and by when; P9 who handled it."""

    case: Case
    register: Register
    deadline: Deadline
    timeline: tuple[Moment, ...]
    messages: tuple[Moment, ...]
    documents: tuple[Document, ...]
    handling: tuple[Handling, ...]
    preserved: bool
    can_write: bool
    can_withdraw: bool


@dataclass(frozen=True)
class Listening:
    """Staff listened to the applicant's call."""

    at: datetime
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class ReplyView:
    """The answer: the decision, what is given and until when, the letter as a page and as a file."""

    case: Case
    register: Register
    answered_at: datetime
    copies: tuple[GivenCopy, ...]
    bundled: tuple[GivenCopy, ...]
    letter: Document
    letter_html: str
    documents: tuple[Document, ...]
    listened: tuple[Listening, ...]
    files_gone: bool


def my_cases(office: Office, actor: Actor) -> tuple[MyCase, ...]:
    """The data subject's own requests in this register, newest first."""
    demand(actor, Action.SEE_OWN_CASE, actor.controller, actor.id)
    with office.reading() as work:
        return tuple(
            MyCase(case.ref, case.right, case.state, case.received_at, leading(case).due)
            for case in work.cases.of_person(actor)
        )


def my_case(office: Office, actor: Actor, ref: str) -> MyCaseView:
    """One own request with its timeline. Absent when it is not theirs."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_OWN_CASE, case.register, case.applicant.person)
        entries = work.cases.timeline(case)
        documents = work.documents.of_case(case.id)
    register = office.registers[case.register]
    steps = {step.__name__ for step in open_steps(case, actor)}
    timeline = tuple(_moment(entry, {}) for entry in entries if entry.action in TO_CITIZEN)
    return MyCaseView(
        case=case,
        register=register,
        deadline=deadline(case, register.service_target_days),
        timeline=timeline,
        messages=tuple(moment for moment in timeline if moment.kind in MESSAGES),
        documents=documents,
        handling=tuple(
            Handling(entry.at, entry.action)
            for entry in entries
            if entry.actor_kind == "staff" and entry.action in TO_CITIZEN
        ),
        preserved=preserved(office, case.register),
        can_write="Reply" in steps,
        can_withdraw="Withdraw" in steps,
    )


def reply(office: Office, actor: Actor, ref: str) -> ReplyView | None:
    """The answer to an own request, or None while there is none. Absent when the request is not theirs."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
        entries = work.cases.timeline(case)
        given = [(one.at, one.facts["kind"]) for one in entries if one.action == "answer_given" and one.facts]
        if not given:
            return None
        answered_at, kind = given[-1]  # of a case in hand again too: what was given stays given
        documents = work.documents.of_case(case.id)
        letter = next(one for one in reversed(documents) if one.kind == kind)
        html = work.documents.html(case.id, letter.id, work.cases.box(case)) or ""
        copies = given_copies(office, work, case, actor.id, entries)
        copied = tuple(one for one in copies if one.state is not GrantState.ENDED)
    return ReplyView(
        case=case,
        register=office.registers[case.register],
        answered_at=answered_at,
        copies=copied,
        bundled=bundled(copies),
        letter=letter,
        letter_html=html,
        documents=documents,
        listened=_listened(entries) if copies else (),
        files_gone=len(copied) < len(copies),
    )


def _listened(entries: tuple[Entry, ...]) -> tuple[Listening, ...]:
    return tuple(
        Listening(entry.at, entry.facts["start_ms"], entry.facts["end_ms"])
        for entry in entries
        if entry.action == "recording_listened" and entry.facts
    )


def _moment(entry: Entry, names: Mapping[str, str]) -> Moment:
    return Moment(entry.action, entry.at, entry.actor_kind, names.get(entry.actor, ""), entry.facts or {})


# --- staff ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CandidateView:
    """A recording that may be the call, why it fits, how safe it is, and what staff found."""

    place: int
    call: int
    recording: Recording | None
    fit: Fit
    reasons: tuple[Reason, ...]
    outcome: str
    note: str
    finding: Finding | None
    statements: tuple[str, ...]
    hearable: bool


@dataclass(frozen=True)
class CaseView:
    """A case on one page for staff."""

    case: Case
    register: Register
    deadline: Deadline
    candidates: tuple[CandidateView, ...]
    timeline: tuple[Moment, ...]
    documents: tuple[Document, ...]
    steps: frozenset[type[Step]]
    next_step: str
    handler: str
    author: str
    keeping: str
    expires_on: date | None
    may_listen: bool


def case_view(office: Office, actor: Actor, ref: str) -> CaseView:
    """Everything staff need to take the next step. Absent for another controller's case."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        candidates = _candidates(office, work, actor, case)
        entries = work.cases.timeline(case)
        documents = work.documents.of_case(case.id)
        names = work.staff.names({e.actor for e in entries if e.actor_kind == "staff"} | {case.handler or ""})
        keeping = keeping_of(work, case)
        restricts = any(reason == "restriction" for _one, reason in work.recordings.holds_of(case.id))
        erasing = any(task.confirmed_on is None for task in work.duties.erasures(case.register, case.id))
    register = office.registers[case.register]
    return CaseView(
        case=case,
        register=register,
        deadline=deadline(case, register.service_target_days),
        candidates=candidates,
        timeline=tuple(_moment(entry, names) for entry in reversed(entries)),
        documents=documents,
        steps=open_steps(case, actor),
        next_step=_next_step(case, candidates, restricts=restricts, erasing=erasing),
        handler=names.get(case.handler or "", ""),
        author=names.get(case.author or "", ""),
        keeping=keeping.state,
        expires_on=keeping.expires_on,
        may_listen=allowed(actor, Action.LISTEN, case.register),
    )


def _candidates(office: Office, work: Work, actor: Actor, case: Case) -> tuple[CandidateView, ...]:
    rows = [row for row in work.recordings.candidates(case.id) if row.call in case.items]
    known = work.recordings.many([row.recording for row in rows]) if rows else {}
    found = {finding.recording: finding for finding in case.findings}
    may_hear = hearing(office, work, actor, case)
    return tuple(
        CandidateView(
            place=place,
            call=row.call,
            recording=known.get(row.recording),
            fit=Fit(row.fit),
            reasons=tuple(Reason(Term(r["term"]), r["code"], r["minutes"], r["days"]) for r in row.reasons),
            outcome=row.outcome,
            note=row.note,
            finding=found.get(row.recording),
            statements=work.recordings.statements(row.recording, case.register),
            hearable=row.recording in known and may_hear(known[row.recording]),
        )
        for place, row in enumerate(rows, 1)
    )


def _next_step(case: Case, candidates: tuple[CandidateView, ...], *, restricts: bool, erasing: bool) -> str:
    """What to do now, from the state and the facts. A restriction that outlives the answer is somebody's to end, after
    notice (art. 18(3)): until the notice has gone the case asks for it; so does an erasure that its operator has not
    confirmed."""
    if erasing and not case.state.open:
        return "confirm_erasure"
    if restricts and case.state in (State.ANSWERED, State.CLOSED) and not case.disputed:
        act = case.act("lifting")
        if act is None:
            return "lift"
        if act.approver is None:
            return "approve_lift"
    if case.state is not State.IN_HAND:
        return NEXT_STEP.get(case.state, "none")
    if any(one.outcome in AT_RISK for one in candidates):
        return "confirm_hold"
    undecided = [one for one in candidates if one.finding is None]
    if not case.chosen:
        return "choose" if undecided else "decide"
    if any(finding.speaker is None for finding in case.chosen):
        return "listen"
    fitting = {finding.call for finding in case.chosen if finding.speaker is Verdict.FITS}
    return "number" if releases(case) and any(not case.number(call).enough for call in fitting) else "decide"


@dataclass(frozen=True)
class SourcesView:
    """What the administrator sees of the recording sources."""

    harvests: tuple[Harvest, ...]
    refusals: tuple[Refusal, ...]
    jobs: Mapping[str, int]
    oldest_due: datetime | None
    states: Mapping[str, SourceState]
    stuck: tuple[Stuck, ...] = ()


def sources_view(office: Office, actor: Actor) -> SourcesView:
    """Harvest state and refused rows of the register's sources."""
    demand(actor, Action.SEE_SOURCES, actor.controller)
    with office.reading() as work:
        return SourcesView(
            work.sources.harvests(actor.controller),
            work.sources.refusals(actor.controller),
            work.outbox.counts(),
            work.outbox.oldest_due(office.now()),
            {state.source: state for state in work.sources.states(actor.controller)},
            work.duties.stuck(actor.controller),
        )


def trail_page(office: Office, actor: Actor, before: int | None, action: str | None) -> tuple[TrailLine, ...]:
    """The register's audit trail, newest first, fifty rows a page."""
    demand(actor, Action.SEE_AUDIT, actor.controller)
    with office.reading() as work:
        return work.trail.page(actor.controller, before, 50, action)
