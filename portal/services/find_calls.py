"""Find the recordings that may be a described call, rank them, and hold them while the case lasts.

The hold is placed in the same unit that finds them, before any human looks: with a retention of thirty days the
subject of the request would otherwise be gone before the answer.
"""

from dataclasses import dataclass
from datetime import timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case
from portal.domain.matching import CallDescription, Candidate, Direction, Match, rank
from portal.domain.moments import helsinki
from portal.domain.register import Register
from portal.domain.retention import HoldOutcome, HoldReason, hold_review_on
from portal.services import match_dossier
from portal.services.live_sources import queue_search
from portal.services.office import Office
from portal.services.ports import Keeping, Recording, Search, Work
from portal.services.retention_rules import as_kept
from portal.services.searched import reach
from portal.services.step import opened, record

MOST_BY_NUMBER, MOST_BY_SERVICE = 500, 200
ONE_CALL = timedelta(hours=24)
"""How far apart the legs of one call may begin: some recorders use their call ids again."""
_OUTCOME = {"ours": HoldOutcome.HELD, "operator": HoldOutcome.ASKED, "unreachable": HoldOutcome.TASK}
# from the least safe to the safest: the queue shows the worst of a case's candidates
_WORST_FIRST = ("task", "asked", "too_late", "copied", "held")
_KEEPING = {"task": "task", "asked": "asked", "too_late": "gone", "copied": "copied", "held": "safe"}
_AT_RISK = ("task", "asked")
_GONE = 3


@dataclass(frozen=True)
class Found:
    """A recording with its place in the ranking."""

    recording: Recording
    match: Match


def search(office: Office, work: Work, register: Register, call: CallDescription) -> tuple[Found, ...]:
    """The recordings that may be this call, best first: by the caller's number, else by service and time."""
    spans = reach(as_kept(work, register), office.today(), call)
    found: dict[str, Recording] = {}
    if call.own_number:
        wanted = Search(spans.by_number, number=call.own_number)
        found |= {one.id: one for one in work.recordings.search(register.id, wanted, MOST_BY_NUMBER)}
    if call.service_number and (not found or call.withheld or call.other_phone):
        wanted = Search(spans.by_service, service=call.service_number)
        found |= {one.id: one for one in work.recordings.search(register.id, wanted, MOST_BY_SERVICE)}
    found |= _other_legs(work, register, found)
    ranked = rank(call, (_candidate(one, call) for one in found.values()))
    return tuple(Found(found[match.candidate.recording_id], match) for match in ranked)


def _other_legs(work: Work, register: Register, found: dict[str, Recording]) -> dict[str, Recording]:
    """The other recorded legs of the calls found, whatever number stands on them: a transferred call is one call."""
    calls = {one.call: one.start for one in found.values()}
    others = set(work.metadata.legs(register.id, calls)) - set(found) if calls else set[str]()
    known = work.recordings.many(sorted(others)) if others else {}
    return {one.id: one for one in known.values() if abs(one.start - calls[one.call]) <= ONE_CALL}


def find_and_hold(
    office: Office,
    work: Work,
    case: Case,
    calls: tuple[CallDescription, ...],
    *,
    say_none: bool = True,
    first: bool = False,
) -> Case:
    """Search each call, hold every new candidate, and record what became of each; returns the case as it is now.

    What is known of an earlier candidate's hold stays as it is. `say_none`: record it when there is none at all;
    `first`: the case is made in this unit.
    """
    register = office.registers[case.register]
    known: dict[str, str] = {row.recording: row.outcome for row in work.recordings.candidates(case.id)}
    before = len(known)
    for call in calls:
        # everybody holds in the same order, so that two units never wait for each other
        for found in sorted(search(office, work, register, call), key=lambda one: one.recording.id):
            recording = found.recording.id
            if recording not in known:
                known[recording] = hold_candidate(office, work, case, found.recording).value
                case = record(office, work, case, events.HoldOutcomeRecorded(recording, known[recording]), SYSTEM)
            _propose(office, work, case, found, call, known[recording])
    if say_none and not known:
        case = record(office, work, case, events.HoldOutcomeRecorded("", HoldOutcome.NONE_FOUND.value), SYSTEM)
    renew_keeping(work, case)
    if first or len(known) > before:
        case = match_dossier.keep(office, work, case, first=first)
    return case


