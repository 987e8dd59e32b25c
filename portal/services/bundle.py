"""The whole answer in one ZIP (arts. 12(1), 15(3)): the letter, each recording as MP3 or WAV with its data and as vCon,
the call in words where it was given, checksums, and a manifest that the portal signs.

It is streamed: the audio is stored as it is, and memory does not grow with its length. The same answer in the same
form makes the same bytes, but for the moment of the signature.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.grants import Form, GrantState
from portal.domain.lifecycle import NotNow
from portal.services.given_copies import GivenCopy, bundled, given_copies
from portal.services.grants import count_download
from portal.services.hand_over import CopyFile, wav_file
from portal.services.make_copy import make_wav, wav_source
from portal.services.office import Office
from portal.services.portability import call_data, controller_data, own_number
from portal.services.ports import Absent, Document, Recording, Work
from portal.services.ports.delivery import Conversation
from portal.services.step import opened
from portal.services.transcribe import as_file
from portal.services.zip_stream import Entry, zipped

SUMS, MANIFEST = "SHA256SUMS", "manifest.jws"


@dataclass(frozen=True)
class Bundle:
    """The ZIP's file name and its bytes piece by piece; `close` when it has been sent, or will not be."""

    name: str
    pieces: Iterator[bytes]
    close: Callable[[], None]


