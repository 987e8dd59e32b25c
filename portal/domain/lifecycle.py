"""The life of a case as one table, and `decide_step`, the only place where a state may change.

A step is what somebody wants to do; the table says from which states it may be done, by which action, and where it
leads. `decide_step` is pure: it returns the new Case and its Event together, so neither comes without the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain import events
from portal.domain.access import Action, Actor, Forbidden, allowed
from portal.domain.acts import MOVES, closed_unanswered, may_close_unanswered, reopen
from portal.domain.case import (
    RENEWED,
    Case,
    Extension,
    Finding,
    Question,
    Route,
    State,
    Verdict,
    deadline,
    extended,
    plan_on,
    renewed,
)
from portal.domain.deadlines import PAUSE_MAX_DAYS, ExtensionNotice, Pause, PauseKind, extension_notice_ok, pause_counts
from portal.domain.decisions import Outcome, needs_second
from portal.domain.dispatch import Dispatch, Way
from portal.domain.events import Event
from portal.domain.moments import helsinki
from portal.domain.number_steps import NUMBER_MOVES, demand_numbers
from portal.domain.recordable import RECORDABLE as RECORDABLE
from portal.domain.representation_steps import CheckRepresentation as CheckRepresentation
from portal.domain.representation_steps import check_representation, demand_allowed, demand_mandate
from portal.domain.rights import Right
from portal.domain.steps import AllowLate as AllowLate
from portal.domain.steps import AnswerFee as AnswerFee
from portal.domain.steps import Approve as Approve
from portal.domain.steps import ApproveAct as ApproveAct
from portal.domain.steps import Ask as Ask
from portal.domain.steps import ChangeLanguage as ChangeLanguage
from portal.domain.steps import CheckSpeaker as CheckSpeaker
from portal.domain.steps import ChooseCall as ChooseCall
from portal.domain.steps import ChooseContact as ChooseContact
from portal.domain.steps import ChooseDispatch as ChooseDispatch
from portal.domain.steps import Close as Close
from portal.domain.steps import CloseProceeding as CloseProceeding
from portal.domain.steps import Complain as Complain
from portal.domain.steps import CorrectMetadata as CorrectMetadata
from portal.domain.steps import DecideRoute as DecideRoute
from portal.domain.steps import Extend as Extend
from portal.domain.steps import Narrow as Narrow
from portal.domain.steps import NotNow as NotNow
from portal.domain.steps import OfferVisit as OfferVisit
from portal.domain.steps import OpenProceeding as OpenProceeding
from portal.domain.steps import Propose as Propose
from portal.domain.steps import ProposeAct as ProposeAct
from portal.domain.steps import ProveNumber, ShareNumber, SupportNumber, UnproveNumber
from portal.domain.steps import Record as Record
from portal.domain.steps import RejectAct as RejectAct
from portal.domain.steps import RejectCall as RejectCall
from portal.domain.steps import Remind as Remind
from portal.domain.steps import Reply as Reply
from portal.domain.steps import Return as Return
from portal.domain.steps import Sign as Sign
from portal.domain.steps import Step as Step
from portal.domain.steps import TakeUp as TakeUp
from portal.domain.steps import Tell as Tell
from portal.domain.steps import Withdraw as Withdraw

_ANY_DAY = 366
"""Within how many days a question is prompt once the data protection officer has let a late one count."""
_OPEN = frozenset({State.RECEIVED, State.IN_HAND, State.ASKED, State.FOR_APPROVAL, State.APPROVED})
_IN_HAND = frozenset({State.IN_HAND})
_AFTER = frozenset({State.ANSWERED, State.CLOSED})
_ANY = _OPEN | _AFTER
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
    Reply: Rule(_ANY, None, Action.WRITE_MESSAGE),
    Extend: Rule(_OPEN, None, Action.EXTEND),
    ChooseCall: Rule(_WORK, None, Action.CHOOSE_CALL),
    RejectCall: Rule(_WORK, None, Action.CHOOSE_CALL),
    CheckSpeaker: Rule(_WORK, None, Action.CHECK_SPEAKER),
    CorrectMetadata: Rule(_WORK | {State.FOR_APPROVAL, State.APPROVED}, None, Action.DECIDE),
    Propose: Rule(_WORK, None, Action.DECIDE),
    Approve: Rule(frozenset({State.FOR_APPROVAL}), State.APPROVED, Action.APPROVE),
    Return: Rule(frozenset({State.FOR_APPROVAL, State.APPROVED}), State.IN_HAND, Action.APPROVE),
    Sign: Rule(frozenset({State.APPROVED}), State.ANSWERED, Action.SIGN),
    Withdraw: Rule(_OPEN, State.WITHDRAWN, Action.WITHDRAW),
    Close: Rule(frozenset({State.ANSWERED}), State.CLOSED, Action.CLOSE),
    DecideRoute: Rule(_OPEN, None, Action.TAKE_UP),
    AllowLate: Rule(_OPEN, None, Action.OVERRIDE_CLOCK),
    Remind: Rule(frozenset({State.ASKED}), None, Action.HOUSEKEEP),
    Narrow: Rule(_WORK | {State.RECEIVED}, None, Action.WRITE_MESSAGE),
    ProposeAct: Rule(_ANY, None, Action.DECIDE),
    ApproveAct: Rule(_ANY, None, Action.APPROVE),
    RejectAct: Rule(_ANY, None, Action.DECIDE),
    AnswerFee: Rule(_OPEN, None, Action.WRITE_MESSAGE),
    OfferVisit: Rule(_WORK | _AFTER, None, Action.DECIDE),
    Tell: Rule(_WORK | _AFTER | {State.FOR_APPROVAL, State.APPROVED}, None, Action.TELL_RECIPIENT),
    Complain: Rule(_AFTER, None, Action.WRITE_MESSAGE),
    OpenProceeding: Rule(_ANY, None, Action.RECORD_PROCEEDING),
    CloseProceeding: Rule(_ANY | {State.WITHDRAWN}, None, Action.RECORD_PROCEEDING),
    ChooseDispatch: Rule(_ANY, None, Action.POST_LETTER),
    ChooseContact: Rule(_ANY, None, Action.WRITE_MESSAGE),
    ChangeLanguage: Rule(_WORK | {State.RECEIVED}, None, Action.TAKE_UP),
    ProveNumber: Rule(_OPEN, None, Action.PROVE_NUMBER),
    SupportNumber: Rule(_OPEN, None, Action.SUPPORT_NUMBER),
    UnproveNumber: Rule(_OPEN, None, Action.SUPPORT_NUMBER),
    ShareNumber: Rule(_OPEN, None, Action.SUPPORT_NUMBER),
    CheckRepresentation: Rule(_WORK | {State.RECEIVED, State.FOR_APPROVAL}, None, Action.DECIDE),
}

_OWNED = frozenset({Action.WRITE_MESSAGE, Action.WITHDRAW, Action.OPEN_REPLY, Action.SEE_OWN_CASE, Action.PROVE_NUMBER})


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
    pauses, leave = case.pauses, case.allowed_late
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
            max_days=_ANY_DAY if "pause" in case.allowed_late else PAUSE_MAX_DAYS,
        )
        if unpaused := _no_pause_in(case):
            counts, why_not = False, unpaused
        pauses = (*pauses, Pause(kind, now, None, counts, why_not))
        leave = tuple(one for one in leave if one != "pause")  # it was given for one late question
    question = Question(step.kind, step.what, step.why, now, step.answer_by)
    event = events.QuestionAsked(step.kind, step.what, step.why, step.answer_by, counts, why_not)
    return replace(case, pauses=pauses, question=question, reminded_at=None, allowed_late=leave), event


def _no_pause_in(case: Case) -> str:
    """Why no question stops this case's clock, as a code; empty where art. 12(6) and recital 63 may. The Openness Act
    knows no pause, and neither does the day of a case in hand again."""
    if case.reopened:
        return "reopened_clock"
    return "openness_act" if case.route is Route.OPENNESS else ""


def _reply(case: Case, step: Reply, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """The answer to an open question; what comes after a closing for want of an answer reopens the case; anything
    else is a message."""
    if closed_unanswered(case) and not case.state.open:
        after = reopen(case, RENEWED, now)
        return after, events.CaseReopened(RENEWED, plan_on(after), step.text)
    if case.state is not State.ASKED:
        return case, events.MessageReceived(step.text)
    return replace(_clock_runs(case, now), state=State.IN_HAND, question=None), events.QuestionAnswered(step.text)


def _clock_runs(case: Case, now: datetime) -> Case:
    return replace(case, pauses=tuple(p if p.answered_at else replace(p, answered_at=now) for p in case.pauses))


def _extend(case: Case, step: Extend, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """Art. 12(3) lengthens its own month alone: that of the request, or of a request renewed by a late answer; not the
    Openness Act's time, nor the day that an authority or a court has set."""
    again = renewed(case)
    if case.reopened and again is None:
        raise NotNow("extension_authority")
    if case.route is Route.OPENNESS:
        raise NotNow("extension_other_clock")
    if extended(case):
        raise NotNow("extended_already")
    verdict = extension_notice_ok(again or deadline(case), now)
    needs_leave = verdict is ExtensionNotice.NEEDS_DPO and "extension" not in case.allowed_late
    if verdict is ExtensionNotice.TOO_LATE or needs_leave:
        raise NotNow(f"extension_{verdict.value}")
    after = replace(case, extension=Extension(step.reason, step.text, now))
    event = events.DeadlineExtended(
        step.reason, step.text, (renewed(after) or deadline(after)).effective_due, verdict is ExtensionNotice.WARN
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


def _correct_metadata(case: Case, step: CorrectMetadata, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """Art. 16: only of a recording that was heard to be the applicant's, and never against the decision."""
    found = next((finding for finding in case.chosen if finding.recording == step.recording), None)
    if case.right is not Right.RECTIFICATION or found is None:
        raise NotNow("call_not_chosen")
    if found.speaker is not Verdict.FITS:
        raise NotNow("speaker_not_confirmed")
    demand_allowed(case)
    decided = case.decision.items if case.decision and case.state not in _WORK else ()
    if any(item.item == found.call and item.outcome not in (Outcome.GRANTED, Outcome.PARTLY) for item in decided):
        raise NotNow("correction_refused")
    return case, events.MetadataCorrected(step.recording, step.field, step.old, step.new)


def _propose(case: Case, step: Propose, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """A question that nobody answered in time ends here: the request is decided on what is known."""
    today = helsinki(now).date()
    if case.question and today <= case.question.answer_by:
        raise NotNow("answer_awaited")
    outcomes = step.decision.outcomes
    if Outcome.NO_REPLY in outcomes and not (outcomes == {Outcome.NO_REPLY} and may_close_unanswered(case, today)):
        raise NotNow("answer_awaited")
    for item in step.decision.items:
        if item.outcome in (Outcome.GRANTED, Outcome.PARTLY) and not _proved(case, item.item):
            raise NotNow("speaker_not_confirmed")
    demand_numbers(case, step.decision)
    second = needs_second(step.decision, case.right)
    state = State.FOR_APPROVAL if second else State.APPROVED
    asked = case.question if Outcome.NO_REPLY in outcomes else None  # what it rests on, should it be returned
    after = replace(_clock_runs(case, now), question=asked)
    after = replace(after, decision=step.decision, author=actor.id, approver=None, state=state)
    if not second:
        demand_mandate(after)
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
    demand_numbers(case, case.decision)
    demand_mandate(case)
    return replace(case, approver=actor.id), events.DecisionApproved()


def _return(case: Case, step: Return, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, approver=None), events.DecisionReturned(step.reason)


def _sign(case: Case, step: Sign, actor: Actor, now: datetime) -> tuple[Case, Event]:
    if case.decision and needs_second(case.decision, case.right) and case.approver in (None, case.author):
        raise NotNow("not_approved")
    demand_numbers(case, case.decision)
    demand_mandate(case)
    return replace(case, answered_at=now, question=None), events.AnswerGiven(step.kind, step.available_until)


def _withdraw(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, closed_at=now), events.RequestWithdrawn()


def _close(case: Case, step: Step, actor: Actor, now: datetime) -> tuple[Case, Event]:
    return replace(case, closed_at=now), events.CaseClosed()


def _choose_dispatch(case: Case, step: ChooseDispatch, actor: Actor, now: datetime) -> tuple[Case, Event]:
    known, before = case.applicant.address, case.dispatch
    given_for_letters = before is not None and before.protected and before.way is Way.POST
    unsafe = step.protected and step.address == known and not given_for_letters
    if step.way is Way.POST and (step.address is None or unsafe):
        raise NotNow("no_safe_address")
    address = step.address if step.way is Way.POST else None if step.protected else known
    applicant = replace(case.applicant, address=address)
    after = replace(case, applicant=applicant, dispatch=Dispatch(step.way, step.protected, now))
    return after, events.DispatchChosen(step.way.value, step.protected)


def _change_language(case: Case, step: ChangeLanguage, actor: Actor, now: datetime) -> tuple[Case, Event]:
    """Until it is decided: reasons that have been written are in the language of the case."""
    if step.language is case.language:
        raise NotNow("same_language")
    return replace(case, language=step.language), events.LanguageChanged(step.language.value)


def _choose_contact(case: Case, step: ChooseContact, actor: Actor, now: datetime) -> tuple[Case, Event]:
    channel = step.contact.channel.value if step.contact else "none"
    return replace(case, contact=step.contact), events.ContactChosen(channel)


# The table's functions; each gets its own kind of step, which the dictionary's type cannot say.
_STEPS: dict[type[Step], Callable[..., tuple[Case, Event]]] = {
    TakeUp: _take_up,
    Ask: _ask,
    Reply: _reply,
    Extend: _extend,
    ChooseCall: _choose,
    RejectCall: _reject,
    CheckSpeaker: _check_speaker,
    CorrectMetadata: _correct_metadata,
    Propose: _propose,
    Approve: _approve,
    Return: _return,
    Sign: _sign,
    Withdraw: _withdraw,
    Close: _close,
    ChooseDispatch: _choose_dispatch,
    ChooseContact: _choose_contact,
    ChangeLanguage: _change_language,
    CheckRepresentation: check_representation,
    **MOVES,
    **NUMBER_MOVES,
}
