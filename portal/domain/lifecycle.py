"""The life of a case as one table, and `decide_step`, the only place where a state may change.

A step is what somebody wants to do; the table says from which states it may be done, by which action, and where it
leads. `decide_step` is pure: it returns the new Case and its Event together, so neither comes without the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.domain import events
from portal.domain.access import Action, Actor, Forbidden, allowed
from portal.domain.case import Case, Extension, Finding, Question, State, Verdict, deadline
from portal.domain.deadlines import ExtensionNotice, Pause, PauseKind, extension_notice_ok, pause_counts
from portal.domain.decisions import Decision, Outcome, needs_second
from portal.domain.events import Event
from portal.domain.moments import helsinki
from portal.domain.rights import Right


class NotNow(Exception):
    """The step cannot be done in the case's present state; `code` says why, for one friendly page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Step:
    """Base of all steps."""


@dataclass(frozen=True)
class TakeUp(Step):
    """Take the case, or take it over from a colleague."""


@dataclass(frozen=True)
class Ask(Step):
    """Ask the applicant: `kind` call | identity | scope; doubt and large quantity decide whether the clock stops."""

    kind: str
    what: str
    why: str
    answer_by: date
    doubt: bool = False
    large_quantity: bool = False


@dataclass(frozen=True)
class Reply(Step):
    """The applicant writes; while a question is open this answers it."""

    text: str


@dataclass(frozen=True)
class Extend(Step):
    """Art. 12(3): two further months, with an individual reason."""

    reason: str
    text: str


@dataclass(frozen=True)
class ChooseCall(Step):
    recording: str
    call: int


@dataclass(frozen=True)
class RejectCall(Step):
    recording: str
    call: int


@dataclass(frozen=True)
class CheckSpeaker(Step):
    """After listening: is the speaker the applicant, and what shows it?"""

    recording: str
    verdict: Verdict
    how: str


@dataclass(frozen=True)
class Propose(Step):
    """A complete decision goes to approval, or straight to signing where no second person is needed."""

    decision: Decision
    summary: str


@dataclass(frozen=True)
class Approve(Step):
    pass


@dataclass(frozen=True)
class Return(Step):
    reason: str


@dataclass(frozen=True)
class Sign(Step):
    """The frozen letter is given; `kind` is the letter's kind, `available_until` the end of the files' life."""

    kind: str
    available_until: date | None


@dataclass(frozen=True)
class Withdraw(Step):
    pass


@dataclass(frozen=True)
class Close(Step):
    pass


@dataclass(frozen=True)
class Record(Step):
    """Something happened that leaves the state alone: a hold confirmed, a letter issued, a copy heard."""

    event: Event


_OPEN = frozenset({State.RECEIVED, State.IN_HAND, State.ASKED, State.FOR_APPROVAL, State.APPROVED})
_IN_HAND = frozenset({State.IN_HAND})
_WORK = frozenset({State.IN_HAND, State.ASKED})  # a question may stop the clock, never the work


@dataclass(frozen=True)
class Rule:
    """One line of the table. `to` is None where the outcome decides (see the step's function)."""

    of: frozenset[State]
    to: State | None
    action: Action


TABLE: dict[type[Step], Rule] = {
    TakeUp: Rule(frozenset({State.RECEIVED, State.IN_HAND, State.ASKED}), None, Action.TAKE_UP),
    Ask: Rule(_IN_HAND, State.ASKED, Action.ASK),
    Reply: Rule(_OPEN, None, Action.WRITE_MESSAGE),
    Extend: Rule(_OPEN, None, Action.EXTEND),
    ChooseCall: Rule(_WORK, None, Action.CHOOSE_CALL),
    RejectCall: Rule(_WORK, None, Action.CHOOSE_CALL),
    CheckSpeaker: Rule(_WORK, None, Action.CHECK_SPEAKER),
    Propose: Rule(_WORK, None, Action.DECIDE),
    Approve: Rule(frozenset({State.FOR_APPROVAL}), State.APPROVED, Action.APPROVE),
    Return: Rule(frozenset({State.FOR_APPROVAL, State.APPROVED}), State.IN_HAND, Action.APPROVE),
    Sign: Rule(frozenset({State.APPROVED}), State.ANSWERED, Action.SIGN),
    Withdraw: Rule(_OPEN, State.WITHDRAWN, Action.WITHDRAW),
    Close: Rule(frozenset({State.ANSWERED}), State.CLOSED, Action.CLOSE),
}

