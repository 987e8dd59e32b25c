"""What a copy leaves out (art. 15(4)): a listener marks it and submits it, another one hears the result and approves.

The working copy is never altered. What was approved is what is given: the rendering is made before the approval, its
digest stands in the approval's event, and the delivered copy is encoded from it.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from portal.domain import events
from portal.domain.access import SYSTEM, Actor
from portal.domain.case import Case, State
from portal.domain.lifecycle import NotNow
from portal.domain.recording import AudioInfo, Refused
from portal.domain.redaction import BadSpan, Fill, Span, checked, cuts
from portal.domain.redaction_version import Rendering, Version, VersionState, typed_samples
from portal.services.listen import AudioFile, listenable
from portal.services.listeners import answered
from portal.services.listening_copy import Undecodable, make_listening_copy
from portal.services.office import Office
from portal.services.omissions import part_grounds, redactable
from portal.services.ports import Absent, Recording, Work
from portal.services.restricted_use import is_only_stored, refusals_kept
from portal.services.step import opened, record

AROUND = 5
"""Seconds heard before and after a passage when its rendering is tried."""
_WORK = (State.IN_HAND, State.ASKED)


@dataclass(frozen=True)
class Typed:
    """A passage as it was typed: times as text, `channel` from 0 or None for all of them."""

    begin: str
    end: str
    ground: str
    channel: int | None = None
    note: str = ""


class BadRow(ValueError):
    """The typed passage number `row` (from 0) is no passage of this recording. `code`: time, or as in BadSpan."""

    def __init__(self, row: int, code: str) -> None:
        super().__init__(code)
        self.row = row
        self.code = code


@dataclass(frozen=True)
class Review:
    """What the page shows: every version, the one being worked on, the recording's measures, the usable grounds."""

    versions: tuple[Version, ...]
    current: Version | None
    samplerate: int
    frames: int
    channels: int
    grounds: tuple[str, ...]
    open: bool

    @property
    def edition(self) -> str:
        """What a page remembers, to notice that a colleague was faster."""
        return self.current.edition if self.current else ""


@refusals_kept
def review(office: Office, actor: Actor, ref: str, recording: str) -> Review | None:
    """The state of the recording's redaction in the case. None: this request leaves nothing out of this recording.

    Raises Absent as listening does, Undecodable when its measures cannot be taken."""
    with office.reading() as work:
        case, one = listenable(office, work, actor, ref, recording, "redaction")
        if not redactable(case, recording):
            return None
        versions = work.redactions.versions(case.id, recording, work.cases.box(case))
    current = _newest(versions)
    rate, frames, channels = _measures(office, one, current)
    return Review(versions, current, rate, frames, channels, part_grounds(case.right), case.state in _WORK)


@refusals_kept
def save_passages(
    office: Office, actor: Actor, ref: str, recording: str, typed: Sequence[Typed], fill: Fill, seen: str
) -> Version:
    """Keep what was marked as a draft: in the draft at hand, or in a new version after an approved or dropped one.

    Raises BadRow for what cannot be; NotNow when a colleague saved meanwhile, the version waits for its approval, or
    the case is decided.
    """
    with office.reading() as work:
        case, one = listenable(office, work, actor, ref, recording, "redaction")
        before = _newest(work.redactions.versions(case.id, recording, work.cases.box(case)))
    rate, frames, channels = _measures(office, one, before)
    spans = _spans(typed, rate, frames, channels, frozenset(part_grounds(case.right)))
    with office.writing() as work:
        case, versions = _open(office, work, actor, ref, recording)
        now = _newest(versions)
        if seen != (now.edition if now else ""):
            raise NotNow("moved")
        if now is not None and now.state is VersionState.SUBMITTED:
            raise NotNow("redaction_submitted")
        if now is None or now.state is not VersionState.DRAFT:
            now = Version(
                case.id, recording, len(versions) + 1, VersionState.DRAFT, actor.id, rate, frames, channels, moves=-1
            )
        after = replace(now, spans=spans, fill=fill, author=actor.id, moves=now.moves + 1)
        work.redactions.save(after, office.now(), work.cases.box(case))
        return after


@refusals_kept
def submit(office: Office, actor: Actor, ref: str, recording: str, seen: str) -> None:
    """Ask a second listener to approve the draft; a job renders it meanwhile. NotNow without a draft or passages."""
    with office.writing() as work:
        case, version = _at(office, work, actor, ref, recording, seen, VersionState.DRAFT)
        if not version.spans:
            raise NotNow("redaction_empty")
        after = _kept(office, work, case, replace(version, state=VersionState.SUBMITTED, author=actor.id))
        case = record(office, work, case, events.RedactionSubmitted(recording, after.n, len(after.spans)), actor)
        answered(office, work, case, recording, actor)
        args = {"case": case.id, "recording": recording, "n": after.n}
        work.outbox.add(
            "render_redaction", args, f"render_redaction:{case.id}:{recording}:{after.edition}", office.now()
        )


