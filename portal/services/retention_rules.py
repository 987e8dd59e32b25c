"""Which retention periods are in force: a register file that shortens one takes effect when two people agreed.

The first period of a class, and a longer one, come into force by themselves and are recorded. A shorter one waits, and
the longer one stays in force (GDPR art. 5(1)(e), 5(1)(f): what is deleted too early cannot be had back). A recording
keeps the end that it got when it was loaded: no agreement brings it forward.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.lifecycle import NotNow
from portal.domain.register import Register, RetentionRule
from portal.domain.retention import oldest_kept, shortens
from portal.services.office import HELSINKI, Office
from portal.services.ports import Term, Work


@dataclass(frozen=True)
class Standing:
    """One class: the period in force since when, the register file's own, whether that waits, and who proposed it.

    `since` is None before anything was loaded under the rule. `author` is the name behind `proposal`."""

    recording_class: str
    period: str
    since: datetime | None
    filed: str
    waits: bool
    proposal: Term | None = None
    author: str = ""
    effect: "Effect | None" = None


@dataclass(frozen=True)
class Effect:
    """A dry run of a shorter period: how many recordings of the class are kept now, how many of them its time would
    have ended already, and how many are held and would stand whatever the period."""

    kept: int
    sooner: int
    held: int


def in_force(work: Work, register: Register) -> Register:
    """The register with the retention periods that are in force, where its file has a shorter one that waits."""
    now = _in_force(work.retention.terms(register.id))
    return replace(register, retention=tuple(_rule(rule, now) for rule in register.retention))


def as_kept(work: Work, register: Register) -> Register:
    """`in_force`, and after its rules each period that was in force before: recordings loaded then may still be kept,
    so that a search must reach as far back."""
    terms = work.retention.terms(register.id)
    now = _in_force(terms)
    rules = tuple(_rule(rule, now) for rule in register.retention)
    former = tuple(
        replace(rule, period=term.period, longest=None)
        for rule in rules
        for term in terms
        if term.since and term.recording_class == rule.recording_class and term.period != rule.period
    )
    return replace(register, retention=rules + former)


def adopt(work: Work, register: Register, now: datetime) -> Register:
    """Record the file's first and longer periods as in force, in this writing unit; returns the register as in force.

    A shorter period is left waiting."""
    terms = work.retention.terms(register.id)
    current = _in_force(terms)
    for rule in register.retention:
        known = current.get(rule.recording_class)
        if known and (known.period == rule.period or shortens(rule.period, known.period)):
            continue
        work.retention.add(register.id, _term(terms, rule, now, since=now))
        event = events.RetentionSet(rule.recording_class, rule.period)
        work.trail.note(register.id, SYSTEM, event, rule.recording_class, now)
    return in_force(work, register)


def adopt_file(office: Office, register: str) -> None:
    """`adopt` in a unit of its own: the worker's, so that a period is known before its file is changed."""
    with office.writing() as work:
        adopt(work, office.registers[register], office.now())


def standing(work: Work, register: Register) -> tuple[Standing, ...]:
    """Every class of the register file with what is in force and what waits."""
    terms = work.retention.terms(register.id)
    current = _in_force(terms)
    return tuple(_standing(rule, current.get(rule.recording_class), terms) for rule in register.retention)


def standing_for(office: Office, actor: Actor) -> tuple[Standing, ...]:
    """`standing` of the actor's register, with the names of those who proposed, and of what waits a dry run: whoever
    approves a shorter period has seen what it does."""
    demand(actor, Action.SEE_RETENTION, actor.controller)
    register = office.registers[actor.controller]
    with office.reading() as work:
        found = tuple(
            replace(one, effect=effect_of(office, work, register, one.recording_class)) if one.waits else one
            for one in standing(work, register)
        )
        names = work.staff.names({one.proposal.author for one in found if one.proposal and one.proposal.author})
    return tuple(
        replace(one, author=names.get(one.proposal.author or "", "")) if one.proposal else one for one in found
    )


def effect_of(office: Office, work: Work, register: Register, recording_class: str) -> Effect:
    """The dry run of the register file's period for a class; nothing is touched."""
    day = oldest_kept(office.today(), register.rule(recording_class))
    before = datetime.combine(day, time(), HELSINKI)
    return Effect(*work.duties.of_class(register.id, recording_class, before))


