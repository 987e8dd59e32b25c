"""Staff listening: by a listener, to a candidate of an open case, every fetched stretch in the audit trail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.services.listeners import candidate, demand_hearing
from portal.services.listening_copy import make_listening_copy
from portal.services.office import Office
from portal.services.ports import Absent, Recording, Work
from portal.services.restricted_use import demand_unrestricted, refusals_kept
from portal.services.step import opened, record


@dataclass(frozen=True)
class AudioFile:
    """Audio to stream: size in bytes, a strong etag, and a reader of [start, stop)."""

    size: int
    etag: str
    mimetype: str
    name: str
    read: Callable[[int, int], Iterator[bytes]]


@refusals_kept
def open_recording(office: Office, actor: Actor, ref: str, recording_id: str) -> AudioFile:
    """The listening copy of a candidate. Absent: not a candidate of a case the actor may see, or gone; Forbidden: the
    register's notice lets others hear it; Restricted: nobody may."""
    with office.reading() as work:
        _case, one = listenable(office, work, actor, ref, recording_id)
    vault_object = one.vault_object or make_listening_copy(office, one)
    if not vault_object:
        raise Absent(recording_id)
    size, read = office.vault.open(one.register, vault_object)
    return AudioFile(size, vault_object, "audio/flac", "recording.flac", read)


def note_listened(office: Office, actor: Actor, ref: str, recording_id: str, start: int, stop: int, size: int) -> None:
    """Record that bytes [start, stop) of `size` went to the listener's browser, as milliseconds of the call."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        one = work.recordings.get(recording_id)
        whole = one.seconds * 1000 if one else 0
        part = whole / size if size else 0
        event = events.RecordingListened(recording_id, round(start * part), round(stop * part))
        record(office, work, case, event, actor)


def listenable(
    office: Office, work: Work, actor: Actor, ref: str, recording_id: str, use: str = "play"
) -> tuple[Case, Recording]:
    """The case and its candidate that this listener may hear now: every way to the sound passes here.

    Absent: another's, closed or gone. Forbidden: no listener, or the register's notice lets in others only. Restricted
    (art. 18(2)): only stored, but for the person's own access; `use` is what it was wanted for.
    """
    case = work.cases.open(ref, actor)
    if not case.state.open:
        raise Absent(recording_id)
    one = candidate(work, case, recording_id)
    demand_hearing(office, work, actor, case, one)
    demand_unrestricted(work, case, one, use)
    return case, one