@refusals_kept
def approve_redaction(office: Office, actor: Actor, ref: str, recording: str, seen: str) -> None:
    """A second listener approves what was rendered: one of those whom the register's notice lets hear the call, and not
    the author. NotNow for the author, or while there is no rendering."""
    with office.writing() as work:
        case, version = _at(office, work, actor, ref, recording, seen, VersionState.SUBMITTED)
        if version.author == actor.id:
            raise NotNow("own_redaction")
        if version.rendering is None or version.vault_object is None:
            raise NotNow("not_rendered")
        after = _kept(office, work, case, replace(version, state=VersionState.APPROVED, approver=actor.id))
        proof = version.rendering
        event = events.RedactionApproved(recording, after.n, proof.source_sha256, proof.output_sha256, proof.renderer)
        answered(office, work, record(office, work, case, event, actor), recording, actor)


@refusals_kept
def return_redaction(office: Office, actor: Actor, ref: str, recording: str, seen: str) -> None:
    """A submitted version becomes a draft again, by its author or by whoever was to approve it."""
    with office.writing() as work:
        case, version = _at(office, work, actor, ref, recording, seen, VersionState.SUBMITTED)
        _kept(office, work, case, replace(version, state=VersionState.DRAFT, vault_object=None, rendering=None))
        record(office, work, case, events.RedactionReturned(recording, version.n), actor)
    _remove(office, case, version)


@refusals_kept
def drop_redaction(office: Office, actor: Actor, ref: str, recording: str, seen: str) -> None:
    """The version is not used; an earlier one counts again, or nothing is left out."""
    states = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.APPROVED)
    with office.writing() as work:
        case, version = _at(office, work, actor, ref, recording, seen, *states)
        _kept(office, work, case, replace(version, state=VersionState.DROPPED, vault_object=None))
        record(office, work, case, events.RedactionDropped(recording, version.n), actor)
    _remove(office, case, version)


def render_redaction(office: Office, case_id: str, recording: str, number: int) -> None:
    """Make the copy of a submitted version, with its proof; repeating it changes nothing."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        one = work.recordings.get(recording)
        version = _numbered(work, case, recording, number)
        stored_only = one is not None and is_only_stored(work, case, one)
    if one is None or version is None or version.state is not VersionState.SUBMITTED or version.vault_object:
        return
    if stored_only:  # restricted after it was submitted: its listeners see why there is nothing to approve
        with office.writing() as work:
            event = events.RestrictedUseRefused(recording, "redaction")
            record(office, work, work.cases.open_for_system(case_id), event, SYSTEM)
        return
    with _working_copy(office, one) as flac:
        made, new = flac.with_name("redacted.flac"), uuid4().hex
        _render(office, flac, made, version)
        source = _digest(flac)
        with made.open("rb") as file:
            stored = office.vault.put(one.register, new, file)
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        now = _numbered(work, case, recording, number)
        if now == version:
            after = replace(version, vault_object=new, rendering=Rendering(source, stored.sha256, stored.size))
            work.redactions.save(after, office.now(), work.cases.box(case))
            return
    office.vault.delete(one.register, new)  # changed meanwhile, or another run was faster


@refusals_kept
def open_rendered(office: Office, actor: Actor, ref: str, recording: str, number: int) -> AudioFile:
    """Version `number` as it was rendered, to stream. Absent: not yet, not any more, or not theirs to hear."""
    with office.reading() as work:
        case, one = listenable(office, work, actor, ref, recording)
        version = _numbered(work, case, recording, number)
    if version is None or version.vault_object is None:
        raise Absent(recording)
    size, read = office.vault.open(one.register, version.vault_object)
    return AudioFile(size, version.vault_object, "audio/flac", "redacted.flac", read)


@refusals_kept
def hear_passage(office: Office, actor: Actor, ref: str, recording: str, place: int) -> bytes:
    """Passage `place` (from 0) of the version at hand with what surrounds it, rendered as the copy will be (FLAC).

    What is heard is recorded. Absent: no such passage."""
    with office.reading() as work:
        case, one = listenable(office, work, actor, ref, recording, "preview")
        version = _newest(work.redactions.versions(case.id, recording, work.cases.box(case)))
    if version is None or not 0 <= place < len(version.spans):
        raise Absent(recording)
    span, around = version.spans[place], AROUND * version.samplerate
    window = (max(span.begin - around, 0), min(span.end + around, version.frames))
    with _working_copy(office, one) as flac:
        made = flac.with_name("passage.flac")
        _render(office, flac, made, version, window)
        heard = made.read_bytes()
    with office.writing() as work:
        begin, end = (at * 1000 // version.samplerate for at in window)
        record(office, work, opened(work, ref, actor), events.RecordingListened(recording, begin, end), actor)
    return heard


@refusals_kept
def speech_turns(office: Office, actor: Actor, ref: str, recording: str) -> tuple[tuple[int, float, float], ...]:
    """Where somebody seems to speak: (channel, begin, end) in seconds. Proposals; nothing is marked by them."""
    with office.reading() as work:
        _case, one = listenable(office, work, actor, ref, recording)
    with _working_copy(office, one) as flac:
        return office.audio.turns(flac)


@refusals_kept
def picture(office: Office, actor: Actor, ref: str, recording: str, points: int) -> tuple[tuple[int, ...], ...]:
    """The loudness of each channel as at most `points` heights from 0 to 100. Empty when none can be made."""
    with office.reading() as work:
        _case, one = listenable(office, work, actor, ref, recording)
    with _working_copy(office, one) as flac:
        return office.audio.channel_bars(flac, points)


def _newest(versions: Sequence[Version]) -> Version | None:
    """The version that is worked on or was decided last; dropped ones do not count."""
    return next((one for one in reversed(versions) if one.state is not VersionState.DROPPED), None)


def _numbered(work: Work, case: Case, recording: str, number: int) -> Version | None:
    versions = work.redactions.versions(case.id, recording, work.cases.box(case))
    return next((one for one in versions if one.n == number), None)


def _open(office: Office, work: Work, actor: Actor, ref: str, recording: str) -> tuple[Case, tuple[Version, ...]]:
    """The case locked, and the recording's versions in it; NotNow once it is decided."""
    case = opened(work, ref, actor)
    listenable(office, work, actor, ref, recording, "redaction")
    if not redactable(case, recording):
        raise Absent(recording)
    if case.state not in _WORK:
        raise NotNow("state")
    return case, work.redactions.versions(case.id, recording, work.cases.box(case))