def find_more(office: Office, actor: Actor, ref: str, call: CallDescription) -> None:
    """Staff search with other details; what is found joins the candidates and is held. With what was searched is
    recorded: it is part of the proof when there is no recording."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.CHOOSE_CALL, case.register)
        case = find_and_hold(office, work, case, (call,))
        case = record(office, work, case, _searched(call), actor)
        case = match_dossier.keep(office, work, case)
        queue_search(office, work, case, office.now())


def _searched(call: CallDescription) -> events.CallsSearched:
    clock = call.time.isoformat(timespec="minutes") if call.time else ""
    numbers = call.own_number or "", call.service_number or ""
    return events.CallsSearched(
        call.number, call.day, call.day_sureness.value, clock, call.time_sureness.value, *numbers
    )


def renew_keeping(work: Work, case: Case) -> None:
    """Bring the recording's clock of a case up to date with its candidates."""
    work.cases.keep(case, keeping_of(work, case))


def keeping_of(work: Work, case: Case) -> Keeping:
    """How safe the case's candidates are, the worst of them first, and the first day one could be lost."""
    rows = [row for row in work.recordings.candidates(case.id) if row.call in case.items]
    if rows and not case.state.open:  # what has been erased since is not held any more
        there = {one.id for one in work.recordings.many([row.recording for row in rows]).values() if one.state < _GONE}
        rows = [row for row in rows if row.recording in there]
        if not rows:
            return Keeping("erased")
    outcomes = {row.outcome for row in rows}
    worst = next((outcome for outcome in _WORST_FIRST if outcome in outcomes), None)
    if worst is None:
        return Keeping("none")
    risky = [row.recording for row in rows if row.outcome in _AT_RISK]
    known = work.recordings.many(risky) if risky else {}
    ends = [helsinki(one.purge_at).date() for one in known.values()]
    return Keeping(_KEEPING[worst], min(ends) if ends else None)


def hold_candidate(office: Office, work: Work, case: Case, one: Recording) -> HoldOutcome:
    """Hold a recording for the case; what became of it. Where the operator keeps it, a copy is fetched by a job."""
    now = office.now()
    review = hold_review_on(office.today(), office.registers[case.register])
    held = work.recordings.hold(one.id, HoldReason.REQUEST.value, case.id, SYSTEM.id, review, now)
    outcome = _OUTCOME[one.custody] if held else HoldOutcome.TOO_LATE
    if held and one.vault_object and one.custody != "ours":
        outcome = HoldOutcome.COPIED
    if outcome is HoldOutcome.ASKED:
        work.outbox.add("secure", {"case": case.id, "recording": one.id}, f"secure:{case.id}:{one.id}:{case.seq}", now)
    return outcome


def _propose(office: Office, work: Work, case: Case, found: Found, call: CallDescription, outcome: str) -> None:
    reasons = [
        {"term": reason.term.value, "code": reason.code, "minutes": reason.minutes, "days": reason.days}
        for reason in found.match.reasons
    ]
    score, fit = found.match.score, found.match.fit.value
    work.recordings.propose(case.id, found.recording.id, call.number, score, fit, reasons, outcome, office.now())


def _candidate(one: Recording, call: CallDescription) -> Candidate:
    """A recording as the matcher sees it: equal or not, never the numbers themselves."""
    equal = None if one.withheld or not call.own_number else call.own_number in (one.caller, one.other)
    same = None if not call.service_number or not one.service else call.service_number == one.service
    return Candidate(
        recording_id=one.id,
        start=one.start,
        end=one.end,
        direction=Direction.OUTBOUND if one.direction == "out" else Direction.INBOUND,
        service=one.service,
        number_equal=equal,
        service_equal=same,
        agent=one.agent,
    )
