"""Alarms of retention: a hold that is not confirmed in time, an erasure that no operator confirms, a hold that nobody
looks at again. Looked for each minute, raised once, and ended by what settles them (arts. 5(1)(e), 5(1)(f), 24).

An alarm is compared with the facts and never sent as a message that could be lost; what goes to the duty address only
says that there is something to look at.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from portal.domain import duty_events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case, State
from portal.domain.duties import OVER_HELD_AFTER, Alarm, erasure_alarm, hold_alarm, hold_task_due
from portal.domain.moments import helsinki
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.ports.duties import RiskyHold, StandingAlarm
from portal.services.step import record

WATCH = "alarms"
"""The periodic work that looks for alarms, each minute."""
EVERY = timedelta(minutes=1)
SILENT = "worker_silent"
_SILENT_AFTER = timedelta(minutes=3)
"""So long without a look, nobody knows whether a hold has failed: the worker does not run."""
_OURS = (Alarm.TOO_LATE, Alarm.FAILED, Alarm.NEAR, Alarm.LATE)
_UNJUDGED = (State.RECEIVED, State.IN_HAND, State.ASKED)


def watch(office: Office, register: str) -> None:
    """Raise what must be looked at and end what is settled, each with its event in the case's trail."""
    with office.reading() as work:
        wanted = _wanted(office, work, register)
        standing = {(one.case, one.recording): one for one in work.duties.alarms(register)}
    for key, alarm in standing.items():
        if wanted.get(key) != alarm.code:
            _end(office, alarm)
    for (case, recording), code in wanted.items():
        known = standing.get((case, recording))
        if known is None or known.code != code:
            _raise(office, register, case, recording, code)


def alarms_of(office: Office, actor: Actor) -> tuple[StandingAlarm, ...]:
    """The standing alarms of the actor's register, the oldest first."""
    demand(actor, Action.SEE_CASE, actor.controller)
    with office.reading() as work:
        return work.duties.alarms(actor.controller)


def counts(office: Office) -> dict[str, int]:
    """How many alarms stand by code, of all controllers, and `SILENT` where nobody has looked for a while: what
    monitoring is told, without a word of whom it concerns."""
    with office.reading() as work:
        found = Counter(one.code for one in work.duties.alarms())
        slot = work.duties.last_slot(WATCH)
    if slot is None or office.now().timestamp() - (slot + 1) * EVERY.total_seconds() > _SILENT_AFTER.total_seconds():
        found[SILENT] = 1
    return dict(sorted(found.items()))


def tell_duty(office: Office) -> None:
    """Tell the duty address that a hold is not confirmed. NotSent passes through: the job tries again."""
    if office.duty:
        office.duty.tell()


def _wanted(office: Office, work: Work, register: str) -> Mapping[tuple[str, str], Alarm]:
    """The alarms that ought to stand, by case and recording; the gravest where there are several."""
    today, found = office.today(), dict[tuple[str, str], Alarm]()
    failing = work.duties.failing(office.now() - EVERY)
    for one in work.duties.risky(register):
        key = (one.case, one.recording)
        alarm = _of_hold(office, one, failing=key in failing)
        if alarm and _matters(work.cases.open_for_system(one.case), one, alarm):
            found[key] = alarm
    for task in work.duties.erasures(register):
        late = Alarm.ERASURE if task.denied_on else erasure_alarm(task.due_on, today)
        if late:
            found.setdefault((task.case, task.recording), late)
    for key in work.duties.over_held(register, today - OVER_HELD_AFTER):
        found.setdefault(key, Alarm.OVER_HELD)
    return found


def _of_hold(office: Office, one: RiskyHold, *, failing: bool) -> Alarm | None:
    begun, goes = helsinki(one.found_at).date(), helsinki(one.purge_at).date()
    due = hold_task_due(begun, goes)
    now, today = office.now(), office.today()
    return hold_alarm(one.outcome, failing=failing, due=due, purge_at=one.purge_at, today=today, now=now)


def _matters(case: Case, one: RiskyHold, alarm: Alarm) -> bool:
    """Not what staff found to be another call, nor of a call that the request no longer names; and that it came too
    late matters until somebody has judged the recording or decided."""
    judged = {finding.recording: finding.chosen for finding in case.findings}
    if one.call not in case.items or judged.get(one.recording) is False:
        return False
    return alarm is not Alarm.TOO_LATE or (one.recording not in judged and case.state in _UNJUDGED)


def _raise(office: Office, register: str, case_id: str, recording: str, code: Alarm) -> None:
    now = office.now()
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if not work.duties.raise_alarm(register, case_id, recording, code.value, now):
            return
        case = record(office, work, case, duty_events.HoldAlarmed(recording, code.value), SYSTEM)
        if office.duty and code in _OURS:
            work.outbox.add("tell_duty", {"case": case_id}, f"tell_duty:{case_id}:{case.seq}", now)


def _end(office: Office, alarm: StandingAlarm) -> None:
    with office.writing() as work:
        case = work.cases.open_for_system(alarm.case)
        if work.duties.end_alarm(alarm.id, office.now()):
            record(office, work, case, duty_events.HoldAlarmEnded(alarm.recording, alarm.code), SYSTEM)
