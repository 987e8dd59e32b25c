"""Keep one recording longer than its class, for the reasons and within the limits of the register (art. 5(1)(e)).

One proposes in words, another agrees; the recording is then held with that reason, looked at again on a day, and let go
at the cap. It is done from a case: only there do staff come to a recording at all.
"""

from dataclasses import dataclass
from datetime import date

from portal.domain import duty_events
from portal.domain.access import SYSTEM, Action, Actor, Forbidden, demand
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.longer import kept_until, longer_review_on, longer_rules, may_agree
from portal.domain.moments import helsinki
from portal.domain.register import RetentionRule
from portal.domain.retention import HoldReason
from portal.services.office import Office
from portal.services.ports import Absent, Recording, Work
from portal.services.ports.duties import LongerHold
from portal.services.step import opened, record


@dataclass(frozen=True)
class Chance:
    """A reason for which the register keeps this recording longer, and its last day (None: the police's has none)."""

    reason: HoldReason
    until: date | None


@dataclass(frozen=True)
class Longer:
    """How one recording of a case stands: the register's reasons, what is proposed, what is in force, and the names of
    who proposed and agreed. `may_settle`: is this actor the second person for the proposal?"""

    recording: Recording
    chances: tuple[Chance, ...]
    proposed: tuple[LongerHold, ...]
    agreed: tuple[LongerHold, ...]
    names: dict[str, str]
    may_settle: frozenset[str]


def longer_of(office: Office, actor: Actor, ref: str, recording: str) -> Longer:
    """What may be proposed, agreed and ended for a recording of the case. Absent: it is no candidate of it."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        one = _candidate(work, case, recording)
        live = work.duties.longer_of(recording)
        names = work.staff.names({who for hold in live for who in (hold.author, hold.approver) if who})
    rules = longer_rules(office.registers[case.register])
    chances = [Chance(reason, _last_day(one, rule, reason)) for reason, rule in rules.items()]
    settles = {
        hold.id
        for hold in live
        if hold.author != actor.id and HoldReason(hold.reason) in rules
        and may_agree(rules[HoldReason(hold.reason)], actor.roles)
    }  # fmt: skip
    return Longer(
        one,
        tuple(chance for chance in chances if chance.until is None or chance.until > office.today()),
        tuple(hold for hold in live if hold.state == "proposed"),
        tuple(hold for hold in live if hold.state == "approved"),
        names,
        frozenset(settles),
    )


def longer_waiting(office: Office, actor: Actor) -> tuple[tuple[LongerHold, Case], ...]:
    """The register's proposals that wait for a second person, the oldest first."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        found = work.duties.longer(actor.controller, "proposed")
        return tuple((one, work.cases.open_for_system(one.case)) for one in found)


def propose_longer(office: Office, actor: Actor, ref: str, recording: str, reason: str, why: str, seen: int) -> None:
    """Propose it, with the reason in words. NotNow where the register knows no longer retention for that reason, its
    cap is past, the recording is going, or the same is proposed or in force."""
    if not why.strip():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.DECIDE, case.register)
        one = _candidate(work, case, recording)
        _rule(office, case, one, reason)
        if not work.duties.propose_longer(case.register, case.id, recording, reason, actor.id, office.now()):
            raise NotNow("act_open")
        record(office, work, case, duty_events.LongerProposed(recording, reason, why.strip()), actor)


