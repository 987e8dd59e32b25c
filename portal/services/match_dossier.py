"""The match dossier of a case: composed from the case, its events and its candidates, and kept version by version.

A new version is kept when the search or the choice has changed, and when the decision is proposed: from then on the
letter reads what was kept, and a source that is read on changes nothing in it (GDPR arts. 5(2), 12(2)).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from portal.domain import search_events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case, State
from portal.domain.dossier import Considered, Dossier, Kept, Sought, SourceRead, lasting
from portal.domain.matching import CallDescription, Reason, Term
from portal.domain.moments import DaySureness, TimeSureness, helsinki
from portal.domain.phone import mask
from portal.domain.recording import RecordingClass
from portal.domain.register import CUSTOMER_SERVICE, Register
from portal.domain.retention import parse_period
from portal.services.live_sources import live_sources
from portal.services.office import Office
from portal.services.ports import Entry, Work
from portal.services.ports.dossiers import DossierVersion
from portal.services.retention_rules import as_kept
from portal.services.searched import Reach, oldest_searched, reach
from portal.services.step import record

_FROZEN = (State.FOR_APPROVAL, State.APPROVED, State.ANSWERED, State.CLOSED, State.WITHDRAWN)
_CHOICES = {"call_chosen": True, "call_rejected": False}


@dataclass(frozen=True)
class DossierView:
    """What the page shows: the dossier as it stands, the last version that was kept (None: none yet), and the names
    of the accounts in it."""

    dossier: Dossier
    kept: DossierVersion | None
    names: Mapping[str, str]


def keep(office: Office, work: Work, case: Case, *, first: bool = False, proposed: bool = False) -> Case:
    """Keep a new version in the open unit where the search or the choice has changed since the last; `proposed`: also
    where a source has been read on. `first`: a case that was made in this unit. Returns the case as it is now."""
    last = None if first else work.dossiers.newest(case.id, work.cases.box(case))
    made = compose(office, work, case, () if first else work.cases.timeline(case))
    if last and (last.dossier == made if proposed else lasting(last.dossier) == lasting(made)):
        return case
    n = last.n + 1 if last else 1
    digest = work.dossiers.add(case.id, n, made, office.now(), work.cases.box(case))
    return record(office, work, case, search_events.DossierKept(n, digest), SYSTEM)


def current(office: Office, work: Work, case: Case) -> Dossier:
    """The dossier that a letter reads: as it was kept, once the decision is proposed; before, as it stands now."""
    if case.state in _FROZEN:
        kept = work.dossiers.newest(case.id, work.cases.box(case))
        if kept:
            return kept.dossier
    return compose(office, work, case, work.cases.timeline(case))


def dossier_view(office: Office, actor: Actor, ref: str) -> DossierView:
    """The dossier for staff. Absent for another controller's case."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        kept = work.dossiers.newest(case.id, work.cases.box(case))
        found = current(office, work, case)
        people = {one.by for one in found.searches} | {one.by for one in found.considered}
        return DossierView(found, kept, work.staff.names(people - {""}))


def compose(office: Office, work: Work, case: Case, entries: Sequence[Entry]) -> Dossier:
    """The dossier from the case, its events so far (`entries`), its candidates and its sources."""
    register = as_kept(work, office.registers[case.register])
    gone = _tombstones(work, case)
    searches = [_sought(register, case, case.received_on, "", call, gone) for call in case.calls]
    searches += [_sought(register, case, on, by, call, {}) for on, by, call in besides(case, entries)]
    classes = {one.value for one in RecordingClass}
    rules = (
        Kept(one.recording_class, one.period, one.longest or "")
        for one in register.retention
        if one.recording_class in classes
    )
    return Dossier(
        searches=tuple(dict.fromkeys(searches)),
        sources=_sources(office, work, case, entries),
        rules=tuple(dict.fromkeys(rules)),
        oldest_day=oldest_searched(case.received_on, register),
        considered=tuple(_considered(work, case, entries)),
    )


