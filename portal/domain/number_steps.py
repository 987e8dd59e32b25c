"""The steps that change what is known of a number, and the gate that a release passes (art. 5(1)(f), 12(6), 15(4)).

Each function takes the case, the step, who takes it and when, and gives the case afterwards with its event; the
table in lifecycle says from which states and by whom.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.decisions import Decision, Outcome
from portal.domain.events import Event
from portal.domain.moments import DaySureness, helsinki
from portal.domain.number_proof import SUPPORTS, Grade, How, NumberProof, days_apart, note_fault
from portal.domain.rights import Right
from portal.domain.steps import NotNow, ProveNumber, ShareNumber, Step, SupportNumber, UnproveNumber

Moved = tuple[Case, Event]
_GIVEN = (Outcome.GRANTED, Outcome.PARTLY)


def releases(case: Case) -> bool:
    """Does granting the case's request hand a recording out: a copy, a package, or a copy before the erasure?"""
    copy_first = case.right is Right.ERASURE and case.wishes.copy_first
    return case.right in (Right.ACCESS, Right.PORTABILITY) or copy_first


def unproved_items(case: Case, decision: Decision) -> tuple[int, ...]:
    """The items of the decision that would release a call whose number is neither proved nor supported."""
    if not releases(case):
        return ()
    given = [item.item for item in decision.items if item.outcome in _GIVEN]
    return tuple(call for call in given if not case.number(call).enough)


def demand_numbers(case: Case, decision: Decision | None) -> None:
    """Raise NotNow("number_unproved") where the decision would release a call without proof of its number."""
    if decision and unproved_items(case, decision):
        raise NotNow("number_unproved")


def _with(case: Case, proof: NumberProof) -> Case:
    others = tuple(one for one in case.numbers if one.call != proof.call)
    return replace(case, numbers=tuple(sorted((*others, proof), key=lambda one: one.call)))


def _days(case: Case, call: int, at: datetime) -> int | None:
    stated = next((one for one in case.calls if one.number == call), None)
    known = stated.day if stated and stated.day_sureness is not DaySureness.UNKNOWN else None
    return days_apart(helsinki(at).date(), known)


def _demand_call(case: Case, call: int) -> None:
    if call not in case.items:
        raise NotNow("no_such_call")


def _prove(case: Case, step: ProveNumber, actor: Actor, now: datetime) -> Moved:
    _demand_call(case, step.call)
    if not step.how.code:
        raise NotNow("not_by_code")
    before = case.number(step.call)
    proof = replace(
        before, grade=Grade.PROVED, how=step.how.value, at=step.at, by="", note="", days=_days(case, step.call, step.at)
    )
    return _with(case, proof), events.NumberProved(step.call, step.how.value)


def _support(case: Case, step: SupportNumber, actor: Actor, now: datetime) -> Moved:
    _demand_call(case, step.call)
    before = case.number(step.call)
    if before.grade is Grade.PROVED:
        raise NotNow("number_proved")
    fault = note_fault(step.how, step.note) if step.how in SUPPORTS else "by_code_only"
    if fault:
        raise NotNow(fault)
    note = step.note.strip()
    proof = replace(
        before, grade=Grade.SUPPORTED, how=step.how.value, at=now, by=actor.id, note=note,
        days=_days(case, step.call, now),
    )  # fmt: skip
    return _with(case, proof), events.NumberSupported(step.call, step.how.value, note)


def _unprove(case: Case, step: UnproveNumber, actor: Actor, now: datetime) -> Moved:
    if not case.number(step.call).enough:
        raise NotNow("state")
    if not step.why.strip():
        raise NotNow("no_reason")
    proof = NumberProof(step.call, Grade.UNPROVED, shared=case.number(step.call).shared)
    return _with(case, proof), events.NumberUnproved(step.call, step.why.strip())


def _share(case: Case, step: ShareNumber, actor: Actor, now: datetime) -> Moved:
    _demand_call(case, step.call)
    if case.number(step.call).shared is step.shared:
        raise NotNow("state")
    return _with(case, replace(case.number(step.call), shared=step.shared)), events.NumberShared(step.call, step.shared)


NUMBER_MOVES: dict[type[Step], Callable[..., Moved]] = {
    ProveNumber: _prove,
    SupportNumber: _support,
    UnproveNumber: _unprove,
    ShareNumber: _share,
}
"""The functions of these steps, for the table in lifecycle."""

__all__ = ["NUMBER_MOVES", "How", "demand_numbers", "releases", "unproved_items"]