def _at(
    office: Office, work: Work, actor: Actor, ref: str, recording: str, seen: str, *states: VersionState
) -> tuple[Case, Version]:
    """The version at hand, in one of the states and as the page showed it; NotNow otherwise."""
    case, versions = _open(office, work, actor, ref, recording)
    version = _newest(versions)
    if version is None or version.edition != seen or version.state not in states:
        raise NotNow("moved")
    return case, version


def _kept(office: Office, work: Work, case: Case, version: Version) -> Version:
    after = replace(version, moves=version.moves + 1)
    work.redactions.save(after, office.now(), work.cases.box(case))
    return after


def _remove(office: Office, case: Case, version: Version) -> None:
    if version.vault_object:
        office.vault.delete(case.register, version.vault_object)


def _spans(typed: Sequence[Typed], rate: int, frames: int, channels: int, grounds: frozenset[str]) -> tuple[Span, ...]:
    """The rows as passages in order of time; each row is checked alone, so that the fault has its place."""
    found: list[Span] = []
    for row, one in enumerate(typed):
        begin, end = typed_samples(one.begin, rate), typed_samples(one.end, rate)
        if begin is None or end is None:
            raise BadRow(row, "time")
        only = () if one.channel is None else (one.channel,)
        try:
            last = min(end, frames) if begin < frames else end  # a hundredth past the end is the end
            span = Span(begin, last, one.ground, only, one.note)
            found.extend(checked([span], frames, channels, grounds))
        except BadSpan as fault:
            raise BadRow(row, fault.code) from None
    return tuple(sorted(found, key=lambda span: (span.begin, span.end, span.channels)))


def _measures(office: Office, one: Recording, known: Version | None) -> tuple[int, int, int]:
    """Sample rate, frames and channels of the working copy."""
    if known:
        return known.samplerate, known.frames, known.channels
    with _working_copy(office, one) as flac:
        found = _sound(office.audio.probe(flac))
    return found.samplerate, found.frames, found.channels


@contextmanager
def _working_copy(office: Office, one: Recording) -> Iterator[Path]:
    """The listening copy as a file in a private folder, gone when the block ends."""
    stored = one.vault_object or make_listening_copy(office, one)
    if not stored:
        raise Absent(one.id)
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        flac = Path(folder, "copy.flac")
        with office.vault.reader(one.register, stored) as source, flac.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield flac


def _render(
    office: Office, source: Path, target: Path, version: Version, window: tuple[int, int] | None = None
) -> None:
    hidden = cuts(version.spans, version.samplerate, version.frames, version.channels)
    _sound(office.audio.redact(source, target, hidden, version.samplerate, version.fill, window))


def _sound(found: AudioInfo | Refused) -> AudioInfo:
    if isinstance(found, Refused):
        raise Undecodable(found)
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
