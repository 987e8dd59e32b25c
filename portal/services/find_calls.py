"""Find the recordings that may be a described call, rank them, and hold them while the case lasts.

The hold is placed in the same unit that finds them, before any human looks: with a retention of thirty days the
subject of the request would otherwise be gone before the answer.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case
from portal.domain.matching import CallDescription, Candidate, Direction, Match, rank
from portal.domain.moments import helsinki, wide_window, windows
from portal.domain.recording import RecordingClass
from portal.domain.register import Register
from portal.domain.retention import HoldOutcome, HoldReason, hold_review_on, oldest_kept
from portal.services.office import Office
from portal.services.ports import Keeping, Recording, Search, Work
from portal.services.retention_rules import as_kept
from portal.services.step import opened, record

MOST_BY_NUMBER, MOST_BY_SERVICE = 500, 200
_OUTCOME = {"ours": HoldOutcome.HELD, "operator": HoldOutcome.ASKED, "unreachable": HoldOutcome.TASK}
# from the least safe to the safest: the queue shows the worst of a case's candidates
_WORST_FIRST = ("task", "asked", "too_late", "copied", "held")
_KEEPING = {"task": "task", "asked": "asked", "too_late": "gone", "copied": "copied", "held": "safe"}
_AT_RISK = ("task", "asked")


@dataclass(frozen=True)
class Found:
    """A recording with its place in the ranking."""

    recording: Recording
    match: Match


def search(office: Office, work: Work, register: Register, call: CallDescription) -> tuple[Found, ...]:
    """The recordings that may be this call, best first: by the caller's number, else by service and time."""
    today = office.today()
    earliest = oldest_searched(today, as_kept(work, register))
    found: dict[str, Recording] = {}
    if call.own_number:
        window = wide_window(call.day, call.day_sureness, earliest, today)
        for one in work.recordings.search(register.id, Search((window,), number=call.own_number), MOST_BY_NUMBER):
            found[one.id] = one
    if call.service_number and (not found or call.withheld or call.other_phone):
        spans = windows(call.day, call.time, call.day_sureness, call.time_sureness, earliest, today)
        for one in work.recordings.search(register.id, Search(spans, service=call.service_number), MOST_BY_SERVICE):
            found[one.id] = one
    ranked = rank(call, (_candidate(one, call) for one in found.values()))
    return tuple(Found(found[match.candidate.recording_id], match) for match in ranked)


def oldest_searched(today: date, register: Register) -> date:
    """The day from which a recording may still be kept: by the longest of the rules that keep recordings at all."""
    classes = {one.value for one in RecordingClass}
    rules = [rule for rule in register.retention if rule.recording_class in classes]
    oldest = (oldest_kept(today, replace(rule, period=rule.longest or rule.period)) for rule in rules)
    return min(oldest, default=today) - timedelta(days=1)


def find_and_hold(
    office: Office, work: Work, case: Case, calls: tuple[CallDescription, ...], *, say_none: bool = True
) -> Case:
    """Search each call, hold every new candidate, and record what became of each; returns the case as it is now.

    What is known of an earlier candidate's hold stays as it is. `say_none`: record it when there is none at all.
    """
    register = office.registers[case.register]
    known: dict[str, str] = {row.recording: row.outcome for row in work.recordings.candidates(case.id)}
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
    return case


def find_more(office: Office, actor: Actor, ref: str, call: CallDescription) -> None:
    """Staff search with other details; what is found joins the candidates and is held. With what was searched is
    recorded: it is part of the proof when there is no recording."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.CHOOSE_CALL, case.register)
        case = find_and_hold(office, work, case, (call,))
        record(office, work, case, _searched(call), actor)


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
