"""Acts that two people agree on: a fee (art. 12(5)), the end of a restriction (art. 18(3)), an early end of a hold.

One proposes, another approves; only then does the act happen. What the applicant must be told goes out as a letter in
the unit that approves.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Act, Case
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import ApproveAct, NotNow, ProposeAct, RejectAct, decide_step
from portal.domain.longer import LONGER
from portal.services.act_facts import act_facts, taken_back_facts
from portal.services.issue_letter import frozen, issue
from portal.services.office import HELSINKI, Office
from portal.services.ports import Recording, Work
from portal.services.step import opened, record, take_step

_AGAIN = timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """A recording that the case holds, and whether it does so because its use is restricted."""

    recording: Recording
    restricted: bool


@dataclass(frozen=True)
class Waiting:
    """An act that waits for its second person."""

    case: Case
    act: Act
    author: str


def held(office: Office, actor: Actor, ref: str) -> tuple[Held, ...]:
    """The recordings that the case still holds, in the order of holding: what can be lifted or released."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        holds = work.recordings.holds_of(case.id)
        known = work.recordings.many([recording for recording, _reason in holds]) if holds else {}
    return tuple(
        Held(known[one], reason == "restriction") for one, reason in holds if one in known and reason not in LONGER
    )


def waiting(office: Office, actor: Actor) -> tuple[Waiting, ...]:
    """The acts of the actor's register that wait for a second person, the oldest first."""
    demand(actor, Action.APPROVE, actor.controller)
    with office.reading() as work:
        cases = [work.cases.open_for_system(one) for one in work.cases.awaiting(actor.controller)]
        acts = [(case, act) for case in cases for act in case.acts if act.approver is None]
        names = work.staff.names({act.author for _case, act in acts})
    found = [Waiting(case, act, names.get(act.author, "")) for case, act in acts]
    return tuple(sorted(found, key=lambda one: one.act.proposed_at or one.case.received_at))


def propose_act(office: Office, actor: Actor, ref: str, act: Act, seen: int) -> None:
    """Propose it. NotNow where the law or the register does not allow it, or the same is proposed already."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        _allowed(office, work, case, act)
        take_step(office, work, case, ProposeAct(act), actor)


def _allowed(office: Office, work: Work, case: Case, act: Act) -> None:
    """What the register and its recordings say of the act; the rest of the law is in the domain."""
    rule = office.registers[case.register].fee
    if act.kind == "fee" and rule.mode != "exceptional":
        raise NotNow("fee_never")
    notice = timedelta(days=rule.prior_notice_days or 0)
    if act.kind == "fee" and (act.reply_by is None or act.reply_by < office.today() + notice):
        raise NotNow("no_time_to_reply")
    restricting = act.kind == "lifting"
    own = {
        one
        for one, reason in work.recordings.holds_of(case.id)
        if (reason == "restriction") == restricting and reason not in LONGER
    }
    if act.kind != "fee" and not set(act.recordings) <= own:
        raise NotNow("state")


def approve_act(office: Office, actor: Actor, ref: str, kind: str, seen: int) -> None:
    """The second person agrees: the letter goes out and the act takes effect, or its day is set. Not the author."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.APPROVE, case.register)
        if case.moves != seen:
            raise NotNow("moved")
        act = case.act(kind)
        if act:
            _allowed(office, work, case, act)
        facts = letter_of(office, work, case, kind, actor)
    with frozen(office, case.register, facts) if facts else nullcontext() as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), ApproveAct(kind), actor)
        if letter:
            case = issue(office, work, case, letter, actor)
        _take_effect(office, work, case, kind)


def letter_of(office: Office, work: Work, case: Case, kind: str, actor: Actor) -> LetterFacts | None:
    """The letter as it will be if `actor` approves the act now; None where the act needs none."""
    after, _event = decide_step(case, ApproveAct(kind), actor, office.now())
    act = after.act(kind)
    return act_facts(office, work, case, act, actor) if act else None


def reject_act(office: Office, actor: Actor, ref: str, step: RejectAct, seen: int) -> None:
    """Not agreed, or taken back by its author; a lifting also after approval, until its day, for the person's views
    may have changed the matter. What was announced by letter is taken back by letter."""
    if not step.reason.strip():
        raise NotNow("no_reason")
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        if case.moves != seen:
            raise NotNow("moved")
        decide_step(case, step, actor, office.now())  # what cannot be done is not written about
        act = case.act(step.kind)
        facts = taken_back_facts(office, work, case, act, step.reason.strip(), actor) if act else None
    with frozen(office, case.register, facts) if facts else nullcontext() as letter, office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
        if letter:
            issue(office, work, case, letter, actor)


def _take_effect(office: Office, work: Work, case: Case, kind: str) -> None:
    act = case.act(kind)
    if act is None:
        return
    if kind == "lifting" and act.on:
        at = datetime.combine(act.on, time(23, 59), HELSINKI).astimezone(UTC)
        work.outbox.add("lift", {"case": case.id}, f"lift:{case.id}:{act.on}", at)
    elif kind == "hold_release":
        for recording in act.recordings:
            for freed in work.recordings.release(case.id, office.now(), recording_id=recording):
                case = record(office, work, case, events.HoldReleased(freed, "by_two"), SYSTEM)


def lift(office: Office, case_id: str) -> None:
    """Lift the restriction whose notice has run out: its hold ends, and its mark where no other case restricts.

    Idempotent. Nothing happens when the act was taken back; a complaint, an inquiry or a court puts it off.
    """
    now = office.now()
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        act = case.act("lifting")
        if act is None or act.approver is None or act.on is None or act.on > office.today():
            return
        if case.disputed:
            later = now + _AGAIN
            work.outbox.add("lift", {"case": case_id}, f"lift:{case_id}:{later:%Y-%m-%d}:again", later)
            return
        for recording in act.recordings:
            if work.recordings.release(case_id, now, recording_id=recording, restriction=True):
                work.recordings.restrict(recording, on=False)
                case = record(office, work, case, events.RestrictionLifted(recording), SYSTEM)
