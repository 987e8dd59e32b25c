"""What may happen beside and after the decision: acts of two people, recipients, reopening, clocks of another law.

Each function takes the case, the step, who takes it and when, and gives the case afterwards with its event; the
table in lifecycle says from which states and by whom.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Act, Case, Proceeding, Reopening, Route, State, Told, Visit, openness
from portal.domain.deadlines import derive
from portal.domain.decisions import Outcome
from portal.domain.events import Event
from portal.domain.grounds import FEE_GROUNDS
from portal.domain.moments import helsinki
from portal.domain.representation_steps import demand_allowed
from portal.domain.rights import Right
from portal.domain.steps import (
    AllowLate,
    AnswerFee,
    ApproveAct,
    CloseProceeding,
    Complain,
    DecideRoute,
    Narrow,
    NotNow,
    OfferVisit,
    OpenProceeding,
    ProposeAct,
    RejectAct,
    Remind,
    Step,
    Tell,
)
from portal.domain.visits import offer_ok

Moved = tuple[Case, Event]

LIFTING_NOTICE = timedelta(days=14)
"""The notice before a restriction is lifted; art. 18(3) asks for one and sets no number."""
REMIND_AFTER = timedelta(days=14)
CLOSE_AFTER = timedelta(days=30)
"""How long an open question waits before its reminder, and before the case may be closed for want of an answer."""
_LATE = ("extension", "pause")
_RECORDED = ("inquiry", "court")
"""What staff record; that they have complained is told by the person."""


def reminder_due(case: Case, now: datetime) -> bool:
    """Has the open question waited long enough for its one reminder?"""
    return case.question is not None and case.reminded_at is None and now >= case.question.asked_at + REMIND_AFTER


def may_close_unanswered(case: Case, today: date) -> bool:
    """May the case be closed because its question was not answered (art. 12(2), 12(4))? Only after thirty days and
    after the day that the question named."""
    question = case.question
    if question is None:
        return False
    return today > question.answer_by and today >= helsinki(question.asked_at).date() + CLOSE_AFTER


def closed_unanswered(case: Case) -> bool:
    """Was the case answered only because a question was not?"""
    return case.decision is not None and case.decision.outcomes == {Outcome.NO_REPLY}


def reopen(case: Case, why: str, now: datetime, due: date | None = None) -> Case:
    """The case in hand again, with a clock of its own: `due`, or a month from now as for a new request."""
    own = due or derive(now).due or helsinki(now).date()
    return replace(
        case, state=State.IN_HAND, answered_at=None, closed_at=None, decision=None, author=None, approver=None,
        question=None, reopened=Reopening(why, now, own),
    )  # fmt: skip


def _decide_route(case: Case, step: DecideRoute, actor: Actor, now: datetime) -> Moved:
    after = replace(case, route=step.route, large=step.large and step.route is not Route.DATA_PROTECTION)
    clock = openness(after)
    return after, events.RouteDecided(step.route.value, after.large, step.why, clock.due if clock else None)


def _allow_late(case: Case, step: AllowLate, actor: Actor, now: datetime) -> Moved:
    if step.what not in _LATE or not step.reason.strip():
        raise NotNow("no_reason")
    allowed = tuple(dict.fromkeys((*case.allowed_late, step.what)))
    return replace(case, allowed_late=allowed), events.LatenessAllowed(step.what, step.reason)


def _remind(case: Case, step: Remind, actor: Actor, now: datetime) -> Moved:
    if case.question is None or case.reminded_at is not None:
        raise NotNow("state")
    return replace(case, reminded_at=now), events.ReminderSent(case.question.answer_by)


def _narrow(case: Case, step: Narrow, actor: Actor, now: datetime) -> Moved:
    kept = tuple(call for call in case.calls if call.number in step.calls)
    if not kept or len(kept) == len(case.calls):
        raise NotNow("nothing_narrowed")
    findings = tuple(finding for finding in case.findings if finding.call in step.calls)
    after = replace(case, calls=kept, findings=findings)
    return after, events.RequestNarrowed(tuple(call.number for call in kept))


def _propose_act(case: Case, step: ProposeAct, actor: Actor, now: datetime) -> Moved:
    act = replace(step.act, author=actor.id, proposed_at=now, approver=None, accepted=None)
    if not act.reason.strip():
        raise NotNow("no_reason")
    open_one = case.act(act.kind)
    if open_one and open_one.approver is None:
        raise NotNow("act_open")
    _ACT_RULES[act.kind](case, act, helsinki(now).date())
    return replace(case, acts=(*case.acts, act)), events.ActProposed(act.kind, act.reason)


def _fee_may(case: Case, act: Act, today: date) -> None:
    """Art. 12(5): only against a manifestly unfounded or excessive request, with reasons, and announced before."""
    if not case.state.open:
        raise NotNow("state")
    if act.ground not in FEE_GROUNDS or not act.facts.strip() or not act.assessment.strip() or act.cents <= 0:
        raise NotNow("fee_not_reasoned")
    if act.reply_by is None or act.reply_by <= today:
        raise NotNow("no_time_to_reply")


def _lifting_may(case: Case, act: Act, today: date) -> None:
    """Art. 18(3): the person is informed before the restriction is lifted, never after."""
    if case.state not in (State.ANSWERED, State.CLOSED) or not act.recordings:
        raise NotNow("state")
    if act.on is None or act.on < today + LIFTING_NOTICE or act.reply_by is None or not today < act.reply_by <= act.on:
        raise NotNow("lifting_without_notice")


def _release_may(case: Case, act: Act, today: date) -> None:
    """A hold may end early only when no answer is owed and nothing is disputed."""
    if case.state.open or case.disputed or not act.recordings:
        raise NotNow("hold_needed")


_ACT_RULES: dict[str, Callable[[Case, Act, date], None]] = {
    "fee": _fee_may,
    "lifting": _lifting_may,
    "hold_release": _release_may,
}
ACT_KINDS = tuple(_ACT_RULES)


def _pending(case: Case, kind: str) -> Act:
    act = case.act(kind)
    if act is None or act.approver is not None:
        raise NotNow("no_act")
    return act


def _with(case: Case, old: Act, new: Act) -> Case:
    return replace(case, acts=tuple(new if act is old else act for act in case.acts))


def _approve_act(case: Case, step: ApproveAct, actor: Actor, now: datetime) -> Moved:
    act = _pending(case, step.kind)
    if act.author == actor.id:
        raise NotNow("own_decision")
    _ACT_RULES[act.kind](case, act, helsinki(now).date())
    return _with(case, act, replace(act, approver=actor.id)), events.ActApproved(act.kind)


def _reject_act(case: Case, step: RejectAct, actor: Actor, now: datetime) -> Moved:
    """A proposal falls; an approved lifting too until its day is over: the person's views may change the matter."""
    act = case.act(step.kind)
    ahead = act is not None and act.kind == "lifting" and act.on is not None and helsinki(now).date() <= act.on
    if act is None or not ahead:
        act = _pending(case, step.kind)
    acts = tuple(one for one in case.acts if one is not act)
    return replace(case, acts=acts), events.ActRejected(step.kind, step.reason)


