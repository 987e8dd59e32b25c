"""The end of a controller's service: all that is theirs is removed, the keys first (art. 28(3)(g); the notices).

Two people: one proposes, another carries it out. Each step may be repeated, so that a process that died half way is
simply run again; the ledger outside the backups keeps a restored one from bringing the controller back.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.lifecycle import NotNow
from portal.domain.retention import service_removed_by
from portal.services.office import Office
from portal.services.ports import Closing, Extent, TrailLine, Work

PROPOSAL_STANDS = timedelta(days=30)
_PLACE = "portal"
"""Whose chain the events stand in: the controller's own is unreadable afterwards."""


@dataclass(frozen=True)
class Proposed:
    """The proposal that waits: who made it, when."""

    author: str
    line: TrailLine


def survey(office: Office, register: str) -> tuple[Extent, int]:
    """The dry run: what is theirs in the database, and how many files in the vault. Touches and opens nothing."""
    with office.reading() as work:
        extent = work.controllers.extent(register)
    return extent, sum(1 for _ in office.vault.ids(register))


def propose_closing(office: Office, actor: Actor, register: str, ended: date) -> date:
    """Propose that all be removed, the service having ended on a day; returns the day by which it must be done.

    NotNow while a request is open (answer it, or hand it over with the data), or before the service has ended.
    """
    demand(actor, Action.CHANGE_RETENTION, register)
    by = service_removed_by(ended)
    with office.writing() as work:
        _may_close(office, work, register, ended)
        event = events.ControllerClosingProposed(register, ended, by)
        work.trail.note(_PLACE, actor, event, register, office.now())
    return by


def close_controller(office: Office, actor: Actor, register: str) -> None:
    """The second person carries it out: keys, files, rows, ledger, in this order. NotNow without a proposal of the last
    thirty days, for its author, and while a request is open. There is no way back."""
    demand(actor, Action.APPROVE_RETENTION, register)
    with office.reading() as work:
        waiting = proposal(office, work, register)
        _may_close(office, work, register, office.today())
    if waiting is None:
        raise NotNow("state")
    if waiting.author == actor.id:
        raise NotNow("own_closing")
    _remove(office, register)
    office.ledger.write(Closing(register, office.now()))
    with office.writing() as work:
        event = events.ControllerClosed(register, waiting.author)
        work.trail.note(_PLACE, actor, event, register, office.now())


def proposal(office: Office, work: Work, register: str) -> Proposed | None:
    """The newest proposal that still stands."""
    lines = work.trail.page(_PLACE, None, 1000, "controller_closing_proposed")
    for line in lines:
        if line.object == register and line.at > office.now() - PROPOSAL_STANDS:
            return Proposed(line.actor, line)
    return None


def remove_closed(office: Office, actor: Actor, closing: Closing) -> bool:
    """What the ledger says has ended and a restored backup still has, removed again; False: nothing was there."""
    demand(actor, Action.HOUSEKEEP, closing.register)
    return _remove(office, closing.register)


def _remove(office: Office, register: str) -> bool:
    """Keys, files, rows; was anything there?"""
    there = not office.keys.destroyed(register)
    office.keys.destroy(register)
    files = office.vault.remove_all(register)
    with office.writing() as work:
        rows = work.controllers.remove(register)
    return there or bool(files or rows)


def _may_close(office: Office, work: Work, register: str, ended: date) -> None:
    if ended > office.today():
        raise NotNow("service_goes_on")
    if work.controllers.extent(register).open_cases:
        raise NotNow("open_cases")
