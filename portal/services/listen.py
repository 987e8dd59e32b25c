"""Staff listening: by a listener, to a candidate of an open case, every fetched stretch in the audit trail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.services.listening_copy import make_listening_copy
from portal.services.office import Office
from portal.services.ports import Absent, Recording, Work
from portal.services.step import opened, record


@dataclass(frozen=True)
class AudioFile:
    """Audio to stream: size in bytes, a strong etag, and a reader of [start, stop)."""

    size: int
    etag: str
    mimetype: str
    name: str
    read: Callable[[int, int], Iterator[bytes]]


def open_recording(office: Office, actor: Actor, ref: str, recording_id: str) -> AudioFile:
    """The listening copy of a candidate. Absent: not a candidate of a case the actor may see, or gone."""
    with office.reading() as work:
        _case, one = listenable(work, actor, ref, recording_id)
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


def listenable(work: Work, actor: Actor, ref: str, recording_id: str) -> tuple[Case, Recording]:
    """The case and its candidate that this listener may hear now. Absent: another's, closed, gone or restricted."""
    case = work.cases.open(ref, actor)
    demand(actor, Action.LISTEN, case.register)
    one = work.recordings.get(recording_id)
    mine = recording_id in {row.recording for row in work.recordings.candidates(case.id) if row.call in case.items}
    if one is None or not mine or one.state > 1 or not case.state.open:
        raise Absent(recording_id)
    if one.restricted and case.applicant.person not in work.recordings.restricted_for(recording_id):
        raise Absent(recording_id)  # art. 18(2): only stored, but for the person's own access
    return case, one