def _answer_fee(case: Case, step: AnswerFee, actor: Actor, now: datetime) -> Moved:
    act = case.act("fee")
    if act is None or act.approver is None or act.accepted is not None:
        raise NotNow("no_act")
    return _with(case, act, replace(act, accepted=step.accepted)), events.FeeAnswered(step.accepted)


def _offer_visit(case: Case, step: OfferVisit, actor: Actor, now: datetime) -> Moved:
    demand_allowed(case)
    if case.right is not Right.ACCESS:
        raise NotNow("not_access")
    offered = sorted(step.slots, key=lambda slot: slot[1])
    times = tuple(start for _slot, start in offered)
    offer_ok(times, now)
    visit = Visit(step.place, times, step.minutes, tuple(slot for slot, _start in offered))
    return replace(case, visit=visit), events.VisitOffered(visit.place, visit.times, visit.slots)


def _tell(case: Case, step: Tell, actor: Actor, now: datetime) -> Moved:
    others = tuple(one for one in case.told if one.recipient != step.recipient)
    if step.state == "mistaken" and len(others) < len(case.told):  # named by mistake: in the trail, not in the letter
        return replace(case, told=others), events.RecipientTold(step.recipient, step.state, step.why)
    if step.state not in ("told", "impossible") or (step.state == "impossible" and not step.why.strip()):
        raise NotNow("no_reason")
    told = (*others, Told(step.recipient, step.state, step.why))
    return replace(case, told=told), events.RecipientTold(step.recipient, step.state, step.why)


def _complain(case: Case, step: Complain, actor: Actor, now: datetime) -> Moved:
    """Told once: the same complaint is not another one until the first has ended."""
    if not step.body.strip():
        raise NotNow("no_body")
    if any(one.kind == "complaint" and one.body == step.body and one.closed_at is None for one in case.proceedings):
        raise NotNow("told_already")
    return _with_proceeding(case, Proceeding("complaint", step.body, now)), events.ComplaintTold(step.body)


def _open_proceeding(case: Case, step: OpenProceeding, actor: Actor, now: datetime) -> Moved:
    """An answered case is in hand again until the authority's date; an open one goes on as it is."""
    if step.kind not in _RECORDED or not step.body.strip():
        raise NotNow("no_body")
    after = _with_proceeding(case, Proceeding(step.kind, step.body, now, step.reference, step.reply_by))
    if not case.state.open:
        after = reopen(after, step.kind, now, step.reply_by)
    return after, events.ProceedingOpened(step.kind, step.body, step.reference, step.reply_by, step.matter)


def _with_proceeding(case: Case, proceeding: Proceeding) -> Case:
    return replace(case, proceedings=(*case.proceedings, proceeding))


def _close_proceeding(case: Case, step: CloseProceeding, actor: Actor, now: datetime) -> Moved:
    if not 0 <= step.index < len(case.proceedings) or case.proceedings[step.index].closed_at:
        raise NotNow("state")
    if not step.outcome.strip():
        raise NotNow("no_reason")
    ended = replace(case.proceedings[step.index], outcome=step.outcome, closed_at=now)
    after = replace(case, proceedings=(*case.proceedings[: step.index], ended, *case.proceedings[step.index + 1 :]))
    return after, events.ProceedingClosed(ended.kind, step.outcome)


# Each gets its own kind of step, which the dictionary's type cannot say.
MOVES: dict[type[Step], Callable[..., Moved]] = {
    DecideRoute: _decide_route,
    AllowLate: _allow_late,
    Remind: _remind,
    Narrow: _narrow,
    ProposeAct: _propose_act,
    ApproveAct: _approve_act,
    RejectAct: _reject_act,
    AnswerFee: _answer_fee,
    OfferVisit: _offer_visit,
    Tell: _tell,
    Complain: _complain,
    OpenProceeding: _open_proceeding,
    CloseProceeding: _close_proceeding,
}
