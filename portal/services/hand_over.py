"""The applicant opens the answer: hears and downloads the copy, reads the letter. Each is recorded in the case."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.domain import events
from portal.domain.access import Action, Actor, ActorKind, demand
from portal.domain.case import Case
from portal.domain.grants import Form, GrantState
from portal.domain.lifecycle import NotNow
from portal.services.grants import Revoked, count_download, state_of
from portal.services.listen import AudioFile
from portal.services.make_copy import make_wav, wav_source
from portal.services.office import Office
from portal.services.ports import Absent, Copy, Document, Work
from portal.services.step import opened, record

_BLOCK = 1 << 18


@dataclass(frozen=True)
class LetterFile:
    """A frozen letter: its exact bytes, and the record of it."""

    document: Document
    pdf: bytes


@dataclass(frozen=True)
class CopyFile(AudioFile):
    """A copy to stream. `close` when it has been sent, or will not be: what was made for this once is gone then."""

    close: Callable[[], None] = lambda: None


def open_copy(
    office: Office, actor: Actor, ref: str, number: int, form: Form = Form.MP3, *, begins: bool = False
) -> CopyFile:
    """Copy `number` (from 1) of an answered case as MP3 or WAV; `begins`: a download that will be counted.

    Absent: not theirs, not given, not made, or its life is over; no WAV where what it was made from is gone. Revoked:
    taken back. NotNow when no download is left; nothing is decoded then."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        copy = given_copy(office, work, case, actor, number)
        source = wav_source(office, work, case, copy) if form is Form.WAV else None
        if begins and state_of(office, case, copy) is GrantState.USED_UP:
            raise NotNow("downloads_used")
    if copy.vault_object is None or (form is Form.WAV and source is None):
        raise Absent(ref)
    if source:
        name, etag = f"{case.ref}-{number}.wav", f"{source}-wav"
        return wav_file(make_wav(office, case.register, source), name, etag)
    size, read = office.vault.open(case.register, copy.vault_object)
    return CopyFile(size, copy.vault_object, "audio/mpeg", f"{case.ref}-{number}.mp3", read)


def wav_file(file: BinaryIO, name: str, etag: str) -> CopyFile:
    """A decoded file as one to stream; several may read it at once."""

    def read(start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            block = os.pread(file.fileno(), min(_BLOCK, stop - start), start)
            if not block:
                return
            start += len(block)
            yield block

    return CopyFile(os.fstat(file.fileno()).st_size, etag, "audio/wav", name, read, file.close)


def note_heard(office: Office, actor: Actor, ref: str, number: int, *, downloaded: bool, form: Form = Form.MP3) -> None:
    """Record one play, or one download, which is counted: once for each, not once for each stretch.

    NotNow when no download is left: the last one is given once, however many ask at the same moment."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        copy = given_copy(office, work, case, actor, number)
        if downloaded:
            count_download(office, work, case, actor, [copy], form)
        else:
            record(office, work, case, events.CopyPlayed(copy.recording, form.value), actor)


def open_letter(office: Office, actor: Actor, ref: str, document_id: str) -> LetterFile:
    """A letter of the case, byte for byte as it was signed; the applicant's reading is recorded."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        action = Action.SEE_OWN_CASE if actor.kind is ActorKind.CITIZEN else Action.SEE_CASE
        demand(actor, action, case.register)
        letter = next((one for one in work.documents.of_case(case.id) if one.id == document_id), None)
    if letter is None:
        raise Absent(document_id)
    with office.vault.reader(case.register, letter.vault_object) as file:
        pdf = file.read()
    if actor.kind is ActorKind.CITIZEN:
        with office.writing() as work:
            record(office, work, opened(work, ref, actor), events.LetterRead(document_id), actor)
    return LetterFile(letter, pdf)


def given_copy(office: Office, work: Work, case: Case, actor: Actor, number: int) -> Copy:
    """The granted copy with this number whose life has not ended; while the matter is disputed none ends. Raises
    Absent, and for one that was taken back Revoked, which is an Absent."""
    demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
    copies = work.documents.copies(case.id, actor.id)
    if not 1 <= number <= len(copies):
        raise Absent(case.ref)
    copy = copies[number - 1]
    state = state_of(office, case, copy)
    if state is GrantState.REVOKED:
        raise Revoked(case.ref)
    if state is GrantState.ENDED:
        raise Absent(case.ref)
    return copy
