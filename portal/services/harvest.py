"""Read on in a recording source: new calls into the index, refused rows beside it, open cases searched again."""

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.retention import purge_at
from portal.services.find_calls import find_and_hold
from portal.services.office import Office

BATCH = 2000


def harvest(office: Office, source_id: str) -> tuple[int, int]:
    """(calls loaded, rows refused). Each batch is stored whole with its cursor, so a crash resumes at the batch."""
    source = office.sources[source_id]
    register = office.registers[source.register]
    loaded = refused = 0
    done = False
    while not done:
        with office.reading() as work:
            cursor = work.sources.cursor(source_id)
        batch = source.scan(cursor, BATCH)
        done = batch.done
        now = office.now()
        with office.writing() as work:
            for custody, has_audio in ((source.custody, True), ("unreachable", False)):
                metas = [
                    (meta, purge_at(meta.end, register.rule(meta.recording_class.value)))
                    for meta in batch.segments
                    if meta.has_audio is has_audio
                ]
                loaded += len(work.recordings.load(register.id, source_id, custody, metas))
            work.sources.refuse(register.id, batch.refusals, now)
            work.sources.reached(source_id, register.id, batch.cursor, loaded, now)
        refused += len(batch.refusals)
    if loaded or refused:
        with office.writing() as work:
            event = events.SourceHarvested(source_id, loaded, refused)
            work.trail.note(register.id, SYSTEM, event, source_id, office.now())
    if loaded:
        search_again(office, register.id)
    return loaded, refused


def search_again(office: Office, register: str) -> None:
    """Compare open cases with what came in: a late harvest must not leave a call unheld."""
    with office.reading() as work:
        ids = work.cases.open_ids(register)
    for case_id in ids:
        with office.writing() as work:
            case = work.cases.open_for_system(case_id)
            find_and_hold(office, work, case, case.calls)
