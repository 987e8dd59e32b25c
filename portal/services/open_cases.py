"""The queue: the register's open cases, the nearest clock first, and the exact figures of its views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.access import Action, Actor, demand
from portal.domain.case import State
from portal.services.office import Office
from portal.services.ports import QueueFilter, QueueRow

PAGE = 25


@dataclass(frozen=True)
class QueueLine:
    """A queue row with the handler's name and what comes next."""

    row: QueueRow
    handler: str
    next_step: str


@dataclass(frozen=True)
class Views:
    """Exact figures of the queue's views."""

    every: int
    mine: int
    free: int
    at_risk: int
    asked: int
    for_approval: int
    to_sign: int


@dataclass(frozen=True)
class QueueView:
    """One page of the queue, nearest clock first; `after` is the key of the next page or None."""

    lines: tuple[QueueLine, ...]
    total: int
    views: Views
    after: tuple[date, str] | None


NEXT_STEP = {
    State.RECEIVED: "take_up",
    State.ASKED: "await_answer",
    State.FOR_APPROVAL: "approve",
    State.APPROVED: "sign",
    State.ANSWERED: "close",
}
AT_RISK = ("task", "asked")


def as_of(office: Office, actor: Actor) -> str:
    """A word that changes whenever anything does that `page` tells: what was made of it stands as long as this."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        return work.queue.as_of(actor.controller)


def page(office: Office, actor: Actor, wanted: QueueFilter, after: tuple[date, str] | None = None) -> QueueView:
    """A page of the register's open cases."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        rows = work.queue.page(actor.controller, wanted, after, PAGE + 1)
        counts = work.queue.counts(actor.controller)
        plain = wanted == QueueFilter()
        total = sum(counts.values()) if plain else work.queue.total(actor.controller, wanted)
    shown = rows[:PAGE]
    more = (shown[-1].sort_on, shown[-1].id) if len(rows) > PAGE else None
    lines = tuple(QueueLine(row, row.handler_name, _row_step(row)) for row in shown)
    return QueueView(lines, total, _views(counts, actor.id), more)


def _row_step(row: QueueRow) -> str:
    if row.keeping in AT_RISK:
        return "confirm_hold"
    return NEXT_STEP.get(row.state, "decide" if row.keeping == "none" else "listen")


def _views(counts: Mapping[tuple[str, str, str | None], int], me: str) -> Views:
    found = counts.items()
    return Views(
        every=sum(counts.values()),
        mine=sum(n for (_s, _k, handler), n in found if handler == me),
        free=sum(n for (_s, _k, handler), n in found if handler is None),
        at_risk=sum(n for (_s, keeping, _h), n in found if keeping in AT_RISK),
        asked=sum(n for (state, _k, _h), n in found if state == State.ASKED),
        for_approval=sum(n for (state, _k, _h), n in found if state == State.FOR_APPROVAL),
        to_sign=sum(n for (state, _k, _h), n in found if state == State.APPROVED),
    )