@dataclass(frozen=True)
class _Answer:
    """What was given: the case, when, by which letter, and the copies with what is told of them."""

    case: Case
    at: datetime
    letter: Document
    copies: tuple[GivenCopy, ...]
    sources: tuple[str | None, ...]

    @property
    def delivery(self) -> str:
        """The delivery's id: the same for the same answer, and of nothing else."""
        parts = [self.case.id, self.at.isoformat(), *(str(one.copy.vault_object) for one in self.copies)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def open_bundle(office: Office, actor: Actor, ref: str, form: Form) -> Bundle:
    """The whole answer, audio as `form` has it; one download of each copy in it is counted.

    Absent: not theirs, no copies that are ready, or no WAV where what a copy was made from is gone. NotNow when a copy
    has no download left."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
        answer = _answer(office, work, case, actor, form)
    if any(one.state is GrantState.USED_UP for one in answer.copies):
        raise NotNow("downloads_used")
    with ExitStack() as stack:
        pairs = zip(answer.copies, answer.sources, strict=True)
        sounds = [_sound(office, case, one, source, stack) for one, source in pairs]
        size, read = office.vault.open(case.register, answer.letter.vault_object)
        now = office.now()
        with office.writing() as work:
            case = opened(work, ref, actor)
            _demand_unchanged(work, case, actor, answer.copies)
            count_download(office, work, case, actor, [one.copy for one in answer.copies], form, answer.delivery)
        readme = Entry("README.pdf", size, read(0, size))
        entries = _summed(
            office, answer, now, chain([readme], *map(partial(_of_copy, office, answer), answer.copies, sounds))
        )
        return Bundle(f"{case.ref}.zip", zipped(entries, answer.at), stack.pop_all().close)


def _answer(office: Office, work: Work, case: Case, actor: Actor, form: Form) -> _Answer:
    """What was given last. Absent where nothing of it can be given in this form."""
    entries = work.cases.timeline(case)
    given = [(one.at, one.facts["kind"]) for one in entries if one.action == "answer_given" and one.facts]
    copies = bundled(given_copies(office, work, case, actor.id, entries))
    if not given or not copies or any(one.recording is None for one in copies):
        raise Absent(case.ref)
    at, kind = given[-1]
    letter = next(one for one in reversed(work.documents.of_case(case.id)) if one.kind == kind)
    if form.sound is Form.MP3:
        return _Answer(case, at, letter, copies, (None,) * len(copies))
    sources = tuple(wav_source(office, work, case, one.copy) for one in copies)
    if None in sources:
        raise Absent(case.ref)
    return _Answer(case, at, letter, copies, sources)


def _demand_unchanged(work: Work, case: Case, actor: Actor, copies: Iterable[GivenCopy]) -> None:
    """What was opened is what is given still."""
    now = {one.recording: one.vault_object for one in work.documents.copies(case.id, actor.id)}
    if any(now.get(one.copy.recording) != one.copy.vault_object for one in copies):
        raise NotNow("moved")


def _sound(office: Office, case: Case, one: GivenCopy, source: str | None, stack: ExitStack) -> CopyFile:
    """The copy's audio: as it lies in the vault, or decoded from its source."""
    if source:
        made = wav_file(make_wav(office, case.register, source), f"recording-{one.number}.wav", source)
        stack.callback(made.close)
        return made
    stored = str(one.copy.vault_object)
    size, read = office.vault.open(case.register, stored)
    return CopyFile(size, stored, "audio/mpeg", f"recording-{one.number}.mp3", read)


def _of_copy(office: Office, answer: _Answer, one: GivenCopy, sound: CopyFile) -> Iterator[Entry]:
    """The files of one copy; its data come after its sound, whose checksum they tell."""
    name, digest = f"recording-{one.number}", hashlib.sha256()
    assert one.recording is not None, "asked of copies whose recording is known"
    yield Entry(sound.name, sound.size, _digesting(sound.read(0, sound.size), digest.update))
    data = recording_data(office, answer.case, answer.at, one, sound, digest.hexdigest())
    yield _text(f"{name}.json", json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    told = _conversation(office, answer, one, one.recording, sound)
    yield Entry(f"{name}.vcon.json", sound.size * 4 // 3, office.conversation(told, sound.read(0, sound.size)))
    if one.transcript:
        yield Entry(f"{name}.txt", 0, [as_file(office, answer.case, one.recording, one.transcript)])


def recording_data(
    office: Office, case: Case, at: datetime, one: GivenCopy, sound: CopyFile, sha256: str
) -> dict[str, Any]:
    """recording-N.json as its published schema has it (static/schema/recording-1.json): instants in UTC, numbers in
    E.164; what the copy leaves out, in seconds of the call."""
    assert one.recording is not None, "asked of copies whose recording is known"
    return {
        "schema": "recording-1",
        "controller": controller_data(office.registers[case.register], case.language),
        "request": {
            "reference": case.ref,
            "received_at": case.received_at.isoformat(),
            "answered_at": at.isoformat(),
        },
        "call": call_data(one.recording),
        "audio": {"file": sound.name, "media_type": sound.mimetype, "bytes": sound.size, "sha256": sha256},
        "left_out": [{"from_second": begin, "to_second": end} for begin, end in one.gaps],
        "transcript": f"recording-{one.number}.txt" if one.transcript else None,
        "statements": list(one.statements),
    }


def _conversation(
    office: Office, answer: _Answer, one: GivenCopy, recording: Recording, sound: CopyFile
) -> Conversation:
    register = office.registers[answer.case.register]
    return Conversation(
        uuid=uuid5(NAMESPACE_URL, f"urn:kuuluu:{answer.delivery}:{one.number}"),
        created_at=answer.at,
        subject=answer.case.ref,
        own_number=own_number(recording),
        organisation=register.controller.name[answer.case.language],
        service=recording.service,
        inward=recording.direction != "out",
        start=recording.start,
        duration=timedelta(seconds=recording.seconds),
        mediatype=sound.mimetype,
        filename=sound.name,
        left_out=bool(one.gaps),
    )


def _summed(office: Office, answer: _Answer, now: datetime, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, then their checksums, then the signed manifest of all of these."""
    files: list[dict[str, Any]] = []
    for one in entries:
        yield _listed(one, files)
    sums = "".join(f"{file['sha256']}  {file['name']}\n" for file in files)
    yield _listed(_text(SUMS, sums), files)
    register = office.registers[answer.case.register]
    told = {
        "controller": {
            "name": register.controller.name[answer.case.language],
            "business_id": register.controller.business_id,
        },
        "case": answer.case.ref,
        "delivery": answer.delivery,
        "issued_at": now.isoformat(),
        "files": files,
    }
    yield _text(MANIFEST, office.manifests.sign(json.dumps(told, ensure_ascii=False).encode()))


def _listed(one: Entry, files: list[dict[str, Any]]) -> Entry:
    """The entry, which stands in `files` with its length and checksum once it has been read to its end."""

    def blocks() -> Iterator[bytes]:
        digest, size = hashlib.sha256(), 0
        for block in one.blocks:
            digest.update(block)
            size += len(block)
            yield block
        files.append({"name": one.name, "sha256": digest.hexdigest(), "bytes": size})

    return Entry(one.name, one.size, blocks())


def _digesting(blocks: Iterable[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for block in blocks:
        update(block)
        yield block


def _text(name: str, text: str) -> Entry:
    data = text.encode()
    return Entry(name, len(data), [data])