def besides(case: Case, entries: Sequence[Entry]) -> Iterator[tuple[date, str, CallDescription]]:
    """What staff searched with other details: the day, who, and the details; a call left out of the request is not
    told of."""
    for entry in entries:
        facts = entry.facts or {}
        if entry.action == "calls_searched" and facts and facts["call"] in case.items:
            call = CallDescription(
                facts["call"],
                date.fromisoformat(facts["day"]) if facts["day"] else None,
                time.fromisoformat(facts["time"]) if facts["time"] else None,
                DaySureness(facts["day_sureness"]),
                TimeSureness(facts["time_sureness"]),
                facts["service_number"] or None,
                facts["own_number"] or None,
            )
            yield helsinki(entry.at).date(), entry.actor, call


def _sought(
    register: Register, case: Case, on: date, by: str, call: CallDescription, gone: Mapping[int, date]
) -> Sought:
    spans = reach(register, on, call)
    first, last = (helsinki(edge) for edge in spans.whole)
    return Sought(
        call=call.number,
        on=on,
        by=by,
        day=call.day,
        time=call.time,
        day_sureness=call.day_sureness,
        time_sureness=call.time_sureness,
        service=call.service_number or "",
        own_masked=mask(call.own_number) if call.own_number else "",
        by_number=spans.by_number,
        by_service=spans.by_service,
        service_last=bool(call.own_number) and not (call.withheld or call.other_phone),
        first=first.date(),
        last=(last - timedelta(seconds=1)).date(),
        erased_on=None if by else gone.get(call.number) or _erased_by_rule(register, case, call, spans),
    )


def _tombstones(work: Work, case: Case) -> dict[int, date]:
    """Candidates that were erased before the request came: the call and the day."""
    found: dict[int, date] = {}
    for row in work.recordings.candidates(case.id):
        gone = work.recordings.erased_on(row.recording)
        if gone and gone <= case.received_on:
            found.setdefault(row.call, gone)
    return found


def _erased_by_rule(register: Register, case: Case, call: CallDescription, spans: Reach) -> date | None:
    """The day by the rule, where the call is older than anything that is still kept."""
    if call.day is None or call.day_sureness is DaySureness.UNKNOWN:
        return None
    last = helsinki(spans.whole[1] - timedelta(seconds=1)).date()
    if last >= oldest_searched(case.received_on, register):
        return None
    if sum(rule.recording_class == CUSTOMER_SERVICE for rule in register.retention) > 1:
        return None  # by which of the periods it went is not known
    return parse_period(register.rule(CUSTOMER_SERVICE).period).after(call.day)


def _sources(office: Office, work: Work, case: Case, entries: Sequence[Entry]) -> tuple[SourceRead, ...]:
    """Every source of the register that was read, in the order in which it was first read, then those searched live."""
    live = [one.id for one in live_sources(office, case.register)]
    faults = {state.source: state.fault or "" for state in work.sources.states(case.register)}
    read = tuple(
        SourceRead(one.source, live=False, at=one.harvested_at, fault=faults.get(one.source, ""))
        for one in work.sources.harvests(case.register)
        if one.source not in live
    )
    return read + tuple(_live(source, entries) for source in live)


def _live(source: str, entries: Sequence[Entry]) -> SourceRead:
    read = SourceRead(source, live=True, at=None)
    for entry in entries:
        if entry.action == "live_searched" and entry.facts and entry.facts["source"] == source:
            fault = str(entry.facts["fault"])
            read = replace(read, fault=fault) if fault else SourceRead(source, live=True, at=entry.at)
    return read


def _considered(work: Work, case: Case, entries: Sequence[Entry]) -> Iterator[Considered]:
    rows = [row for row in work.recordings.candidates(case.id) if row.call in case.items]
    known = work.recordings.many([row.recording for row in rows]) if rows else {}
    said: dict[str, tuple[bool, str, datetime]] = {}
    for entry in entries:
        if entry.action in _CHOICES and entry.facts:
            said[entry.facts["recording"]] = (_CHOICES[entry.action], entry.actor, entry.at)
    for row in rows:
        one, (taken, by, at) = known.get(row.recording), said.get(row.recording, (None, "", None))
        yield Considered(
            recording=row.recording,
            call=row.call,
            start=one.start if one else None,
            end=one.end if one else None,
            service=(one.service or "") if one else "",
            fit=row.fit,
            reasons=tuple(Reason(Term(r["term"]), r["code"], r["minutes"], r["days"]) for r in row.reasons),
            hold=row.outcome,
            note=row.note,
            taken=taken,
            by=by,
            at=at,
        )
