"""The copy as transcript text, where the applicant asks for it (art. 15(3)): a listener writes it, the answer gives it.

A complete, unedited transcript is a copy; a summary never is. So the applicant asks for it, a listener says that it is
the recording word for word, and an access is not signed while one that was asked for is not there.
"""

import hashlib
from dataclasses import dataclass

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.decisions import Decision, Outcome
from portal.domain.lifecycle import NotNow
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.rights import Right
from portal.domain.transcript import Transcript, first_unattributed, plain_text
from portal.domain.words import Words
from portal.services.hand_over import given_copy
from portal.services.listen import listenable
from portal.services.office import Office
from portal.services.omissions import marks_in_text
from portal.services.ports import Absent, Recording, Work
from portal.services.restricted_use import demand_unrestricted, refusals_kept
from portal.services.step import opened, record

LONGEST = 200_000
"""Characters of a transcript: some four hours of talk."""

_HEAD = Words("Sanatarkka tekstiversio puhelusta", "Ordagrann utskrift av samtalet", "Verbatim transcript of the call")


class Unattributed(ValueError):
    """A text that is said to be complete has a `line` (from 1) without its speaker."""

    def __init__(self, line: int) -> None:
        super().__init__(str(line))
        self.line = line


@dataclass(frozen=True)
class TextFile:
    """A given transcript as a file to keep: UTF-8, with a head that says what it is."""

    name: str
    data: bytes


def asks_transcript(case: Case) -> bool:
    """Did the applicant ask for the call as text too?"""
    return case.right is Right.ACCESS and case.wishes.transcript


def edition(found: Transcript | None) -> str:
    """A word for what was read, by which a page that was overtaken by a colleague's is known."""
    return hashlib.sha256(found.text.encode()).hexdigest()[:16] if found else ""


@refusals_kept
def load_transcript(office: Office, actor: Actor, ref: str, recording: str) -> Transcript | None:
    """What has been written down so far; the opening is recorded. Absent: no transcript was asked for, or not a call
    that was chosen."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        listenable(office, work, actor, ref, recording, "transcript")
        demand_asked(case, recording)
        record(office, work, case, events.TranscriptOpened(recording), actor)
        return work.transcripts.load(case.id, recording, work.cases.box(case))


@refusals_kept
def transcripts_to_approve(office: Office, actor: Actor, ref: str) -> tuple[tuple[str, Transcript | None], ...]:
    """What would be given as text, by recording, for whoever approves it; each opening is recorded. Empty where no
    transcript was asked for."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.APPROVE, case.register)
        box, found = work.cases.box(case), []
        for recording in _granted_to_write(case, case.decision):
            one = work.recordings.get(recording)
            if one is not None:
                demand_unrestricted(work, case, one, "transcript")
            text = work.transcripts.load(case.id, recording, box)
            found.append((recording, text))
            if text:
                case = record(office, work, case, events.TranscriptChecked(recording), actor)
    return tuple(found)


@refusals_kept
def write_transcript(
    office: Office, actor: Actor, ref: str, recording: str, typed: str, *, complete: bool, seen: str
) -> None:
    """Keep what a listener typed; `complete`: it is the recording word for word. `seen`: the edition that was changed.

    Raises Unattributed when a complete text has a line without its speaker; NotNow when a colleague saved meanwhile,
    the case is closed, or a text that has been given would no longer be complete.
    """
    now = Transcript(plain_text(typed), complete)
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.LISTEN, case.register)
        if not case.state.open:
            raise NotNow("state")
        listenable(office, work, actor, ref, recording, "transcript")
        demand_asked(case, recording)
        box = work.cases.box(case)
        before = work.transcripts.load(case.id, recording, box)
        if seen != edition(before):
            raise NotNow("moved")
        line = first_unattributed(now.text) if complete else None
        if line:
            raise Unattributed(line)
        ended = before is not None and before.complete and not complete
        if ended and recording in {copy.recording for copy in work.documents.copies(case.id, case.applicant.person)}:
            raise NotNow("transcript_given")
        work.transcripts.save(case.id, recording, now, actor.id, office.now(), box)
        if complete or ended:
            record(office, work, case, events.TranscriptWritten(recording, complete), actor)


def untranscribed(work: Work, case: Case, decision: Decision | None) -> tuple[str, ...]:
    """The recordings that `decision` grants and whose transcript, which was asked for, is not complete, or does not
    show by its mark each passage that the copy leaves out."""
    box = work.cases.box(case)
    return tuple(
        one
        for one in _granted_to_write(case, decision)
        if _lacks(work.transcripts.load(case.id, one, box), marks_in_text(work, case, one))
    )


def _lacks(found: Transcript | None, marks: tuple[str, ...]) -> bool:
    return found is None or not found.complete or any(mark not in found.text for mark in marks)


def _granted_to_write(case: Case, decision: Decision | None) -> tuple[str, ...]:
    if decision is None or not asks_transcript(case):
        return ()
    granted = {item.item for item in decision.items if item.outcome in (Outcome.GRANTED, Outcome.PARTLY)}
    return tuple(finding.recording for finding in case.chosen if finding.call in granted)


def given_transcript(work: Work, case: Case, recording: str) -> Transcript | None:
    """A delivered recording's transcript, complete; None where none was asked for."""
    if not asks_transcript(case):
        return None
    found = work.transcripts.load(case.id, recording, work.cases.box(case))
    return found if _is_complete(found) else None


def open_text(office: Office, actor: Actor, ref: str, number: int) -> TextFile:
    """The transcript of copy `number` (from 1) as a file; the download is recorded. Absent as the copy itself is."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        copy = given_copy(office, work, case, actor, number)
        found, one = given_transcript(work, case, copy.recording), work.recordings.get(copy.recording)
        if found is None or one is None:
            raise Absent(ref)
        record(office, work, case, events.TranscriptDownloaded(copy.recording), actor)
    return TextFile(f"{case.ref}-{number}.txt", as_file(office, case, one, found))


def as_file(office: Office, case: Case, one: Recording, found: Transcript) -> bytes:
    """A given transcript as a file: UTF-8, its head in the language of the case."""
    start = helsinki(one.start)
    head = f"{_HEAD[case.language]} {format_date(start.date())} {format_time(start)}"
    controller = office.registers[case.register].controller.name[case.language]
    return f"{head}\n{controller}, {case.ref}\n\n{found.text}\n".encode()


def demand_asked(case: Case, recording: str) -> None:
    """Raise Absent unless the applicant asked for a transcript and this recording was chosen."""
    if not asks_transcript(case) or recording not in {finding.recording for finding in case.chosen}:
        raise Absent(recording)


def _is_complete(found: Transcript | None) -> bool:
    return found is not None and found.complete