RECORDABLE: dict[type[Event], Action] = {
    events.HoldOutcomeRecorded: Action.CONFIRM_HOLD,
    events.HoldReleased: Action.HOUSEKEEP,
    events.RecordingAdded: Action.ADD_RECORDING,
    events.RecordingListened: Action.LISTEN,
    events.LetterIssued: Action.SEE_CASE,
    events.LetterPosted: Action.POST_LETTER,
    events.RecordingErased: Action.SIGN,
    events.RecordingRestricted: Action.SIGN,
    events.StatementAttached: Action.SIGN,
    events.LetterRead: Action.OPEN_REPLY,
    events.CopyPlayed: Action.OPEN_REPLY,
    events.CopyDownloaded: Action.OPEN_REPLY,
}

_OWNED = frozenset({Action.WRITE_MESSAGE, Action.WITHDRAW, Action.OPEN_REPLY, Action.SEE_OWN_CASE})


def decide_step(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """The case after `step` by `actor` at `now` (aware UTC), and the event that tells it.

    Raises Forbidden when the actor may not, NotNow when the state or the facts do not allow it now.
    """
    if isinstance(step, Record):
        _demand(actor, RECORDABLE[type(step.event)], case)
        return replace(case, seq=case.seq + 1), step.event
    rule = TABLE[type(step)]
    _demand(actor, rule.action, case)
    if case.state not in rule.of:
        raise NotNow("state")
    after, event = _STEPS[type(step)](case, step, actor, now)
    return replace(after, state=rule.to or after.state, seq=case.seq + 1, moves=case.moves + 1), event


def open_steps(case: Case, actor: Actor) -> frozenset[type[Step]]:
    """The steps that the table allows this actor now; pages show these and no others."""
    return frozenset(
        step
        for step, rule in TABLE.items()
        if case.state in rule.of
        and allowed(actor, rule.action, case.register, _owner(case, rule.action))
        and not (step is Approve and actor.id == case.author)
    )


def _owner(case: Case, action: Action) -> str | None:
    return case.applicant.person if action in _OWNED else None


def _demand(actor: Actor, action: Action, case: Case) -> None:
    if not allowed(actor, action, case.register, _owner(case, action)):
        raise Forbidden(action.value)


def _take_up(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if case.handler == actor.id:
        raise NotNow("yours")
    state = State.IN_HAND if case.state is State.RECEIVED else case.state
    return replace(case, handler=actor.id, state=state), events.TakenUp()


def _ask(case: Case, step: Ask, actor: Actor, now: datetime) -> tuple[Case, Event]:
    counts, why_not = False, "not_about_identity_or_scope"
    pauses = case.pauses
    if step.kind in {kind.value for kind in PauseKind}:
        kind = PauseKind(step.kind)
        answers = [pause.answered_at for pause in case.pauses if pause.answered_at]
        counts, why_not = pause_counts(
            kind,
            strongly_authenticated=True,
            doubt=step.doubt,
            large_quantity=step.large_quantity,
            received_at=case.received_at,
            asked_at=now,
            previous_answer_at=answers[-1] if answers else None,
            due=deadline(case).due,
        )
        pauses = (*pauses, Pause(kind, now, None, counts, why_not))
    question = Question(step.kind, step.what, step.why, now, step.answer_by)
    event = events.QuestionAsked(step.kind, step.what, step.why, step.answer_by, counts, why_not)
    return replace(case, pauses=pauses, question=question), event


def _reply(case: Case, step: Reply, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if case.state is not State.ASKED:
        return case, events.MessageReceived(step.text)
    return replace(_clock_runs(case, now), state=State.IN_HAND, question=None), events.QuestionAnswered(step.text)


def _clock_runs(case: Case, now: datetime) -> Case:
    return replace(case, pauses=tuple(p if p.answered_at else replace(p, answered_at=now) for p in case.pauses))


def _extend(case: Case, step: Extend, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if case.extension:
        raise NotNow("extended_already")
    verdict = extension_notice_ok(deadline(case), now)
    if verdict in (ExtensionNotice.TOO_LATE, ExtensionNotice.NEEDS_DPO):
        raise NotNow(f"extension_{verdict.value}")
    after = replace(case, extension=Extension(step.reason, step.text, now))
    event = events.DeadlineExtended(
        step.reason, step.text, deadline(after).effective_due, verdict is ExtensionNotice.WARN
    )
    return after, event


def _found(case: Case, finding: Finding) -> tuple[Finding, ...]:
    return (*(f for f in case.findings if f.recording != finding.recording), finding)


def _choose(case: Case, step: ChooseCall, actor: Actor, now: datetime) -> tuple[Case, Event]:
    finding = Finding(step.recording, step.call, chosen=True)
    return replace(case, findings=_found(case, finding)), events.CallChosen(step.recording, step.call)


def _reject(case: Case, step: RejectCall, actor: Actor, now: datetime) -> tuple[Case, Event]:
    finding = Finding(step.recording, step.call, chosen=False)
    return replace(case, findings=_found(case, finding)), events.CallRejected(step.recording, step.call)


def _check_speaker(case: Case, step: CheckSpeaker, actor: Actor, now: datetime) -> tuple[Case, Event]:
    for finding in case.chosen:
        if finding.recording == step.recording:
            checked = replace(finding, speaker=step.verdict, how=step.how, checked_by=actor.id)
            event = events.SpeakerChecked(step.recording, step.verdict.value, step.how)
            return replace(case, findings=_found(case, checked)), event
    raise NotNow("call_not_chosen")


def _propose(case: Case, step: Propose, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """A question that nobody answered in time ends here: the request is decided on what is known."""
    if case.question and helsinki(now).date() <= case.question.answer_by:
        raise NotNow("answer_awaited")
    for item in step.decision.items:
        if item.outcome in (Outcome.GRANTED, Outcome.PARTLY) and not _proved(case, item.item):
            raise NotNow("speaker_not_confirmed")
    second = needs_second(step.decision, case.right)
    state = State.FOR_APPROVAL if second else State.APPROVED
    after = replace(_clock_runs(case, now), question=None)
    after = replace(after, decision=step.decision, author=actor.id, approver=None, state=state)
    return after, events.DecisionProposed(step.summary, second)


def _proved(case: Case, call: int) -> bool:
    """May this item be granted? Strong identification proves who asks, not that they were the caller: a listener
    must have confirmed each recording. Objection and withdrawal concern purposes, not one recording."""
    if case.right in (Right.OBJECTION, Right.WITHDRAWAL):
        return True
    chosen = [finding for finding in case.chosen if finding.call == call]
    return bool(chosen) and all(finding.speaker is Verdict.FITS for finding in chosen)


def _approve(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if actor.id == case.author:
        raise NotNow("own_decision")
    return replace(case, approver=actor.id), events.DecisionApproved()


def _return(case: Case, step: Return, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, approver=None), events.DecisionReturned(step.reason)


def _sign(case: Case, step: Sign, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if case.decision and needs_second(case.decision, case.right) and case.approver in (None, case.author):
        raise NotNow("not_approved")
    return replace(case, answered_at=now), events.AnswerGiven(step.kind, step.available_until)


def _withdraw(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, closed_at=now), events.RequestWithdrawn()


def _close(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, closed_at=now), events.CaseClosed()


# The table's functions; each gets its own kind of step, which the dictionary's type cannot say.
_STEPS: dict[type[Step], Callable[..., tuple[Case, Event]]] = {
    TakeUp: _take_up,
    Ask: _ask,
    Reply: _reply,
    Extend: _extend,
    ChooseCall: _choose,
    RejectCall: _reject,
    CheckSpeaker: _check_speaker,
    Propose: _propose,
    Approve: _approve,
    Return: _return,
    Sign: _sign,
    Withdraw: _withdraw,
    Close: _close,
}