def propose_shortening(office: Office, actor: Actor, recording_class: str, period: str) -> None:
    """Propose that the file's shorter period come into force. NotNow when the file says otherwise by now, or it is
    proposed already."""
    demand(actor, Action.CHANGE_RETENTION, actor.controller)
    register, now = office.registers[actor.controller], office.now()
    with office.writing() as work:
        adopt(work, register, now)
        one = _waiting(work, register, recording_class, period)
        if one.proposal:
            raise NotNow("state")
        terms = work.retention.terms(register.id)
        work.retention.add(register.id, _term(terms, register.rule(recording_class), now, author=actor.id))
        event = events.RetentionShorteningProposed(recording_class, period, one.period)
        work.trail.note(register.id, actor, event, recording_class, now)


def approve_shortening(office: Office, actor: Actor, recording_class: str, period: str) -> None:
    """The second person agrees: recordings loaded from now on are kept for the shorter period. NotNow for the author,
    and when the file says otherwise by now or it is not proposed."""
    demand(actor, Action.APPROVE_RETENTION, actor.controller)
    register, now = office.registers[actor.controller], office.now()
    with office.writing() as work:
        one = _waiting(work, register, recording_class, period)
        if one.proposal is None:
            raise NotNow("state")
        if one.proposal.author == actor.id:
            raise NotNow("own_shortening")
        if not work.retention.agree(register.id, one.proposal, actor.id, now):
            raise NotNow("state")
        event = events.RetentionShortened(recording_class, period, one.period, one.proposal.author or "")
        work.trail.note(register.id, actor, event, recording_class, now)


def reject_shortening(office: Office, actor: Actor, recording_class: str, period: str) -> None:
    """The second person does not agree: the period in force is confirmed anew, by which the proposal lapses. The file's
    shorter period waits on and may be proposed again. NotNow when it is not proposed, or the file says otherwise."""
    demand(actor, Action.APPROVE_RETENTION, actor.controller)
    register, now = office.registers[actor.controller], office.now()
    with office.writing() as work:
        one = _waiting(work, register, recording_class, period)
        if one.proposal is None:
            raise NotNow("state")
        kept = replace(register.rule(recording_class), period=one.period)
        work.retention.add(register.id, _term(work.retention.terms(register.id), kept, now, since=now))
        event = events.RetentionShorteningRejected(recording_class, period, one.period)
        work.trail.note(register.id, actor, event, recording_class, now)


def _waiting(work: Work, register: Register, recording_class: str, period: str) -> Standing:
    """The class whose file waits with this very period: what two people agree on is what both have seen."""
    for one in standing(work, register):
        if one.recording_class == recording_class and one.waits and one.filed == period:
            return one
    raise NotNow("state")


def _in_force(terms: tuple[Term, ...]) -> dict[str, Term]:
    return {term.recording_class: term for term in terms if term.since}


def _since(known: Term, terms: tuple[Term, ...]) -> datetime | None:
    """Since when the period has been in force: from the first of the terms that confirmed it one after another."""
    began = known.since
    own = [term for term in terms if term.recording_class == known.recording_class and term.since]
    for term in reversed(own):
        if term.period != known.period:
            break
        began = term.since
    return began


def _rule(rule: RetentionRule, current: Mapping[str, Term]) -> RetentionRule:
    known = current.get(rule.recording_class)
    if known is None or not shortens(rule.period, known.period):
        return rule
    cut = rule.longest is not None and shortens(rule.longest, known.period)
    return replace(rule, period=known.period, longest=None if cut else rule.longest)


def _standing(rule: RetentionRule, known: Term | None, terms: tuple[Term, ...]) -> Standing:
    waits = known is not None and shortens(rule.period, known.period)
    if known is None or not waits:
        same = known is not None and known.period == rule.period
        since = _since(known, terms) if known and same else None
        return Standing(rule.recording_class, rule.period, since, rule.period, waits=False)
    # a proposal older than the period in force was made against another one: it has lapsed
    proposals = [
        term for term in terms
        if term.recording_class == rule.recording_class and term.n > known.n and term.period == rule.period
    ]  # fmt: skip
    proposal = proposals[-1] if proposals else None
    since = _since(known, terms)
    return Standing(rule.recording_class, known.period, since, rule.period, waits=True, proposal=proposal)


def _term(
    terms: tuple[Term, ...], rule: RetentionRule, now: datetime, *, author: str | None = None,
    since: datetime | None = None,
) -> Term:  # fmt: skip
    n = 1 + max((term.n for term in terms if term.recording_class == rule.recording_class), default=0)
    return Term(rule.recording_class, n, rule.period, now, author, None, since)
