"""The listening station: an attended visitor hears the approved copies of their own case, and nothing else.

It opens from an attended appointment alone, in the same unit in which the clerk's session on that device ends; it plays
what `hand_over` would give the person, and ends by itself, by the visitor or by staff. After that its key is worth
nothing.
"""

from dataclasses import dataclass

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.station import listening_ends
from portal.domain.transcript import Transcript
from portal.domain.visit_events import StationClosed, StationLeft, StationOpened, StationPlayed
from portal.domain.visits import VisitState, may_attend
from portal.domain.words import Language
from portal.services.attend_visit import playable, received, visitor
from portal.services.hand_over import given_copy
from portal.services.listen import AudioFile
from portal.services.office import Office
from portal.services.omissions import gaps_of
from portal.services.ports import Absent, Copy, Recording, Work
from portal.services.ports.stations import Seat
from portal.services.step import opened, record
from portal.services.transcribe import given_transcript


@dataclass(frozen=True)
class Opened:
    """A station that has been opened: the key for its cookie, and the language of the visitor's case."""

    key: str
    language: Language


@dataclass(frozen=True)
class HeardCall:
    """A call as the station shows it: its number, its time and length, what the copy leaves out as seconds (from, to),
    and its transcript if one was given."""

    number: int
    recording: Recording | None
    gaps: tuple[tuple[int, int], ...]
    transcript: Transcript | None


def open_station(office: Office, actor: Actor, appointment: str, session: str) -> Opened:
    """Open the station on the device whose staff session has the key `session`; that session ends with it.

    NotNow unless the visit is attended, its time has not passed, and an approved copy is there to play.
    """
    now = office.now()
    with office.writing() as work:
        one, case = received(work, actor, appointment)
        if one.state is not VisitState.ATTENDED:
            raise NotNow("state")
        if not may_attend(one.start, one.minutes, now):
            raise NotNow("visit_time")
        if not playable(office, work, case):
            raise NotNow("no_copy_to_play")
        if work.stations.close(one.id, now):
            case = record(office, work, case, StationClosed(one.id), actor)
        until = listening_ends(one.start, one.minutes, now)
        key = work.stations.start(one.register, one.id, actor.id, until, now)
        record(office, work, case, StationOpened(one.id, until), actor)
        work.sessions.end(session)
    return Opened(key, case.language)


def seat_of(office: Office, key: str | None, register: str) -> Seat | None:
    """The open station of a key in this register; None for any other key, and once it has ended."""
    if not key:
        return None
    with office.reading() as work:
        seat = work.stations.of_key(key)
        return seat if seat and seat.register == register and _stands(office, work, seat) else None


def calls_of(office: Office, seat: Seat) -> tuple[HeardCall, ...]:
    """The calls whose approved copies the visitor may hear now."""
    with office.reading() as work:
        case = _case(work, seat)
        copies = playable(office, work, case)
        return tuple(_heard(work, case, number, copy) for number, copy in copies)


def _heard(work: Work, case: Case, number: int, copy: Copy) -> HeardCall:
    return HeardCall(
        number,
        work.recordings.get(copy.recording),
        gaps_of(work, case, copy.recording),
        given_transcript(work, case, copy.recording),
    )


def open_heard(office: Office, seat: Seat, number: int) -> AudioFile:
    """Approved copy `number` (from 1) of the visitor's own case, to stream. Absent: none such, or not any more."""
    with office.reading() as work:
        case = _case(work, seat)
        copy = given_copy(office, work, case, visitor(case), number)
    if copy.vault_object is None:
        raise Absent(case.ref)
    size, read = office.vault.open(case.register, copy.vault_object)
    return AudioFile(size, copy.vault_object, "audio/mpeg", "", read)


def note_played(office: Office, seat: Seat, number: int, start: int, stop: int, size: int) -> None:
    """Record that bytes [start, stop) of `size` are about to go to the station, as milliseconds of the call. Absent
    when it has ended meanwhile: then nothing may go."""
    with office.writing() as work:
        case = _case(work, seat)
        if not _stands(office, work, seat):
            raise Absent(seat.id)
        actor = visitor(case)
        case = opened(work, case.ref, actor)
        copy = given_copy(office, work, case, actor, number)
        one = work.recordings.get(copy.recording)
        part = (one.seconds * 1000 if one else 0) / size if size else 0
        event = StationPlayed(seat.appointment, copy.recording, round(start * part), round(stop * part))
        record(office, work, case, event, actor)


def leave(office: Office, seat: Seat) -> None:
    """The visitor ends the listening. Repeating it changes nothing."""
    with office.writing() as work:
        case = _case(work, seat)
        if work.stations.close(seat.appointment, office.now()):
            actor = visitor(case)
            record(office, work, opened(work, case.ref, actor), StationLeft(seat.appointment), actor)


def close_station(office: Office, actor: Actor, appointment: str) -> None:
    """Staff end the listening. Repeating it changes nothing."""
    with office.writing() as work:
        one, case = received(work, actor, appointment)
        if work.stations.close(one.id, office.now()):
            record(office, work, case, StationClosed(one.id), actor)


def _stands(office: Office, work: Work, seat: Seat) -> bool:
    """Is the station open, and its appointment attended?"""
    now = next((one for one in work.stations.of_appointment(seat.appointment) if one.id == seat.id), None)
    visit = work.visits.get(seat.appointment)
    return (
        now is not None
        and now.open_at(office.now())
        and visit is not None
        and visit.state is VisitState.ATTENDED
        and visit.register == seat.register
    )


def _case(work: Work, seat: Seat) -> Case:
    visit = work.visits.get(seat.appointment)
    if visit is None:
        raise Absent(seat.appointment)
    return work.cases.open_for_system(visit.case)
