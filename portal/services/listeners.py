"""The second lock on every way to the sound: the role says who works with recordings, the register's notice says
which of them may hear this one (arts. 5(1)(f), 29, 32(4)); and how those are asked who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain import events
from portal.domain.access import Action, Actor, Forbidden, actions_of, allowed, demand
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.listeners import AGENT_AND_SUPERVISOR, STAFF_WHO_NEED_IT, Standing, may_ask_all, may_hear
from portal.services.office import Office
from portal.services.ports import Absent, Account, Recording, Work
from portal.services.ports.listeners import Asking
from portal.services.step import opened, record

LONGEST_ANSWER = 500


@dataclass(frozen=True)
class Asked:
    """A colleague was asked to listen: name, when, and when somebody who was asked with them had done it."""

    name: str
    at: datetime
    done: datetime | None


@dataclass(frozen=True)
class AskBox:
    """What a page tells of asking for a recording: who may be asked (id, name), whether all at once, who has been."""

    people: tuple[tuple[str, str], ...]
    at_once: bool
    asked: tuple[Asked, ...]


class NotListener(Forbidden):
    """A listener of the register, but not of this recording."""


def hearing(office: Office, work: Work, actor: Actor, case: Case) -> Callable[[Recording], bool]:
    """Which candidates of the case this actor may hear: the role first, then the register's rule."""
    if not allowed(actor, Action.LISTEN, case.register):
        return lambda _one: False
    rule = office.registers[case.register].listeners.rule
    standing = work.listeners.standing(case.register, actor.id) if rule == AGENT_AND_SUPERVISOR else Standing()
    handles = case.handler == actor.id
    asked = _open_of(work, case, actor) if rule == STAFF_WHO_NEED_IT else frozenset[str]()
    return lambda one: may_hear(rule, one.agent, standing, concerned=handles or one.id in asked)


def _open_of(work: Work, case: Case, actor: Actor) -> frozenset[str]:
    """The recordings of the case that the actor has been asked to hear and has not answered."""
    asked = work.listeners.askings(case.id)
    return frozenset(one.recording for one in asked if one.staff == actor.id and one.answered_at is None)


def demand_hearing(office: Office, work: Work, actor: Actor, case: Case, one: Recording) -> None:
    """Raise Forbidden without the role, NotListener where the register lets in others only."""
    demand(actor, Action.LISTEN, case.register)
    if not hearing(office, work, actor, case)(one):
        raise NotListener(Action.LISTEN.value)


def who_may_be_asked(office: Office, work: Work, case: Case, one: Recording) -> tuple[Account, ...]:
    """The colleagues who may hear the recording once they are asked, by name."""
    rule, standings = office.registers[case.register].listeners.rule, work.listeners.standings(case.register)
    return tuple(
        account
        for account in work.staff.everyone(case.register)
        if not account.disabled
        and Action.LISTEN in actions_of(account.roles[case.register])
        and may_hear(rule, one.agent, standings.get(account.id, Standing()), concerned=True)
    )


def ask_review(office: Office, actor: Actor, ref: str, recording: str, of: str, seen: int) -> None:
    """Ask a colleague, or all who may ("": only where the rule lets several be asked at once), to hear a candidate.

    It stands on their queue until one of them has answered. NotNow when the case moved or is closed, and when nobody
    may be asked; Absent when that colleague may not hear it.
    """
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.CHOOSE_CALL, case.register)
        if not case.state.open:
            raise NotNow("state")
        one = candidate(work, case, recording)
        may = tuple(account.id for account in who_may_be_asked(office, work, case, one) if account.id != actor.id)
        if not may:
            raise NotNow("nobody_may_listen")
        alone = of or (may[0] if len(may) == 1 else "")
        if alone not in may and (alone or not may_ask_all(office.registers[case.register].listeners.rule)):
            raise Absent(recording)
        asked = (alone,) if alone else may
        work.listeners.ask(case.id, recording, asked, actor.id, office.now())
        record(office, work, case, events.ReviewAsked(recording, asked), actor)


def ask_boxes(office: Office, actor: Actor, ref: str, recordings: tuple[str, ...]) -> Mapping[str, AskBox]:
    """For each of the case's candidates that the actor may not hear: whom to ask. Empty for who may not ask."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        if not recordings or not case.state.open or not allowed(actor, Action.CHOOSE_CALL, case.register):
            return {}
        may, asked = hearing(office, work, actor, case), work.listeners.askings(case.id)
        names = work.staff.names({one.staff for one in asked})
        found = {one.id: one for one in work.recordings.many(recordings).values() if one.state <= 1 and not may(one)}
        return {
            id: AskBox(
                tuple((one.id, one.name) for one in who_may_be_asked(office, work, case, found[id])),
                may_ask_all(office.registers[case.register].listeners.rule),
                tuple(Asked(names[one.staff], one.asked_at, one.answered_at) for one in asked if one.recording == id),
            )
            for id in found
        }


def answer_review(office: Office, actor: Actor, ref: str, recording: str, text: str) -> None:
    """Say that one has listened, and what came of it. NotNow when nothing was asked or a colleague has answered."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand_hearing(office, work, actor, case, candidate(work, case, recording))
        if not answered(office, work, case, recording, actor, text.strip()[:LONGEST_ANSWER]):
            raise NotNow("moved")


def answered(office: Office, work: Work, case: Case, recording: str, actor: Actor, text: str = "") -> bool:
    """Close what the actor was asked about a recording, in the unit in which their work answers it."""
    if not work.listeners.answer(case.id, recording, actor.id, office.now()):
        return False
    record(office, work, case, events.ReviewAnswered(recording, text), actor)
    return True


def asked_of(office: Office, actor: Actor) -> tuple[Asking, ...]:
    """What the actor has been asked to hear and has not answered, oldest first; nothing for who may not listen."""
    if not allowed(actor, Action.LISTEN, actor.controller):
        return ()
    with office.reading() as work:
        return work.listeners.open_askings(actor.controller, actor.id)


def candidate(work: Work, case: Case, recording: str) -> Recording:
    """A recording that may be one of the case's calls. Absent when it is none, or is gone."""
    one = work.recordings.get(recording)
    mine = {row.recording for row in work.recordings.candidates(case.id) if row.call in case.items}
    if one is None or recording not in mine or one.state > 1:
        raise Absent(recording)
    return one