def agree_longer(office: Office, actor: Actor, ref: str, longer: str, seen: int) -> None:
    """The second person agrees: the recording is held with that reason. Not the author, and by the role that the
    register names. NotNow as for the proposal."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.APPROVE_RETENTION, case.register)
        hold, one = _proposal(work, case, longer)
        rule = _rule(office, case, one, hold.reason)
        if hold.author == actor.id:
            raise NotNow("own_decision")
        if not may_agree(rule, actor.roles):
            raise Forbidden(Action.APPROVE_RETENTION.value)
        reason, now = HoldReason(hold.reason), office.now()
        review = longer_review_on(office.today(), one.end, office.registers[case.register], rule)
        if not work.recordings.hold(one.id, reason.value, case.id, actor.id, review, now):
            raise NotNow("recording_gone")
        if not work.duties.settle_longer(longer, "proposed", "approved", actor.id, now):
            raise NotNow("state")
        event = duty_events.LongerAgreed(one.id, reason.value, _last_day(one, rule, reason), review)
        record(office, work, case, event, actor)


def reject_longer(office: Office, actor: Actor, ref: str, longer: str, why: str, seen: int) -> None:
    """Not agreed by a second person, or taken back by its author; with the reason in words."""
    if not why.strip():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        hold, _one = _proposal(work, case, longer)
        if hold.author != actor.id:
            demand(actor, Action.APPROVE_RETENTION, case.register)
        if not work.duties.settle_longer(longer, "proposed", "rejected", None, office.now()):
            raise NotNow("state")
        record(office, work, case, duty_events.LongerRejected(hold.recording, hold.reason, why.strip()), actor)


def end_longer(office: Office, actor: Actor, ref: str, longer: str, why: str, seen: int) -> None:
    """The reason is over: ordinary retention applies again at once. By one of those who may agree; requests' own holds
    stand beside it, so one person is enough."""
    if not why.strip():
        raise NotNow("no_reason")
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.APPROVE_RETENTION, case.register)
        held = [one for one in work.duties.longer(case.register, "approved") if (one.id, one.case) == (longer, case.id)]
        if not held:
            raise Absent(longer)
        _let_go(office, work, case, held[0], why.strip(), actor)


def end_capped(office: Office, register: str) -> int:
    """Let go what has reached the register's longest time; returns how many. The police's holds, and those of requests
    and restrictions, are never cut."""
    rules, now, ended = longer_rules(office.registers[register]), office.now(), 0
    with office.reading() as work:
        held = work.duties.longer(register, "approved")
        known = work.recordings.many([one.recording for one in held]) if held else {}
    for hold in held:
        reason, one = HoldReason(hold.reason), known.get(hold.recording)
        rule = rules.get(reason)
        # a register file that no longer knows the reason gives it no longer time than the class has
        until = kept_until(one.end, rule, reason) if one and rule else now if one and reason.capped else None
        if until is None or until > now:
            continue
        with office.writing() as work:
            case = work.cases.open_for_system(hold.case)
            _let_go(office, work, case, hold, "cap", SYSTEM)
        ended += 1
    return ended


def _let_go(office: Office, work: Work, case: Case, hold: LongerHold, why: str, actor: Actor) -> None:
    if not work.duties.settle_longer(hold.id, "approved", "ended", None, office.now()):
        return
    for one in work.holds.of_reason(hold.recording, hold.reason):
        if one.case == hold.case:
            work.holds.end(one.id, office.now())
    record(office, work, case, duty_events.LongerEnded(hold.recording, hold.reason, why), actor)


def _candidate(work: Work, case: Case, recording: str) -> Recording:
    if recording not in {row.recording for row in work.recordings.candidates(case.id)}:
        raise Absent(recording)
    one = work.recordings.get(recording)
    if one is None:
        raise Absent(recording)
    return one


def _proposal(work: Work, case: Case, longer: str) -> tuple[LongerHold, Recording]:
    found = [one for one in work.duties.longer(case.register, "proposed") if (one.id, one.case) == (longer, case.id)]
    if not found:
        raise NotNow("no_act")
    return found[0], _candidate(work, case, found[0].recording)


def _rule(office: Office, case: Case, one: Recording, reason: str) -> RetentionRule:
    rules = longer_rules(office.registers[case.register])
    if reason not in rules:
        raise NotNow("no_longer_retention")
    rule = rules[HoldReason(reason)]
    until = kept_until(one.end, rule, HoldReason(reason))
    if one.state >= 2 or (until is not None and until <= office.now()):
        raise NotNow("recording_gone" if one.state >= 2 else "longest_over")
    return rule


def _last_day(one: Recording, rule: RetentionRule, reason: HoldReason) -> date | None:
    until = kept_until(one.end, rule, reason)
    return helsinki(until).date() if until else None
