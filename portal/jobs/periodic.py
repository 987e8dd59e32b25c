"""Periodic work: each kind runs once in its slot, whichever worker comes first; one that fails stops no other."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from portal.domain.access import SYSTEM
from portal.services import (
    dispose,
    harvest,
    hold_alarms,
    lengthen,
    remind,
    retention_rules,
    source_holds,
    sweep,
)
from portal.services.office import Office

log = logging.getLogger("portal.worker")


def tick(office: Office, worker: str) -> None:
    """Run whatever periodic work is due now."""
    now = office.now()
    for name, every, work in _WORK:
        when = str(int(now.timestamp() // every.total_seconds()))
        with office.writing() as unit:
            mine = unit.outbox.once(name, when)
        if mine:
            work(office, worker)


def look_for_alarms(office: Office) -> None:
    """Look for the alarms of every register, once a minute whichever worker comes first. Apart from the rest: a source
    that answers slowly keeps no alarm waiting."""
    slot = str(int(office.now().timestamp() // hold_alarms.EVERY.total_seconds()))
    with office.writing() as unit:
        mine = unit.outbox.once(hold_alarms.WATCH, slot)
    if mine:
        for register in office.registers:
            _attempt("alarms", partial(hold_alarms.watch, office, register))


def _attempt(name: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # a source that is away, a disk that is full: the next slot tries again
        log.error("periodic work failed", extra={"task": name, "fault": type(error).__name__})


def _harvest(office: Office, _worker: str) -> None:
    for source in office.sources:
        _attempt("harvest", partial(harvest.harvest, office, source))
        _attempt("holds at source", partial(source_holds.bring_into_step, office, source))


def _retention(office: Office, worker: str) -> None:
    for register in office.registers:
        _attempt("retention rules", partial(retention_rules.adopt_file, office, register))
        _attempt("longest retention", partial(lengthen.end_capped, office, register))
        run = partial(dispose.dispose_due, office, SYSTEM, register, dry_run=False, worker=worker)
        _attempt("retention", run)


def _remind(office: Office, _worker: str) -> None:
    for register in office.registers:
        _attempt("remind", partial(remind.remind, office, register))


def _sweep(office: Office, _worker: str) -> None:
    _attempt("sweep", partial(sweep.sweep, office))


_WORK: tuple[tuple[str, timedelta, Callable[[Office, str], None]], ...] = (
    ("harvest", timedelta(minutes=1), _harvest),
    ("retention", timedelta(minutes=10), _retention),
    ("sweep", timedelta(minutes=15), _sweep),
    ("remind", timedelta(hours=1), _remind),
)
