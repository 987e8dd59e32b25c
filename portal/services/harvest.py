"""Read on in a recording source: new calls into the index, refused rows beside it, open cases searched again."""

from uuid import uuid4

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.recording import Capability, RefusalCode, RowRefusal, ScanBatch
from portal.domain.register import Register
from portal.domain.retention import purge_at
from portal.services.find_calls import find_and_hold
from portal.services.office import Office
from portal.services.ports import Source, SourceAway, Work
from portal.services.retention_rules import adopt

BATCH = 4000
TOLERATED = 60
"""Seconds by which a source's clock may be wrong before somebody is told."""


def harvest(office: Office, source_id: str) -> tuple[int, int]:
    """(calls loaded, rows refused). Each batch is stored whole with its cursor, so a crash resumes at the batch.

    The job that searches the open cases again is queued in the unit that brings the calls in, so none stays unheld.
    A source that may not be harvested is left alone: it is searched for each case (search_live).
    """
    source = office.sources[source_id]
    if Capability.LIST not in source.capabilities:
        return 0, 0
    register = office.registers[source.register]
    loaded = refused = 0
    done = False
    while not done:
        with office.reading() as work:
            cursor = work.sources.cursor(source_id)
        batch = _scanned(office, source, cursor)
        done = batch.done
        with office.writing() as work:
            new, bad = take(office, work, source, register, batch)
        loaded, refused = loaded + new, refused + bad
    if loaded or refused:
        with office.writing() as work:
            event = events.SourceHarvested(source_id, loaded, refused)
            work.trail.note(register.id, SYSTEM, event, source_id, office.now())
    return loaded, refused


def _scanned(office: Office, source: Source, cursor: str | None) -> ScanBatch:
    """The next batch; why there is none is kept for the administrator, and raised again."""
    try:
        batch: ScanBatch = source.scan(cursor, BATCH)
    except SourceAway as error:
        with office.writing() as work:
            work.sources.failed(source.id, source.register, type(error).__name__.lower(), str(error), office.now())
        raise
    return batch


def clock_warning(skew: int | None) -> str:
    """What a difference (seconds) between a source's wall clock and the truth means: "zone" for whole hours, "clock"
    for more than a minute, or nothing."""
    if skew is None or abs(skew) <= TOLERATED:
        return ""
    off = abs(skew) % 3600
    return "zone" if abs(skew) >= 1800 and min(off, 3600 - off) <= TOLERATED else "clock"


def _skew(office: Office, batch: ScanBatch) -> int | None:
    """What the source betrays of its clock; a call that ends after now betrays at least so much."""
    ahead = max((meta.end for meta in batch.segments), default=office.now()) - office.now()
    future = round(ahead.total_seconds())
    return batch.skew if future <= TOLERATED or batch.skew is not None else future


def take(office: Office, work: Work, source: Source, register: Register, batch: ScanBatch) -> tuple[int, int]:
    """Store one batch in the open unit; how many calls were new and how many rows were refused."""
    now = office.now()
    register = adopt(work, register, now)
    classes = {rule.recording_class for rule in register.retention}
    kept = [meta for meta in batch.segments if meta.recording_class.value in classes]
    strange = sorted({meta.recording_class.value for meta in batch.segments} - classes)
    refusals = batch.refusals + tuple(
        RowRefusal(source.id, f"class {name}", 0, RefusalCode.BAD_CLASS, "the register has no retention rule for it")
        for name in strange
    )
    new = 0
    for custody, has_audio in ((source.custody, True), ("unreachable", False)):
        metas = [
            (meta, purge_at(meta.end, register.rule(meta.recording_class.value)))
            for meta in kept
            if meta.has_audio is has_audio
        ]
        new += len(work.recordings.load(register.id, source.id, custody, metas))
    work.sources.refuse(register.id, refusals, now)
    work.sources.reached(source.id, register.id, batch.cursor, new, now)
    newest = max((meta.start for meta in batch.segments), default=None)
    work.sources.progressed(source.id, register.id, batch.progress, _skew(office, batch), newest)
    if new:
        work.outbox.add("search_again", {"register": register.id}, f"search_again:{uuid4().hex}", now)
    return new, len(batch.refusals) + len(batch.segments) - len(kept)


def search_again(office: Office, register: str) -> None:
    """Compare open cases with what came in: a late harvest must not leave a call unheld."""
    with office.reading() as work:
        ids = work.cases.open_ids(register)
    for case_id in ids:
        with office.writing() as work:
            case = work.cases.open_for_system(case_id)
            if case.state.open:
                find_and_hold(office, work, case, case.calls, say_none=False)
