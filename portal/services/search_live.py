"""Search the sources that may not be harvested, for one case: what is found is indexed and held as any other call.

The search runs in a job and never while the applicant waits, so that the answer to a filing is the same, and comes as
fast, whatever there is. A source that is away is said so in the case, and asked again.
"""

from collections.abc import Iterator
from datetime import timedelta

from portal.domain import search_events
from portal.domain.access import SYSTEM
from portal.domain.case import Case
from portal.domain.matching import CallDescription
from portal.domain.recording import ScanBatch, SegmentMeta
from portal.services.find_calls import MOST_BY_NUMBER, MOST_BY_SERVICE, find_and_hold
from portal.services.harvest import take
from portal.services.live_sources import live_sources, queue_search
from portal.services.match_dossier import besides, keep
from portal.services.office import Office
from portal.services.ports import Source, SourceAway, Work
from portal.services.retention_rules import as_kept
from portal.services.searched import Reach, reach
from portal.services.step import record

AGAIN = timedelta(minutes=10)
"""How long a source that is away is left alone before it is asked again."""

Asked = tuple[tuple[CallDescription, Reach], ...]


def search_live(office: Office, case_id: str) -> None:
    """Search every such source for the case's calls and for what staff searched besides; repeating it is harmless."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        asked = _asked(office, work, case)
    if not case.state.open:
        return
    away = [not _searched(office, case_id, source, asked) for source in live_sources(office, case.register)]
    if any(away):
        with office.writing() as work:
            queue_search(office, work, case, office.now() + AGAIN)


def _asked(office: Office, work: Work, case: Case) -> Asked:
    register = as_kept(work, office.registers[case.register])
    entries = work.cases.timeline(case)
    calls = [(case.received_on, call) for call in case.calls]
    calls += [(on, call) for on, _by, call in besides(case, entries)]
    return tuple((call, reach(register, on, call)) for on, call in calls)


def _searched(office: Office, case_id: str, source: Source, asked: Asked) -> bool:
    """Ask one source; False when it did not answer."""
    found, fault, detail = dict[str, SegmentMeta](), "", ""
    try:
        found = {one.locator: one for call, spans in asked for one in _of_call(source, call, spans)}
    except SourceAway as error:
        fault, detail = type(error).__name__.lower(), str(error)
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if not case.state.open:
            return True
        new = 0
        if fault:
            work.sources.failed(source.id, source.register, fault, detail, office.now())
        else:
            batch = ScanBatch(tuple(found.values()), (), "", done=True)
            new, _refused = take(office, work, source, office.registers[source.register], batch)
        if not fault or fault != _last_fault(work, case, source.id):
            case = record(office, work, case, search_events.LiveSearched(source.id, new, fault), SYSTEM)
        if new:
            case = find_and_hold(office, work, case, tuple(call for call, _ in asked), say_none=False)
        keep(office, work, case)
    return not fault


def _of_call(source: Source, call: CallDescription, spans: Reach) -> Iterator[SegmentMeta]:
    """As our own index is searched: by the caller's number, else by service and time."""
    found = False
    numbers = (call.own_number,) if call.own_number else ()
    for begin, end in spans.by_number:
        for one in source.search(numbers, "", begin, end, MOST_BY_NUMBER):
            found = True
            yield one
    if call.service_number and (not found or call.withheld or call.other_phone):
        for begin, end in spans.by_service:
            yield from source.search((), call.service_number, begin, end, MOST_BY_SERVICE)


def _last_fault(work: Work, case: Case, source: str) -> str | None:
    """How the source last answered for this case; None: it has not been asked."""
    told = [
        entry.facts["fault"]
        for entry in work.cases.timeline(case)
        if entry.action == "live_searched" and entry.facts and entry.facts["source"] == source
    ]
    return told[-1] if told else None
