"""Set right what the index says of a call (art. 16): the number or the time may be wrong, the audio is what was said.

The old value stays in the case's audit trail, sealed; the letter names what was corrected.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Literal

from portal.domain import events, phone
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.lifecycle import CorrectMetadata, NotNow
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.phone import Unusable, Withheld
from portal.domain.retention import purge_at
from portal.domain.words import Words
from portal.services.find_calls import renew_keeping
from portal.services.office import Office
from portal.services.ports import Absent, Recording, Work
from portal.services.retention_rules import in_force
from portal.services.step import opened, record, take_step

Field = Literal["caller", "start"]

_NUMBER = Words(
    "puhelun %(call)s soittajan numero (nyt %(now)s)",
    "det uppringande numret i samtalet %(call)s (nu %(now)s)",
    "the caller's number of the call of %(call)s (now %(now)s)",
)
_START = Words(
    "puhelun alkamisaika (aiemmin %(was)s, nyt %(now)s)",
    "tiden då samtalet började (tidigare %(was)s, nu %(now)s)",
    "the time at which the call began (earlier %(was)s, now %(now)s)",
)
_NOT_KNOWN = Words("ei tiedossa", "okänt", "not known")


def correct_metadata(
    office: Office, actor: Actor, ref: str, recording: str, field: Field, value: str, seen: int
) -> None:
    """Correct the index's number or time of a recording that was found to be the applicant's.

    `value`: a telephone number as anybody writes it (a word for a hidden one: withheld), or the call's new start as
    an ISO 8601 instant; the call stays as long as it was, and its retention follows its end. ValueError for neither.
    What is so already changes nothing. NotNow: not in this case's state, or the recording is going.
    """
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        demand(actor, Action.DECIDE, case.register)
        one = work.recordings.get(recording)
        if one is None:
            raise Absent(recording)
        old, new = _now(one, field), _read(field, value)
        if old != new:
            case = take_step(office, work, case, CorrectMetadata(recording, field, old, new), actor)
            _set(office, work, one, field, new)
            renew_keeping(work, case)


def undo_refused(office: Office, work: Work, case: Case, granted: Collection[str], actor: Actor) -> Case:
    """Set back what was corrected in hand in a recording that is not among those granted in the end: an index that a
    refused request changed would be wrong by the decision. The trail keeps both changes. In the open unit."""
    for (recording, field), (was, now) in _corrections(work, case).items():
        one = work.recordings.get(recording) if recording not in granted and was != now else None
        if one is not None:
            _set(office, work, one, field, was)
            case = record(office, work, case, events.MetadataCorrected(recording, field, now, was), actor)
    return case


def corrected_data(work: Work, case: Case, granted: Collection[str]) -> tuple[str, ...]:
    """What was corrected in the granted recordings, as the letter names it: each number and time once, with its last
    value."""
    found = {
        which: (was, now)
        for which, (was, now) in _corrections(work, case).items()
        if was != now and which[0] in granted
    }
    known = work.recordings.many([recording for recording, _field in found])
    return tuple(
        _named(case, known[recording], field, was, now)
        for (recording, field), (was, now) in found.items()
        if recording in known
    )


def _corrections(work: Work, case: Case) -> dict[tuple[str, Field], tuple[str, str]]:
    """By recording and field: the first old value and the last new one."""
    was: dict[tuple[str, Field], str] = {}
    now: dict[tuple[str, Field], str] = {}
    for entry in work.cases.timeline(case):
        if entry.action == "metadata_corrected" and entry.facts:
            which = (entry.facts["recording"], entry.facts["field"])
            was.setdefault(which, entry.facts["old"])
            now[which] = entry.facts["new"]
    return {which: (was[which], now[which]) for which in now}


def _named(case: Case, one: Recording, field: str, was: str, now: str) -> str:
    """Numbers are masked, as everywhere in letters."""
    language = case.language
    if field == "caller":
        shown = phone.mask(now) if now else _NOT_KNOWN[language]
        return _NUMBER[language] % {"call": _local(one.start), "now": shown}
    instants = {"was": datetime.fromisoformat(was), "now": datetime.fromisoformat(now)}
    return _START[language] % {name: _local(instant) for name, instant in instants.items()}


def _local(instant: datetime) -> str:
    local = helsinki(instant)
    return f"{format_date(local)} {format_time(local)}"


def _now(one: Recording, field: Field) -> str:
    return one.caller or "" if field == "caller" else one.start.astimezone(UTC).isoformat()


def _read(field: Field, value: str) -> str:
    if field == "start":
        return helsinki(datetime.fromisoformat(value)).astimezone(UTC).isoformat()
    number = phone.normalise(value)
    if isinstance(number, Unusable):
        raise ValueError(number.reason.value)
    return "" if isinstance(number, Withheld) else number.e164


def _set(office: Office, work: Work, one: Recording, field: Field, new: str) -> None:
    caller = (new or None) if field == "caller" else one.caller
    start = datetime.fromisoformat(new) if field == "start" else one.start
    end = start + (one.end - one.start)
    if end > office.now():
        raise NotNow("call_in_future")
    rules = in_force(work, office.registers[one.register])
    ends = purge_at(end, rules.rule(one.recording_class)) if field == "start" else one.purge_at
    if not work.metadata.correct(one.id, caller, start, end, ends):
        raise NotNow("recording_gone")
